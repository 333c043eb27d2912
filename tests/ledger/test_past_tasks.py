"""What is remembered of how earlier tasks ended?"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.ledger.entries import EntryOutcome
from pairwright.ledger.past_tasks import PastTask
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Usage
from tests.ledger.support import a_call


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    store = LedgerStore(tmp_path / "ledger.sqlite3")
    yield store
    store.close()


def pay(store: LedgerStore, task_id: str, cost: str) -> None:
    entry_id = store.reserve(
        a_call(task_id), worst_case_usd=Decimal(1), price_source="", admit=lambda task, day: None
    )
    store.settle(
        entry_id,
        outcome=EntryOutcome.DONE,
        usage=Usage(1, 0, 0, 1),
        cost_usd=Decimal(cost),
        price_source="the test",
        duration_ms=1,
    )


def test_how_a_task_ended_is_what_was_written_last(store: LedgerStore) -> None:
    pay(store, "stopped and continued", "0.3")
    store.record_end("stopped and continued", is_whole=False)
    store.record_end("stopped and continued", is_whole=True)
    pay(store, "stopped", "0.2")
    store.record_end("stopped", is_whole=False)
    pay(store, "killed with its process", "0.1")
    store.record_end("asked nobody", is_whole=True)
    assert store.past_tasks("plan", models=("test/weak",)) == (
        PastTask(Decimal("0.1"), is_whole=False),
        PastTask(Decimal("0.2"), is_whole=False),
        PastTask(Decimal("0.3"), is_whole=True),
    )
    assert store.stopped_tasks() == {"stopped", "killed with its process"}


def test_how_a_task_ended_is_never_rewritten(store: LedgerStore, tmp_path: Path) -> None:
    pay(store, "t1", "0.3")
    store.record_end("t1", is_whole=True)
    path = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in ("UPDATE ends SET is_whole = 0", "DELETE FROM ends"):
            with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
                connection.execute(statement)
