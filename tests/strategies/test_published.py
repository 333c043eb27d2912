"""The published methods: whom they ask, how often, in which order, and what they tell."""

from collections.abc import Sequence

import pytest

from pairwright.errors import UnknownStrategy
from pairwright.llm.model import ModelRequest
from pairwright.llm.scripted_provider import ScriptedReply
from pairwright.strategies.base import (
    Escalated,
    KeptChange,
    LocalRecord,
    StepStarted,
)
from pairwright.strategies.registry import STRATEGIES, strategy_named
from pairwright.strategies.routing import FEWEST_SCORES
from tests.strategies.stage import TEXT, Performance, mends, perform, task_of
from tests.support.answers import answer, block

ALL = answer(*(block("a.py", f"{name} = 0\n", f"{name} = 1\n") for name in ("one", "two", "three")))
WRONG = [mends("one", value) for value in range(2, 14)]
PLAN = "Goal: numbers.\n1. a.py: mend it.\n"


def calls(done: Performance) -> list[str]:
    """Return who was asked for what, in order, as `weak edit`."""
    return [f"{event.tier} {event.step}" for event in done.events if isinstance(event, StepStarted)]


def shown(request: ModelRequest) -> str:
    return "\n".join(message.content for message in request.messages)


async def check_calls(
    strategy: str,
    expected: Sequence[str],
    weak: Sequence[ScriptedReply] = WRONG,
    strong: Sequence[ScriptedReply] = WRONG,
) -> Performance:
    done = await perform(strategy, weak, strong)
    assert calls(done) == list(expected)
    return done


WEAK, STRONG = "weak edit", "strong edit"
WHEN_ALL_FAILS = {
    "weak": [WEAK] * 10,
    "strong": [STRONG] * 10,
    "strong_single": [STRONG],
    "strong_first": [STRONG, *[WEAK] * 10],
    "weak_first": [*[WEAK] * 5, STRONG],
    "best_of_n": [WEAK] * 3,
    "self_consistency": [WEAK] * 3,
    "self_consistency_clustering": [WEAK] * 3,
    "repo_structure": [WEAK] * 10,
    "few_shot": [WEAK] * 10,
    "few_shot_random": [WEAK] * 10,
}


@pytest.mark.parametrize("strategy", WHEN_ALL_FAILS)
async def test_a_strategy_gives_up_after_its_calls(strategy: str) -> None:
    await check_calls(strategy, WHEN_ALL_FAILS[strategy])


@pytest.mark.parametrize(
    ("strategy", "first", "others"),
    [
        ("plan", PLAN, ["strong plan", *[WEAK] * 10]),
        ("instance_qa", "Q: What? A: That.", ["strong explain", *[WEAK] * 10]),
        ("repo_summary", "A small workspace.", ["strong repo_summary", *[WEAK] * 10]),
        ("repo_qa", "Q: What? A: That.", ["strong repo_qa", *[WEAK] * 10]),
        ("strong_router", "SIMPLE", ["strong route", *[WEAK] * 10]),
        ("strong_router", "It is COMPLEX.", ["strong route", *[STRONG] * 10]),
    ],
)
async def test_the_strong_model_is_asked_once_before_the_work(
    strategy: str, first: str, others: list[str]
) -> None:
    await check_calls(strategy, others, strong=[first, *WRONG])


@pytest.mark.parametrize(
    ("strategy", "first", "others"),
    [
        ("weak_router", "simple", ["weak route", *[WEAK] * 10]),
        ("weak_router", "complex", ["weak route", *[STRONG] * 10]),
        ("weak_router", "", ["weak route", *[WEAK] * 10]),
        ("prompt_reduction", "a.py:1-3", ["weak reduce", *[STRONG] * 10]),
    ],
)
async def test_the_weak_model_is_asked_once_before_the_work(
    strategy: str, first: str, others: list[str]
) -> None:
    await check_calls(strategy, others, weak=[first, *WRONG])


@pytest.mark.parametrize("strategy", ["weak", "best_of_n", "repo_structure", "few_shot"])
async def test_the_first_sound_change_ends_the_work(strategy: str) -> None:
    done = await check_calls(strategy, [WEAK] * 2, weak=[WRONG[0], ALL])
    assert done.text() == TEXT.replace("= 0", "= 1")


async def test_each_try_is_warmer_and_told_why_the_one_before_failed() -> None:
    done = await perform("weak", WRONG)
    assert [round(request.temperature, 1) for request in done.weak] == [
        *(number / 10 for number in range(10))
    ]
    assert ["was wrong" in task_of(request) for request in done.weak] == [False, *[True] * 9]


async def test_an_answer_that_cannot_be_used_counts_as_a_try() -> None:
    await check_calls("weak", [WEAK] * 2, weak=["I would rather not.\n### END 0\n", ALL])


