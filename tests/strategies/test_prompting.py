"""What does each question hold, and in which order?"""

from itertools import pairwise

import pytest

from pairwright.errors import Unavailable
from pairwright.llm.model import ModelRequest, Tier
from pairwright.strategies import rungs
from pairwright.strategies.attempts import Try
from pairwright.strategies.base import Escalated
from pairwright.strategies.stalling import PLATEAU
from pairwright.strategies.tries import tries
from tests.strategies.stage import Performance, mends, perform, task_of

PLAN = "Goal: numbers.\n1. a.py: mend it.\n"
WRONG = [mends("one", value) for value in range(2, 12)]
NO_GRAMMAR = {Tier.WEAK: False, Tier.STRONG: False}


async def everything_fails(strategy: str) -> Performance:
    """Let every attempt be placed and fail its tests."""
    strong_replies = [PLAN, *WRONG] if strategy in ("ladder", "plan") else WRONG
    return await perform(strategy, WRONG, strong_replies)


def check_tries(requests: list[ModelRequest], tries: tuple[Try, ...]) -> None:
    assert len(requests) == len(tries)
    for number, (request, each) in enumerate(zip(requests, tries, strict=True)):
        task = task_of(request)
        assert request.temperature == each.temperature, number
        assert ("\n1. a.py: mend it." in task) is each.sees_plan, number
        assert ("fails: " in task) is each.sees_failure, number


async def test_the_weak_model_alone_sees_what_its_tries_say() -> None:
    check_tries((await everything_fails("weak")).weak, tries())


async def test_the_strong_model_alone_sees_what_its_tries_say() -> None:
    check_tries((await everything_fails("strong")).strong, tries())


async def test_the_planned_model_sees_what_its_tries_say() -> None:
    done = await everything_fails("plan")
    check_tries(done.weak, tries(sees_plan=True))
    assert len(done.strong) == 1


async def test_each_rung_of_the_ladder_sees_what_its_tries_say() -> None:
    done = await everything_fails("ladder")
    trial, planned = len(rungs.TRIAL), len(rungs.TRIAL) + len(rungs.PLANNED)
    check_tries(done.weak[:trial], rungs.TRIAL)
    check_tries(done.weak[trial:planned], rungs.PLANNED)
    check_tries(done.strong[1 : 1 + PLATEAU], rungs.TAKEOVER[:PLATEAU])


async def test_a_failed_attempt_is_told_with_its_lines_and_its_evidence() -> None:
    done = await everything_fails("weak")
    told = next(task_of(request) for request in done.weak if "fails: " in task_of(request))
    assert "one = 2" in told
    assert told.index("Task: ") < told.index("one = 2") < told.index("fails: ")


async def test_what_stays_the_same_comes_first() -> None:
    done = await everything_fails("weak")
    for before, after in pairwise(done.weak):
        assert before.messages[0] == after.messages[0]
        assert before.messages[2] == after.messages[2]
        same = _common_prefix(task_of(before), task_of(after))
        assert "Task: Mend the numbers." in same
        assert "one is 0" in same


async def test_attempts_that_see_the_plan_share_rules_example_and_files() -> None:
    done = await everything_fails("plan")
    for before, after in pairwise(done.weak):
        assert before.messages[:3] == after.messages[:3]


async def test_a_plan_grammar_goes_only_to_a_model_that_accepts_it() -> None:
    with_grammar = await perform("plan", WRONG, [PLAN])
    without = await perform("plan", WRONG, [PLAN], grammar=NO_GRAMMAR)
    assert with_grammar.strong[0].grammar is not None
    assert without.strong[0].grammar is None


async def test_an_edit_grammar_goes_only_to_a_model_that_accepts_it() -> None:
    mixed = {Tier.WEAK: True, Tier.STRONG: False}
    done = await perform("ladder", WRONG, [PLAN, *WRONG], grammar=mixed)
    assert all(request.grammar for request in done.weak)
    assert not any(request.grammar for request in done.strong)


async def test_a_file_that_is_only_shown_is_marked_and_in_no_grammar() -> None:
    done = await perform("plan", WRONG, [PLAN])
    assert "File lib.py (for reading only):" in task_of(done.weak[0])
    for request in (*done.weak, *done.strong):
        assert "lib.py" not in (request.grammar or "")


async def test_the_ladder_goes_on_when_the_weak_model_is_down() -> None:
    done = await perform("ladder", [Unavailable("it is down")] * 9, [PLAN, mends("one"), *WRONG])
    reasons = [(e.rung, e.reason) for e in done.events if isinstance(e, Escalated)]
    assert reasons[:2] == [("plan", "it is down"), ("strong", "it is down")]
    assert done.proposal is not None
    assert "one = 1" in done.text()


async def test_the_ladder_keeps_what_the_weak_model_had_when_the_strong_one_is_down() -> None:
    done = await perform("ladder", [mends("one"), *WRONG], [Unavailable("it is down")] * 9)
    assert done.proposal is not None
    assert "one = 1" in done.text()


@pytest.mark.parametrize("strategy", ["weak", "strong", "plan", "ladder"])
async def test_an_outage_of_both_models_is_told_as_it_is(strategy: str) -> None:
    outage = [Unavailable("it is down")] * 9
    done = await perform(strategy, outage, outage)
    assert isinstance(done.error, Unavailable)
    assert done.proposal is None


def _common_prefix(first: str, second: str) -> str:
    length = next(
        (at for at, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]),
        min(len(first), len(second)),
    )
    return first[:length]
