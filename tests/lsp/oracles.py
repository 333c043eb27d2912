"""What should a buffer say after random edits? Two that know nothing of our code say it.

One is the text document of VS Code's own servers, over a pipe; the other an array of code units,
written as LSP's specification reads.
"""

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from pairwright.lsp.documents.sync import DocumentSync
from pairwright.lsp.handshake import PositionEncoding
from pairwright.lsp.stream.wire import structure
from pairwright.workspace.paths import WorkspacePath
from tests.lsp.peers import ROOT, FakeSession

HERE = Path(__file__).with_name("oracle")
URI = "file:///workspace/a.py"
PATH = WorkspacePath("a.py")
MISSING = "needs node and its package: npm ci in tests/lsp/oracle"
EDITS_A_DOCUMENT = 50

_PIECES = (
    *(
        "a",
        "b",
        " ",
        "def f():",
        "\n",
        "\r",
        "\r\n",
        "\n\r",
        "\f",
        "\v",
        "\x85",
        "\u2028",
        "\u2029",
    ),
    *("\ufeff", "\0", "é", "\u0301", "𝒳", "😀", "👩\u200d👩\u200d👧", "中", "", "\n\n", "x" * 40),
    # A lone surrogate, as an escape in JSON gives one; never two that could meet.
    "\ud83d",
)
_UNIT_BYTES = {
    PositionEncoding.UTF_8: ("utf-8", 1),
    PositionEncoding.UTF_16: ("utf-16-le", 2),
    PositionEncoding.UTF_32: ("utf-32-le", 4),
}
Place = tuple[int, int]


@dataclass(frozen=True)
class Edit:
    """A change as a client sends it; without places the whole text."""

    start: Place | None
    end: Place | None
    text: str

    def to_lsp(self) -> dict[str, Any]:
        if self.start is None or self.end is None:
            return {"text": self.text}
        places = [{"line": line, "character": column} for line, column in (self.start, self.end)]
        return {"range": {"start": places[0], "end": places[1]}, "text": self.text}


class Units:
    """A text as an array of code units, and LSP's words about it read literally."""

    def __init__(self, text: str, encoding: PositionEncoding) -> None:
        self._encoding = encoding
        name, self._size = _UNIT_BYTES[encoding]
        self._name = name
        self._bytes = text.encode(name, "surrogatepass")

    @property
    def text(self) -> str:
        return self._bytes.decode(self._name, "surrogatepass")

    def edit(self, edit: Edit) -> None:
        new = edit.text.encode(self._name, "surrogatepass")
        if edit.start is None or edit.end is None:
            self._bytes = new
            return
        start, end = sorted((self._offset(edit.start), self._offset(edit.end)))
        self._bytes = self._bytes[:start] + new + self._bytes[end:]

    def lines(self) -> list[tuple[int, int]]:
        """Return where each line begins and where its content ends, in bytes."""
        lines, start, at = [], 0, 0
        while at < len(self._bytes):
            here = self._unit(at)
            if here in ("\n", "\r"):
                end = at
                at += self._size
                if here == "\r" and self._unit(at) == "\n":
                    at += self._size
                lines.append((start, end))
                start = at
            else:
                at += self._size
        return [*lines, (start, len(self._bytes))]

    def _offset(self, place: Place) -> int:
        lines = self.lines()
        if place[0] >= len(lines):
            return len(self._bytes)
        start, end = lines[place[0]]
        at = min(start + place[1] * self._size, end)
        while start < at < len(self._bytes) and self._is_inside(at):
            at -= self._size
        return at

    def length_of(self, line: int) -> int:
        """Return how many units a line's content has; a line that is not there has none."""
        lines = self.lines()
        return (lines[line][1] - lines[line][0]) // self._size if line < len(lines) else 0

    def to_utf_16(self, place: Place) -> Place:
        """Return what VS Code calls the same place."""
        lines = self.lines()
        if place[0] >= len(lines):
            return place
        start, end = lines[place[0]]
        before = self._bytes[start : self._offset(place)].decode(self._name, "surrogatepass")
        beyond = max(0, start + place[1] * self._size - end) // self._size
        return place[0], len(before.encode("utf-16-le", "surrogatepass")) // 2 + beyond

    def _unit(self, at: int) -> str:
        return self._bytes[at : at + self._size].decode("latin-1").rstrip("\0")

    def _is_inside(self, at: int) -> bool:
        """Tell whether a place is amid a character."""
        match self._encoding:
            case PositionEncoding.UTF_8:
                return self._bytes[at] & 0xC0 == 0x80
            case PositionEncoding.UTF_16:
                low, high = self._bytes[at + 1], self._bytes[at - 1]
                return 0xDC <= low <= 0xDF and 0xD8 <= high <= 0xDB
        return False


