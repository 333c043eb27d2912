"""Results as tables."""

from dataclasses import replace
from pathlib import Path

import pytest

from pairwright.bench.strategies.chart import draw_plane
from pairwright.bench.strategies.frontier import Outcome
from pairwright.bench.strategies.published import published_pairs
from pairwright.bench.strategies.report import gather, published_text, report_text
from pairwright.bench.strategies.results import Ending, Result, TierUse, parse_prices
from pairwright.errors import UserError
from tests.bench.strategies.test_results import PRICES, RESULT


def result(strategy: str, task: str, ending: Ending, weak: int, strong: int = 0) -> Result:
    use = {"weak": TierUse(input_tokens=weak), "strong": TierUse(input_tokens=strong)}
    return replace(RESULT, strategy=strategy, task=task, ending=ending, use=use, recorded_usd=None)


RESULTS = [
    result("weak", "a", "resolved", 100_000),
    result("weak", "b", "unresolved", 100_000),
    result("strong", "a", "resolved", 0, 100_000),
    result("strong", "b", "resolved", 0, 100_000),
    result("ladder", "a", "resolved", 100_000),
    result("ladder", "b", "resolved", 100_000, 50_000),
    result("ladder", "c", "unresolved", 100_000),
]
TABLE = """\
## embedded/strong and embedded/weak: 2 tasks

| strategy | resolved    | 95 % interval | USD    | rate share | cost share | lift (pp) | frontier | weak well-formed |
|----------|-------------|---------------|--------|------------|------------|-----------|----------|------------------|
| weak     | 1/2 (50 %)  | 9 to 91 %     | 0.0300 | 50 %       | 14 %       | +0.0      | hull     | –                |
| strong   | 2/2 (100 %) | 34 to 100 %   | 0.2200 | 100 %      | 100 %      | +0.0      |          | –                |
| ladder   | 2/2 (100 %) | 34 to 100 %   | 0.0850 | 100 %      | 39 %       | +35.5     | hull     | –                |

What the gate says of the proposals:

| strategy | proposed | sound | applies | parses | problems | tests | s a task |
|----------|----------|-------|---------|--------|----------|-------|----------|
| weak     | 2/2      | 2/2   | –       | –      | –        | 2/2   | 2        |
| strong   | 2/2      | 2/2   | –       | –      | –        | 2/2   | 2        |
| ladder   | 2/2      | 2/2   | –       | –      | –        | 2/2   | 2        |

Left out, because not every strategy was run on them: c.
"""  # noqa: E501 - a table


def test_a_pair_has_a_table_of_the_tasks_that_all_strategies_share() -> None:
    (suite,) = gather(RESULTS, parse_prices(PRICES))
    assert report_text(suite) == TABLE


def test_checks_are_counted_of_proposals_on_which_they_were_run() -> None:
    made = result("weak", "a", "resolved", 1)
    several = [
        replace(made, checks={"parses": "passed", "problems": "not_run", "tests": "passed"}),
        replace(made, repeat=2, is_sound=False, checks={"parses": "passed", "tests": "failed"}),
        replace(made, repeat=3, is_sound=None, checks={"parses": "failed"}),
    ]
    (suite,) = gather(several, parse_prices(PRICES))
    (weak,) = suite.strategies
    assert (weak.runs, weak.proposals, weak.sound) == (3, 2, 1)
    assert weak.checks == {"applies": (0, 0), "parses": (2, 2), "problems": (0, 0), "tests": (1, 2)}


def test_a_task_that_was_tried_twice_costs_the_mean() -> None:
    twice = [
        result("weak", "a", "resolved", 100_000),
        replace(result("weak", "a", "unresolved", 300_000), repeat=2),
    ]
    (suite,) = gather(twice, parse_prices(PRICES))
    (weak,) = suite.strategies
    assert (weak.runs, weak.resolved) == (2, 1)
    assert weak.cost_usd == pytest.approx(0.03)


def test_a_run_that_ended_in_an_error_counts_for_nothing() -> None:
    (suite,) = gather([*RESULTS, result("weak", "c", "error", 9)], parse_prices(PRICES))
    assert suite.left_out == ("c",)


def test_without_any_price_nothing_is_compared() -> None:
    with pytest.raises(UserError, match="nobody knows what 'weak' cost on 'a'"):
        gather(RESULTS, {})


def test_without_both_models_alone_there_are_no_shares() -> None:
    (suite,) = gather(RESULTS[4:], parse_prices(PRICES))
    assert "| – " in report_text(suite)


def test_the_published_table_is_told_pair_by_pair() -> None:
    pair = next(each for each in published_pairs() if each.strong == "o4-mini")
    lines = published_text(pair).splitlines()
    assert "Strong LM First" in next(line for line in lines if "| 92 %" in line and "+4.7" in line)
    assert next(line for line in lines if "0.1111" in line).split("|")[1].strip() == "Base Strong"


def test_the_plane_is_drawn_as_svg_and_png(tmp_path: Path) -> None:
    points = [Outcome("weak", 0.2, 1.0), Outcome("strong", 0.6, 5.0), Outcome("plan", 0.3, 6.0)]
    svg, png = draw_plane(points, tmp_path / "plane.svg", title="a pair", unit="USD")
    drawn = svg.read_text(encoding="utf-8")
    assert all(name in drawn for name in ("weak", "strong", "plan", "a pair", "USD"))
    assert png.read_bytes().startswith(b"\x89PNG")
    draw_plane(points, tmp_path / "again.svg", title="a pair", unit="USD")
    assert (tmp_path / "again.svg").read_text(encoding="utf-8") == drawn


def test_a_chart_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the chart cannot be written"):
        draw_plane([Outcome("weak", 0.2, 1.0)], tmp_path / "no" / "a.svg", title="a", unit="b")
