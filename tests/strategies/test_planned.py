"""The methods around a plan: when it is bought, how it is checked, and when it is given up."""

import pytest

from pairwright.planning.plan import Expectation, ExpectationKind, Plan, Step
from pairwright.strategies.base import Escalated, PlanReady
from pairwright.strategies.choosing import by_name, distinct
from pairwright.strategies.planner import read_plan
from pairwright.strategies.verified_plan import missed, read_dry_run
from tests.strategies.stage import TEXT, Performance, mends, perform, task_of, wrong_numbers
from tests.strategies.test_published import (
    ALL,
    PLAN,
    WEAK,
    WRONG,
    calls,
    check_calls,
    shown,
    task_of_question,
)
from tests.support.answers import answer, block

STRONG_PLAN, PICK, VERIFY = "strong plan", "strong pick", "strong verify"
NO = "I would rather not.\n### END 0\n"
REST = answer(*(block("a.py", f"{name} = 0\n", f"{name} = 1\n") for name in ("two", "three")))
MENDED = TEXT.replace("= 0", "= 1")
THREE = [
    "Goal: all are one.\n1. a.py: write each number anew.\n",
    "Goal: count from zero upwards.\n1. a.py: add a loop.\n2. a.py: call it.\n",
    "Goal: read them elsewhere.\n1. a.py: import what library holds.\n",
]
FIVE = [THREE[0], THREE[1], THREE[0], THREE[2], THREE[0]]
CHECKABLE = "Goal: ones.\n1. a.py: set one.\n   expect: value one == 1\n"
CORRECTED = "step 1: one is 2.\nWRONG: it must be 1.\nGoal: better.\n1. a.py: set all to 1.\n"
HOLDS = "step 1: one is 1.\nHOLDS\n"


def plans_shown(done: Performance) -> list[str]:
    return [event.plan.goal for event in done.events if isinstance(event, PlanReady)]


async def test_a_trial_that_succeeds_costs_no_plan() -> None:
    done = await check_calls("plan_after_trial", [WEAK] * 5, weak=[*WRONG[:4], ALL])
    assert done.text() == MENDED
    assert len(done.gate.checked) == 5, "a gate after each"


async def test_the_plan_is_bought_after_the_trial_and_a_plateau_ends_it() -> None:
    done = await check_calls(
        "plan_after_trial", [*[WEAK] * 5, STRONG_PLAN, *[WEAK] * 5], strong=[PLAN]
    )
    assert [request.temperature for request in done.weak] == [0.8] * 10
    assert ["Plan:" in task_of(request) for request in done.weak] == [False] * 5 + [True] * 5
    assert not any("was wrong" in task_of(request) for request in done.weak)
    assert [event.rung for event in done.events if isinstance(event, Escalated)] == ["plan"]


async def test_a_round_that_passes_more_tests_is_followed_by_another() -> None:
    round_of_seven = [*[WEAK] * 5, STRONG_PLAN, WEAK]
    done = await check_calls(
        "plan_after_trial",
        [*round_of_seven, *round_of_seven],
        weak=[*[NO] * 5, mends("one"), *[NO] * 5, REST],
        strong=[PLAN, PLAN],
    )
    assert done.text() == MENDED
    assert "one = 1" in task_of(done.weak[6]), "it builds on what was gained"


async def test_there_are_three_rounds_at_most() -> None:
    steps = [reply for name in ("one", "two", "three") for reply in (*[NO] * 5, mends(name, 1))]

    def five_fail(text: str) -> list[str]:
        return [n for n in ("one", "two", "three") if f"{n} = 1\n" not in text] + ["four"]

    done = await perform("plan_after_trial", [*steps, *WRONG], [PLAN] * 4, rule=five_fail)
    assert calls(done).count(STRONG_PLAN) == 3
    assert calls(done).count(WEAK) == 18
    assert done.text() == MENDED, "the best so far"


async def test_a_plan_is_mended_five_times_and_ten_answers_are_given_in_all() -> None:
    def new_each_time(text: str) -> list[str]:
        return [*wrong_numbers(text), text.partition("\n")[0]]

    picks = ["Best: 2, say I.", "Best: 2."]
    done = await perform("pair", WRONG, [*FIVE, *picks], rule=new_each_time)
    assert calls(done) == [*[STRONG_PLAN] * 5, PICK, *[WEAK] * 6, PICK, *[WEAK] * 4]
    assert plans_shown(done) == ["count from zero upwards.", "read them elsewhere."]
    assert [request.temperature for request in done.strong[:5]] == [0.8] * 5
    assert done.proposal is not None, "the best so far"
    told = ["was wrong" in task_of(request) for request in done.weak]
    assert told == [False, *[True] * 5, False, *[True] * 3], "a new plan begins anew"