class Oracle:
    """VS Code's text document, in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **asked: Any) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline()))


@contextmanager
def oracle() -> Iterator[Oracle | None]:
    """Give the oracle; None where it is not installed."""
    node = shutil.which("node")
    if node is None:
        yield None
        return
    # Its own folder first, then where the environment says that packages lie.
    process = subprocess.Popen(
        [node, "oracle.js"],
        cwd=HERE,
        env={"PATH": os.environ["PATH"], "NODE_PATH": os.environ.get("NODE_PATH", "")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        try:
            found: Oracle | None = Oracle(process)
            assert found is not None
            found.ask(text="")
        except (OSError, ValueError):
            found = None
        yield found
    finally:
        process.kill()
        process.communicate()


def compare(
    encoding: PositionEncoding, edits: int, seed: int, vscode: Oracle | None
) -> tuple[int, list[str]]:
    """Make so many random edits; return how many were compared and what differed first.

    Without VS Code's document only the array is asked.
    """
    chance = random.Random(seed)
    made = 0
    while made < edits:
        text = "".join(chance.choices(_PIECES, k=chance.randrange(30)))
        session = FakeSession()
        ours, units = _opened(session, text, encoding), Units(text, encoding)
        if vscode is not None:
            vscode.ask(text=text)
        for version in range(2, 2 + EDITS_A_DOCUMENT):
            before = units.text
            changes = [_edit(chance, units) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
            seen = _make(ours, version, units, changes)
            made += len(changes)
            expected = {"the array": units.text}
            if vscode is not None:
                expected["VS Code"] = vscode.ask(changes=seen)
            found = session.texts[PATH]
            for who, wanted in expected.items():
                if _as_units(found) != _as_units(wanted):
                    what = f"{before!r} after {changes} is {found!r}, for {who} {wanted!r}"
                    return made, [f"{encoding}, seed {seed}: {what}"]
    return made, []


def _opened(session: FakeSession, text: str, encoding: PositionEncoding) -> DocumentSync:
    documents = DocumentSync(session, ROOT, encoding)
    item = types.TextDocumentItem(URI, "python", 1, text)
    documents.did_open(types.DidOpenTextDocumentParams(item))
    return documents


def _edit(chance: random.Random, units: Units) -> Edit:
    text = "".join(chance.choices(_PIECES, k=chance.choice((0, 1, 1, 2))))
    if chance.random() < 0.02:
        return Edit(None, None, text)
    return Edit(_place(chance, units), _place(chance, units), text)


def _place(chance: random.Random, units: Units) -> Place:
    """Return a place: mostly in the text, also past a line's end and past the last line."""
    lines = units.lines()
    line = chance.randrange(len(lines) + (chance.random() < 0.1))
    length = units.length_of(line)
    return line, chance.randrange(length + (4 if chance.random() < 0.2 else 1))


def _make(
    ours: DocumentSync, version: int, units: Units, changes: list[Edit]
) -> list[dict[str, Any]]:
    """Make changes in our buffer and in the array; return them as VS Code counts."""
    seen = []
    for edit in changes:
        there = edit
        if edit.start is not None and edit.end is not None:
            there = Edit(units.to_utf_16(edit.start), units.to_utf_16(edit.end), edit.text)
        seen.append(there.to_lsp())
        units.edit(edit)
    params = {
        "textDocument": {"uri": URI, "version": version},
        "contentChanges": [edit.to_lsp() for edit in changes],
    }
    ours.did_change(structure(types.DidChangeTextDocumentParams, params))
    return seen


def _as_units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
