"""Which texts may hold a string? Trigrams of every text, by digest, in SQLite's FTS5 on disk.

It only rules texts out: what it leaves is read and looked at. A text that it does not know yet
cannot be ruled out, so a search is right at every moment and merely quicker later. Of the ways that
were measured (see docs/measurements.md) this one needs nothing but the standard library, and its
table is a quarter of the texts' size because it remembers no positions.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

_VERSION = 1
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS trigrams
  USING fts5(text, content='', detail='none', tokenize='trigram');
PRAGMA user_version = {_VERSION};
"""
_MOST_GARBAGE = 2
"""The table is made anew when it knows so many times more texts than there are."""

_log = logging.getLogger(__name__)


class TextIndex:
    """The trigrams of one workspace's texts; any thread may ask, one at a time."""

    def __init__(self, directory: Path | None) -> None:
        """Open what is in the directory; begin anew when it cannot be read.

        Args:
            directory: where the table lies; None: in memory.
        """
        self._path = None if directory is None else directory / "text.sqlite3"
        self._lock = threading.Lock()
        self._database = self._open()
        self._ids = dict(self._database.execute("SELECT digest, id FROM texts"))
        """Of the texts that are of use, and perhaps of others."""
        self._count = len(self._ids)
        """Of the texts in the table."""

    def missing(self, digests: Iterable[str]) -> list[str]:
        """Return those of which it does not know the text."""
        with self._lock:
            return [digest for digest in digests if not self._is_known(digest)]

    def add(self, texts: Iterable[tuple[str, str]]) -> None:
        """Take texts, each after its digest, in one transaction."""
        with self._lock, suppress(sqlite3.Error), self._database:
            added = {}
            for digest, text in texts:
                if digest in added or self._is_known(digest):
                    continue
                cursor = self._database.execute("INSERT INTO texts (digest) VALUES (?)", (digest,))
                added[digest] = cursor.lastrowid
                clean = text.encode("utf-8", "replace").decode()
                self._database.execute(
                    "INSERT INTO trigrams (rowid, text) VALUES (?, ?)", (cursor.lastrowid, clean)
                )
            self._ids.update(added)
            self._count += len(added)

    def keep_only(self, digests: Iterable[str]) -> None:
        """Forget what is of no use any more; begin anew when that is most of the table."""
        with self._lock:
            kept = {digest: self._ids[digest] for digest in digests if self._is_known(digest)}
            if self._count > 1000 and self._count > _MOST_GARBAGE * len(kept):
                self._begin_anew()
            else:
                self._ids = kept

    def without(self, literals: Sequence[str], digests: Iterable[str]) -> set[str]:
        """Return the texts that certainly do not hold all of the strings, in any case of letters.

        Args:
            literals: strings of three characters and more; others tell nothing.
            digests: the texts in question.
        """
        trigrams = {
            literal[start : start + 3].lower()
            for literal in literals
            for start in range(len(literal) - 2)
        }
        telling = sorted(trigram for trigram in trigrams if trigram.isascii())
        if not telling:
            return set()
        asked = " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in telling)
        with self._lock:
            try:
                rows = self._database.execute(
                    "SELECT rowid FROM trigrams WHERE trigrams MATCH ?", (asked,)
                )
                found = {row for (row,) in rows}
            except sqlite3.Error as error:
                _log.warning("the text index failed and is made anew: %s", error)
                self._begin_anew()
                return set()
            ids = self._ids
            return {digest for digest in digests if digest in ids and ids[digest] not in found}

    def close(self) -> None:
        """Let go of the table."""
        with self._lock:
            self._database.close()

    def _is_known(self, digest: str) -> bool:
        if digest not in self._ids and len(self._ids) < self._count:
            # It may be in the table all the same: it was of no use for a while.
            asked = "SELECT id FROM texts WHERE digest = ?"
            with suppress(sqlite3.Error):
                for (number,) in self._database.execute(asked, (digest,)):
                    self._ids[digest] = number
        return digest in self._ids

    def _open(self) -> sqlite3.Connection:
        if self._path is None:
            return _connect(":memory:")
        try:
            return _connect(str(self._path))
        except sqlite3.Error as error:
            _log.warning("the text index cannot be read and is made anew: %s", error)
            _remove(self._path)
        try:
            return _connect(str(self._path))
        except sqlite3.Error as error:
            _log.warning("the text index cannot be written and stays in memory: %s", error)
            return _connect(":memory:")

    def _begin_anew(self) -> None:
        self._database.close()
        if self._path is not None:
            _remove(self._path)
        self._database = self._open()
        self._ids, self._count = {}, 0


def _connect(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        # What a power cut takes is found missing, and read again.
        database.execute("PRAGMA synchronous = OFF")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError("made by another version")
        database.executescript(_SCHEMA)
        database.execute("SELECT rowid FROM trigrams LIMIT 1").fetchall()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
