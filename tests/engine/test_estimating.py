"""What is said of a task's cost before it begins, and on its bill afterwards?"""

from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.engine.spending.estimating import figure_of, in_words, planned_usd
from pairwright.errors import InvalidRequest
from pairwright.ledger.past_tasks import PastTask
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol.budget_messages import (
    ContinueParams,
    Estimate,
    EstimateFigure,
    EstimateMade,
    EstimateParams,
)
from pairwright.protocol.messages import StepStarted
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE, EvenProvider

FILES = {"a.py": "a = 1\n"}
SOUND = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
BROKEN = Reply(edit("a.py", "a = 1\n", "a = (\n"), usage=USAGE)
COST_USD = Decimal("0.0012")
ENOUGH_FOR_ONE = Decimal("0.0025")


def estimate_of(desk: Desk) -> Estimate:
    """Return what the last run said before it asked anybody."""
    return [event for event in desk.events if isinstance(event, EstimateMade)][-1].estimate


async def test_before_there_is_a_record_the_files_are_the_measure(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [SOUND]) as desk:
        await desk.run()
        made = estimate_of(desk)
        # Two attempts of 1,501 tokens read and 2,000 written, at $1 and $2 a million.
        assert made.weak.usd == 2 * (1501 + 2 * 2000) / Decimal(10**6)
        assert made.strong.usd == 10 * made.weak.usd
        # Three attempts, and the strong model's plan of 1,000 tokens.
        plan_usd = (1501 + 2 * 1000) / Decimal(10**5)
        assert made.pair.usd == 3 * (1501 + 2 * 2000) / Decimal(10**6) + plan_usd
        assert (made.weak.tasks, made.strategy, made.room_usd) == (0, "ladder", Decimal(1))


async def test_after_that_the_workspaces_own_tasks_are(tmp_path: Path) -> None:
    replies = [SOUND, BROKEN, SOUND, *[SOUND] * 8, BROKEN, SOUND]
    async with open_desk(tmp_path, FILES, replies) as desk:
        for _ in range(10):
            await desk.run()
        figure = (await desk.session.estimate(EstimateParams(instruction="Change a.py."))).weak
        assert (figure.usd, figure.high_usd, figure.tasks) == (COST_USD, COST_USD, 10)
        await desk.run()
        assert estimate_of(desk).weak.tasks == 10
        made = await desk.session.estimate(EstimateParams(instruction="Change a.py."))
        assert (made.weak.high_usd, made.weak.tasks) == (2 * COST_USD, 11)
        assert made.strong.tasks == 0


async def test_of_a_model_without_a_price_no_figure_is_made_up(tmp_path: Path) -> None:
    strong = EvenProvider("scripted/strong", [], price=None)
    async with open_desk(tmp_path, FILES, [SOUND], strong) as desk:
        made = await desk.session.estimate(EstimateParams(instruction="Change a.py."))
        assert (made.strong.usd, made.pair.usd) == (None, None)
        assert made.weak.usd is not None
        assert (await desk.run()).receipt.planned_usd == made.weak.usd


async def test_an_estimate_asks_nobody_and_costs_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        given = EstimateParams(instruction="Change a.py.", budget_usd=Decimal("0.2"))
        assert (await desk.session.estimate(given)).room_usd == Decimal("0.2")
        assert desk.prompts() == ""
        assert desk.session.status().tasks == ()
        with pytest.raises(InvalidRequest, match="empty"):
            await desk.session.estimate(EstimateParams(instruction=" "))


async def test_the_bill_tells_what_was_planned_and_why_it_went_up(tmp_path: Path) -> None:
    strong = [Reply("Goal: change it\n1. a.py: make a 2", usage=USAGE)]
    async with open_desk(tmp_path, FILES, [BROKEN, BROKEN, SOUND, SOUND], strong) as desk:
        receipt = (await desk.run(strategy="ladder")).receipt
        made = estimate_of(desk)
        assert receipt.planned_usd == planned_usd(made, "ladder") == made.pair.usd
        assert receipt.escalations
        assert receipt.escalations[0].startswith("plan: ")
        assert receipt.replayed_calls == 0


