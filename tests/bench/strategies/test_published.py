"""The published table, and the columns that were computed from it elsewhere.

The expected figures were worked out apart from this code; a difference is a mistake in either.
"""

from statistics import mean

import pytest

from pairwright.bench.strategies.frontier import (
    Measures,
    cost_per_extra,
    frontier,
    measure,
    upper_hull,
)
from pairwright.bench.strategies.published import (
    STRONG_ALONE,
    TASKS,
    WEAK_ALONE,
    PublishedPair,
    published_pairs,
)

PAIRS = {
    "o3m+4om": ("o3-mini", "gpt-4o-mini"),
    "o4m+4om": ("o4-mini", "gpt-4o-mini"),
    "o3m+Q32": ("o3-mini", "qwen2.5-coder-32b"),
    "o3m+Q14": ("o3-mini", "qwen2.5-coder-14b"),
    "o3m+Q7": ("o3-mini", "qwen2.5-coder-7b"),
    "4om+Q7": ("gpt-4o-mini", "qwen2.5-coder-7b"),
}
LIFTS = """
Self-Consistency - Majority Vote | -18.8 -31.0 -11.2 -18.7 -26.2 +0.0
Self-Consistency - Clustering | -17.8 -30.3 -11.2 -18.0 -26.6 +0.0
Self-Consistency - Universal | -17.7 -29.0 -12.3 -18.7 -26.3 +0.0
Best of N | -10.8 -23.7 -6.9 -10.3 -23.2 +0.0
Strong LM Single Attempt | +3.6 +2.8 +1.1 +4.2 +9.7 +9.8
Strong LM First | +5.7 +4.7 +5.6 +5.7 +9.1 +8.0
Prompt Reduction | -11.7 -18.0 -17.7 -8.1 -13.2 +4.2
Weak LM First | +0.5 -1.6 -0.3 +0.7 +6.2 +7.0
Plan | -1.3 -12.2 -2.3 -1.6 -10.2 -10.7
Instance Level QA Pairs | -6.6 -11.6 -4.7 -5.2 -11.6 -9.3
Weak Router | +2.0 -5.3 -0.1 -1.0 +1.6 -6.9
Strong Router | -10.8 -24.0 -8.8 -14.1 -19.8 -8.3
Few Shot Examples (1 Shot Random) | -2.3 -2.2 +0.1 -2.9 -0.6 +0.4
Few Shot Examples (5 Shot Random) | -3.8 -2.6 -3.5 -6.0 -2.2 -10.0
Few Shot Examples (1 Shot Similarity) | -1.7 +0.1 -0.3 -3.3 -1.3 -7.2
Few Shot Examples (5 Shot Similarity) | -1.6 -3.7 -1.2 -4.1 -2.3 -11.3
Repo Structure | -0.8 -0.8 +1.6 -0.4 -0.0 +2.8
Repo Level QA Pairs | -2.7 -0.8 -2.3 -0.7 -0.9 -5.1
Repo Summary | +0.8 -1.3 -3.9 -2.1 -2.6 -0.9
"""
OVER_O_SERIES = """
Base Strong | 100 100 +22.0 100
Base Weak | 39 11 +0.0 0
Self-Consistency - Majority Vote | 41 100 +0.4 2
Self-Consistency - Clustering | 42 100 +0.8 4
Self-Consistency - Universal | 43 108 +1.2 5
Best of N | 58 100 +6.6 33
Strong LM Single Attempt | 79 51 +14.7 63
Strong LM First | 89 58 +18.1 83
Prompt Reduction | 58 112 +7.1 26
Weak LM First | 50 20 +3.7 14
Plan | 60 62 +7.6 36
Instance Level QA Pairs | 51 60 +4.6 20
Weak Router | 60 46 +7.4 39
Strong Router | 50 90 +3.9 18
Few Shot Examples (1 Shot Random) | 36 13 -1.1 -5
Few Shot Examples (5 Shot Random) | 33 18 -2.1 -12
Few Shot Examples (1 Shot Similarity) | 37 14 -0.8 -4
Few Shot Examples (5 Shot Similarity) | 37 18 -0.9 -4
Repo Structure | 36 11 -1.3 -8
Repo Level QA Pairs | 36 12 -1.2 -7
Repo Summary | 39 19 -0.1 -2
"""
FRONTIERS = {
    "o3m+4om": """
        Repo Structure 41 4.29 - H
        Base Weak 46 4.53 0.05 H
        Repo Summary 49 5.00 0.16 H
        Weak Router 68 16.76 0.62
        Strong LM Single Attempt 79 21.28 0.41
        Strong LM First 90 24.92 0.33 H
        Base Strong 101 46.22 1.93 H""",
    "o4m+4om": """
        Repo Structure 41 4.29 - H
        Base Weak 46 4.53 0.05 H
        Few Shot Examples (1 Shot Similarity) 47 4.80 0.26 H
        Weak Router 72 17.90 0.52
        Strong LM Single Attempt 114 23.62 0.14
        Strong LM First 125 25.34 0.16 H
        Base Strong 136 33.33 0.73 H""",
    "o3m+Q32": """
        Repo Structure 51 5.30 - H
        Base Weak 61 7.02 0.17 H
        Few Shot Examples (1 Shot Random) 62 7.84 0.81
        Strong LM Single Attempt 79 21.28 0.79
        Strong LM First 99 27.74 0.32 H
        Base Strong 101 46.22 9.20 H""",
    "o3m+Q14": """
        Base Weak 43 4.26 - H
        Weak LM First 50 7.85 0.51
        Strong LM Single Attempt 79 21.28 0.46
        Strong LM First 89 25.10 0.38 H
        Base Strong 101 46.22 1.76 H""",
    "o3m+Q7": """
        Base Weak 14 3.84 - H
        Repo Structure 15 4.39 0.55
        Weak Router 22 5.43 0.15 H
        Weak LM First 58 16.15 0.30
        Strong LM Single Attempt 79 21.28 0.24 H
        Base Strong 101 46.22 1.13 H""",
    "4om+Q7": """
        Prompt Reduction 17 1.25 - H
        Strong LM Single Attempt 37 2.05 0.04 H
        Base Strong 46 4.53 0.28 H""",
}


