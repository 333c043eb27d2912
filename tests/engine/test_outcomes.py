"""What a task that leaves the choice open learns of budget, tests and earlier tasks."""

from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.engine.spending.costs import alone_usd
from pairwright.feedback.records import TaskRun
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.model import Price
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol.messages import StrategyChosen
from pairwright.strategies.base import ContextFile, Emit, Proposal, StrategyContext
from pairwright.strategies.registry import STRATEGIES
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
EDIT_A = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
EDIT_B = Reply(edit("b.py", "b = 1\n", "b = 2\n"), usage=USAGE)


class Listening:
    """A strategy that asks nobody and keeps what it was told."""

    name = "listening"

    def __init__(self) -> None:
        self.contexts: list[StrategyContext] = []

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        self.contexts.append(ctx)
        return None


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Listening:
    strategy = Listening()
    monkeypatch.setitem(STRATEGIES, strategy.name, strategy)
    return strategy


def chosen(desk: Desk) -> list[str]:
    return [event.strategy for event in desk.events if isinstance(event, StrategyChosen)]


async def test_a_task_is_remembered_by_the_strategy_that_did_the_work(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[EDIT_A]) as desk:
        result = await desk.run(strategy="auto")
        assert chosen(desk) == ["strong"]
    store = FeedbackStore(tmp_path / "state" / "feedback.sqlite3")
    try:
        assert store.runs(latest=1) == {result.task_id: TaskRun("strong", is_sound=True)}
        assert store.runs(latest=0) == {}
    finally:
        store.close()


async def test_the_next_task_is_told_how_the_earlier_ones_ended(
    tmp_path: Path, listening: Listening
) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, EDIT_B, EDIT_B]) as desk:
        await desk.accept((await desk.run()).task_id)
        await desk.reject((await desk.run("Change b.py.")).task_id)
        await desk.run("Change b.py.")
        await desk.run(strategy="listening")
    (ctx,) = listening.contexts
    kept, rejected, undecided = ctx.record.outcomes
    assert (kept.strategy, kept.suffix, kept.is_good) == ("weak", ".py", True)
    assert kept.cost_share is not None
    assert 0 < kept.cost_share < 1
    assert undecided.is_good, "the gate was content"
    assert rejected.strategy == "weak"


async def test_a_change_that_was_taken_back_did_not_end_well(
    tmp_path: Path, listening: Listening
) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await desk.accept((await desk.run()).task_id)
        await desk.undo()
        await desk.run(strategy="listening")
    (ctx,) = listening.contexts
    assert [each.is_good for each in ctx.record.outcomes] == [False]


async def test_the_budget_is_told_as_a_share(tmp_path: Path, listening: Listening) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        await desk.run(strategy="listening")
        await desk.run(strategy="listening", budget_usd=Decimal("0.5"))
        await desk.run(strategy="listening", budget_usd=Decimal(0))
    shares = [ctx.budget_share for ctx in listening.contexts]
    assert all(share is not None for share in shares)
    assert shares[1] == pytest.approx((shares[0] or 0) / 2)
    assert shares[2] == 0
    assert not listening.contexts[0].is_free


async def test_whether_tests_judge_is_told(tmp_path: Path, listening: Listening) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        await desk.run(strategy="listening")
        await desk.run(strategy="listening", test_command=("python", "-c", "pass"))
    assert [ctx.has_tests for ctx in listening.contexts] == [False, True]


def _file(characters: int) -> ContextFile:
    return ContextFile(WorkspacePath("a.py"), "x" * characters, "test", is_editable=True)


def test_strong_alone_costs_two_attempts_that_read_every_file() -> None:
    price = _price(Decimal("1e-6"), Decimal("4e-6"))
    empty = alone_usd(price, [])
    assert empty == 2 * (Decimal("0.0015") + Decimal("0.008"))
    assert alone_usd(price, [_file(4000)]) == empty + 2 * Decimal("0.001")


def test_what_has_no_price_has_no_expected_cost() -> None:
    assert alone_usd(None, [_file(10)]) is None
    assert alone_usd(_price(Decimal(0), Decimal(0)), [_file(10)]) == 0


def _price(reading: Decimal, writing: Decimal) -> Price:
    return Price(reading, writing, reading, reading, "the test")