async def test_samples_differ_in_temperature_and_know_nothing_of_each_other() -> None:
    done = await perform("best_of_n", WRONG)
    assert [round(request.temperature, 1) for request in done.weak] == [0.4, 0.6, 0.8]
    assert not any("was wrong" in task_of(request) for request in done.weak)


async def test_the_most_frequent_patch_is_chosen_even_if_the_gate_likes_another_better() -> None:
    done = await perform("self_consistency", [ALL, mends("one", 2), mends("one", 2)])
    assert len(done.gate.checked) == 1
    assert done.text() == TEXT.replace("one = 0", "one = 2")


async def test_patches_that_are_alike_count_together() -> None:
    replies = [ALL, mends("one", 2222222), mends("one", 2222223)]
    done = await perform("self_consistency_clustering", replies)
    assert "one = 2222222" in done.text()
    done = await perform("self_consistency", replies)
    assert "one = 1" in done.text()


async def test_the_weak_model_chooses_among_its_own_patches() -> None:
    done = await check_calls(
        "self_consistency_universal",
        [*[WEAK] * 3, "weak select"],
        weak=[*WRONG[:2], ALL, "Best: 3, for it does everything."],
    )
    assert done.text() == TEXT.replace("= 0", "= 1")
    assert "Patch 3:" in shown(done.weak[-1])


@pytest.mark.parametrize("choice", ["", "the last", "Best: 9", "Best: 0"])
async def test_without_a_choice_the_vote_counts(choice: str) -> None:
    replies = [ALL, mends("one", 2), mends("one", 2), choice]
    done = await perform("self_consistency_universal", replies)
    assert done.text() == TEXT.replace("one = 0", "one = 2")


async def test_without_any_usable_sample_nothing_is_proposed() -> None:
    done = await check_calls("self_consistency", [WEAK] * 3, weak=["no"] * 3)
    assert done.proposal is None


async def test_the_weak_model_finishes_what_the_strong_one_wrote() -> None:
    attempt = "I would write one = 1.\n### END 0\n"
    done = await check_calls("strong_first", [STRONG, WEAK], weak=[ALL], strong=[attempt])
    assert "I would write one = 1." in task_of(done.weak[0])
    assert [event.rung for event in done.events if isinstance(event, Escalated)] == ["weak"]


async def test_a_usable_strong_attempt_needs_no_weak_one() -> None:
    await check_calls("strong_first", [STRONG], strong=[ALL])


async def test_the_weak_attempts_are_not_shown_to_the_strong_model() -> None:
    done = await check_calls("weak_first", [*[WEAK] * 5, STRONG], strong=[ALL])
    assert "was wrong" not in task_of(done.strong[0])
    assert "Plan:" not in task_of(done.strong[0])


async def test_questions_and_answers_reach_the_weak_model() -> None:
    done = await perform("instance_qa", [ALL], ["Q: Which file? A: a.py."])
    assert "Q: Which file? A: a.py." in task_of(done.weak[0])


async def test_the_strong_model_sees_only_the_lines_that_the_weak_one_points_at() -> None:
    done = await perform("prompt_reduction", ["a.py:1"], [ALL])
    assert "one = 0" in task_of(done.strong[0])
    assert "... lines 4 to 5 are not shown" in task_of(done.strong[0])
    assert "library" not in task_of(done.strong[0])
    assert done.text() == TEXT.replace("= 0", "= 1"), "all of the file may be edited"
    assert "1: one = 0" in task_of_question(done.weak[0])


async def test_without_a_span_the_strong_model_sees_everything() -> None:
    done = await perform("prompt_reduction", ["I do not know."], [ALL])
    assert "library = True" in task_of(done.strong[0])


