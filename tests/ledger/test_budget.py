import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import BudgetExceeded
from pairwright.ledger.budget import Budget, Caps
from pairwright.ledger.entries import EntryOutcome
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import NO_USAGE
from tests.ledger.support import PRICE, a_budget, a_call


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    store = LedgerStore(tmp_path / "ledger.sqlite3")
    yield store
    store.close()


def test_a_call_that_fits_exactly_is_allowed_and_the_next_is_not(store: LedgerStore) -> None:
    budget = a_budget(store, task="1")
    budget.reserve(a_call(), worst_case_usd=Decimal("1"), price=PRICE)
    with pytest.raises(BudgetExceeded, match="raise the budget") as caught:
        budget.reserve(a_call(), worst_case_usd=Decimal("0.000000000001"), price=PRICE)
    assert caught.value.cap_usd == 1
    assert caught.value.spent_usd == 1
    assert caught.value.needed_usd == Decimal("0.000000000001")


def test_the_day_has_a_cap_of_its_own_across_tasks(store: LedgerStore) -> None:
    a_budget(store, day="2").reserve(a_call("other"), worst_case_usd=Decimal(1), price=PRICE)
    with pytest.raises(BudgetExceeded, match="today"):
        a_budget(store, task="9", day="2").reserve(
            a_call(), worst_case_usd=Decimal("1.5"), price=PRICE
        )


@pytest.mark.parametrize(
    ("asked", "cap", "remedy"),
    [
        (None, "1", "raise the budget by the setting `budget.task_usd`, or ask for less"),
        ("0.4", "0.4", "raise the budget of the request (`--budget`), or ask for less"),
        ("1", "1", "raise the budget by the setting `budget.task_usd`, or ask for less"),
        (
            "2",
            "1",
            "raise the budget by the setting `budget.task_usd`: it binds, and a request "
            "(`--budget`) for 2 USD cannot pass it",
        ),
    ],
)
def test_the_cap_that_binds_a_task_is_named(
    store: LedgerStore, asked: str | None, cap: str, remedy: str
) -> None:
    budget = a_budget(store, task="1", asked_usd=None if asked is None else Decimal(asked))
    with pytest.raises(BudgetExceeded) as caught:
        budget.reserve(a_call(), worst_case_usd=Decimal("1.5"), price=PRICE)
    assert caught.value.cap_usd == Decimal(cap)
    assert str(caught.value).endswith(f"of {cap} USD: {remedy}")


def test_the_cap_of_the_day_is_named(store: LedgerStore) -> None:
    with pytest.raises(BudgetExceeded, match=r"`budget\.day_usd`, or go on tomorrow"):
        a_budget(store, task="9", day="2").reserve(a_call(), worst_case_usd=Decimal(3), price=PRICE)


def test_a_model_without_a_price_is_refused_unless_that_was_allowed(store: LedgerStore) -> None:
    with pytest.raises(BudgetExceeded, match="choose another model") as caught:
        a_budget(store).reserve(a_call(), worst_case_usd=None, price=None)
    assert caught.value.needed_usd is None
    a_budget(store, allow_unpriced=True).reserve(a_call(), worst_case_usd=None, price=None)
    assert a_budget(store).state().task.unpriced_calls == 1


def test_a_free_model_may_be_asked_with_an_empty_purse(store: LedgerStore) -> None:
    a_budget(store, task="0", day="0").reserve(a_call(), worst_case_usd=Decimal(0), price=PRICE)


def test_the_room_is_what_the_tighter_cap_leaves(store: LedgerStore) -> None:
    assert a_budget(store, task="1", day="5").state().room_usd == 1
    assert a_budget(store, task="9", day="5").state().room_usd == 5
    budget = a_budget(store, task="1")
    budget.reserve(a_call(), worst_case_usd=Decimal("0.4"), price=PRICE)
    assert budget.state().room_usd == Decimal("0.6")
    assert a_budget(store, task="0.1").state().room_usd == 0


def test_a_figure_past_all_reason_is_over_budget(store: LedgerStore) -> None:
    with pytest.raises(BudgetExceeded):
        a_budget(store).reserve(a_call(), worst_case_usd=Decimal("1e40"), price=PRICE)


