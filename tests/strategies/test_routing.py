"""Which model a task goes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.strategies.routing import (
    FEWEST_SCORES,
    difficulty,
    features_of,
    threshold_for,
)

EASY = "In `total()` of cart.py return 0 for an empty list."
HARD = (
    "Sometimes two workers deadlock when all of them write at once: find out why, and rewrite "
    "the locking across every module that uses it"
)

_scores = st.lists(st.floats(0, 1), min_size=FEWEST_SCORES, max_size=60)


def score(instruction: str, *texts: str, has_focus: bool = False) -> float:
    return difficulty(features_of(instruction, texts=texts, failing_tests=0, has_focus=has_focus))


def test_a_request_that_says_what_to_write_is_easier_than_one_that_asks_to_find_out() -> None:
    assert score(EASY, "x = 1\n") < score(HARD, "x = 1\n" * 100, "y\n", "z\n")


@pytest.mark.parametrize(
    ("easier", "harder"),
    [
        (score(EASY, "a"), score(EASY, "a", "b")),
        (score(EASY, "a"), score(EASY, "a" * 40_000)),
        (score(EASY, "a", has_focus=True), score(EASY, "a")),
        (score("Mend `total`.", "a"), score("Mend it.", "a")),
        (score("It must return 5.", "a"), score("It must be right.", "a")),
    ],
)
def test_each_feature_counts(easier: float, harder: float) -> None:
    assert easier < harder


@given(_scores, st.floats(0, 1))
def test_about_the_wanted_share_goes_to_the_strong_model(scores: list[float], share: float) -> None:
    threshold = threshold_for(share, scores)
    to_strong = sum(score >= threshold for score in scores)
    assert to_strong >= round(share * len(scores))
    # Equal scores cannot be told apart: they go to the strong model together.
    assert to_strong - scores.count(threshold) <= round(share * len(scores))


def test_without_a_record_every_task_goes_to_the_strong_model() -> None:
    assert threshold_for(0.3, [0.9] * (FEWEST_SCORES - 1)) == 0.0


def test_a_share_of_nothing_sends_no_known_task() -> None:
    scores = [0.5] * FEWEST_SCORES
    assert threshold_for(0.0, scores) > 0.5


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="is no share"):
        threshold_for(share, [])
