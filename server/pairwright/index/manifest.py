"""What did the files say when they were last seen? One file, read whole when a workspace is opened.

It holds the outlines and the index's tables too. It is written as a new file that takes
the old one's place, and one that is torn, foreign or of another version counts as none.
"""

import logging
import os
import struct
import zlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.index.cache import fingerprint_of
from pairwright.index.frames import pack_fact, unpack_fact
from pairwright.index.index import Index
from pairwright.index.kept_tables import KeptTables, pack_tables, unpack_tables
from pairwright.syntax.languages.registry import language_named, language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import DiskFact
from pairwright.workspace.paths import WorkspacePath

_MAGIC = b"PWM2"
_HEADER = struct.Struct("=4sI")
"""Magic, and the checksum of what follows."""
_COUNTS = struct.Struct("=II")
"""How many languages and files follow."""
_LANGUAGE = struct.Struct("=16sI")
"""A language's fingerprint, and the length of its name."""
_FILE = struct.Struct("=IiI")
"""The length of the path, the language's number (-1: none) and the length of the outline."""
_BUFFER_BYTES = 1 << 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known from the last time."""

    files: Mapping[WorkspacePath, tuple[DiskFact, PackedOutline | None]]
    tables: KeptTables | None
    """Those of an index of these files, and perhaps of others; None: nothing is known."""


_NOTHING = Kept({}, None)


class Manifest:
    """What is known of one workspace's files from the last time."""

    def __init__(self, path: Path) -> None:
        """Take the place of the file; it need not be there."""
        self._path = path

    def load(self) -> Kept:
        """Return what is known of files, with their outlines, without what is out of date.

        For a thread. A file whose outline would now be another is left out.
        """
        try:
            content = self._path.read_bytes()
            return _unpack(content)
        except FileNotFoundError:
            return _NOTHING
        except (OSError, struct.error, ValueError) as error:
            _log.info("what was known of the files is of no use: %s", error)
            return _NOTHING

    def save(
        self,
        facts: Mapping[WorkspacePath, DiskFact],
        index: Index,
        left_out: Collection[WorkspacePath] = (),
    ) -> None:
        """Write down what is known. For a thread; a disk that cannot be written is no error.

        Args:
            facts: of every file of the disk.
            index: the outlines; one of another text than the fact's is not kept, nor the fact.
            left_out: files whose outlines are not exact.
        """
        parts, checksum = _parts(facts, index, left_out), 0
        for part in parts:  # never joined, because that would keep all other threads waiting
            checksum = zlib.crc32(part, checksum)
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(temporary, "wb", buffering=_BUFFER_BYTES) as file:
                file.write(_HEADER.pack(_MAGIC, checksum))
                file.writelines(parts)
            os.replace(temporary, self._path)
        except OSError as error:
            _log.info("what is known of the files is not kept for the next start: %s", error)
            with suppress(OSError):
                temporary.unlink()


def _parts(
    facts: Mapping[WorkspacePath, DiskFact], index: Index, left_out: Collection[WorkspacePath]
) -> list[bytes]:
    languages: dict[str, int] = {}
    numbers: dict[WorkspacePath, int] = {}
    files, parts = index.files, []
    for path, fact in facts.items():
        if path in left_out:
            continue
        outlined, number, packed = files.get(path), -1, b""
        language = language_of(path) if fact.digest is not None else None
        if language is not None:
            if outlined is None or outlined.packed is None or outlined.digest != fact.digest:
                continue
            number = languages.setdefault(language.name, len(languages))
            packed = outlined.packed.content
        numbers[path] = len(numbers)
        name = path.encode("utf-8", "surrogatepass")
        parts.append(_FILE.pack(len(name), number, len(packed)))
        parts += (name, packed, pack_fact(fact))
    counts = _COUNTS.pack(len(languages), len(numbers))
    tables = pack_tables(index.layers, index.names, numbers)
    return [counts, *map(_packed_language, languages), *parts, tables]


def _packed_language(name: str) -> bytes:
    language = language_named(name)
    fingerprint = fingerprint_of(language) if language is not None else b""
    return _LANGUAGE.pack(fingerprint, len(name.encode())) + name.encode()


def _unpack(content: bytes) -> Kept:
    """Return what is still of use.

    Raises:
        struct.error: it is cut off.
        ValueError: it is damaged, or something else.
    """
    magic, checksum = _HEADER.unpack_from(content)
    if magic != _MAGIC or zlib.crc32(memoryview(content)[_HEADER.size :]) != checksum:
        raise ValueError("it is damaged, or of another version")
    at = _HEADER.size
    language_count, file_count = _COUNTS.unpack_from(content, at)
    at += _COUNTS.size
    current = []
    for _ in range(language_count):
        fingerprint, length = _LANGUAGE.unpack_from(content, at)
        at += _LANGUAGE.size + length
        language = language_named(content[at - length : at].decode())
        is_current = language is not None and fingerprint_of(language) == fingerprint
        current.append(language if is_current else None)
    files: dict[WorkspacePath, tuple[DiskFact, PackedOutline | None]] = {}
    paths = []
    for _ in range(file_count):
        name_length, number, length = _FILE.unpack_from(content, at)
        at += _FILE.size + name_length
        path = WorkspacePath(content[at - name_length : at].decode("utf-8", "surrogatepass"))
        paths.append(path)
        packed_at, at = at, at + length
        fact, at = unpack_fact(path, content, at)
        if number < 0:
            if fact.digest is None or language_of(path) is None:
                files[path] = fact, None
        elif current[number] is not None and language_of(path) is current[number]:
            files[path] = fact, PackedOutline(content[packed_at : packed_at + length])
    return Kept(files, unpack_tables(memoryview(content)[at:], paths))