def pair_of(short: str) -> PublishedPair:
    return next(pair for pair in published_pairs() if (pair.strong, pair.weak) == PAIRS[short])


def measures_of(short: str) -> dict[str, Measures]:
    found = measure(pair_of(short).outcomes, strong=STRONG_ALONE, weak=WEAK_ALONE)
    return {each.outcome.strategy: each for each in found}


def rows(table: str) -> list[tuple[str, list[str]]]:
    lines = [line.split(" | ") for line in table.strip().splitlines()]
    return [(method, figures.split()) for method, figures in lines]


def test_every_pair_has_every_method() -> None:
    assert {(pair.strong, pair.weak) for pair in published_pairs()} == set(PAIRS.values())
    assert {len({each.strategy for each in pair.outcomes}) for pair in published_pairs()} == {21}


@pytest.mark.parametrize("place", range(6))
def test_the_lift_over_a_coin_is_as_worked_out(place: int) -> None:
    measures = measures_of(tuple(PAIRS)[place])
    expected = {method: float(figures[place]) for method, figures in rows(LIFTS)}
    found = {method: measures[method].lift * 100 for method in expected}
    # The figures are rounded to one digit, and a few of the costs to two.
    assert found == pytest.approx(expected, abs=0.0501)


def test_the_means_over_the_o_series_are_as_worked_out() -> None:
    pairs = [measures_of(short) for short in tuple(PAIRS)[:5]]
    for method, figures in rows(OVER_O_SERIES):
        each = [pair[method] for pair in pairs]
        found = (
            f"{mean(one.rate_share for one in each) * 100:.0f}",
            f"{mean(one.cost_share for one in each) * 100:.0f}",
            f"{mean(one.gain for one in each) * 100:+.1f}",
            f"{mean(one.gap_closed for one in each) * 100:.0f}",
        )
        assert (method, *found) == (method, *figures)


@pytest.mark.parametrize("short", PAIRS)
def test_the_frontier_is_as_worked_out(short: str) -> None:
    points = frontier(pair_of(short).outcomes)
    hull = upper_hull(points)
    found = [
        f"{point.strategy} {round(point.rate * TASKS)} {point.cost_usd:.2f} "
        f"{'-' if extra is None else format(extra, '.2f')}{' H' if point in hull else ''}"
        for point, extra in zip(points, cost_per_extra(points, TASKS), strict=True)
    ]
    assert found == [line.strip() for line in FRONTIERS[short].strip().splitlines()]
