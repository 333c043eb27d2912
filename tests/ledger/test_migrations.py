"""Is a ledger of every version before carried over, with nothing lost and nothing made up?"""

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.ledger.entries import EntryOutcome
from pairwright.ledger.migrations import APPLICATION_ID, MIGRATIONS
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Usage
from tests.ledger.support import a_call

OLD_ENTRIES = (
    # (task, outcome, cost in picodollars, price source)
    ("t1", "done", 123_000_000, "litellm 1.0.0"),
    ("t1", "failed", None, ""),
    ("t2", "cancelled", 5, "settings"),
)


def write_old_ledger(path: Path, version: int) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    for migration in MIGRATIONS[:version]:
        migration(connection)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.executemany(
        "INSERT INTO entries (writer, task_id, client, step, strategy, tier, model, attempt, day,"
        " started_at, duration_ms, uncached_input, cache_read, cache_write, output, reasoning,"
        " is_estimated, outcome, cost_picodollars, price_source) VALUES ('w', ?, 'cli', 'edit',"
        " 'plan', 'weak', 'a/b', 2, '2026-01-02', '2026-01-02T03:04:05.000006+00:00', 77,"
        " 1, 2, 3, 4, 1, 1, ?, ?, ?)",
        OLD_ENTRIES,
    )
    connection.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_an_old_ledger_is_carried_over(tmp_path: Path, version: int) -> None:
    path = tmp_path / "state" / "ledger.sqlite3"
    write_old_ledger(path, version)
    store = LedgerStore(path)
    first, second, third = store.entries()
    assert (first.task_id, first.attempt, first.duration_ms) == ("t1", 2, 77)
    assert first.usage == Usage(1, 2, 3, 4, reasoning=1, is_estimated=True, cache_write_1h=0)
    assert first.cost_usd == Decimal("0.000123")
    assert (first.price_source, third.price_source) == ("litellm 1.0.0", "settings")
    assert [entry.outcome for entry in (first, second, third)] == [
        EntryOutcome.DONE,
        EntryOutcome.FAILED,
        EntryOutcome.CANCELLED,
    ]
    # What nobody wrote down then is not known now.
    assert second.cost_usd is None
    assert (first.reserved_usd, first.finish_reason, first.error) == (None, "", "")
    assert store.spent_by_task("t1").unpriced_calls == 1
    # How older tasks ended nobody wrote down: they count as they did.
    (old,) = store.past_tasks("plan", models=("a/b",), without_task="t1") or (None,)
    assert old is None or old.is_whole
    (row,) = store.rows("client")
    assert (row.key, row.calls, row.cost_usd) == ("cli", 3, Decimal("0.000123000005"))
    store.reserve(
        a_call(), worst_case_usd=Decimal(1), price_source="", admit=lambda task, day: None
    )
    assert store.entries()[-1].reserved_usd == 1
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET cost_picodollars = 0 WHERE entry_id = 1",
        "UPDATE entries SET service_tier = 'flex' WHERE entry_id = 1",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE entry_id = 1",
    ],
)
def test_what_was_carried_over_is_never_rewritten(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "state" / "ledger.sqlite3"
    write_old_ledger(path, 1)
    LedgerStore(path).close()
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "column",
    ["task_id", "client", "step", "strategy", "model", "day", "reserved_picodollars", "attempt"],
)
def test_settling_changes_nothing_that_was_known_before(tmp_path: Path, column: str) -> None:
    path = tmp_path / "ledger.sqlite3"
    store = LedgerStore(path)
    store.reserve(
        a_call(), worst_case_usd=Decimal(1), price_source="", admit=lambda task, day: None
    )
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        other.execute(f"UPDATE entries SET outcome = 'done', {column} = 9")
    other.close()
    store.close()
