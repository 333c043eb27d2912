"""How much may a task spend, and who hears of it?"""

from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import BudgetExceeded, InvalidRequest
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol import cost_messages, messages
from pairwright.protocol.budget_messages import BudgetParams
from tests.engine.desks import open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE, EvenProvider

FILES = {"a.py": "a = 1\n"}
REPLY = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
COST_USD = Decimal("0.0012")
"""Of one reply; before it is there, nearly twice that is set aside."""


async def test_a_request_can_lower_the_budget(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        with pytest.raises(BudgetExceeded) as failure:
            await desk.run(budget_usd=Decimal("0.001"))
        assert failure.value.cap_usd == Decimal("0.001")
        assert desk.task_state() == "failed"


async def test_a_request_cannot_raise_the_budget(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY], task_usd="0.001") as desk:
        with pytest.raises(BudgetExceeded) as failure:
            await desk.run(budget_usd=Decimal(100))
        assert failure.value.cap_usd == Decimal("0.001")
        assert "`budget.task_usd`: it binds" in str(failure.value)


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "-Infinity"])
async def test_what_is_no_amount_is_refused(tmp_path: Path, amount: str) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        with pytest.raises(InvalidRequest, match="budget"):
            await desk.run(budget_usd=Decimal(amount))
        assert desk.session.status().tasks == ()


async def test_a_budget_of_nothing_asks_nobody(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        with pytest.raises(BudgetExceeded):
            await desk.run(budget_usd=Decimal(0))
        assert desk.prompts() == ""


async def test_all_sessions_share_the_budget_of_the_day(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY, REPLY], day_usd="0.0025") as desk:
        await desk.run()
        other = desk.engine.open_session("other")
        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        with pytest.raises(BudgetExceeded, match="today") as failure:
            await other.run_task(params, desk.hear)
        assert failure.value.spent_usd == COST_USD


async def test_every_session_hears_the_running_cost(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        heard: dict[str, list[cost_messages.CostNotice]] = {"person": [], "other": []}
        desk.session.listen_to_cost(heard["person"].append)
        desk.engine.open_session("other").listen_to_cost(heard["other"].append)
        desk.engine.open_session("silent")
        result = await desk.run()
        assert heard["person"] == heard["other"]
        reserved, settled = heard["person"]
        assert reserved.task_usd > settled.task_usd == settled.day_usd == COST_USD
        assert {notice.task_id for notice in heard["other"]} == {result.task_id}


async def test_a_closed_session_hears_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        heard: list[cost_messages.CostNotice] = []
        other = desk.engine.open_session("other")
        other.listen_to_cost(heard.append)
        await other.close()
        await desk.run()
        assert heard == []


async def test_a_listener_that_fails_costs_nobody_an_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:

        def fail(notice: cost_messages.CostNotice) -> None:
            raise ConnectionError("gone")

        desk.engine.open_session("other").listen_to_cost(fail)
        result = await desk.run()
        assert result.receipt.cost_usd == COST_USD


async def test_a_model_without_a_price_is_not_asked(tmp_path: Path) -> None:
    weak = EvenProvider("scripted/weak", [REPLY], price=None)
    async with open_desk(tmp_path, FILES, weak) as desk:
        with pytest.raises(BudgetExceeded, match="nobody knows the price"):
            await desk.run()
        assert weak.requests == []


async def test_a_model_without_a_price_is_asked_where_the_settings_allow_it(
    tmp_path: Path,
) -> None:
    weak = EvenProvider("scripted/weak", [REPLY], price=None, accepts_grammar=True)
    async with open_desk(tmp_path, FILES, weak, allow_unpriced=True) as desk:
        receipt = (await desk.run()).receipt
        assert (receipt.cost_usd, receipt.unpriced_calls) == (0, 1)


async def test_the_receipt_says_what_was_spent_by_whom(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        receipt = (await desk.run()).receipt
        (role,) = receipt.roles
        assert (role.tier, role.calls, role.cost_usd) == ("weak", 1, COST_USD)
        assert receipt.strong_alone_usd == 10 * COST_USD


async def test_a_changed_cap_is_told_to_every_session_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        heard: list[cost_messages.CostNotice] = []
        others: list[cost_messages.CostNotice] = []

        def lower_once(notice: cost_messages.CostNotice) -> None:
            heard.append(notice)
            if len(heard) == 1:
                desk.session.budget(BudgetParams(task_usd=Decimal("0.5")))

        desk.session.listen_to_cost(lower_once)
        desk.engine.open_session("other").listen_to_cost(others.append)
        await desk.run()
        told = [(notice.task_cap_usd, notice.task_usd == COST_USD) for notice in heard]
        low = Decimal("0.5")
        # Reserved, then changed while the call is under way, then settled.
        assert told == [(Decimal(1), False), (low, False), (low, True)]
        assert len(others) == 3
