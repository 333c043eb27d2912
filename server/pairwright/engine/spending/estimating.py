"""About what will a task cost? By what tasks cost here, else by the files it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pairwright.engine.spending import costs
from pairwright.ledger.past_tasks import PastTask
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Price, Provider
from pairwright.protocol.budget_messages import Estimate, EstimateFigure
from pairwright.strategies.base import ContextFile

ALONE = frozenset({"weak", "strong"})
"""The strategies that ask one model only."""
USUAL_PAIR = "ladder"
_ATTEMPTS_OF_PAIR = 3
_PLAN_WEIGHT = 0.5
"""Of an attempt's answer: a plan is shorter, and so is an explanation."""


@dataclass(frozen=True, slots=True)
class Less:
    """Work of one call, after which nothing is edited."""

    work: Literal["plan", "explanation"]
    name: str
    """What the ledger calls it."""
    price: Price | None
    """Of the model that does it; None when it is unknown."""

    def usd(self, files: Iterable[ContextFile]) -> Decimal | None:
        """Return about what it costs over these files."""
        characters = sum(len(file.text) for file in files)
        return costs.step_usd(self.price, characters, _PLAN_WEIGHT)


def estimate(
    ledger: LedgerStore,
    strategy: str,
    *,
    strong: Provider,
    weak: Provider,
    files: Sequence[ContextFile],
    room_usd: Decimal,
    without_task: str = "",
    less: Less | None = None,
) -> Estimate:
    """Return about what a task over these files costs; where it is a guess, rather too much.

    Args:
        strategy: what will do the work; where that is one model alone, the pair is the usual one.
        room_usd: what may still be spent.
        without_task: a task of the ledger that does not count: the one that is estimated.
        less: what is asked for, where that is less than a change.
    """
    pair = USUAL_PAIR if strategy in ALONE else strategy
    names = (strong.model, weak.model)

    def figure(name: str, guess_usd: Decimal | None) -> EstimateFigure:
        return figure_of(
            ledger.past_tasks(name, models=names, without_task=without_task), guess_usd
        )

    return Estimate(
        strategy=pair,
        weak=figure("weak", costs.alone_usd(weak.price, files)),
        pair=figure(pair, _pair_usd(strong.price, weak.price, files)),
        strong=figure("strong", costs.alone_usd(strong.price, files)),
        room_usd=room_usd,
        asked=None if less is None else figure(less.name, less.usd(files)),
        work="change" if less is None else less.work,
    )


def figure_of(tasks: Sequence[PastTask], guess_usd: Decimal | None) -> EstimateFigure:
    """Return what tasks like these cost: by the record where it says enough, else the guess."""
    usual_usd = _not_passed_by(5, tasks)
    if usual_usd is not None:
        high_usd = _not_passed_by(9, tasks)
        return EstimateFigure(usd=usual_usd, high_usd=high_usd, tasks=len(tasks))
    # So many were stopped that even the middle one is only known to lie beyond all of them.
    least_usd = max((task.cost_usd for task in tasks), default=None)
    if least_usd is None or (guess_usd is not None and guess_usd > least_usd):
        return EstimateFigure(usd=guess_usd, high_usd=guess_usd, tasks=0)
    return EstimateFigure(usd=least_usd, high_usd=None, tasks=len(tasks), is_least=True)


def in_words(estimate: Estimate) -> str:
    """Return about what a task costs, in a line for a bar of progress; empty when it is free."""
    named = [
        (estimate.strategy, estimate.pair),
        ("weak alone", estimate.weak),
        ("strong alone", estimate.strong),
    ]
    if estimate.asked is not None:
        named.insert(0, (f"the {estimate.work}", estimate.asked))
    if not any(figure.usd for _, figure in named):
        return ""
    return "estimate: " + ", ".join(f"{name} {_in_words(figure)}" for name, figure in named)


def planned_usd(estimate: Estimate, strategy: str) -> Decimal | None:
    """Return what an estimate says of the strategy that does the work."""
    if estimate.asked is not None:
        return estimate.asked.usd
    figures = {"weak": estimate.weak, "strong": estimate.strong}
    return figures.get(strategy, estimate.pair).usd


def _in_words(figure: EstimateFigure) -> str:
    if figure.usd is None:
        return "unknown"
    return f"{'at least' if figure.is_least else 'about'} ${figure.usd:.4f}"


def _pair_usd(
    strong: Price | None, weak: Price | None, files: Sequence[ContextFile]
) -> Decimal | None:
    characters = sum(len(file.text) for file in files)
    attempt_usd = costs.step_usd(weak, characters, 1.0)
    plan_usd = costs.step_usd(strong, characters, _PLAN_WEIGHT)
    if attempt_usd is None or plan_usd is None:
        return None
    return _ATTEMPTS_OF_PAIR * attempt_usd + plan_usd


def _not_passed_by(tenths: int, tasks: Sequence[PastTask]) -> Decimal | None:
    """Return the cost that so many tenths of the tasks do not pass; None when nobody can tell.

    By Kaplan's and Meier's estimate (1958): of a task that was stopped it is known that it would
    have cost more than it did, and not how much. To leave such tasks out would make the others,
    which were cheap enough, the rule.
    """
    left, passing = len(tasks), Fraction(1)
    for task in sorted(tasks, key=lambda each: (each.cost_usd, not each.is_whole)):
        if task.is_whole:
            passing *= Fraction(left - 1, left)
            if passing <= Fraction(10 - tenths, 10):
                return task.cost_usd
        left -= 1
    return None
