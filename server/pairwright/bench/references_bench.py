"""How well are references found? Measured against those of a real type checker.

The oracle is basedpyright, asked over its language server in a copy of the package without its
configuration and its dependencies. It has gaps of its own: it does not follow a name that an import
renames, nor what it cannot type.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pairwright.errors import UserError
from pairwright.index.builder import index_of
from pairwright.index.index import Index
from pairwright.index.resolution import Confidence, references_to
from pairwright.syntax.languages.registry import is_test_path
from pairwright.syntax.outline import Reference, Symbol, SymbolKind
from pairwright.text.ranges import LineIndex
from pairwright.workspace.paths import WorkspacePath

SERVER = "basedpyright-langserver"
ANSWER_TIMEOUT_S = 120.0
BARE_NAME = "the name alone"
FLOORS = {
    "EXACT": Confidence.EXACT,
    "EXACT + LIKELY": Confidence.LIKELY,
    "all": Confidence.BY_NAME,
}
_FILES_FOUND = re.compile(r"Found \d+ source files?|No source files found")
_MOST_BYTES = 1_000_000
_MOST_SHOWN = 12

Place = tuple[str, int]
"""A path and an offset in code points."""


class MissingOracle(UserError):
    """The type checker to measure against is not installed."""


@dataclass(slots=True)
class Score:
    """How two sets of places compare, over many definitions."""

    both: int = 0
    only_ours: int = 0
    only_oracle: int = 0
    in_strings: int = 0
    """Of the places that only the oracle names, those that no outline reads as names."""

    def add(
        self, ours: set[Place], oracle: set[Place], in_strings: frozenset[Place] = frozenset()
    ) -> None:
        """Count one definition."""
        self.in_strings += len(in_strings - ours)
        self.both += len(ours & oracle)
        self.only_ours += len(ours - oracle)
        self.only_oracle += len(oracle - ours)

    @property
    def precision(self) -> float:
        """Of the places that we name, how many the oracle names."""
        return self.both / max(self.both + self.only_ours, 1)

    @property
    def recall(self) -> float:
        """Of the places that the oracle names, how many we do."""
        return self.both / max(self.both + self.only_oracle, 1)

    @property
    def recall_in_code(self) -> float:
        """The recall without the places in strings, such as quoted annotations."""
        return self.both / max(self.both + self.only_oracle - self.in_strings, 1)


@dataclass(slots=True)
class Measurement:
    """Scores by kind of definition (`all kinds` among them) and by confidence floor."""

    definitions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    scores: dict[tuple[str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    surprises: list[str] = field(default_factory=list)
    """Where EXACT + LIKELY and the oracle differ."""

    def table(self) -> str:
        """Return the figures as a Markdown table."""
        lines = [
            "| definitions | | floor | precision | recall | recall in code | places |",
            "|---|---|---|---|---|---|---|",
        ]
        for kind, floor in itertools.product(self.definitions, (BARE_NAME, *FLOORS)):
            score = self.scores[kind, floor]
            places = score.both + score.only_oracle
            lines.append(
                f"| {kind} | {self.definitions[kind]} | {floor} | {score.precision:.3f} "
                f"| {score.recall:.3f} | {score.recall_in_code:.3f} | {places} |"
            )
        return "\n".join(lines)


async def measure(package_root: Path, *, sample: int = 150, seed: int = 1) -> Measurement:
    """Return how our references of some definitions of a package compare with the oracle's.

    Args:
        package_root: a folder with Python files; it is only read.
        sample: how many definitions are drawn, outside of tests.
        seed: what they are drawn with.

    Raises:
        MissingOracle: basedpyright is not installed.
    """
    if shutil.which(SERVER) is None and not _beside_interpreter().exists():
        raise MissingOracle(
            "no type checker to measure against: install the package 'basedpyright'"
        )
    texts = dict(_texts(package_root))
    index = index_of(texts)
    drawn = _draw(index, sample, seed)
    measurement = Measurement()
    with tempfile.TemporaryDirectory(prefix="pairwright-bench-") as name:
        copy = _write_copy(name, texts)
        async with _oracle(copy) as oracle:
            for symbols in drawn:
                places = await oracle.references(symbols[0], texts)
                _compare(measurement, index, texts, symbols, places)
    return measurement


def main(args: argparse.Namespace) -> int:
    """Run the command `bench references`: print the figures of one package."""
    try:
        measured = asyncio.run(measure(args.directory, sample=args.sample, seed=args.seed))
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    shown = [measured.table(), *(measured.surprises if args.surprises else ())]
    sys.stdout.write("\n".join(shown) + "\n")
    return 0


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*.py")):
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            with contextlib.suppress(UnicodeDecodeError):
                yield path.relative_to(root).as_posix(), path.read_bytes().decode()


def _draw(index: Index, sample: int, seed: int) -> list[list[Symbol]]:
    """Return definitions of one qualified name each, outside of tests."""
    groups: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for path, outline in index.outlines.items():
        if not is_test_path(path):
            for symbol in outline.symbols:
                groups[path, symbol.qualified_name].append(symbol)
    everything = [groups[key] for key in sorted(groups)]
    return random.Random(seed).sample(everything, min(sample, len(everything)))  # noqa: S311


def _kind(symbol: Symbol) -> str:
    if symbol.kind is SymbolKind.VARIABLE:
        return "attribute" if "." in symbol.qualified_name else "module variable"
    return str(symbol.kind)


def _compare(
    measurement: Measurement,
    index: Index,
    texts: Mapping[str, str],
    symbols: list[Symbol],
    oracle: set[Place],
) -> None:
    own = {(symbol.path, symbol.name_range.start) for symbol in symbols}
    oracle = oracle - own
    found = references_to(index, symbols[0])
    named = _uses_of_name(index, symbols[0].name)
    in_strings = frozenset(place for place in oracle if not _is_reference(index, place))
    by_floor = {
        BARE_NAME: named,
        **{
            label: {_place(each.reference) for each in found if each.confidence >= floor}
            for label, floor in FLOORS.items()
        },
    }
    for kind in ("all kinds", _kind(symbols[0])):
        measurement.definitions[kind] += 1
        for label, places in by_floor.items():
            measurement.scores[kind, label].add(places - own, oracle, in_strings)
    ours = by_floor["EXACT + LIKELY"] - own
    measurement.surprises += _surprises(texts, symbols[0], ours, oracle)


def _surprises(
    texts: Mapping[str, str], symbol: Symbol, ours: set[Place], oracle: set[Place]
) -> Iterator[str]:
    for label, places in (("only ours", ours - oracle), ("only oracle", oracle - ours)):
        for path, offset in sorted(places)[:_MOST_SHOWN]:
            text = texts[path]
            line = text.count("\n", 0, offset)
            shown = text.splitlines()[line].strip() if text else ""
            yield (
                f"{label}: {_kind(symbol)} {symbol.path}:{symbol.qualified_name}"
                f" <- {path}:{line + 1}: {shown}"
            )


def _uses_of_name(index: Index, name: str) -> set[Place]:
    return {
        _place(reference)
        for path in index.files_with(name)
        for reference in index.outlines[path].references
        if reference.name.rpartition(".")[2] == name
    }


def _place(reference: Reference) -> Place:
    """Return where the last part of a name begins."""
    last = reference.name.rpartition(".")[2]
    return reference.path, reference.range.end - len(last)


def _is_reference(index: Index, place: Place) -> bool:
    outline = index.outlines.get(WorkspacePath(place[0]))
    if outline is None:
        return False
    return any(_place(each) == place for each in outline.references) or any(
        each.name_range.start == place[1] for each in outline.symbols
    )


def _write_copy(directory: str, texts: Mapping[str, str]) -> Path:
    copy = Path(directory).resolve()
    for path, text in texts.items():
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    (copy / "pyrightconfig.json").write_text(
        json.dumps({"include": ["."], "typeCheckingMode": "off"})
    )
    return copy


def _beside_interpreter() -> Path:
    return Path(sys.executable).parent / SERVER


@contextlib.asynccontextmanager
async def _oracle(root: Path) -> AsyncIterator["_LanguageServer"]:
    program = _beside_interpreter()
    process = await asyncio.create_subprocess_exec(
        str(program) if program.exists() else SERVER,
        "--stdio",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        server = _LanguageServer(process, root)
        await server.start()
        yield server
    finally:
        # The program is a wrapper: ended alone, it would leave the server behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


class _LanguageServer:
    """One question at a time to a language server."""

    def __init__(self, process: asyncio.subprocess.Process, root: Path) -> None:
        self._process = process
        self._root = root
        self._ids = itertools.count(1)

    async def start(self) -> None:
        uri = self._root.as_uri()
        await self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "package"}],
                "capabilities": {"workspace": {"configuration": True, "workspaceFolders": True}},
            },
        )
        await self._send({"method": "initialized", "params": {}})
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            while not _says_ready(message := await self._read()):
                await self._reply(message)

    # No file is opened: each opening would make the server forget what it knows.
    async def references(self, symbol: Symbol, texts: Mapping[str, str]) -> set[Place]:
        text = texts[symbol.path]
        uri = (self._root / symbol.path).as_uri()
        # Declarations as well: the oracle takes every later assignment for one; the definition
        # itself is left out afterwards.
        found = await self._ask(
            "textDocument/references",
            {
                "textDocument": {"uri": uri},
                "position": _position(text, symbol.name_range.start),
                "context": {"includeDeclaration": True},
            },
        )
        return set(self._places(found or (), texts))

    def _places(self, found: Iterable[Any], texts: Mapping[str, str]) -> Iterator[Place]:
        paths = {(self._root / path).as_uri(): path for path in texts}
        for each in found:
            path = paths.get(each["uri"])
            if path is not None:
                yield path, _offset(texts[path], each["range"]["start"])

    async def _ask(self, method: str, params: Mapping[str, Any]) -> Any:
        number = next(self._ids)
        await self._send({"id": number, "method": method, "params": params})
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            while True:
                message = await self._read()
                if "method" in message:
                    await self._reply(message)
                elif message.get("id") == number:
                    return message.get("result")

    async def _reply(self, message: Mapping[str, Any]) -> None:
        """Answer what the server asks: every setting has its default."""
        if "id" not in message or "method" not in message:
            return
        items = message.get("params", {}).get("items", ())
        result = [None for _ in items] if message["method"] == "workspace/configuration" else None
        await self._send({"id": message["id"], "result": result})

    async def _send(self, message: Mapping[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        writer = self._process.stdin
        assert writer is not None  # noqa: S101
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        await writer.drain()

    async def _read(self) -> dict[str, Any]:
        reader = self._process.stdout
        assert reader is not None  # noqa: S101
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        message = json.loads(await reader.readexactly(length))
        return message if isinstance(message, dict) else {}


def _says_ready(message: Mapping[str, Any]) -> bool:
    """Tell whether the server says that it knows the files; before that it finds too little."""
    params = message.get("params")
    said = params.get("message", "") if isinstance(params, dict) else ""
    return isinstance(said, str) and _FILES_FOUND.match(said) is not None


def _position(text: str, offset: int) -> dict[str, int]:
    lines = LineIndex(text)
    line = lines.line_of(offset)
    before = text[lines.start_of(line) : offset]
    return {"line": line, "character": len(before.encode("utf-16-le")) // 2}


def _offset(text: str, position: Mapping[str, int]) -> int:
    start = LineIndex(text).start_of(position["line"])
    line = text[start:].partition("\n")[0]
    before = line.encode("utf-16-le")[: 2 * position["character"]].decode("utf-16-le", "ignore")
    return start + len(before)