def test_random_calls_of_two_processes_never_pass_the_cap(
    store: LedgerStore, tmp_path: Path
) -> None:
    path = str(tmp_path / "ledger.sqlite3")
    others = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.spender", path, str(seed)],
            cwd=Path(__file__).parents[2],
        )
        for seed in (1, 2)
    ]
    for other in others:
        assert other.wait(timeout=30) == 0
    spent = store.spent_by_task("t1").cost_usd
    assert Decimal("0.9") < spent <= 1


def test_a_workspace_may_have_a_cap_for_all_its_days(store: LedgerStore) -> None:
    a_budget(store, workspace="2").reserve(a_call("other"), worst_case_usd=Decimal(1), price=PRICE)
    budget = a_budget(store, task="9", day="9", workspace="2")
    assert budget.state().room_usd == 1
    with pytest.raises(BudgetExceeded, match=r"in all.*`budget\.workspace_usd`") as caught:
        budget.reserve(a_call(), worst_case_usd=Decimal("1.5"), price=PRICE)
    assert (caught.value.cap_usd, caught.value.spent_usd) == (Decimal(2), Decimal(1))
    assert budget.refusal is caught.value
    budget.reserve(a_call(), worst_case_usd=Decimal(1), price=PRICE)


def test_without_such_a_cap_earlier_days_do_not_count(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    store = LedgerStore(tmp_path / "old.sqlite3", clock=lambda: now)
    a_budget(store).reserve(a_call(), worst_case_usd=Decimal(1), price=PRICE)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert a_budget(store, task="9", day="1", task_id="t2").state().room_usd == 1
    assert a_budget(store, day="9", workspace="1", task_id="t2").state().room_usd == 0
    store.close()


def test_caps_are_read_anew_before_every_call(store: LedgerStore) -> None:
    """T14: a cap that is lowered, or a permission that is taken, holds for what runs."""
    caps = Caps(Decimal(1), Decimal(5), None, allow_unpriced=True)
    budget = Budget(store, "t1", caps=lambda: caps)
    budget.reserve(a_call(), worst_case_usd=Decimal("0.4"), price=PRICE)
    budget.reserve(a_call(), worst_case_usd=None, price=None)
    caps = Caps(Decimal("0.5"), Decimal(5))
    for worst_case in (Decimal("0.2"), None):
        with pytest.raises(BudgetExceeded):
            budget.reserve(a_call(), worst_case_usd=worst_case, price=PRICE)
    budget.asked_usd = Decimal("0.45")
    with pytest.raises(BudgetExceeded, match=r"of 0\.45 USD"):
        budget.reserve(a_call(), worst_case_usd=Decimal("0.1"), price=PRICE)
    budget.asked_usd = Decimal(100)
    assert budget.state().task_cap_usd == Decimal("0.5")


def test_a_cap_is_near_when_four_fifths_are_spent_and_not_when_they_are_only_reserved(
    store: LedgerStore,
) -> None:
    budget = a_budget(store, task="1", day="1", workspace="1")
    entry_id = budget.reserve(a_call(), worst_case_usd=Decimal("0.9"), price=PRICE)
    assert budget.state().near == ()
    settle(store, entry_id, "0.79")
    assert budget.state().near == ()
    entry_id = budget.reserve(a_call(), worst_case_usd=Decimal("0.2"), price=PRICE)
    assert budget.state().near == ()
    settle(store, entry_id, "0.01")
    assert [(each.cap, each.spent_usd) for each in budget.state().near] == [
        ("task", Decimal("0.8")),
        ("day", Decimal("0.8")),
        ("workspace", Decimal("0.8")),
    ]


def test_a_cap_of_nothing_is_not_near_where_nothing_is_spent(store: LedgerStore) -> None:
    assert a_budget(store, task="0", day="0").state().near == ()


def settle(store: LedgerStore, entry_id: int, cost: str) -> None:
    store.settle(
        entry_id,
        outcome=EntryOutcome.DONE,
        usage=NO_USAGE,
        cost_usd=Decimal(cost),
        price_source="the test",
        duration_ms=1,
    )
