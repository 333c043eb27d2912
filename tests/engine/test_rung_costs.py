"""What each rung of the ladder cost, on its event and on the receipt."""

from decimal import Decimal
from pathlib import Path

from pairwright.errors import Unavailable
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol.rung_messages import RungEnded
from tests.engine.desks import open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE

FILES = {"a.py": "def take(x):\n    return x\n\n\ntake(1)\n"}
ANSWER = Reply(edit("a.py", "    return x\n", "    return x + 1\n"), usage=USAGE)
BROKEN = Reply(edit("a.py", "    return x\n", "    return (\n"), usage=USAGE)
WEAK_USD, STRONG_USD = Decimal("0.0012"), Decimal("0.012")


async def test_each_rung_costs_what_was_spent_since_the_one_before(tmp_path: Path) -> None:
    weak = [BROKEN, BROKEN, Unavailable("it is down")]
    strong = [Reply("Goal: g\n1. a.py: add one.\n", usage=USAGE), ANSWER]
    async with open_desk(tmp_path, FILES, weak, strong) as desk:
        result = await desk.run(strategy="ladder")
        told = [event for event in desk.events if isinstance(event, RungEnded)]
    assert [(rung.rung, rung.outcome) for rung in result.receipt.rungs] == [
        ("weak", "nothing"),
        ("plan", "outage"),
        ("strong", "sound"),
    ]
    costs = [rung.cost_usd or Decimal(0) for rung in result.receipt.rungs]
    assert (costs[0], costs[2]) == (2 * WEAK_USD, STRONG_USD)
    assert sum(costs) == result.receipt.cost_usd
    assert [event.cost_usd for event in told] == [rung.cost_usd for rung in result.receipt.rungs]


async def test_a_tool_costs_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        result = await desk.run("Rename take to grab.", strategy="ladder", file="a.py")
    assert [(rung.rung, rung.cost_usd) for rung in result.receipt.rungs] == [("tool", Decimal(0))]
    assert result.receipt.roles == ()
    assert result.is_sound


async def test_other_strategies_have_no_rungs(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [ANSWER]) as desk:
        assert (await desk.run()).receipt.rungs == ()
