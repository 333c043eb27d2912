"""Which strategy pays best for a budget and a workspace?

By the published figures (arXiv 2505.20182, its table read as shares of the strong model's cost)
until this workspace's own tasks say something; then by these.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from pairwright.editing.formats import highest_likely_share
from pairwright.strategies.base import TaskOutcome

FEWEST_RUNS = 8
"""Of each of two strategies, before the record counts."""
WEAK_ALONE_BELOW = 0.15
"""Up to here every other row of the table costs more, or resolves no more than the weak model."""
WEAK_FIRST_BELOW = 0.5
STRONG_SINGLE_BELOW = 0.58
STRONG_FIRST_BELOW = 1.0
"""Shares of the strong model's cost, from which on the next row of the table can be paid."""
_ALIKE = 0.15
"""Tasks whose difficulty differs by no more ask for about as much."""
_TIE = 0.05
"""Strategies this close in what they surely reach are told apart by their cost."""
_SMALLEST_FINISHER = 14
"""Billions of parameters; with smaller ones the study's finisher mended nothing."""
_BILLIONS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known before a strategy is chosen."""

    strong: str
    """The model's name."""
    weak: str
    budget_share: float | None
    """What may be spent, as a share of what the strong model alone is expected to cost."""
    is_free: bool
    """Neither model costs anything."""
    has_tests: bool
    suffix: str
    """Of the most relevant file."""
    difficulty: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A strategy's name, and in one line why it is chosen."""

    strategy: str
    reason: str


def choose(situation: Situation, outcomes: Iterable[TaskOutcome], known: Collection[str]) -> Choice:
    """Return the strategy that pays best.

    Args:
        situation: the task at hand.
        outcomes: of this workspace's earlier tasks.
        known: the strategies that may be chosen; what the figures name is always among them.
    """
    if situation.strong == situation.weak:
        return Choice("strong", f"both models are {situation.strong}, so it works alone")
    published = by_published_figures(situation)
    relevant, of_what = _relevant([each for each in outcomes if each.strategy in known], situation)
    return _by_record(relevant, of_what, published, situation) or published


def by_published_figures(situation: Situation) -> Choice:
    """Return what pays by the study's table, for two different models."""
    share, tail = situation.budget_share, _can_finish(situation.weak)
    if situation.is_free:
        if situation.has_tests:
            return Choice("ladder", "both models are free, and tests judge each attempt")
        return Choice(
            "strong", "strong alone: both models are free, and no tests could tell a weak answer"
        )
    if share is not None and share < WEAK_ALONE_BELOW:
        return Choice("weak", f"weak alone: {_budget(share)} of what the strong model costs")
    if situation.has_tests:
        return Choice("ladder", "tests judge each attempt: strong work is paid only where it fails")
    if share is None:
        return _strong_attempt("no tests judge, and the strong model's price is not known", tail)
    if share < WEAK_FIRST_BELOW:
        return Choice("weak_first", f"no tests judge, and {_budget(share)} of strong alone")
    if share < STRONG_SINGLE_BELOW:
        return Choice("strong_single", f"no tests judge, and {_budget(share)} of strong alone")
    if share < STRONG_FIRST_BELOW:
        return _strong_attempt(f"no tests judge, and {_budget(share)} of strong alone", tail)
    return Choice("strong", "strong alone: no tests judge, and the budget has room for retries")


def _strong_attempt(reason: str, can_finish: bool) -> Choice:
    if can_finish:
        return Choice("strong_first", reason)
    return Choice("strong_single", f"{reason}; the weak model is too small to finish its work")


def _budget(share: float) -> str:
    return f"the budget is {share:.0%}"


def _can_finish(model: str) -> bool:
    sizes = [float(size) for size in _BILLIONS.findall(model)]
    return not sizes or max(sizes) >= _SMALLEST_FINISHER


def _relevant(
    outcomes: Sequence[TaskOutcome], situation: Situation
) -> tuple[Sequence[TaskOutcome], str]:
    """Return the outcomes of the tasks most like this one that are enough, and what they are."""
    of_kind = [each for each in outcomes if each.suffix == situation.suffix]
    alike = [each for each in of_kind if abs(each.difficulty - situation.difficulty) <= _ALIKE]
    kind = f"{situation.suffix} " if situation.suffix else ""
    for chosen, words in ((alike, f"{kind}tasks of this size"), (of_kind, f"{kind}tasks")):
        if len(_records(chosen)) >= 2:
            return chosen, words
    return outcomes, "tasks"


@dataclass(frozen=True, slots=True)
class _Record:
    """How one strategy did here."""

    strategy: str
    runs: int
    good: int
    cost_share: float | None
    """The mean, of the tasks whose cost is known."""

    @property
    def surely(self) -> float:
        """The lower bound of Wilson's 95 % interval for the share of good tasks."""
        return 1 - highest_likely_share(self.runs - self.good, self.runs)


def _records(outcomes: Iterable[TaskOutcome]) -> list[_Record]:
    by_strategy: dict[str, list[TaskOutcome]] = {}
    for each in outcomes:
        by_strategy.setdefault(each.strategy, []).append(each)
    found = []
    for strategy, tasks in by_strategy.items():
        shares = [each.cost_share for each in tasks if each.cost_share is not None]
        good = sum(each.is_good for each in tasks)
        cost = fmean(shares) if shares else None
        if len(tasks) >= FEWEST_RUNS:
            found.append(_Record(strategy, len(tasks), good, cost))
    return found


def _by_record(
    outcomes: Iterable[TaskOutcome], of_what: str, published: Choice, situation: Situation
) -> Choice | None:
    """Return what the record speaks for; None while it says too little."""
    records = _records(outcomes)
    if len(records) < 2:
        return None
    payable = [each for each in records if _fits(each, situation.budget_share)]
    if not payable:
        return None
    surest = max(each.surely for each in payable)
    close = [each for each in payable if each.surely >= surest - _TIE]
    best = min(close, key=lambda each: (_cost(each, situation), -each.surely, each.strategy))
    was_tried = any(each.strategy == published.strategy for each in records)
    if not was_tried and best.good * 2 < best.runs:
        # What mostly failed here is no reason to leave untried what the figures speak for.
        return None
    return Choice(best.strategy, _why(best, of_what, situation))


def _fits(record: _Record, budget_share: float | None) -> bool:
    return budget_share is None or record.cost_share is None or record.cost_share <= budget_share


def _cost(record: _Record, situation: Situation) -> float:
    if situation.is_free:
        return 0.0
    return float("inf") if record.cost_share is None else record.cost_share


def _why(best: _Record, of_what: str, situation: Situation) -> str:
    alone = {"weak": "weak alone: ", "strong": "strong alone: "}.get(best.strategy, "")
    cost = ""
    if best.cost_share is not None and not situation.is_free:
        cost = f", for about {best.cost_share:.0%} of what strong alone costs"
    return f"{alone}{best.good} of {best.runs} {of_what} ended well with it here{cost}"
