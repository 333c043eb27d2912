"""How does a stopped task go on, and is anything paid twice?"""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import BudgetExceeded, InvalidRequest, Unavailable, UnknownTask
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.scripted_provider import Hang, Reply, ScriptedProvider, ScriptedReply
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import BudgetNotice, BudgetParams, ContinueParams
from pairwright.protocol.cost_messages import CostParams
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE
from tests.support.waiting import eventually, within

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
COST_USD = Decimal("0.0012")
BROKEN = Reply(edit("a.py", "a = 1\n", "a = (\n"), usage=USAGE)
SOUND = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
ENOUGH_FOR_ONE = Decimal("0.0025")
DOWN = Unavailable("the server is down")


async def go_on(desk: Desk, task_id: str | None = None, **params: object) -> messages.RunResult:
    given = ContinueParams(task_id=task_id, **params)  # type: ignore[arg-type]
    return await desk.session.continue_task(given, desk.hear)


def asked(desk: Desk) -> int:
    assert isinstance(desk.weak, ScriptedProvider)
    return len(desk.weak.requests)


async def paid(desk: Desk) -> tuple[int, Decimal]:
    """Return how many calls are on the ledger, and what they cost."""
    total = desk.session.costs(CostParams(by="task")).total
    return total.calls, total.cost_usd


async def stop_at_the_budget(desk: Desk) -> messages.RunResult:
    result = await desk.run(budget_usd=ENOUGH_FOR_ONE)
    assert (result.state, result.can_continue, asked(desk)) == ("review", True, 1)
    return result


async def test_a_budget_stop_keeps_the_best_and_names_the_way_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND]) as desk:
        stopped = await stop_at_the_budget(desk)
        assert not stopped.is_sound
        assert f"'pairwright continue {stopped.task_id[:8]} --budget USD'" in stopped.message
        assert desk.change_ready().hunks


async def test_with_a_raised_cap_what_was_done_is_not_paid_again(tmp_path: Path) -> None:
    """T14: a task that goes on pays each answer once."""
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND]) as desk:
        stopped = await stop_at_the_budget(desk)
        result = await go_on(desk, stopped.task_id, budget_usd=Decimal("0.5"))
        assert (result.task_id, result.state, result.is_sound) == (stopped.task_id, "review", True)
        assert asked(desk) == 2
        assert await paid(desk) == (2, 2 * COST_USD)
        assert (result.receipt.cost_usd, result.receipt.replayed_calls) == (2 * COST_USD, 1)
        await desk.accept(result.task_id)
        assert desk.read("a.py") == "a = 2\n"


async def test_without_a_higher_cap_it_stops_at_the_same_place_and_costs_nothing(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND]) as desk:
        await stop_at_the_budget(desk)
        again = await go_on(desk)
        assert (again.can_continue, again.receipt.replayed_calls) == (True, 1)
        assert await paid(desk) == (1, COST_USD)


async def test_a_task_that_was_stopped_before_its_first_call_goes_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [SOUND]) as desk:
        with pytest.raises(BudgetExceeded, match=r"'pairwright continue \w{8} --budget USD'"):
            await desk.run(budget_usd=Decimal("0.001"))
        result = await go_on(desk, budget_usd=Decimal(1))
        assert result.is_sound


async def test_a_cancelled_task_goes_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, Hang(), SOUND]) as desk:
        running = asyncio.ensure_future(desk.run())
        await eventually(lambda: asked(desk) == 2)
        running.cancel()
        async with within():
            with pytest.raises(asyncio.CancelledError):
                await running
        result = await go_on(desk)
        assert (result.is_sound, result.receipt.replayed_calls, asked(desk)) == (True, 1, 3)
        calls, _ = await paid(desk)
        assert calls == 3  # the cancelled one costs too


async def test_a_task_goes_on_once_the_provider_answers_again(tmp_path: Path) -> None:
    replies: list[ScriptedReply] = [BROKEN, DOWN, DOWN, DOWN, SOUND]
    async with open_desk(tmp_path, FILES, replies) as desk:
        stopped = await desk.run()
        assert stopped.can_continue
        assert "the server is down" in stopped.message
        result = await go_on(desk)
        assert (result.is_sound, result.receipt.replayed_calls) == (True, 1)


async def test_after_a_restart_a_task_goes_on_from_the_disk(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN]) as desk:
        stopped = await stop_at_the_budget(desk)
    async with open_desk(tmp_path, FILES, [SOUND]) as desk:
        result = await go_on(desk, stopped.task_id[:8], budget_usd=Decimal(1))
        assert (result.task_id, result.is_sound, asked(desk)) == (stopped.task_id, True, 1)
        assert await paid(desk) == (2, 2 * COST_USD)


async def test_a_text_that_changed_meanwhile_is_asked_about_anew(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN]) as desk:
        await stop_at_the_budget(desk)
    changed = Reply(edit("a.py", "a = 7\n", "a = 2\n"), usage=USAGE)
    async with open_desk(tmp_path, {**FILES, "a.py": "a = 7\n"}, [changed]) as desk:
        result = await go_on(desk, budget_usd=Decimal(1))
        assert (result.is_sound, result.receipt.replayed_calls, asked(desk)) == (True, 0, 1)


