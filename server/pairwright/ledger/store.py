"""What did every call cost, for ever? An append-only SQLite file.

An entry is inserted as a reservation at its worst case and settled exactly once. One connection
does all writing of a process, on the thread that opened it: a commit that waits for the disk takes
about 0.4 ms, so the event loop makes it inline, and a cancelled task cannot come between a call
and its entry.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pairwright.errors import UserError
from pairwright.ledger.entries import (
    Answer,
    Call,
    EntryOutcome,
    FormatCount,
    LedgerEntry,
    Spending,
    from_picodollars,
    to_picodollars,
)
from pairwright.ledger.groups import CostGroup, CostRow, costs_by, price_sources
from pairwright.ledger.migrations import APPLICATION_ID, MIGRATIONS
from pairwright.ledger.past_tasks import PastTask, past_tasks, stopped_tasks, write_end
from pairwright.ledger.syncing import DiskSync
from pairwright.ledger.writers import WriterLock, is_alive, remove_dead
from pairwright.llm.model import Tier, Usage
from pairwright.storage.database import bring_up, log_ahead, open_private, transaction

_COUNTED_ANSWERS = 100
"""Of each format: models and prompts change, and what was long ago says little."""
_SUM = "coalesce(sum(cost_picodollars), 0), coalesce(sum(cost_picodollars IS NULL), 0)"
_RESERVED = "coalesce(sum(cost_picodollars) FILTER (WHERE outcome = 'reserved'), 0)"


Admit = Callable[[Spending, Spending], None]
"""Judges a reservation by what the task and the day have spent so far; raises to refuse it."""


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class LedgerStore:
    """The ledger of one workspace; several processes may have it open."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        """Open the ledger, or begin one; reservations of dead processes cost their worst case.

        Raises:
            UserError: the file cannot be used; says why, and it is left as it is.
        """
        self._path = path
        self._clock = clock
        self.disk = DiskSync(path)
        """Knows when what was reserved is on the disk: `reserve` does not wait for it."""
        locks = path.with_name(f"{path.name}.writers")
        with self._translated():
            self._connection = open_private(path)
            try:
                _require_sound(self._connection)
                bring_up(
                    self._connection,
                    path,
                    MIGRATIONS,
                    called="the ledger",
                    application_id=APPLICATION_ID,
                )
                log_ahead(self._connection)
                self._connection.execute("PRAGMA synchronous = FULL")
                self._writer = WriterLock(locks)
                self._settle_orphans(locks)
            except BaseException:
                self._connection.close()
                raise
        remove_dead(locks)

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        self.disk.close()
        self._connection.close()
        self._writer.release()

    def reserve(
        self, call: Call, *, worst_case_usd: Decimal | None, price_source: str, admit: Admit
    ) -> int:
        """Write a call down before it is made, unless `admit` refuses it; return the entry's id.

        What was spent is read and the reservation is written in one transaction, so that calls
        side by side, in any process, cannot together pass a cap. It outlives the end of the process
        at once, and a power cut from when `disk` says so.

        Raises:
            UserError: the ledger cannot be written; the call must not be made.
            Exception: whatever `admit` raises; nothing was written.
        """
        now = self._clock()
        worst_case = None if worst_case_usd is None else to_picodollars(worst_case_usd)
        with self._transaction(is_synced=False):
            admit(self.spent_by_task(call.task_id), self.spent_since(now))
            (entry_id,) = self._connection.execute(
                "INSERT INTO entries (writer, task_id, client, step, strategy, tier, model,"
                " attempt, day, started_at, cost_picodollars, reserved_picodollars, price_source,"
                " outcome)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved') RETURNING entry_id",
                (
                    self._writer.writer_id,
                    call.task_id,
                    call.client,
                    call.step,
                    call.strategy,
                    call.tier.value,
                    call.model,
                    call.attempt,
                    _day_of(now),
                    _written(now),
                    worst_case,
                    worst_case,
                    price_source,
                ),
            ).fetchone()
            return int(entry_id)

    def settle(
        self,
        entry_id: int,
        *,
        outcome: EntryOutcome,
        usage: Usage,
        cost_usd: Decimal | None,
        price_source: str,
        duration_ms: int,
        finish_reason: str = "",
        error: str = "",
        service_tier: str = "",
    ) -> None:
        """Write down what a reserved call came to; once, and never again.

        Raises:
            ValueError: there is no such reservation, or it is settled already.
            UserError: the ledger cannot be written; the reservation stands at its worst case.
        """
        with self._transaction():
            changed = self._connection.execute(
                "UPDATE entries SET outcome = ?, uncached_input = ?, cache_read = ?,"
                " cache_write = ?, output = ?, reasoning = ?, is_estimated = ?,"
                " cost_picodollars = ?, price_source = ?, duration_ms = ?, cache_write_1h = ?,"
                " finish_reason = ?, error = ?, service_tier = ?"
                " WHERE entry_id = ? AND outcome = 'reserved'",
                (
                    outcome.value,
                    usage.uncached_input,
                    usage.cache_read,
                    usage.cache_write,
                    usage.output,
                    usage.reasoning,
                    usage.is_estimated,
                    None if cost_usd is None else to_picodollars(cost_usd),
                    price_source,
                    duration_ms,
                    usage.cache_write_1h,
                    finish_reason,
                    error,
                    service_tier,
                    entry_id,
                ),
            ).rowcount
            if changed != 1:
                raise ValueError(f"ledger entry {entry_id} is not an open reservation")

    def entries(self, task_id: str | None = None) -> tuple[LedgerEntry, ...]:
        """Return the entries of a task, or all of them, oldest first."""
        with self._translated():
            rows = self._connection.execute(
                "SELECT entry_id, task_id, client, step, strategy, tier, model, attempt,"
                " uncached_input, cache_read, cache_write, output, reasoning, is_estimated,"
                " cache_write_1h, cost_picodollars, price_source, started_at, duration_ms,"
                " outcome, reserved_picodollars, finish_reason, error, service_tier"
                " FROM entries WHERE ?1 IS NULL OR task_id = ?1 ORDER BY entry_id",
                (task_id,),
            ).fetchall()
        return tuple(_entry_of(row) for row in rows)

    def spent_by_task(self, task_id: str) -> Spending:
        """Return what a task has cost so far, open reservations at their worst case."""
        return self._spent("task_id = ?", task_id)

    def spent_since(self, moment: datetime) -> Spending:
        """Return what was spent on that day (UTC) and after it.

        Days after it count as well: a clock that was set back must not open a new purse.
        """
        return self._spent("day >= ?", _day_of(moment))

    def spent_today(self) -> Spending:
        """Return what was spent today (UTC)."""
        return self.spent_since(self._clock())

    def spent_in_all(self) -> Spending:
        """Return what was spent since the ledger began."""
        return self._spent("day >= ?", "")

    def rows(self, by: CostGroup) -> tuple[CostRow, ...]:
        """Return the sums of every group, in the order of their first entries."""
        with self._translated():
            return costs_by(self._connection, by)

    def price_sources(self) -> tuple[str, ...]:
        """Return who said what the calls cost."""
        with self._translated():
            return price_sources(self._connection)

    def past_tasks(
        self, strategy: str, *, models: Collection[str], without_task: str = ""
    ) -> tuple[PastTask, ...]:
        """Return the latest tasks of a strategy that asked no other models, the last one first.

        Those with a call that has no price, or that is under way, are left out, and so are those
        that no model answered: what it costs to fail says nothing of a task.
        """
        with self._translated():
            return past_tasks(self._connection, strategy, models=models, without_task=without_task)

    def stopped_tasks(self) -> frozenset[str]:
        """Return the tasks that did not come to their end, those that run included."""
        with self._translated():
            return stopped_tasks(self._connection)

    def record_end(self, task_id: str, *, is_whole: bool) -> None:
        """Write down whether a task came to its end by itself; what is written last counts.

        A task of which nothing is written was stopped: perhaps with its process.

        Raises:
            UserError: the ledger cannot be written.
        """
        with self._transaction():
            write_end(self._connection, _written(self._clock()), task_id, is_whole=is_whole)

    def record_answer(self, answer: Answer) -> None:
        """Write down how the edit format of an answer fared.

        Raises:
            UserError: the ledger cannot be written.
        """
        with self._transaction():
            self._connection.execute(
                "INSERT INTO answers (written_at, task_id, model, edit_format, blocks,"
                " is_well_formed, is_applied) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    _written(self._clock()),
                    answer.task_id,
                    answer.model,
                    answer.edit_format,
                    answer.blocks,
                    answer.is_well_formed,
                    answer.is_applied,
                ),
            )

    def format_counts(self, model: str, *, until_task: str = "") -> tuple[FormatCount, ...]:
        """Return how a model's latest answers fared, by edit format.

        Args:
            model: by its name.
            until_task: only answers count that were there before the first of this task's.
        """
        with self._translated():
            rows = self._connection.execute(
                "SELECT edit_format, count(*), sum(is_well_formed), sum(is_applied) FROM"
                " (SELECT *, row_number() OVER"
                " (PARTITION BY edit_format ORDER BY answer_id DESC) AS age"
                " FROM answers WHERE model = ?1 AND answer_id < coalesce("
                "(SELECT min(answer_id) FROM answers WHERE task_id = ?2), answer_id + 1))"
                " WHERE age <= ?3 GROUP BY edit_format ORDER BY edit_format",
                (model, until_task, _COUNTED_ANSWERS),
            ).fetchall()
        return tuple(FormatCount(*row) for row in rows)

    def _spent(self, condition: str, value: str) -> Spending:
        with self._translated():
            cost, unpriced, reserved = self._connection.execute(
                f"SELECT {_SUM}, {_RESERVED} FROM entries WHERE {condition}",  # noqa: S608
                (value,),
            ).fetchone()
        return Spending(from_picodollars(cost), unpriced, from_picodollars(reserved))

    def _settle_orphans(self, locks: Path) -> None:
        writers = self._connection.execute(
            "SELECT DISTINCT writer FROM entries WHERE outcome = 'reserved'"
        ).fetchall()
        dead = [writer for (writer,) in writers if not is_alive(locks, writer)]
        if not dead:
            return
        with self._transaction():
            # Nobody knows what the provider billed: the worst case is the only safe figure.
            self._connection.executemany(
                "UPDATE entries SET outcome = 'failed', is_estimated = 1"
                " WHERE writer = ? AND outcome = 'reserved'",
                [(writer,) for writer in dead],
            )

    @contextmanager
    def _transaction(self, *, is_synced: bool = True) -> Iterator[None]:
        with self._translated():
            if not is_synced:
                self._connection.execute("PRAGMA synchronous = NORMAL")
            try:
                with transaction(self._connection):
                    yield
            finally:
                if not is_synced:
                    self._connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise UserError(
                f"the ledger {self._path.name!r} cannot be used: {_reason_of(error)}; "
                "no model is asked until it can, since the cost could not be recorded"
            ) from error


def _require_sound(connection: sqlite3.Connection) -> None:
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise sqlite3.DatabaseError("database disk image is malformed")


def _reason_of(error: sqlite3.Error | OSError) -> str:
    text = str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or text}: see to the directory that holds it"
    if "locked" in text or "busy" in text:
        return "another program keeps it locked: end that program, or try again"
    if "readonly" in text or "read-only" in text:
        return "it may not be written: give the file and its directory back their write permission"
    if "full" in text:
        return "the disk is full: make room"
    if "not a database" in text or "malformed" in text:
        return (
            "it is damaged and was left as it is: restore it from a backup, or move it away "
            "and a new ledger is begun"
        )
    return f"{text}: see to the file and its directory"


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _day_of(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _entry_of(row: tuple[Any, ...]) -> LedgerEntry:
    cost, price_source, started_at, duration_ms, outcome, reserved, *ended = row[15:]
    finish_reason, error, service_tier = ended
    return LedgerEntry(
        entry_id=row[0],
        task_id=row[1],
        client=row[2],
        step=row[3],
        strategy=row[4],
        tier=Tier(row[5]),
        model=row[6],
        attempt=row[7],
        usage=Usage(row[8], row[9], row[10], row[11], row[12], bool(row[13]), row[14]),
        cost_usd=None if cost is None else from_picodollars(cost),
        price_source=price_source,
        started_at=datetime.fromisoformat(started_at),
        duration_ms=duration_ms,
        outcome=EntryOutcome(outcome),
        reserved_usd=None if reserved is None else from_picodollars(reserved),
        finish_reason=finish_reason,
        error=error,
        service_tier=service_tier,
    )
