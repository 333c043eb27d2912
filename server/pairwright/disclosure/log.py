"""What left for where? An append-only SQLite file that holds no contents: sizes and digests.

A call is written down before it is made, so that one that fails, or whose process is killed, is
told of all the same. One connection does all writing of a process, inline, as the ledger's does.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pairwright.errors import UserError
from pairwright.storage.database import bring_up, log_ahead, open_private, run_script, transaction

MOST_CALLS = 20_000
"""How many are remembered; of a task that asks six times, more than three thousand tasks."""
_PRUNED_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    task_id TEXT NOT NULL,
    host TEXT NOT NULL,
    is_local INTEGER NOT NULL,
    model TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    taken_out INTEGER NOT NULL
);
CREATE TABLE part (
    call_id INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    bytes INTEGER NOT NULL
);
CREATE INDEX call_of_task ON call (task_id);
CREATE INDEX call_at ON call (at);
CREATE INDEX part_of_call ON part (call_id);
CREATE TRIGGER call_stays BEFORE UPDATE ON call BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER part_stays BEFORE UPDATE ON part BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
# A task by the beginning of its id, and not by LIKE, for which some characters stand for others.
_DEPARTURES = """
SELECT id, at, task_id, host, is_local, model, taken_out FROM call
WHERE (:task IS NULL OR substr(task_id, 1, length(:task)) = :task)
    AND (:since IS NULL OR at >= :since)
ORDER BY id DESC LIMIT :limit
"""
_TOTALS = """
WITH chosen AS (
    SELECT * FROM call
    WHERE (:task IS NULL OR substr(task_id, 1, length(:task)) = :task)
        AND (:since IS NULL OR at >= :since)
), named AS (
    SELECT host, is_local, count(DISTINCT path) AS files
    FROM part JOIN chosen ON id = call_id WHERE path <> '' GROUP BY host, is_local
)
SELECT host, is_local, count(*), sum(bytes), coalesce(max(files), 0)
FROM chosen LEFT JOIN named USING (host, is_local)
GROUP BY host, is_local ORDER BY sum(bytes) DESC
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of what was sent."""

    kind: str
    """Such as "file", "instruction", "test output"."""
    path: str
    """Of a file; empty for all else."""
    digest: str
    """SHA-256 of the piece as it was sent, in hexadecimal; empty when it is not one piece."""
    bytes: int
    """In UTF-8."""


@dataclass(frozen=True, slots=True)
class Departure:
    """One attempt of one call."""

    task_id: str
    host: str
    is_local: bool
    """The host is this machine."""
    model: str
    parts: tuple[Part, ...]
    taken_out: int
    """How many secrets were taken out of it at the exit."""
    at: str = ""
    """ISO 8601, in UTC; the log's own clock says it."""

    @property
    def bytes(self) -> int:
        """All that was sent of ours, without the wire's own framing."""
        return sum(part.bytes for part in self.parts)


@dataclass(frozen=True, slots=True)
class HostTotal:
    """What one host was sent, of all that is remembered."""

    host: str
    is_local: bool
    calls: int
    bytes: int
    files: int
    """Different ones."""


def part_of(kind: str, text: str, path: str = "") -> Part:
    """Return the record of a piece of text."""
    encoded = text.encode("utf-8", "replace")
    return Part(kind, path, hashlib.sha256(encoded).hexdigest(), len(encoded))


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class DisclosureLog:
    """The log of one workspace; several processes may have it open."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = utc_now,
        most_calls: int = MOST_CALLS,
    ) -> None:
        """Open the log, or begin one that only its owner may read.

        Raises:
            UserError: the file cannot be used, and it is left as it is.
        """
        self.path = path
        self._clock = clock
        self._most_calls = most_calls
        with self._translated():
            self._connection = open_private(path)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        self._connection.close()

    def add(self, departure: Departure) -> None:
        """Write down what is about to leave.

        Raises:
            UserError: it cannot be written; then nothing may leave.
        """
        with self._translated(), transaction(self._connection):
            cursor = self._connection.execute(
                "INSERT INTO call (at, task_id, host, is_local, model, bytes, taken_out) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    self._clock().isoformat(timespec="milliseconds"),
                    departure.task_id,
                    departure.host,
                    departure.is_local,
                    departure.model,
                    departure.bytes,
                    departure.taken_out,
                ),
            )
            call_id = cursor.lastrowid or 0
            self._connection.executemany(
                "INSERT INTO part VALUES (?, ?, ?, ?, ?)",
                [
                    (call_id, part.kind, part.path, part.digest, part.bytes)
                    for part in departure.parts
                ],
            )
            if call_id % _PRUNED_AT_ONCE == 0:
                self._connection.execute(
                    "DELETE FROM call WHERE id <= ?", (call_id - self._most_calls,)
                )

    def departures(
        self, *, task_id: str | None = None, since: datetime | None = None, limit: int = 1000
    ) -> tuple[Departure, ...]:
        """Return what left, the newest first.

        Args:
            task_id: only of the task whose id begins so.
            since: only from then on.
            limit: the most that are returned.

        Raises:
            UserError: the log cannot be read.
        """
        with self._translated():
            rows = self._connection.execute(_DEPARTURES, _values(task_id, since, limit)).fetchall()
            parts = self._parts_of([row[0] for row in rows])
        return tuple(
            Departure(task, host, bool(is_local), model, parts.get(call_id, ()), taken_out, at)
            for call_id, at, task, host, is_local, model, taken_out in rows
        )

    def totals(
        self, *, task_id: str | None = None, since: datetime | None = None
    ) -> tuple[HostTotal, ...]:
        """Return what each host was sent, who got most first; arguments as for `departures`.

        Raises:
            UserError: the log cannot be read.
        """
        with self._translated():
            rows = self._connection.execute(_TOTALS, _values(task_id, since)).fetchall()
        return tuple(
            HostTotal(host, bool(is_local), calls, size, files)
            for host, is_local, calls, size, files in rows
        )

    @property
    def forgotten(self) -> int:
        """How many calls were there before those that are remembered."""
        with self._translated():
            ((first,),) = self._connection.execute("SELECT coalesce(min(id), 1) FROM call")
        return int(first) - 1

    def _parts_of(self, call_ids: Iterable[int]) -> Mapping[int, tuple[Part, ...]]:
        wanted = list(call_ids)
        if not wanted:
            return {}
        found: dict[int, tuple[Part, ...]] = {}
        rows = self._connection.execute(
            "SELECT call_id, kind, path, digest, bytes FROM part "
            "WHERE call_id BETWEEN ? AND ? ORDER BY rowid",
            (min(wanted), max(wanted)),
        )
        for call_id, *part in rows:
            found[call_id] = (*found.get(call_id, ()), Part(*part))
        return found

    def _prepare(self) -> None:
        bring_up(self._connection, self.path, (_create_tables,), called="the record of what leaves")
        log_ahead(self._connection)
        # A power cut may lose the last lines; a killed process loses none.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise UserError(
                f"what leaves this machine cannot be recorded in {self.path.name} ({error}), "
                "so nothing is sent: free some room, or move the file away"
            ) from error


def _values(task_id: str | None, since: datetime | None, limit: int = 0) -> dict[str, object]:
    moment = None if since is None else since.astimezone(UTC).isoformat(timespec="milliseconds")
    return {"task": task_id, "since": moment, "limit": limit}


def _create_tables(connection: sqlite3.Connection) -> None:
    run_script(connection, _SCHEMA)
