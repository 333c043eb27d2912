"""A model that does not answer, and text that moves on between two answers."""

from tests.strategies.stage import TEXT, mends, perform, task_of
from tests.strategies.test_published import (
    ALL,
    STRONG,
    WEAK,
    WRONG,
    Shelf,
    calls,
    check_calls,
)


async def test_a_strong_model_that_does_not_answer_costs_only_its_attempt() -> None:
    done = await check_calls("strong_first", [STRONG, WEAK], weak=[ALL], strong=[])
    assert done.text() == TEXT.replace("= 0", "= 1")
    assert "stronger programmer" not in task_of(done.weak[0])


async def test_a_weak_model_that_does_not_answer_costs_only_its_rung() -> None:
    for strategy in ("weak_first", "draft_refine"):
        done = await check_calls(strategy, [WEAK, STRONG], weak=[], strong=[ALL])
        assert done.text() == TEXT.replace("= 0", "= 1")
    done = await perform("cope", [], ["Do this.", ALL])
    assert calls(done) == ["weak goal", "strong guideline", WEAK, STRONG]
    assert done.text() == TEXT.replace("= 0", "= 1")


async def test_without_any_answer_the_outage_is_told() -> None:
    for strategy in ("strong_first", "weak_first", "cope", "draft_refine"):
        assert (await perform(strategy, [], [])).error is not None


async def test_the_samples_before_an_outage_count() -> None:
    done = await check_calls("self_consistency", [WEAK] * 3, weak=[ALL, WRONG[0]])
    assert done.text() == TEXT.replace("= 0", "= 1")
    assert done.error is None


async def test_when_the_choice_is_not_answered_the_vote_counts() -> None:
    done = await perform("self_consistency_universal", [WRONG[0], ALL, ALL])
    assert calls(done)[-1] == "weak select"
    assert done.text() == TEXT.replace("= 0", "= 1")


async def test_a_reader_that_does_not_answer_costs_the_strong_model_nothing() -> None:
    done = await perform("prompt_reduction", [], [ALL])
    assert "library = True" in task_of(done.strong[0])


async def test_what_may_be_edited_is_not_reduced_away() -> None:
    done = await perform("prompt_reduction", ["lib.py:1"], [ALL])
    assert "one = 0" in task_of(done.strong[0])


async def test_a_draft_that_is_progress_is_not_shown_again() -> None:
    done = await perform("draft_refine", [mends("one")], ["ACCEPT", ALL])
    rest = task_of(done.strong[1])
    assert "one = 1" in rest
    assert "A draft of the change" not in rest


async def test_what_the_strong_model_wrote_is_not_shown_once_it_is_in_the_text() -> None:
    done = await perform("strong_first", WRONG, [mends("one")])
    assert "one = 1" in task_of(done.weak[0])
    assert "stronger programmer" not in task_of(done.weak[0])


async def test_an_empty_note_is_not_kept() -> None:
    shelf = Shelf()
    await perform("repo_summary", [ALL], [""], memory=shelf)
    assert shelf.texts == {}
