"""Who works when the choice is left open?"""

from pairwright.strategies.base import LocalRecord, StepStarted, StrategyChosen, TaskOutcome
from tests.strategies.stage import mends, perform


async def test_the_choice_is_told_before_the_chosen_strategy_works() -> None:
    done = await perform("auto", strong=[mends("one")], rule=lambda text: _unless(text, "one = 1"))
    chosen, first, *_ = done.events
    assert isinstance(chosen, StrategyChosen)
    assert chosen.strategy == "strong_first"
    assert isinstance(first, StepStarted)
    assert (len(done.weak), len(done.strong)) == (0, 1)
    assert done.proposal is not None
    assert done.proposal.verdict.is_sound


async def test_what_went_well_here_decides_who_works() -> None:
    outcomes = [TaskOutcome("weak", True, ".py", 0.5, 0.1)] * 9
    outcomes += [TaskOutcome("strong", False, ".py", 0.5, 1.0)] * 9
    done = await perform(
        "auto",
        weak=[mends("one")],
        record=LocalRecord(outcomes=tuple(outcomes)),
        rule=lambda text: _unless(text, "one = 1"),
    )
    assert isinstance(done.events[0], StrategyChosen)
    assert done.events[0].strategy == "weak"
    assert "9 of 9" in done.events[0].reason
    assert (len(done.weak), len(done.strong)) == (1, 0)


def _unless(text: str, line: str) -> list[str]:
    return [] if line in text else ["one"]
