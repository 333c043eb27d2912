import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import UserError
from pairwright.ledger.entries import (
    Answer,
    EntryOutcome,
    FormatCount,
    from_picodollars,
    to_picodollars,
)
from pairwright.ledger.past_tasks import PastTask
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Tier, Usage
from tests.ledger.support import a_call

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
USAGE = Usage(10, 20, 30, 40, reasoning=5, cache_write_1h=25)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[LedgerStore]:
    store = LedgerStore(path, clock=lambda: NOON)
    yield store
    store.close()


def reserve(store: LedgerStore, cost: str | None = "0.25", task_id: str = "t1") -> int:
    return store.reserve(
        a_call(task_id),
        worst_case_usd=None if cost is None else Decimal(cost),
        price_source="the test",
        admit=lambda task, day: None,
    )


def settle(store: LedgerStore, entry_id: int, cost: str | None = "0.1") -> None:
    store.settle(
        entry_id,
        outcome=EntryOutcome.DONE,
        usage=USAGE,
        cost_usd=None if cost is None else Decimal(cost),
        price_source="the provider",
        duration_ms=1234,
        finish_reason="length",
        error="Truncated",
        service_tier="flex",
    )


def test_a_settled_entry_reads_back_as_it_was_written(store: LedgerStore) -> None:
    settle(store, reserve(store), "0.000000150001")
    (entry,) = store.entries("t1")
    assert entry.usage == USAGE
    assert entry.cost_usd == Decimal("0.000000150001")
    assert entry.started_at == NOON
    assert (entry.client, entry.step, entry.strategy) == ("cli", "edit", "plan")
    assert (entry.tier, entry.model, entry.attempt) == (Tier.WEAK, "test/weak", 1)
    assert (entry.outcome, entry.duration_ms) == (EntryOutcome.DONE, 1234)
    assert entry.price_source == "the provider"
    assert (entry.finish_reason, entry.error, entry.service_tier) == ("length", "Truncated", "flex")
    assert entry.reserved_usd == Decimal("0.25")


def test_a_reservation_counts_at_its_worst_case_until_it_is_settled(store: LedgerStore) -> None:
    entry_id = reserve(store, "0.25")
    assert store.spent_by_task("t1").cost_usd == Decimal("0.25")
    settle(store, entry_id, "0.1")
    assert store.spent_by_task("t1").cost_usd == Decimal("0.1")
    assert store.spent_by_task("another").cost_usd == 0


def test_an_unknown_cost_is_counted_as_unknown_and_not_as_zero(store: LedgerStore) -> None:
    settle(store, reserve(store, None), None)
    settle(store, reserve(store), "0.1")
    spent = store.spent_today()
    assert (spent.cost_usd, spent.unpriced_calls) == (Decimal("0.1"), 1)
    assert store.entries()[0].cost_usd is None


def test_an_entry_is_settled_once(store: LedgerStore) -> None:
    entry_id = reserve(store)
    settle(store, entry_id)
    with pytest.raises(ValueError, match="not an open reservation"):
        settle(store, entry_id, "9")
    with pytest.raises(ValueError, match="not an open reservation"):
        settle(store, 777)
    assert store.entries()[0].cost_usd == Decimal("0.1")


def test_the_file_itself_refuses_to_be_rewritten(store: LedgerStore, path: Path) -> None:
    settle(store, reserve(store))
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        other.execute("UPDATE entries SET cost_picodollars = 0")
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        other.execute("DELETE FROM entries")
    other.close()


def test_a_refused_reservation_writes_nothing(store: LedgerStore) -> None:
    def refuse(task: object, day: object) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        store.reserve(a_call(), worst_case_usd=Decimal(1), price_source="", admit=refuse)
    assert store.entries() == ()
    reserve(store)  # the transaction was closed


def test_a_clock_that_was_set_back_opens_no_new_purse(path: Path) -> None:
    now = NOON
    store = LedgerStore(path, clock=lambda: now)
    settle(store, reserve(store), "0.1")
    now = NOON - timedelta(days=1)
    assert store.spent_today().cost_usd == Decimal("0.1")
    now = NOON + timedelta(days=1)
    assert store.spent_today().cost_usd == 0
    store.close()


