"""Which odd files does a workspace hold? Texts to edit, and what is to be left alone."""

import codecs
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARK, EDITED = "MARK", "edited, and longer"
DEEP = "/".join(["d" * 38] * 95)


@dataclass(frozen=True, slots=True)
class Text:
    """A file of which one word can be replaced, and nothing else changes."""

    path: str
    content: bytes
    codec: str = "utf-8"
    """How the word itself is written."""
    mode: int = 0o644

    @property
    def edited(self) -> bytes:
        """Its bytes with the word replaced."""
        return self.content.replace(MARK.encode(self.codec), EDITED.encode(self.codec))


TEXTS = (
    Text("utf8.py", "x = 'é → 🙂' # MARK\n".encode()),
    Text("utf8_mark.py", codecs.BOM_UTF8 + b"x = 1 # MARK\n"),
    Text("two_marks.txt", codecs.BOM_UTF8 * 2 + b"MARK\n"),
    Text("utf16le.txt", codecs.BOM_UTF16_LE + "é MARK\n".encode("utf-16-le"), "utf-16-le"),
    Text("utf16be.txt", codecs.BOM_UTF16_BE + "🙂 MARK\r\n".encode("utf-16-be"), "utf-16-be"),
    Text("latin1.py", b"# -*- coding: latin-1 -*-\nx = '\xe9' # MARK\n"),
    Text("cp1252.py", b"#!/bin/python\n# coding=cp1252\nx = '\x80' # MARK\r\n"),
    Text("crlf.txt", b"a\r\nMARK\r\nb\r\n"),
    Text("cr.txt", b"a\rMARK\rb\r"),
    Text("mixed.txt", b"a\r\nMARK\nb\rc\r\r\nd\n\r"),
    Text("no_end.txt", b"a\nMARK"),
    Text("trailing.txt", b"a  \t\nMARK  \n\n\n"),
    Text("tabs.mk.txt", b"all:\n\tMARK\n \t x\n"),
    Text("form_feed.txt", b"a\x0cMARK\x0bb\x1c\x1d\x1e\n"),
    Text("separators.txt", "a\x85MARK\u2028b\u2029c\n".encode()),
    Text("combining.txt", "e\u0301 MARK 👩\u200d👩\u200d👧 \u202eabc\n".encode()),
    Text("only_ends.txt", b"\n\n\r\nMARK\n"),
    Text("one_megabyte.txt", b"x" * 999_995 + b"MARK\n"),
    Text("with space.txt", b"MARK\n"),
    Text("é-nfc.txt", b"nfc MARK\n"),
    Text("e\u0301-nfd.txt", b"nfd MARK\n"),
    Text("Case.txt", b"upper MARK\n"),
    Text("case.txt", b"lower MARK\n"),
    Text("日本/🙂.txt", b"MARK\n"),
    Text("n" * 251 + ".txt", b"MARK\n"),
    Text(f"{DEEP}/deep.txt", b"MARK\n"),
    Text("run.sh", b"#!/bin/sh\nMARK\n", mode=0o755),
    Text("private.txt", b"MARK\n", mode=0o600),
    Text("group.txt", b"MARK\n", mode=0o2664),
)

UNREADABLE: dict[str, bytes] = {
    "wrong_cookie.py": b"# coding: ascii\nx = '\xe9'\n",
    "unknown_cookie.py": b"# coding: no-such-codec\n",
    "invalid.txt": b"a\xffb\n",
    "cut.txt": "é".encode()[:1],
    "surrogate.txt": b"\xed\xa0\x80",
    "zero.txt": b"a\0b",
    "utf32.txt": codecs.BOM_UTF32_LE + "a".encode("utf-32-le"),
    "lone_utf16.txt": codecs.BOM_UTF16_LE + b"\x00\xd8",
    "five_megabyte_line.txt": b"x" * 5_000_000,
}
"""Regular files whose text nobody can tell, or only at too high a price."""

_BAD_NAMES = (b"latin-\xe9.txt", b"surrogate-\xed\xa0\x80.txt", b"line\nbreak.txt", b"back\\slash")


def build_corpus(root: Path) -> None:
    """Make every file; what this platform or user cannot make is left out."""
    for text in TEXTS:
        _write_deep(root, text)
    for path, content in UNREADABLE.items():
        (root / path).write_bytes(content)
    for name in _BAD_NAMES:
        with suppress(OSError):
            Path(os.fsdecode(os.path.join(os.fsencode(root), name))).write_bytes(b"x\n")
    (root / "empty.txt").write_bytes(b"")
    with (root / "sparse.bin").open("wb") as opened:
        opened.truncate(100_000_000)
    for path, make in SPECIAL.items():
        with suppress(PermissionError):
            make(root / path)


def _write_deep(root: Path, text: Text) -> None:
    """Write a file whose absolute path may be longer than a path can be."""
    *components, name = text.path.split("/")
    directory = os.open(root, os.O_RDONLY)
    for component in components:
        with suppress(FileExistsError):
            os.mkdir(component, dir_fd=directory)
        inner = os.open(component, os.O_RDONLY, dir_fd=directory)
        os.close(directory)
        directory = inner
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, dir_fd=directory)
    os.close(directory)
    with os.fdopen(file, "wb") as opened:
        opened.write(text.content)
        os.fchmod(opened.fileno(), text.mode)


def _bind(path: Path) -> None:
    # A socket's path is short: it is bound from its directory.
    where = Path.cwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)
    os.chdir(where)


def _with_mode(mode: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(b"MARK\n")
        path.chmod(mode)

    return make


def _hard_linked(path: Path) -> None:
    path.write_bytes(b"MARK\n")
    path.with_name("hard_twin.txt").hardlink_to(path)


SPECIAL: dict[str, Callable[[Path], object]] = {
    "fifo": os.mkfifo,
    "socket": _bind,
    "device": lambda path: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3)),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "loop": lambda path: path.symlink_to("loop"),
    "link.txt": lambda path: path.symlink_to("utf8.py"),
    "linked_dir": lambda path: path.symlink_to("日本"),
    "hard.txt": _hard_linked,
    "read_only.txt": _with_mode(0o444),
    "forbidden.txt": _with_mode(0),
}
"""What no change may replace, whatever its bytes are."""
