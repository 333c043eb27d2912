"""What have earlier tasks cost, and did they come to their end? For estimates of the next one."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from pairwright.ledger.entries import from_picodollars

_COUNTED_TASKS = 100
_IS_WHOLE = (
    "coalesce((SELECT is_whole FROM ends WHERE ends.task_id = entries.task_id"
    " ORDER BY end_id DESC LIMIT 1), 0)"
)


@dataclass(frozen=True, slots=True)
class PastTask:
    """An earlier task's cost."""

    cost_usd: Decimal
    is_whole: bool
    """It came to its end by itself; else it was stopped, and would have cost more."""


def past_tasks(
    connection: sqlite3.Connection, strategy: str, *, models: Collection[str], without_task: str
) -> tuple[PastTask, ...]:
    """See `LedgerStore.past_tasks`."""
    rows = connection.execute(
        f"SELECT group_concat(DISTINCT model), sum(cost_picodollars), {_IS_WHOLE}"  # noqa: S608
        " FROM entries WHERE strategy = ? AND task_id <> ? GROUP BY task_id"
        " HAVING sum(cost_picodollars IS NULL OR outcome = 'reserved') = 0"
        " AND sum(outcome = 'done') > 0"
        " ORDER BY max(entry_id) DESC LIMIT ?",
        (strategy, without_task, _COUNTED_TASKS),
    ).fetchall()
    known = set(models)
    return tuple(
        PastTask(from_picodollars(cost), bool(is_whole))
        for asked, cost, is_whole in rows
        if set(asked.split(",")) <= known
    )


def stopped_tasks(connection: sqlite3.Connection) -> frozenset[str]:
    """See `LedgerStore.stopped_tasks`."""
    rows = connection.execute(
        f"SELECT DISTINCT task_id FROM entries WHERE NOT {_IS_WHOLE}"  # noqa: S608
    ).fetchall()
    return frozenset(task_id for (task_id,) in rows)


def write_end(
    connection: sqlite3.Connection, written_at: str, task_id: str, *, is_whole: bool
) -> None:
    """See `LedgerStore.record_end`."""
    connection.execute(
        "INSERT INTO ends (written_at, task_id, is_whole) SELECT ?1, ?2, ?3"
        " WHERE EXISTS (SELECT 1 FROM entries WHERE task_id = ?2)",
        (written_at, task_id, is_whole),
    )
