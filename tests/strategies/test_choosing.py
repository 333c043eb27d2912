"""Choosing one of several patches."""

import pytest

from pairwright.strategies.choosing import by_likeness, by_vote, clusters

LONG = "+    return sum(price * count for price, count in positions)\n"
ALIKE = LONG.replace("positions", "position")
OTHER = "-    total = 0\n+    total = start\n     for price in prices:\n"


@pytest.mark.parametrize(
    ("texts", "index"), [(["a"], 0), (["a", "b", "b"], 1), (["b", "a", "a", "b"], 0)]
)
def test_the_most_frequent_text_wins_and_the_first_of_several(texts: list[str], index: int) -> None:
    assert by_vote(texts) == index


def test_texts_that_are_alike_are_one_cluster() -> None:
    assert clusters([LONG, OTHER, ALIKE, LONG]) == [[0, 2, 3], [1]]


def test_a_text_joins_the_first_cluster_that_holds_one_like_it() -> None:
    # The middle one is like both ends, which are not alike: single link.
    ends = "a" * 20, "a" * 16 + "b" * 4, "a" * 12 + "b" * 8
    assert clusters(ends) == [[0], [1], [2]], "0.8 is not above 0.8"
    nearer = "a" * 20, "a" * 17 + "b" * 3, "a" * 14 + "b" * 6
    assert clusters(nearer) == [[0, 1, 2]]


def test_the_largest_cluster_gives_its_first_text() -> None:
    assert by_likeness([OTHER, LONG, ALIKE]) == 1
    assert by_likeness([OTHER, LONG]) == 0


def test_nothing_cannot_be_chosen_from() -> None:
    for choose in (by_vote, by_likeness):
        with pytest.raises(ValueError, match="nothing to choose from"):
            choose([])


def test_long_patches_are_compared_in_no_time() -> None:
    lines = [f"+line {number * 7919 % 1000}\n" for number in range(5_000)]
    other = [*lines[:4_500], *(f"+other {number}\n" for number in range(500))]
    texts = ["".join(lines), "".join(other), "".join(reversed(lines))]
    assert clusters(texts) == [[0, 1], [2]]
