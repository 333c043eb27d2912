"""Rates and costs, one beside the other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.bench.strategies.frontier import (
    Outcome,
    coin_flip_rate,
    cost_per_extra,
    frontier,
    measure,
    upper_hull,
    wilson_interval,
)

WEAK = Outcome("weak", 0.2, 10.0)
STRONG = Outcome("strong", 0.6, 50.0)

_outcomes = st.lists(
    st.builds(
        Outcome, st.just("any"), st.integers(0, 20).map(lambda n: n / 20), st.floats(0.01, 100)
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    ("cost_usd", "rate"),
    [(10.0, 0.2), (50.0, 0.6), (30.0, 0.4), (5.0, 0.1), (0.0, 0.0), (80.0, 0.6)],
)
def test_a_coin_reaches_what_its_money_buys(cost_usd: float, rate: float) -> None:
    assert coin_flip_rate(cost_usd, strong=STRONG, weak=WEAK) == pytest.approx(rate)


def test_a_coin_between_models_of_the_same_cost_is_the_strong_one() -> None:
    assert coin_flip_rate(10.0, strong=Outcome("strong", 0.6, 10.0), weak=WEAK) == 0.6


def test_measures_compare_with_both_models_alone() -> None:
    ladder = Outcome("ladder", 0.5, 20.0)
    *_, found = measure([WEAK, STRONG, ladder], strong="strong", weak="weak")
    assert found.rate_share == pytest.approx(0.5 / 0.6)
    assert found.cost_share == pytest.approx(0.4)
    assert found.gain == pytest.approx(0.3)
    assert found.gap_closed == pytest.approx(0.75)
    assert found.lift == pytest.approx(0.2)
    assert (found.is_on_frontier, found.is_on_hull) == (True, True)


def test_a_model_alone_is_no_better_than_itself() -> None:
    assert [
        round(each.lift, 9) for each in measure([WEAK, STRONG], strong="strong", weak="weak")
    ] == [
        0,
        0,
    ]


def test_what_is_dearer_and_no_better_is_not_on_the_frontier() -> None:
    equal = Outcome("equal", 0.2, 12.0)
    worse = Outcome("worse", 0.1, 20.0)
    assert frontier([STRONG, equal, worse, WEAK]) == (WEAK, STRONG)


def test_what_a_mixture_beats_is_on_the_frontier_and_not_on_the_hull() -> None:
    middling = Outcome("middling", 0.3, 30.0)
    points = frontier([WEAK, middling, STRONG])
    assert points == (WEAK, middling, STRONG)
    assert upper_hull(points) == (WEAK, STRONG)


def test_one_more_resolved_task_has_a_price() -> None:
    assert [extra and round(extra, 9) for extra in cost_per_extra((WEAK, STRONG), 10)] == [None, 10]
    assert cost_per_extra((), 10) == ()


def test_without_the_models_alone_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(ValueError, match="no result of 'strong'"):
        measure([WEAK], strong="strong", weak="weak")


@given(_outcomes)
def test_no_outcome_dominates_a_point_of_the_frontier(outcomes: list[Outcome]) -> None:
    for point in frontier(outcomes):
        assert not any(
            other.rate >= point.rate
            and other.cost_usd <= point.cost_usd
            and (other.rate, other.cost_usd) != (point.rate, point.cost_usd)
            for other in outcomes
        )


@given(_outcomes)
def test_the_hull_rises_ever_more_slowly(outcomes: list[Outcome]) -> None:
    hull = upper_hull(frontier(outcomes))
    slopes = [
        (after.rate - before.rate) / (after.cost_usd - before.cost_usd)
        for before, after in pairwise(hull)
    ]
    assert slopes == sorted(slopes, reverse=True)


@pytest.mark.parametrize(
    ("resolved", "tasks", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (101, 300, 0.2857, 0.3919),
    ],
)
def test_an_interval_holds_for_few_tasks(
    resolved: int, tasks: int, low: float, high: float
) -> None:
    assert wilson_interval(resolved, tasks) == pytest.approx((low, high), abs=1e-3)


@pytest.mark.parametrize(("resolved", "tasks"), [(0, 0), (3, 2), (-1, 5)])
def test_an_impossible_share_is_refused(resolved: int, tasks: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson_interval(resolved, tasks)
