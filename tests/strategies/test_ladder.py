"""The ladder: whom each rung asks, how often, in which order, what ends it, and its receipts."""

import pytest

from pairwright.errors import Unavailable
from pairwright.llm.model import Tier
from pairwright.planning.plan import Plan, Step
from pairwright.strategies.base import Escalated, PlanReady, RungEnded
from tests.strategies.stage import TEXT, Performance, mends, perform, task_of
from tests.strategies.test_published import ALL, PLAN, STRONG, WEAK, WRONG, calls
from tests.support.answers import edit

STRONG_PLAN = "strong plan"
OTHER_PLAN = "Goal: other numbers.\n1. a.py: mend it otherwise.\n"
SOLVED = TEXT.replace("= 0", "= 1")
SAME = mends("one", 7)
EMPTY = "I would rather not.\n### END 0\n"
MISPLACED = edit("a.py", "nine = 9\n", "nine = 1\n")
UNCHANGED = edit("a.py", "one = 0\n", "one = 0\n")
NO_GRAMMAR = {Tier.WEAK: False, Tier.STRONG: False}


def receipts(done: Performance) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return what is told of each rung: its name, its outcome, its attempts."""
    return [(e.rung, e.outcome, e.attempts) for e in done.events if isinstance(e, RungEnded)]


def reasons(done: Performance) -> list[str]:
    return [event.reason for event in done.events if isinstance(event, RungEnded)]


def worse_each_time(text: str) -> list[str]:
    """A rule under which every wrong change fails another test, and none is progress."""
    return [] if text == SOLVED else ["one", text.partition("\n")[0]]


async def test_a_trial_that_succeeds_is_the_only_rung() -> None:
    done = await perform("ladder", [ALL])
    assert calls(done) == [WEAK]
    assert receipts(done) == [("weak", "sound", (1,))]
    assert reasons(done) == [""]


async def test_every_rung_is_climbed_once_and_a_standstill_buys_one_other_plan() -> None:
    done = await perform("ladder", WRONG, [PLAN, *WRONG[4:7], OTHER_PLAN, *WRONG[7:]])
    assert calls(done) == [
        *[WEAK] * 2,
        STRONG_PLAN,
        *[WEAK] * 2,
        *[STRONG] * 3,
        STRONG_PLAN,
        *[WEAK] * 2,
        STRONG,
    ]
    assert receipts(done) == [
        ("weak", "nothing", (1, 2)),
        ("plan", "nothing", (3, 4)),
        ("strong", "nothing", (5, 6, 7)),
        ("plan", "nothing", (8, 9)),
        ("strong", "nothing", (10,)),
    ]
    assert reasons(done)[2] == "3 attempts passed no more checks than one"
    assert done.proposal is not None, "the best so far"


async def test_the_other_plan_is_asked_for_with_what_failed_and_replaces_the_first() -> None:
    done = await perform("ladder", WRONG, [PLAN, *WRONG[4:7], OTHER_PLAN, *WRONG[7:]])
    asked = done.strong[4].messages[-1].content
    assert "This plan was followed and did not work." in asked
    assert "1. a.py: mend it." in asked
    assert "fails: one" in asked
    assert "mend it otherwise" in task_of(done.weak[4])
    assert "mend it otherwise" in task_of(done.strong[5])


async def test_a_plateau_in_the_checks_is_no_standstill_while_they_grow() -> None:
    def fewer_each_time(text: str) -> list[str]:
        value = int(text.partition("\n")[0].rpartition(" ")[2])
        return [f"{value}-{number}" for number in range(20 - value)] if text != SOLVED else []

    done = await perform("ladder", WRONG, [PLAN, *WRONG[4:]], rule=fewer_each_time)
    assert calls(done).count(STRONG_PLAN) == 1
    assert calls(done).count(STRONG) == 4


async def test_the_same_edit_that_fails_on_the_same_is_not_judged_again_and_plans_anew() -> None:
    done = await perform(
        "ladder", [*WRONG[:2], SAME, SAME, ALL], [PLAN, OTHER_PLAN], rule=worse_each_time
    )
    assert calls(done) == [*[WEAK] * 2, STRONG_PLAN, *[WEAK] * 2, STRONG_PLAN, WEAK]
    assert len(done.gate.checked) == 4
    assert reasons(done)[1] == "the same change failed on the same again"
    assert receipts(done)[-1] == ("plan", "sound", (5,))
    assert done.text() == SOLVED


@pytest.mark.parametrize("nothing", [EMPTY, UNCHANGED])
async def test_two_answers_that_change_nothing_plan_anew(nothing: str) -> None:
    done = await perform(
        "ladder",
        [*WRONG[:2], *[nothing] * 4, ALL],
        [PLAN, OTHER_PLAN],
        grammar=NO_GRAMMAR,
    )
    assert calls(done).count(STRONG_PLAN) == 2
    assert any("answers changed nothing" in reason for reason in reasons(done))
    assert done.text() == SOLVED


async def test_there_is_one_other_plan_at_most() -> None:
    done = await perform("ladder", [*WRONG[:2], *[SAME] * 8], [PLAN, OTHER_PLAN, *WRONG])
    assert calls(done).count(STRONG_PLAN) == 2
    assert calls(done).count(STRONG) == 4, "and a mere plateau does not end the last rung"


async def test_a_plan_that_gave_nothing_is_not_followed_again() -> None:
    done = await perform("ladder", [*WRONG[:2], SAME, SAME], [PLAN, PLAN, ALL])
    assert calls(done) == [*[WEAK] * 2, STRONG_PLAN, *[WEAK] * 2, STRONG_PLAN, STRONG]
    assert receipts(done)[1:] == [
        ("plan", "nothing", (3, 4)),
        ("plan", "skipped", ()),
        ("strong", "sound", (5,)),
    ]


async def test_after_progress_every_rung_asks_something_new_or_nothing() -> None:
    """No question is put twice to one model in the same words at the same temperature."""
    same = mends("two", 7)
    replies = [mends("one", 5), mends("one", 6), mends("one"), *[same] * 9]
    done = await perform("ladder", replies, [PLAN, PLAN, *[same] * 9])
    assert calls(done)[:7] == [*[WEAK] * 2, STRONG_PLAN, WEAK, *[WEAK] * 2, STRONG_PLAN]
    for requests in (done.weak, done.strong):
        asked = [(request.messages, request.temperature) for request in requests]
        assert len(set(asked)) == len(asked)


async def test_progress_is_on_the_receipt_and_the_climb_begins_anew() -> None:
    done = await perform("ladder", [mends("one"), mends("two"), mends("three")])
    assert receipts(done) == [
        ("weak", "progress", (1,)),
        ("weak", "progress", (2,)),
        ("weak", "sound", (3,)),
    ]
    assert done.text() == SOLVED


async def test_a_strong_edit_of_the_wrong_format_is_finished_by_the_weak_model() -> None:
    done = await perform("ladder", [*WRONG[:4], ALL], [PLAN, MISPLACED])
    assert calls(done)[5:] == [STRONG, WEAK], "no repair at the strong model's price"
    assert "nine = 9" in task_of(done.weak[4])
    assert receipts(done)[2:] == [("strong", "nothing", (5,)), ("finish", "sound", (6,))]
    assert done.text() == SOLVED


async def test_a_finisher_that_fails_leaves_the_strong_model_to_go_on() -> None:
    done = await perform("ladder", WRONG, [PLAN, MISPLACED, ALL])
    assert calls(done)[5:] == [STRONG, WEAK, STRONG]
    assert "nine" not in task_of(done.strong[2])
    assert receipts(done)[2:] == [
        ("strong", "nothing", (5,)),
        ("finish", "nothing", (6,)),
        ("strong", "sound", (7,)),
    ]


async def test_a_finisher_that_does_not_answer_costs_nothing_else() -> None:
    done = await perform("ladder", WRONG[:4], [PLAN, MISPLACED, ALL])
    assert receipts(done)[3:] == [("finish", "outage", (6,)), ("strong", "sound", (7,))]


@pytest.mark.parametrize("answer", [EMPTY, "### FILE a.py\n<<<<<<< SEARCH\none"])
async def test_what_is_empty_or_cut_off_is_not_finished(answer: str) -> None:
    done = await perform("ladder", WRONG, [PLAN, answer, ALL], grammar=NO_GRAMMAR)
    assert "finish" not in [rung for rung, _, _ in receipts(done)]


async def test_an_outage_ends_its_rung_and_is_on_its_receipt() -> None:
    done = await perform("ladder", [Unavailable("it is down")] * 9, [PLAN, ALL])
    assert receipts(done) == [
        ("weak", "outage", (1,)),
        ("plan", "outage", (2,)),
        ("strong", "sound", (3,)),
    ]
    assert reasons(done)[:2] == ["it is down", "it is down"]


@pytest.mark.parametrize(
    ("share", "sample_count", "expected"),
    [
        (None, 3, [*[WEAK] * 2, STRONG_PLAN, *[WEAK] * 2, STRONG]),
        (1.0, 3, [*[WEAK] * 2, STRONG_PLAN, *[WEAK] * 2, STRONG]),
        (1.0, 1, [WEAK, STRONG_PLAN, *[WEAK] * 2, STRONG]),
        (0.99, 3, [WEAK, STRONG]),
        (0.5, 3, [WEAK, STRONG]),
        (0.4, 3, [*[WEAK] * 2, STRONG]),
        (0.4, 12, [*[WEAK] * 3, STRONG]),
        (0.0, 12, [*[WEAK] * 2, STRONG]),
    ],
)
async def test_the_budget_decides_on_rungs_and_tries(
    share: float | None, sample_count: int, expected: list[str]
) -> None:
    strong = [PLAN, ALL] if STRONG_PLAN in expected else [ALL]
    done = await perform("ladder", WRONG, strong, budget_share=share, sample_count=sample_count)
    assert calls(done) == expected


async def test_where_only_the_weak_model_can_be_paid_for_it_tries_more_often() -> None:
    def one_less(text: str) -> list[str]:
        value = int(text.partition("\n")[0].rpartition(" ")[2])
        return [f"{value}-{number}" for number in range(20 - value)]

    done = await perform("ladder", WRONG, [], rule=one_less, budget_share=0.4, sample_count=12)
    assert calls(done) == [*[WEAK] * 4, STRONG]
    assert [request.temperature for request in done.weak] == [0.2, 0.5, 0.6, 0.8]


async def test_without_means_for_a_plan_only_the_same_again_ends_the_last_rung() -> None:
    done = await perform("ladder", WRONG, WRONG[4:], budget_share=0.6)
    assert calls(done) == [WEAK, *[STRONG] * 4]
    done = await perform("ladder", WRONG, [SAME] * 5, budget_share=0.6)
    assert calls(done) == [WEAK, *[STRONG] * 2]


GIVEN = Plan("all are one", (Step("set each number to 1", ("a.py",)),))


async def test_a_given_plan_is_followed_first_and_none_is_bought() -> None:
    done = await perform("ladder", WRONG, [*WRONG[4:6], ALL], plan=GIVEN)
    assert calls(done) == [*[WEAK] * 2, *[STRONG] * 3]
    assert [e.plan for e in done.events if isinstance(e, PlanReady)] == [GIVEN]
    assert "set each number to 1" in task_of(done.weak[0])
    assert "set each number to 1" in task_of(done.strong[1])
    assert [e.rung for e in done.events if isinstance(e, Escalated)] == ["strong"]


async def test_a_given_plan_goes_on_after_progress() -> None:
    done = await perform("ladder", [mends("one"), mends("two"), mends("three")], plan=GIVEN)
    assert calls(done) == [WEAK] * 3
    assert all("set each number to 1" in task_of(request) for request in done.weak)


async def test_a_given_plan_is_not_made_anew() -> None:
    done = await perform("ladder", [SAME] * 2, [SAME] * 5, plan=GIVEN)
    assert calls(done) == [*[WEAK] * 2, *[STRONG] * 2]


@pytest.mark.parametrize("strategy", ["plan", "plan_after_trial", "pair", "verified_plan"])
async def test_whoever_would_ask_for_a_plan_takes_the_given_one(strategy: str) -> None:
    done = await perform(strategy, [ALL, *WRONG], ["HOLDS"], plan=GIVEN)
    assert STRONG_PLAN not in calls(done)


async def test_a_plan_for_the_strong_model_is_written_by_it() -> None:
    plan = Plan("g", (Step("set them", ("a.py",), tier=Tier.STRONG),))
    for strategy in ("plan", "ladder"):
        assert calls(await perform(strategy, [], [ALL], plan=plan)) == [STRONG]


WITH_FUNCTION = (
    "#- a.py\ndef take(x):\n    return x\n\n\nprint(take(1))\n#- lib.py\nlibrary = True\n"
)


async def test_a_rename_is_done_without_a_model() -> None:
    done = await perform(
        "ladder",
        rule=lambda text: ["old"] if "take" in text else [],
        instruction="Rename take to grab.",
        workspace=WITH_FUNCTION,
    )
    assert calls(done) == []
    assert done.text() == "def grab(x):\n    return x\n\n\nprint(grab(1))\n"
    assert receipts(done) == [("tool", "sound", (1,))]


async def test_a_rename_that_the_gate_refuses_is_left_to_the_models() -> None:
    done = await perform(
        "ladder",
        [edit("a.py", "    return x\n", "    return x + 1\n")],
        rule=lambda text: [] if "x + 1" in text else ["sum"],
        instruction="Rename take to grab.",
        workspace=WITH_FUNCTION,
    )
    assert calls(done) == [WEAK]
    assert [e.rung for e in done.events if isinstance(e, Escalated)] == ["weak"]
    assert receipts(done) == [("tool", "nothing", (1,)), ("weak", "sound", (2,))]
    assert done.proposal is not None
    assert done.proposal.attempts == (2,)