def test_what_a_killed_process_reserved_costs_its_worst_case(path: Path) -> None:
    script = f"""
        import os, signal
        from decimal import Decimal
        from pathlib import Path
        from pairwright.ledger.store import LedgerStore
        from tests.ledger.support import a_call
        store = LedgerStore(Path({str(path)!r}))
        store.reserve(a_call(), worst_case_usd=Decimal("0.3"), price_source="", admit=print)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        timeout=30,
        check=False,
    )
    store = LedgerStore(path)
    (entry,) = store.entries()
    assert entry.outcome is EntryOutcome.FAILED
    assert entry.cost_usd == Decimal("0.3")
    assert entry.usage.is_estimated
    assert len(list(path.with_name(f"{path.name}.writers").iterdir())) == 1
    store.close()


def test_what_a_living_writer_reserved_is_left_alone(store: LedgerStore, path: Path) -> None:
    entry_id = reserve(store)
    other = LedgerStore(path)
    assert other.entries()[0].outcome is EntryOutcome.RESERVED
    settle(store, entry_id)
    assert other.entries()[0].outcome is EntryOutcome.DONE
    other.close()


def test_closing_twice_is_harmless(path: Path) -> None:
    store = LedgerStore(path)
    store.close()
    store.close()


def test_nobody_else_may_read_the_ledger(store: LedgerStore, path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_garbage_is_refused_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database, " * 100)
    before = path.read_bytes()
    with pytest.raises(UserError, match="damaged and was left as it is"):
        LedgerStore(path)
    assert path.read_bytes() == before


def test_a_truncated_ledger_is_refused_and_left_as_it_is(path: Path) -> None:
    store = LedgerStore(path)
    for _ in range(300):
        reserve(store)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        LedgerStore(path)
    assert path.read_bytes() == whole[: len(whole) // 2]


def test_a_newer_ledger_is_refused_untouched(path: Path) -> None:
    LedgerStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match="newer Pairwright"):
        LedgerStore(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match="another program"):
        LedgerStore(path)
    assert path.read_bytes() == before


def test_a_locked_ledger_is_told_and_nothing_is_lost(store: LedgerStore, path: Path) -> None:
    entry_id = reserve(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="locked"):
        settle(store, entry_id)
    other.execute("ROLLBACK")
    other.close()
    settle(store, entry_id)
    assert store.entries()[0].cost_usd == Decimal("0.1")


def test_a_read_only_ledger_is_told(path: Path) -> None:
    LedgerStore(path).close()
    content = bytearray(path.read_bytes())
    content[18] = 3  # a write format that no SQLite knows makes the file read-only for all users
    path.write_bytes(content)
    store = LedgerStore(path)
    with pytest.raises(UserError, match="may not be written"):
        reserve(store)
    store.close()


def test_a_ledger_where_no_directory_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="see to the directory"):
        LedgerStore(tmp_path / "file" / "ledger.sqlite3")


@pytest.mark.parametrize("cost", ["NaN", "Infinity", "-0.01", "1e30"])
def test_nonsense_is_no_cost(cost: str) -> None:
    with pytest.raises(ValueError, match="not the cost"):
        to_picodollars(Decimal(cost))


def test_money_is_exact_and_finer_fractions_are_rounded_up() -> None:
    assert to_picodollars(Decimal("0.000000000001")) == 1
    assert to_picodollars(Decimal("0.0000000000001")) == 1
    assert sum([from_picodollars(100_000_000_000)] * 3) == Decimal("0.3")
    assert from_picodollars(0) == 0
    assert str(from_picodollars(10 * 10**12)) == "10"


def test_what_tasks_cost_is_told_of_those_that_a_model_answered(store: LedgerStore) -> None:
    settle(store, reserve(store, task_id="answered"), "0.3")
    entry_id = reserve(store, task_id="refused")
    store.settle(
        entry_id,
        outcome=EntryOutcome.FAILED,
        usage=Usage(0, 0, 0, 0),
        cost_usd=Decimal(0),
        price_source="the test",
        duration_ms=1,
        error="Authentication",
    )
    reserve(store, task_id="under way")
    settle(store, reserve(store, task_id="no price"), None)
    settle(store, reserve(store, task_id="another"), "0.7")
    known = store.past_tasks("plan", models=("test/weak",), without_task="another")
    assert known == (PastTask(Decimal("0.3"), is_whole=False),)
    assert store.past_tasks("plan", models=("test/other",)) == ()


def test_costs_are_grouped_in_the_order_of_their_first_entries(store: LedgerStore) -> None:
    settle(store, reserve(store, task_id="b"), "0.1")
    settle(store, reserve(store, task_id="a"), None)
    settle(store, reserve(store, task_id="b"), "0.2")
    b, a = store.rows("task")
    assert (b.key, b.calls, b.cost_usd, b.unpriced_calls) == ("b", 2, Decimal("0.3"), 0)
    assert (b.input_tokens, b.cached_tokens, b.output_tokens) == (120, 40, 80)
    assert (a.key, a.cost_usd, a.unpriced_calls) == ("a", Decimal(0), 1)
    for by, key in (
        ("day", "2026-03-01"),
        ("model", "test/weak"),
        ("strategy", "plan"),
        ("client", "cli"),
    ):
        (row,) = store.rows(by)  # type: ignore[arg-type]
        assert (row.key, row.calls) == (key, 3)
    assert store.rows("role")[0].key == "weak"


def test_calls_under_way_and_own_counts_are_told_apart(store: LedgerStore) -> None:
    settle(store, reserve(store), "0.1")
    reserve(store, "0.25")
    reserve(store, None)
    (row,) = store.rows("day")
    assert (row.calls, row.cost_usd, row.unpriced_calls) == (3, Decimal("0.35"), 1)
    assert (row.open_calls, row.open_usd) == (2, Decimal("0.25"))
    assert not row.is_estimated
    store.settle(
        2,
        outcome=EntryOutcome.FAILED,
        usage=Usage(1, 0, 0, 1, is_estimated=True),
        cost_usd=Decimal(0),
        price_source="the test",
        duration_ms=1,
    )
    (row,) = store.rows("day")
    assert row.is_estimated
    assert store.price_sources() == ("the provider", "the test")


def answer_of(
    model: str = "m", edit_format: str = "whole_file", *, well_formed: bool, applied: bool
) -> Answer:
    return Answer("t1", model, edit_format, 2, well_formed, applied)


def test_answers_are_counted_by_model_and_format(store: LedgerStore, path: Path) -> None:
    assert store.format_counts("m") == ()
    store.record_answer(answer_of(well_formed=True, applied=True))
    store.record_answer(answer_of(well_formed=True, applied=False))
    store.record_answer(answer_of(well_formed=False, applied=False))
    store.record_answer(answer_of(edit_format="search_replace", well_formed=True, applied=True))
    store.record_answer(answer_of("other", well_formed=True, applied=True))
    expected = (FormatCount("search_replace", 1, 1, 1), FormatCount("whole_file", 3, 2, 1))
    assert store.format_counts("m") == expected
    other = LedgerStore(path)
    assert other.format_counts("m") == expected
    other.close()


def test_only_the_latest_answers_of_a_format_count(store: LedgerStore) -> None:
    for _ in range(30):
        store.record_answer(answer_of(well_formed=False, applied=False))
    for _ in range(100):
        store.record_answer(answer_of(well_formed=True, applied=True))
    assert store.format_counts("m") == (FormatCount("whole_file", 100, 100, 100),)


def test_an_answers_record_costs_nothing(store: LedgerStore) -> None:
    store.record_answer(answer_of(well_formed=True, applied=True))
    assert store.entries() == ()
    assert store.spent_today().cost_usd == 0


def test_what_became_of_an_answer_is_never_rewritten(store: LedgerStore, path: Path) -> None:
    store.record_answer(answer_of(well_formed=False, applied=False))
    other = sqlite3.connect(path)
    for statement in ("UPDATE answers SET is_applied = 1", "DELETE FROM answers"):
        with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
            other.execute(statement)
    other.close()


def test_a_ledger_that_cannot_be_written_refuses_an_answer(store: LedgerStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="locked"):
        store.record_answer(answer_of(well_formed=True, applied=True))
    other.execute("ROLLBACK")
    other.close()
