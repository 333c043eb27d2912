"""Which texts were parsed before, by anyone? Outlines on disk, by what was parsed and how.

The key is the text's digest and the fingerprint of everything else that an outline depends on, so
an entry is never out of date. A cache may lose anything at any time: no error of it reaches anyone.
"""

import dataclasses
import hashlib
import logging
import os
import queue
import re
import sqlite3
import sys
import threading
import time
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pairwright.storage.database import (
    error_code,
    is_busy,
    log_ahead,
    transaction,
    used_bytes,
)
from pairwright.syntax.extraction import EXTRACTION_VERSION
from pairwright.syntax.languages.language import Language
from pairwright.syntax.packing import FORMAT_VERSION

MAX_CACHE_BYTES = 500_000_000
MAX_WAITING_BYTES = 64_000_000
"""Outlines that wait to be written; beyond it they are not kept."""

_FILE = "outlines-1.sqlite"
_BUSY_S = 5.0
_CLOSE_S = 10.0
_BATCH = 256
_REMOVED_AT_ONCE = 100
_SPARE = 0.9
_CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SECONDS_A_DAY = 86_400
_CHECKSUM_BYTES = 4
_PARSER_DISTRIBUTION = re.compile(r"(tree_sitter\w*)-([^-]+)\.(?:dist|egg)-info")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS outlines (
  key BLOB PRIMARY KEY, day INTEGER NOT NULL, content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS outlines_by_day ON outlines (day);
"""

_log = logging.getLogger(__name__)

Key = tuple[str, bytes]
"""A text's digest and a language's fingerprint."""


@cache
def fingerprint_of(language: Language) -> bytes:
    """Return 16 bytes that differ when a text in the language may have another outline."""
    versions = _parser_versions()
    facts: list[object] = [FORMAT_VERSION, EXTRACTION_VERSION]
    facts += [versions.get("tree_sitter"), versions.get(language.grammar[0])]
    for each in dataclasses.fields(language):
        value = getattr(language, each.name)
        if isinstance(value, re.Pattern):
            value = (value.pattern, value.flags)
        elif isinstance(value, frozenset):
            value = sorted(value)  # its own order differs from process to process
        facts.append(value)
    return hashlib.blake2b(repr(facts).encode(), digest_size=16).digest()


_Item = tuple[bytes, bytes] | bytes
"""An outline under its key; or the key of one that was of use."""


class CacheReader:
    """Looks outlines up; every process has its own."""

    def __init__(self, path: Path) -> None:
        """Take the database's place; it need not be there yet."""
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def get(self, digest: str, fingerprint: bytes) -> bytes | None:
        """Return a packed outline; None: it is not known, or what is known is damaged."""
        try:
            if self._connection is None:
                self._connection = _connect_to_read(self._path)
                if self._connection is None:
                    return None
            row = self._connection.execute(
                "SELECT content FROM outlines WHERE key = ?", (_key(digest, fingerprint),)
            ).fetchone()
        except sqlite3.Error:
            self.close()
            return None
        return _sound(row[0]) if row is not None else None

    def close(self) -> None:
        """Let go of the file; the next look-up opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class OutlineCache:
    """Keeps outlines; several daemons may share the directory."""

    def __init__(self, directory: Path, *, max_bytes: int = MAX_CACHE_BYTES) -> None:
        """Take a directory, which is made when it is first needed.

        Args:
            directory: where the database lies; no one else's.
            max_bytes: beyond it the outlines that were longest unused go.
        """
        self.path = directory / _FILE
        """The database, for a `CacheReader`."""
        self._max_bytes = max_bytes
        self._reader = CacheReader(self.path)
        self._writer: threading.Thread | None = None
        self._waiting: queue.SimpleQueue[list[_Item] | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._lock = threading.Lock()
        self._is_usable = True

    def get_many(self, keys: Iterable[Key]) -> Mapping[Key, bytes]:
        """Return the packed outlines that are known; not for the event loop."""
        with self._lock:
            found = {key: self._reader.get(*key) for key in keys}
        return {key: content for key, content in found.items() if content is not None}

    def put_many(self, outlines: Mapping[Key, bytes]) -> None:
        """Keep outlines; returns at once, a thread writes them."""
        items: list[_Item] = []
        for key, content in outlines.items():
            if self._waiting_bytes < MAX_WAITING_BYTES and self._is_usable:
                self._waiting_bytes += len(content)
                items.append((_key(*key), content))
        self._hand_over(items)

    def note_use(self, keys: Iterable[Key]) -> None:
        """Note that outlines were of use today; returns at once."""
        self._hand_over([_key(*key) for key in keys])

    def close(self) -> None:
        """Write what waits, and let go of the file; a later `put_many` opens it again."""
        writer, self._writer = self._writer, None
        if writer is not None:
            self._waiting.put(None)
            writer.join(_CLOSE_S)
        with self._lock:
            self._reader.close()

    def _hand_over(self, items: list[_Item]) -> None:
        """Wake the thread that writes; each time costs as much as a small file's outline."""
        if items:
            self._waiting.put(items)
        if self._writer is None and self._is_usable:
            self._writer = threading.Thread(target=self._write, name="outlines", daemon=True)
            self._writer.start()

    def _write(self) -> None:
        """Write in short transactions until told to end; runs on the thread of its own."""
        connection: sqlite3.Connection | None = None
        is_last = False
        while not is_last:
            batch, is_last = self._next_batch()
            try:
                if connection is None:
                    connection = _connect_to_write(self.path)
                _store(connection, batch, today=int(time.time()) // _SECONDS_A_DAY)
                _shrink(connection, self._max_bytes)
            except (sqlite3.Error, OSError) as error:
                if connection is not None:
                    connection.close()
                    connection = None
                self._recover(error)
        if connection is not None:
            connection.close()

    def _next_batch(self) -> tuple[list[_Item], bool]:
        """Wait for something to write; return it, and whether it is the last."""
        batch: list[_Item] = []
        while (items := self._waiting.get()) is not None:
            batch += items
            self._waiting_bytes -= sum(len(item[1]) for item in items if isinstance(item, tuple))
            if len(batch) >= _BATCH or self._waiting.empty():
                return batch, False
        return batch, True

    def _recover(self, error: Exception) -> None:
        """Begin a damaged database anew; without one that can be written, keep nothing."""
        if isinstance(error, sqlite3.DatabaseError):
            if error_code(error) in _CORRUPT:
                _log.warning("the outlines that were kept are damaged and are made anew")
                _move_aside(self.path)
                return
            if is_busy(error):
                return
        if self._is_usable:
            self._is_usable = False
            _log.warning("outlines are not kept for the next start: %s", error)


@cache
def _parser_versions() -> Mapping[str, str]:
    """Return the versions of what parses, by module; `importlib.metadata` takes far longer."""
    found: dict[str, str] = {}
    for directory in sys.path:
        try:
            names = os.listdir(directory or ".")
        except OSError:
            continue
        for match in filter(None, map(_PARSER_DISTRIBUTION.fullmatch, names)):
            found.setdefault(match[1], match[2])
    return found


def _key(digest: str, fingerprint: bytes) -> bytes:
    return bytes.fromhex(digest) + fingerprint


def _sound(content: object) -> bytes | None:
    """Return what a row holds without its checksum; None when they do not agree."""
    if not isinstance(content, bytes):
        return None
    outline = content[_CHECKSUM_BYTES:]
    checksum = zlib.crc32(outline).to_bytes(_CHECKSUM_BYTES, "little")
    return outline if content.startswith(checksum) else None


def _connect_to_read(path: Path) -> sqlite3.Connection | None:
    """Open a database that is there; None: there is none."""
    if not os.path.isfile(path):
        return None
    # If it goes at this moment, an empty file is made: to a writer a database yet to be begun.
    connection = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect_to_write(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        log_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _store(connection: sqlite3.Connection, batch: list[_Item], *, today: int) -> None:
    new = [
        (key, today, zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "little") + content)
        for key, content in (item for item in batch if isinstance(item, tuple))
    ]
    used = [(today, item, today) for item in batch if isinstance(item, bytes)]
    with transaction(connection):
        connection.executemany("INSERT OR REPLACE INTO outlines VALUES (?, ?, ?)", new)
        connection.executemany("UPDATE outlines SET day = ? WHERE key = ? AND day < ?", used)


def _shrink(connection: sqlite3.Connection, max_bytes: int) -> None:
    """Remove what was longest unused until there is room again; the file does not grow past it."""
    if used_bytes(connection) <= max_bytes:
        return
    while used_bytes(connection) > max_bytes * _SPARE:
        removed = connection.execute(
            "DELETE FROM outlines WHERE rowid IN"
            " (SELECT rowid FROM outlines ORDER BY day, rowid LIMIT ?)",
            (_REMOVED_AT_ONCE,),
        ).rowcount
        if not removed:
            return


def _move_aside(path: Path) -> None:
    """Keep a damaged database out of the way; what was damaged before it is gone."""
    for suffix in ("", "-wal", "-shm"):
        try:
            os.replace(f"{path}{suffix}", f"{path}{suffix}.damaged")
        except OSError:
            continue
