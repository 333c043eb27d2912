"""What do the results of a suite say? Tables in the form of the published one.

Shares are of the strong model's rate and cost; the lift is over a coin, see `frontier`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean

from pairwright.bench.strategies.frontier import (
    Measures,
    Outcome,
    cost_per_extra,
    frontier,
    measure,
    upper_hull,
    wilson_interval,
)
from pairwright.bench.strategies.published import (
    STRONG_ALONE,
    TASKS,
    WEAK_ALONE,
    PublishedPair,
)
from pairwright.bench.strategies.results import Prices, Result, cost_of_result
from pairwright.errors import UserError

STRONG = "strong"
WEAK = "weak"

_HEAD = (
    "strategy",
    "resolved",
    "95 % interval",
    "USD",
    "rate share",
    "cost share",
    "lift (pp)",
    "frontier",
    "weak well-formed",
)
_PUBLISHED_HEAD = _HEAD[:-1]
CHECKS = ("applies", "parses", "problems", "tests")
"""Of the gate's checks, those that tell how good proposals are; as in the Copilot Evaluation
Harness (arXiv 2402.14261), but decided by the gate's own functions."""


@dataclass(frozen=True, slots=True)
class StrategyResults:
    """All runs of one strategy on the tasks that every strategy has results of."""

    strategy: str
    tasks: int
    runs: int
    resolved: int
    cost_usd: float
    """Of every task once: the mean over repeats."""
    seconds: float
    """Of every task once, likewise."""
    weak_answers: int
    weak_well_formed: int
    proposals: int = 0
    """Runs that proposed anything."""
    sound: int = 0
    """Proposals with which the gate was content."""
    checks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Of each of the gate's checks: proposals that passed it, and those on which it was run."""

    @property
    def outcome(self) -> Outcome:
        """The point in the cost-quality plane."""
        return Outcome(self.strategy, self.resolved / self.runs, self.cost_usd)


@dataclass(frozen=True, slots=True)
class SuiteResults:
    """One pair of models on one suite."""

    strong: str
    weak: str
    strategies: tuple[StrategyResults, ...]
    left_out: tuple[str, ...]
    """Tasks that some strategy has no result of."""


def gather(results: Iterable[Result], prices: Prices) -> tuple[SuiteResults, ...]:
    """Return the results pair by pair; runs that ended in an error count for nothing.

    Raises:
        UserError: a run's cost is not known, so that nothing can be compared.
    """
    by_pair: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        if result.ending != "error":
            by_pair[result.strong, result.weak].append(result)
    return tuple(
        _gather_pair(strong, weak, found, prices) for (strong, weak), found in by_pair.items()
    )


def report_text(suite: SuiteResults) -> str:
    """Return the table of a pair's results, in Markdown that is readable as it is."""
    outcomes = [each.outcome for each in suite.strategies]
    names = {each.strategy for each in outcomes}
    found: Sequence[Measures | None] = [None] * len(outcomes)
    if {STRONG, WEAK} <= names:
        found = measure(outcomes, strong=STRONG, weak=WEAK)
    points = frontier(outcomes)
    rows = [
        _row(each, measures, is_on_frontier=each.outcome in points)
        for each, measures in zip(suite.strategies, found, strict=True)
    ]
    tasks = suite.strategies[0].tasks if suite.strategies else 0
    title = f"## {suite.strong} and {suite.weak}: {tasks} {'task' if tasks == 1 else 'tasks'}"
    notes = [f"Left out, because not every strategy was run on them: {', '.join(suite.left_out)}."]
    said = table(
        ("strategy", "proposed", "sound", *CHECKS, "s a task"), map(_gate_row, suite.strategies)
    )
    parts = [title, table(_HEAD, rows), "What the gate says of the proposals:", said]
    return "\n\n".join([*parts, *(notes if suite.left_out else ())]) + "\n"