async def test_a_plan_is_estimated_before_it_is_made_and_billed_against_that(
    tmp_path: Path,
) -> None:
    strong = [Reply("Goal: change it\n1. a.py: make a 2", usage=USAGE)] * 2
    async with open_desk(tmp_path, FILES, [], strong) as desk:
        receipt = (await desk.run(plan_first=True)).receipt
        made = estimate_of(desk)
        assert made.asked is not None
        assert made.work == "plan"
        # One call that reads 1,501 tokens and writes 1,000, at $10 and $20 a million.
        assert made.asked.usd == receipt.planned_usd == (1501 + 2 * 1000) / Decimal(10**5)
        assert made.pair.usd is not None
        kinds = [type(event) for event in desk.events]
        assert kinds.index(EstimateMade) < kinds.index(StepStarted)
        await desk.run(plan_first=True)
        again = estimate_of(desk).asked
        assert again is not None
        assert (again.usd, again.tasks) == (10 * COST_USD, 1)


async def test_an_explanation_is_estimated_by_the_model_that_gives_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [Reply("It is one.", usage=USAGE)]) as desk:
        await desk.run(kind="explain", file="a.py")
        made = estimate_of(desk)
        assert made.asked is not None
        assert (made.work, made.asked.tasks) == ("explanation", 0)
        assert made.asked.usd == (1501 + 2 * 1000) / Decimal(10**6)


async def test_a_task_that_a_cap_stopped_is_no_measure_of_what_tasks_cost(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BROKEN, SOUND, SOUND]) as desk:
        # Enough for one attempt: it costs 0.0012, and the second could cost more than is left.
        stopped = await desk.run(budget_usd=ENOUGH_FOR_ONE)
        assert stopped.can_continue
        figure = (await desk.session.estimate(EstimateParams(instruction="Change a.py."))).weak
        assert (figure.tasks, figure.is_least) == (0, False)
        assert figure.usd is not None
        assert figure.usd > COST_USD
        continued = ContinueParams(task_id=stopped.task_id, budget_usd=Decimal(1))
        assert (await desk.session.continue_task(continued, desk.hear)).is_sound
        figure = (await desk.session.estimate(EstimateParams(instruction="Change a.py."))).weak
        assert (figure.usd, figure.tasks) == (2 * COST_USD, 1)


def record(*tasks: tuple[str, bool]) -> list[PastTask]:
    return [PastTask(Decimal(cost), is_whole) for cost, is_whole in tasks]


@pytest.mark.parametrize(
    ("tasks", "guess", "told"),
    [
        # Whole ones alone: the middle one, and the one that nine tenths do not pass.
        (record(("1", True), ("2", True), ("3", True)), "9", ("2", "3", 3, False)),
        # Of the stopped one it is known that it lies beyond 2: of three, two are beyond the middle.
        (record(("1", True), ("2", False), ("3", True)), "9", ("3", "3", 3, False)),
        (record(("1", True), ("2", True), ("3", False)), "9", ("2", None, 3, False)),
        # At the same amount, whoever was stopped is the dearer.
        (record(("2", False), ("2", True)), "9", ("2", None, 2, False)),
        # Nobody knows where the middle is: beyond all of them, or the guess if that is more.
        (record(("1", True), ("2", False), ("3", False)), "1", ("3", None, 3, True)),
        (record(("0.1", False)), "9", ("9", "9", 0, False)),
        (record(("0.1", False)), None, ("0.1", None, 1, True)),
        ([], None, (None, None, 0, False)),
    ],
)
def test_what_was_stopped_counts_as_dearer_than_it_came_to(
    tasks: list[PastTask], guess: str | None, told: tuple[str | None, str | None, int, bool]
) -> None:
    figure = figure_of(tasks, None if guess is None else Decimal(guess))
    usd, high, count, is_least = told
    assert figure == EstimateFigure(
        usd=None if usd is None else Decimal(usd),
        high_usd=None if high is None else Decimal(high),
        tasks=count,
        is_least=is_least,
    )


async def test_faces_of_one_line_tell_an_estimate_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [SOUND]) as desk:
        await desk.run()
        assert in_words(estimate_of(desk)) == (
            "estimate: ladder about $0.0515, weak alone about $0.0110, strong alone about $0.1100"
        )