class Shelf:
    """A `Memory` in memory."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def recall(self, key: str) -> str | None:
        return self.texts.get(key)

    def remember(self, key: str, text: str) -> None:
        self.texts[key] = text


@pytest.mark.parametrize("strategy", ["repo_summary", "repo_qa"])
async def test_a_note_on_the_repository_is_written_once(strategy: str) -> None:
    shelf = Shelf()
    first = await perform(strategy, [ALL], ["It is small."], memory=shelf)
    assert calls(first) == [f"strong {strategy}", WEAK]
    again = await perform(strategy, [ALL], [], memory=shelf)
    assert calls(again) == [WEAK]
    assert "It is small." in task_of(again.weak[0])


async def test_the_note_is_made_of_folders_and_readme() -> None:
    done = await perform("repo_summary", [ALL], ["It is small."])
    assert "README:\n(none)" in task_of_question(done.strong[0])


KEPT = (
    KeptChange("Count the words of a text.", ("b.py",), "+words\n"),
    KeptChange("Mend the numbers in b.", ("b.py",), "+numbers\n"),
)


async def test_the_most_similar_kept_change_is_the_example() -> None:
    done = await perform("few_shot", [ALL], record=LocalRecord(kept=KEPT))
    assert "+numbers" in task_of(done.weak[0])
    assert "+words" not in task_of(done.weak[0])


async def test_the_same_task_gets_the_same_random_example() -> None:
    examples = set()
    for _ in range(3):
        done = await perform("few_shot_random", [ALL], record=LocalRecord(kept=KEPT))
        examples.add(task_of(done.weak[0]))
    assert len(examples) == 1


async def test_a_kept_change_that_is_too_long_is_no_example() -> None:
    long = KeptChange("Mend the numbers.", ("a.py",), "+x\n" * 5_000)
    done = await perform("few_shot", [ALL], record=LocalRecord(kept=(long,)))
    assert "+x" not in task_of(done.weak[0])


async def test_without_a_record_the_calibrated_router_asks_the_strong_model() -> None:
    done = await check_calls("calibrated_router", [STRONG], strong=[ALL])
    assert any("too few tasks" in e.reason for e in done.events if isinstance(e, Escalated))


@pytest.mark.parametrize(("others", "expected"), [(0.99, WEAK), (0.01, STRONG)])
async def test_the_calibrated_router_compares_with_earlier_tasks(
    others: float, expected: str
) -> None:
    record = LocalRecord(difficulties=(others,) * FEWEST_SCORES)
    done = await perform("calibrated_router", [ALL], [ALL], record=record)
    assert calls(done) == [expected]


async def test_cope_goes_through_its_three_stages() -> None:
    goals = [reply for number in range(8) for reply in (f"Goal {number}.", WRONG[number])]
    done = await perform("cope", [*goals, *WRONG[:8]], ["First do this. Then that. More.", ALL])
    stage_one = ["weak goal", WEAK] * 8
    assert calls(done) == [*stage_one, "strong guideline", *[WEAK] * 8, STRONG]
    assert done.text() == TEXT.replace("= 0", "= 1")
    first, second, last = done.weak[1], done.weak[16], done.strong[1]
    assert "Goal 0." in task_of(first)
    assert "Goal 7." in task_of(second)
    assert "First do this. Then that." in task_of(second)
    assert "More." not in task_of(second)
    assert "First do this. Then that." in task_of(last)
    assert "Goal 7." not in shown(last), "a small model's plan hurts a large one"
    assert "Goal 7." not in shown(done.strong[0])
    assert (first.temperature, second.temperature, last.temperature) == (0.4, 0.8, 0.0)


async def test_cope_ends_with_the_first_sample_that_the_gate_likes() -> None:
    done = await perform("cope", ["A goal. More.", ALL], [])
    assert calls(done) == ["weak goal", WEAK]
    assert "A goal." in task_of(done.weak[1])
    assert "More." not in task_of(done.weak[1])


async def test_cope_lite_never_lets_the_strong_model_write() -> None:
    goals = [reply for number in range(8) for reply in ("A goal.", WRONG[number])]
    done = await perform("cope_lite", [*goals, *WRONG[:8]], ["Do this."])
    assert calls(done)[-1] == WEAK
    assert calls(done).count("strong guideline") == 1


async def test_an_accepted_draft_is_proposed_as_it_is() -> None:
    done = await perform("draft_refine", [ALL], ["ACCEPT"])
    assert calls(done) == [WEAK, "strong refine"]
    assert done.text() == TEXT.replace("= 0", "= 1")


async def test_a_draft_that_is_not_accepted_is_replaced() -> None:
    done = await perform("draft_refine", [WRONG[0]], ["It is wrong: write 1.", ALL])
    assert calls(done) == [WEAK, "strong refine", STRONG]
    assert len(done.gate.checked) == 1, "nobody judges a refused draft"
    assert "+one = 2" in task_of(done.strong[1])
    assert "It is wrong: write 1." in task_of(done.strong[1])


async def test_a_draft_that_only_the_strong_model_likes_is_replaced() -> None:
    done = await perform("draft_refine", [WRONG[0]], ["ACCEPT", ALL])
    assert calls(done) == [WEAK, "strong refine", STRONG]
    assert "fails: " in task_of(done.strong[1])


async def test_a_draft_that_cannot_be_used_is_not_judged() -> None:
    done = await perform("draft_refine", ["no"], [ALL])
    assert calls(done) == [WEAK, STRONG]


def test_every_strategy_is_reached_by_its_name() -> None:
    assert all(name == strategy.name for name, strategy in STRATEGIES.items())
    assert next(iter(STRATEGIES)) == "ladder"


def task_of_question(request: ModelRequest) -> str:
    """Return what a question that is no edit asks, without its rules."""
    return request.messages[1].content


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lader", "did you mean ladder"),
        ("strong-first", "strong_first"),
        ("wishful", "choose ladder"),
    ],
)
def test_an_unknown_name_is_told_with_like_ones_or_the_usual_ones(name: str, told: str) -> None:
    with pytest.raises(UnknownStrategy, match=told) as refused:
        strategy_named(name)
    assert len(str(refused.value)) < 300
