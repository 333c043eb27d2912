"""What do rates and costs of several strategies say, one beside the other?

The measures are those in which the study of strong-weak collaboration (arXiv 2505.20182) can be
compared with one's own runs: shares of the strong model's rate and cost, the frontier, and the
lift over a coin that sends each task to the strong or to the weak model alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Z_95 = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one strategy reached on a set of tasks."""

    strategy: str
    rate: float
    """The share of tasks resolved, 0 to 1."""
    cost_usd: float
    """Of all tasks together."""


@dataclass(frozen=True, slots=True)
class Measures:
    """One strategy beside the strong and the weak model alone; rates and shares are 0 to 1."""

    outcome: Outcome
    rate_share: float
    """Of the strong model's rate."""
    cost_share: float
    """Of the strong model's cost."""
    gain: float
    """The rate above the weak model's."""
    gap_closed: float
    """How much of the way from the weak model's rate to the strong one's that is."""
    lift: float
    """The rate above what a coin reaches at the same expected cost; see `coin_flip_rate`."""
    is_on_frontier: bool
    """No other strategy is at least as good for less, or better for as much."""
    is_on_hull: bool
    """Nor does any mixture of two others beat it."""


def measure(outcomes: Sequence[Outcome], *, strong: str, weak: str) -> tuple[Measures, ...]:
    """Return the measures of each outcome, in the same order.

    Args:
        outcomes: one a strategy, all on the same tasks.
        strong: the strategy that is the strong model alone; its rate and cost are above zero.
        weak: the strategy that is the weak model alone.

    Raises:
        ValueError: one of the two is not among the outcomes.
    """
    base_strong, base_weak = _named(outcomes, strong), _named(outcomes, weak)
    points = frontier(outcomes)
    hull = upper_hull(points)
    gap = base_strong.rate - base_weak.rate
    return tuple(
        Measures(
            outcome=each,
            rate_share=_ratio(each.rate, base_strong.rate),
            cost_share=_ratio(each.cost_usd, base_strong.cost_usd),
            gain=each.rate - base_weak.rate,
            gap_closed=_ratio(each.rate - base_weak.rate, gap),
            lift=each.rate - coin_flip_rate(each.cost_usd, strong=base_strong, weak=base_weak),
            is_on_frontier=each in points,
            is_on_hull=each in hull,
        )
        for each in outcomes
    )


def coin_flip_rate(cost_usd: float, *, strong: Outcome, weak: Outcome) -> float:
    """Return the rate of a coin whose expected cost is this one.

    It sends each task to the weak or to the strong model; where the money is not enough for the
    weak model on every task, some tasks are not tried; what exceeds the strong model's cost buys
    nothing.
    """
    if cost_usd >= strong.cost_usd:
        return strong.rate
    if cost_usd <= weak.cost_usd:
        return weak.rate * _ratio(cost_usd, weak.cost_usd)
    share = (cost_usd - weak.cost_usd) / (strong.cost_usd - weak.cost_usd)
    return weak.rate + share * (strong.rate - weak.rate)


def frontier(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes that no other one dominates, from the cheapest on.

    Of several with the same rate and cost, the first counts.
    """
    found: list[Outcome] = []
    for each in sorted(outcomes, key=lambda outcome: (outcome.cost_usd, -outcome.rate)):
        if not found or each.rate > found[-1].rate:
            found.append(each)
    return tuple(found)


def upper_hull(points: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return the points of a frontier that no mixture of two others beats."""
    hull: list[Outcome] = []
    for point in points:
        while len(hull) > 1 and _is_below(hull[-1], hull[-2], point):
            hull.pop()
        hull.append(point)
    return tuple(hull)


def cost_per_extra(points: Sequence[Outcome], tasks: int) -> tuple[float | None, ...]:
    """Return for each point of a frontier what one more resolved task costs, in USD.

    Beside the point before it; None for the first.

    Args:
        points: of a frontier, cheapest first.
        tasks: how many the rates are of.
    """
    extra = [
        (after.cost_usd - before.cost_usd) / ((after.rate - before.rate) * tasks)
        for before, after in pairwise(points)
    ]
    return (None, *extra)[: len(points)]


def wilson_interval(resolved: int, tasks: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score, which holds for few tasks, too.

    Raises:
        ValueError: there are no tasks, or more were resolved than there are.
    """
    if not 0 <= resolved <= tasks or not tasks:
        raise ValueError(f"{resolved} of {tasks} tasks is no share")
    share, square = resolved / tasks, Z_95**2
    centre = share + square / (2 * tasks)
    spread = Z_95 * math.sqrt(share * (1 - share) / tasks + square / (4 * tasks**2))
    whole = 1 + square / tasks
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)


def _named(outcomes: Iterable[Outcome], strategy: str) -> Outcome:
    for each in outcomes:
        if each.strategy == strategy:
            return each
    raise ValueError(f"there is no result of {strategy!r} to compare with")


def _is_below(point: Outcome, left: Outcome, right: Outcome) -> bool:
    """Tell whether a point lies on or below the line from one on its left to one on its right."""
    slope = (right.rate - left.rate) / (right.cost_usd - left.cost_usd)
    return point.rate <= left.rate + slope * (point.cost_usd - left.cost_usd)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