async def test_what_was_decided_cannot_go_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN]) as desk:
        stopped = await stop_at_the_budget(desk)
        await desk.reject(stopped.task_id)
        with pytest.raises(UnknownTask, match="it was decided"):
            await go_on(desk, stopped.task_id)
        assert list((tmp_path / "state" / "unfinished").iterdir()) == []


async def test_a_task_in_review_starts_from_what_it_has(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [SOUND]) as desk:
        done = await desk.run()
        again = await go_on(desk, done.task_id)
        assert (again.is_sound, asked(desk)) == (True, 1)
        assert await paid(desk) == (1, COST_USD)


async def test_who_goes_on_does_not_choose_another_strategy(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, *[SOUND] * 9], [SOUND] * 9) as desk:
        stopped = await desk.run(strategy="auto", budget_usd=ENOUGH_FOR_ONE)
        (chosen,) = (e for e in desk.events if isinstance(e, messages.StrategyChosen))
        result = await go_on(desk, stopped.task_id, budget_usd=Decimal(1))
        started = [e for e in desk.events if isinstance(e, messages.TaskStarted)]
        assert [each.strategy for each in started] == ["auto", chosen.strategy]
        assert result.receipt.replayed_calls == 1


async def test_with_nothing_to_go_on_it_is_said(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, []) as desk:
        with pytest.raises(UnknownTask, match="no task to continue"):
            await go_on(desk)
        with pytest.raises(UnknownTask, match="nothing is kept of a task"):
            await go_on(desk, "../../etc/passwd")
        with pytest.raises(InvalidRequest, match="a budget of NaN"):
            await go_on(desk, budget_usd=Decimal("NaN"))


async def test_a_task_that_runs_cannot_be_started_twice(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, Hang()]) as desk:
        running = asyncio.ensure_future(desk.run())
        await eventually(lambda: asked(desk) == 2)
        with pytest.raises(InvalidRequest, match="runs already"):
            await go_on(desk)
        running.cancel()
        await asyncio.wait([running])


async def test_what_is_remembered_of_a_task_that_goes_on_counts_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND]) as desk:
        stopped = await stop_at_the_budget(desk)
        await go_on(desk, stopped.task_id, budget_usd=Decimal(1))
    store = FeedbackStore(tmp_path / "state" / "feedback.sqlite3")
    (task,) = store.tasks()
    assert len(store.attempts()) == 2
    assert task.diff
    store.close()


async def test_a_lowered_cap_holds_for_the_next_call_of_what_runs(tmp_path: Path) -> None:
    """T14: a cap that is lowered mid-run is kept, by whichever client."""
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND]) as desk:
        other = desk.engine.open_session("other")

        async def lower(event: messages.TaskEvent) -> None:
            await desk.hear(event)
            if isinstance(event, messages.Checked):
                answer = other.budget(BudgetParams(task_usd=ENOUGH_FOR_ONE))
                assert (answer.task_usd, answer.task_cap_usd) == (COST_USD, ENOUGH_FOR_ONE)

        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        result = await desk.session.run_task(params, lower)
        assert (result.can_continue, asked(desk)) == (True, 1)


async def test_no_client_raises_a_cap_above_the_users_own(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND], task_usd="0.0025") as desk:

        async def raise_it(event: messages.TaskEvent) -> None:
            if isinstance(event, messages.Checked):
                answer = desk.session.budget(BudgetParams(task_usd=Decimal(100)))
                assert answer.task_cap_usd == Decimal("0.0025")

        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        result = await desk.session.run_task(params, raise_it)
        assert (result.can_continue, asked(desk)) == (True, 1)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (BudgetParams(task_usd=Decimal(1)), "no task runs"),
        (BudgetParams(task_id="gone"), "no task 'gone' runs"),
    ],
)
async def test_there_must_be_a_task_to_cap(
    tmp_path: Path, params: BudgetParams, reason: str
) -> None:
    async with open_desk(tmp_path, FILES, []) as desk:
        with pytest.raises(InvalidRequest, match=reason):
            desk.session.budget(params)
        idle = desk.session.budget(BudgetParams())
        assert (idle.task_id, idle.workspace_cap_usd) == (None, None)
        assert idle.day_cap_usd == 5


async def test_at_four_fifths_of_a_cap_a_person_is_told_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [SOUND] * 6, day_usd="0.007") as desk:
        for _ in range(4):
            await desk.run()
        assert notices(desk) == []
        fifth = await desk.run()
        with pytest.raises(BudgetExceeded):
            await desk.run()
        (notice,) = notices(desk)
        assert (notice.cap, notice.cap_usd) == ("day", Decimal("0.007"))
        assert (notice.spent_usd, notice.task_id) == (5 * COST_USD, fifth.task_id)


def notices(desk: Desk) -> list[BudgetNotice]:
    return [event for event in desk.events if isinstance(event, BudgetNotice)]
