"""How do the indexer and its workers talk? In frames over pipes, each a length, a kind and a body.

Both sides are ours and of one version; nothing here runs code that it is sent.
"""

import os
import struct
from pathlib import Path
from typing import NamedTuple

from pairwright.workspace.documents import DiskFact
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath

HEADER = struct.Struct("=IB")
"""A body's length, and the frame's kind."""

OPEN = 1
"""To a worker, first: what it works on. It answers `READY`."""
READY = 2
READ = 3
"""To a worker: paths, with NUL between them. It answers with `READINGS`, in their order."""
LOOK = 4
"""Like `READ`, but nothing is parsed."""
READINGS = 5
"""What was found out about the next files: to wake up for each would cost more than to take it."""
OUTLINE = 6
"""To a worker: a text to parse. It answers an `OUTLINED`."""
OUTLINED = 7
OUTLINE_ALONE = 8
"""Like `OUTLINE`, of a text that is no document's: nothing is built on it, and it on nothing."""

PARSED = 1
CACHED = 2

_OPEN = struct.Struct("=Q")
_FACT = struct.Struct("=BQqQ16sHII")
_HAS_STAT = 1
_HAS_DIGEST = 2
_READING = struct.Struct("=B32s16sI")
_TEXT = struct.Struct("=I?I")


def frame(kind: int, *parts: bytes) -> bytes:
    """Return a whole frame."""
    return b"".join((HEADER.pack(sum(map(len, parts)), kind), *parts))


def pack_open(root: Path, cache: Path, *, max_memory_bytes: int) -> bytes:
    """Return the root, the cache, and the bytes a worker may take above what it starts with."""
    return _OPEN.pack(max_memory_bytes) + os.fsencode(root) + b"\0" + os.fsencode(cache)


def unpack_open(body: bytes) -> tuple[Path, Path, int]:
    """Return what `pack_open` took."""
    root, _, cache = body[_OPEN.size :].partition(b"\0")
    (max_memory_bytes,) = _OPEN.unpack_from(body)
    return Path(os.fsdecode(root)), Path(os.fsdecode(cache)), max_memory_bytes


def pack_fact(fact: DiskFact) -> bytes:
    """Return a fact without its path."""
    stat = fact.stat
    flags = (_HAS_STAT if stat else 0) | (_HAS_DIGEST if fact.digest is not None else 0)
    encoding, problem = _bytes(fact.encoding), _bytes(fact.problem)
    stat_problem = _bytes(stat.problem) if stat else b""
    return b"".join(
        (
            _FACT.pack(
                flags,
                stat.size if stat else 0,
                stat.mtime_ns if stat else 0,
                stat.inode if stat else 0,
                bytes.fromhex(fact.digest or ""),
                len(encoding),
                len(problem),
                len(stat_problem),
            ),
            encoding,
            problem,
            stat_problem,
        )
    )


def unpack_fact(path: WorkspacePath, body: bytes, at: int) -> tuple[DiskFact, int]:
    """Return the fact that begins at a place, and where it ends.

    Raises:
        struct.error: it is cut off.
        ValueError: it holds what is no text.
    """
    flags, size, mtime_ns, inode, digest, *lengths = _FACT.unpack_from(body, at)
    at += _FACT.size
    texts = []
    for length in lengths:
        texts.append(body[at : at + length].decode("utf-8", "surrogatepass") if length else "")
        at += length
    encoding, problem, stat_problem = texts
    stat = FileStat(path, size, mtime_ns, inode, stat_problem) if flags & _HAS_STAT else None
    known_digest = digest.hex() if flags & _HAS_DIGEST else None
    return DiskFact(path, stat, known_digest, encoding, problem), at


def pack_reading(
    fact: DiskFact, *, origin: int, language: bytes, fingerprint: bytes, packed: bytes
) -> bytes:
    """Return what a worker found out about a file.

    Args:
        fact: what one look at the file told.
        origin: `PARSED`, `CACHED`, or 0 where there is no outline.
        language: the first 32 bytes of its language's name; empty: its language is not known.
        fingerprint: of the language.
        packed: the outline; empty: none.
    """
    head = _READING.pack(origin, language, fingerprint, len(packed))
    return b"".join((head, packed, pack_fact(fact)))


class Reading(NamedTuple):
    """What a worker found out about a file, as `pack_reading` took it."""

    fact: DiskFact
    origin: int
    language: str
    fingerprint: bytes
    packed: bytes


def unpack_reading(path: WorkspacePath, body: bytes, at: int) -> tuple[Reading, int]:
    """Return the reading that begins at a place, and where it ends.

    Raises:
        struct.error: it is cut off.
        ValueError: it holds what is no text.
    """
    origin, language, fingerprint, length = _READING.unpack_from(body, at)
    at += _READING.size
    packed = body[at : at + length]
    fact, at = unpack_fact(path, body, at + length)
    return Reading(fact, origin, language.rstrip(b"\0").decode(), fingerprint, packed), at


def pack_text(number: int, path: str, text: str, *, is_exact: bool) -> bytes:
    """Return the body of a request to outline a text."""
    name = _bytes(path)
    return b"".join((_TEXT.pack(number, is_exact, len(name)), name, _bytes(text)))


def unpack_text(body: bytes) -> tuple[int, str, str, bool]:
    """Return the number, path, text and exactness of such a request."""
    number, is_exact, length = _TEXT.unpack_from(body)
    start = _TEXT.size + length
    return number, _str(body[_TEXT.size : start]), _str(body[start:]), is_exact


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _str(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")