async def test_plans_that_are_alike_are_one_choice() -> None:
    done = await perform("pair", [ALL], [*FIVE, "Best: 1"])
    question = task_of_question(done.strong[5])
    assert question.count("Goal: ") == 3
    done = await check_calls("pair", [*[STRONG_PLAN] * 5, WEAK], weak=[ALL], strong=[PLAN] * 5)
    assert done.text() == MENDED


async def test_the_same_code_twice_gives_the_plan_up_without_judging_it_again() -> None:
    same = [mends("one", 7)] * 2
    done = await check_calls(
        "pair",
        [*[STRONG_PLAN] * 5, PICK, WEAK, WEAK, PICK, WEAK],
        weak=[*same, ALL],
        strong=[*FIVE, "Best: 1", "Best: 1"],
    )
    assert len(done.gate.checked) == 2
    assert done.text() == MENDED


async def test_the_same_error_of_other_code_gives_the_plan_up() -> None:
    def one_rule(text: str) -> list[str]:
        return [] if text == MENDED else ["one"]

    done = await perform("pair", [*WRONG[:2], ALL], [*FIVE, "Best: 1", "Best: 1"], rule=one_rule)
    assert calls(done)[6:] == [WEAK, WEAK, PICK, WEAK]


async def test_after_three_plans_one_edit_is_tried_without_any() -> None:
    done = await perform("pair", [NO] * 6 + [ALL], [*FIVE, "Best: 1", "Best: 1"])
    assert calls(done)[5:] == [PICK, WEAK, WEAK, PICK, WEAK, WEAK, WEAK, WEAK, WEAK]
    assert "Plan:" in task_of(done.weak[5])
    assert "Plan:" not in task_of(done.weak[6])
    assert done.text() == MENDED


async def test_a_plan_goes_on_after_progress() -> None:
    done = await perform("pair", [mends("one"), REST], [*FIVE, "Best: 1"])
    assert calls(done)[6:] == [WEAK, WEAK]
    assert "Goal: all are one." in task_of(done.weak[1])
    assert done.text() == MENDED


async def test_the_plans_before_an_outage_count() -> None:
    done = await check_calls("pair", [*[STRONG_PLAN] * 2, WEAK], weak=[ALL], strong=[PLAN])
    assert done.error is None


async def test_without_any_plan_or_edit_the_outage_is_told() -> None:
    assert (await perform("pair", [ALL], [])).error is not None
    assert (await perform("pair", [], [*FIVE, "Best: 1"])).error is not None
    assert (await perform("verified_plan", [ALL], [])).error is not None
    assert (await perform("plan_after_trial", [], [PLAN])).error is not None


@pytest.mark.parametrize("choice", ["", "the last", "Best: 9", "Best: 0"])
async def test_without_a_choice_the_plan_of_the_largest_group_is_followed(choice: str) -> None:
    done = await perform("pair", [ALL], [*FIVE, choice])
    assert plans_shown(done) == ["all are one."]


async def test_a_plan_that_holds_is_followed_with_what_is_expected() -> None:
    done = await check_calls(
        "verified_plan", [STRONG_PLAN, VERIFY, WEAK], weak=[ALL], strong=[CHECKABLE, HOLDS]
    )
    assert "expect: value one == 1" in task_of_question(done.strong[1])
    assert "expect: value one == 1" in task_of(done.weak[0])
    assert "step 1: one is 1." in task_of(done.weak[0])
    assert done.text() == MENDED


async def test_no_edit_is_bought_before_the_plan_is_checked_three_times_at_most() -> None:
    done = await check_calls(
        "verified_plan",
        [STRONG_PLAN, *[VERIFY] * 3, *[WEAK] * 10],
        strong=[CHECKABLE, *[CORRECTED] * 3],
    )
    assert plans_shown(done) == ["better."]
    assert "Goal: better." in task_of_question(done.strong[2])
    assert "one is 2." not in shown(done.weak[0]), "what was wrong is not expected"


async def test_a_corrected_plan_that_holds_ends_the_checks() -> None:
    done = await check_calls(
        "verified_plan",
        [STRONG_PLAN, VERIFY, VERIFY, WEAK],
        weak=[ALL],
        strong=[CHECKABLE, CORRECTED, HOLDS],
    )
    assert plans_shown(done) == ["better."]


@pytest.mark.parametrize("said", ["", "I cannot tell.", "WRONG: all of it."])
async def test_a_check_that_corrects_nothing_is_not_repeated(said: str) -> None:
    await check_calls(
        "verified_plan",
        [STRONG_PLAN, VERIFY, WEAK],
        weak=[ALL],
        strong=[CHECKABLE, said],
    )


async def test_a_dry_run_that_is_not_answered_buys_no_edit() -> None:
    done = await check_calls("verified_plan", [STRONG_PLAN, VERIFY], strong=[CHECKABLE])
    assert done.error is not None


