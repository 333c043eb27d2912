"""What is said of a task's cost before it begins, and on its bill afterwards?"""

from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.engine.spending.estimating import planned_usd
from pairwright.errors import InvalidRequest
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol.budget_messages import Estimate, EstimateMade, EstimateParams
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE, EvenProvider

FILES = {"a.py": "a = 1\n"}
SOUND = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
BROKEN = Reply(edit("a.py", "a = 1\n", "a = (\n"), usage=USAGE)
COST_USD = Decimal("0.0012")


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