def published_text(pair: PublishedPair) -> str:
    """Return the published table of a pair, with what follows from it, and its frontier."""
    measures = measure(pair.outcomes, strong=STRONG_ALONE, weak=WEAK_ALONE)
    rows = [
        (
            each.outcome.strategy,
            f"{each.outcome.rate * 100:.2f} %",
            _interval(round(each.outcome.rate * TASKS), TASKS),
            f"{each.outcome.cost_usd:.2f}",
            *_shares(each),
            _place(each.is_on_frontier, each.is_on_hull),
        )
        for each in measures
    ]
    points = frontier(pair.outcomes)
    hull = upper_hull(points)
    steps = [
        (
            point.strategy,
            f"{round(point.rate * TASKS)}",
            f"{point.cost_usd / TASKS:.4f}",
            "–" if extra is None else f"{extra:.2f}",
            "yes" if point in hull else "",
        )
        for point, extra in zip(points, cost_per_extra(points, TASKS), strict=True)
    ]
    head = ("frontier", "resolved", "USD a task", "USD one more costs", "hull")
    title = f"## {pair.strong} and {pair.weak}: {TASKS} tasks of SWE-bench Lite, as published"
    return f"{title}\n\n{table(_PUBLISHED_HEAD, rows)}\n\n{table(head, steps)}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose columns are as wide as they must be."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    shown = [
        "| "
        + " | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(shown)


def _gather_pair(strong: str, weak: str, results: Sequence[Result], prices: Prices) -> SuiteResults:
    by_strategy: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        by_strategy[result.strategy][result.task].append(result)
    tasks = {result.task for result in results}
    common = {task for task in tasks if all(task in runs for runs in by_strategy.values())}
    return SuiteResults(
        strong=strong,
        weak=weak,
        strategies=tuple(
            _gather_strategy(strategy, {task: runs[task] for task in sorted(common)}, prices)
            for strategy, runs in by_strategy.items()
            if common
        ),
        left_out=tuple(sorted(tasks - common)),
    )


def _gather_strategy(
    strategy: str, by_task: Mapping[str, Sequence[Result]], prices: Prices
) -> StrategyResults:
    runs = [result for results in by_task.values() for result in results]
    weak = [result.use[WEAK] for result in runs if WEAK in result.use]
    proposed = [result for result in runs if result.is_sound is not None]
    return StrategyResults(
        strategy=strategy,
        tasks=len(by_task),
        runs=len(runs),
        resolved=sum(result.ending == "resolved" for result in runs),
        cost_usd=sum(
            mean(_cost(each, prices) for each in each_task) for each_task in by_task.values()
        ),
        seconds=sum(mean(each.seconds for each in each_task) for each_task in by_task.values()),
        weak_answers=sum(use.answers for use in weak),
        weak_well_formed=sum(use.well_formed for use in weak),
        proposals=len(proposed),
        sound=sum(result.is_sound is True for result in proposed),
        checks={name: _passed([result.checks.get(name) for result in proposed]) for name in CHECKS},
    )


def _passed(outcomes: Sequence[str | None]) -> tuple[int, int]:
    run = [outcome for outcome in outcomes if outcome in ("passed", "failed")]
    return run.count("passed"), len(run)


def _cost(result: Result, prices: Prices) -> float:
    cost = cost_of_result(result, prices)
    if cost is None:
        raise UserError(
            f"nobody knows what {result.strategy!r} cost on {result.task!r}: give prices, "
            "such as --prices strong=1.10/4.40,weak=0.15/0.60"
        )
    return float(cost)


def _row(
    results: StrategyResults, measures: Measures | None, *, is_on_frontier: bool
) -> tuple[str, ...]:
    return (
        results.strategy,
        f"{results.resolved}/{results.runs} ({results.outcome.rate * 100:.0f} %)",
        _interval(results.resolved, results.runs),
        f"{results.cost_usd:.4f}",
        *(_shares(measures) if measures is not None else ("–", "–", "–")),
        _place(is_on_frontier, measures is not None and measures.is_on_hull),
        f"{results.weak_well_formed}/{results.weak_answers}" if results.weak_answers else "–",
    )


def _gate_row(results: StrategyResults) -> tuple[str, ...]:
    checks = (results.checks.get(name, (0, 0)) for name in CHECKS)
    return (
        results.strategy,
        f"{results.proposals}/{results.runs}",
        f"{results.sound}/{results.proposals}" if results.proposals else "–",
        *(f"{passed}/{run}" if run else "–" for passed, run in checks),
        f"{results.seconds / results.tasks:.0f}",
    )


def _shares(measures: Measures) -> tuple[str, str, str]:
    return (
        f"{measures.rate_share * 100:.0f} %",
        f"{measures.cost_share * 100:.0f} %",
        f"{measures.lift * 100:+.1f}",
    )


def _place(is_on_frontier: bool, is_on_hull: bool) -> str:
    return "hull" if is_on_hull else "yes" if is_on_frontier else ""


def _interval(resolved: int, runs: int) -> str:
    low, high = wilson_interval(resolved, runs)
    return f"{low * 100:.0f} to {high * 100:.0f} %"