async def test_what_was_expected_goes_back_with_the_failing_check() -> None:
    done = await perform("verified_plan", [WRONG[0], NO, ALL], [CHECKABLE, HOLDS])
    first, second, third = (task_of(request) for request in done.weak)
    note = "What was to be seen and is not: value one == 1"
    assert note not in first
    assert note in second
    assert "fails: one, two, three" in second
    assert note not in third, "an answer that cannot be used was never checked"


async def test_after_progress_the_rest_is_planned_and_checked_anew() -> None:
    done = await check_calls(
        "verified_plan",
        [STRONG_PLAN, VERIFY, WEAK, STRONG_PLAN, VERIFY, WEAK],
        weak=[mends("one"), REST],
        strong=[CHECKABLE, HOLDS, CHECKABLE.replace("one", "two"), "step 1: two is 1.\nHOLDS"],
    )
    assert "one is 1." not in task_of(done.weak[1])
    assert done.text() == MENDED


async def test_the_checkable_plan_has_a_grammar_where_one_is_accepted() -> None:
    done = await perform("verified_plan", [ALL], [CHECKABLE, HOLDS])
    grammar = done.strong[0].grammar or ""
    assert 'step ::= [12] ". " path ": " words expected\n' in grammar
    assert 'expected ::= "   expect: "' in grammar
    assert done.strong[1].grammar is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("   expect: value total([2]) == 2", (ExpectationKind.VALUE, "total([2]) == 2")),
        ("- expect: test `test_a.py::test_b`", (ExpectationKind.TEST, "test_a.py::test_b")),
        ("**Expect:** diagnostic: unused", (ExpectationKind.DIAGNOSTIC, "unused")),
        ("expected: it is 5", (ExpectationKind.VALUE, "it is 5")),
    ],
)
def test_an_expectation_stands_below_its_step(
    line: str, expected: tuple[ExpectationKind, str]
) -> None:
    plan = read_plan(f"Goal: g\n1. first\n2. second\n{line}\n", (), fallback_goal="g")
    assert [step.expectation for step in plan.steps] == [None, Expectation(*expected)]


def test_an_expectation_of_no_step_is_no_step() -> None:
    plan = read_plan("expect: value 5\n1. first\n", (), fallback_goal="g")
    assert [step.intent for step in plan.steps] == ["first"]
    assert plan.steps[0].expectation is None


@pytest.mark.parametrize(
    ("text", "holds", "steps"),
    [
        ("step 1: 5.\nHOLDS", True, 0),
        ("step 1: 5.\n**Holds.**\n", True, 0),
        ("Holds for step 1.\nWRONG: no\n1. a.py: do it\n", False, 1),
        ("WRONG: no\n", False, 0),
        ("step 1: the value HOLDS", False, 0),
        ("", False, 0),
    ],
)
def test_a_dry_run_is_read_strictly(text: str, holds: bool, steps: int) -> None:
    found = read_dry_run(text, ["a.py"], goal="g")
    assert found.holds is holds
    assert len(found.corrected.steps if found.corrected else ()) == steps


def expecting(*expected: Expectation) -> Plan:
    return Plan("g", tuple(Step("do it", expectation=each) for each in expected))


def test_the_expectation_that_a_failure_names_is_the_missed_one() -> None:
    value = Expectation(ExpectationKind.VALUE, "total([2, 3]) == 5")
    test = Expectation(ExpectationKind.TEST, "test_cart.py::test_total")
    last = Expectation(ExpectationKind.VALUE, "count == 2")
    plan = expecting(value, test, last)
    assert missed(plan, "assert total( [2,3] ) == 5") == value
    assert missed(plan, "def test_total():\n    assert x") == test
    assert missed(plan, "something else") == last
    assert missed(Plan("g", (Step("do it"),)), "something") is None


@pytest.mark.parametrize(
    ("texts", "most", "expected"),
    [
        ([], 3, []),
        (["a b c"], 3, [0]),
        (["a b c", "d e f", "a b c"], 3, [0, 1]),
        (["x", "a b c", "d e f", "d e f"], 3, [2, 0, 1]),
        (["a b c d", "e f g h", "i j k l", "a b c z"], 3, [0, 1, 2]),
        (["a b c d", "e f g h"], 1, [0]),
    ],
)
def test_as_few_texts_as_wanted_stand_for_all(
    texts: list[str], most: int, expected: list[int]
) -> None:
    assert distinct(texts, most) == expected


def test_the_text_most_like_the_others_stands_for_its_group() -> None:
    middle = "a b c d e f g h"
    texts = ["a b c d e f g x", middle, "z b c d e f g h"]
    assert distinct(texts, 1) == [1]


def test_a_choice_is_a_number_among_those_that_there_are() -> None:
    assert by_name("Best: plan 2, since", 3) == 1
    assert by_name("best **3**", 3) == 2
    assert by_name("Best: 4", 3) is None
    assert by_name("none", 3) is None
