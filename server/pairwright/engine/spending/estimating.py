"""About what will a task cost? By what tasks cost here, else by the files it is about."""

from collections.abc import Sequence
from decimal import Decimal

from pairwright.engine.spending import costs
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Price, Provider
from pairwright.protocol.budget_messages import Estimate, EstimateFigure
from pairwright.strategies.base import ContextFile

ALONE = frozenset({"weak", "strong"})
"""The strategies that ask one model only."""
USUAL_PAIR = "ladder"
_ATTEMPTS_OF_PAIR = 3
_PLAN_WEIGHT = 0.5
"""Of an attempt's answer: a plan is shorter."""


def estimate(
    ledger: LedgerStore,
    strategy: str,
    *,
    strong: Provider,
    weak: Provider,
    files: Sequence[ContextFile],
    room_usd: Decimal,
    without_task: str = "",
) -> Estimate:
    """Return about what a task over these files costs; where it is a guess, rather too much.

    Args:
        strategy: what will do the work; where that is one model alone, the pair is the usual one.
        room_usd: what may still be spent.
        without_task: a task of the ledger that does not count: the one that is estimated.
    """
    pair = USUAL_PAIR if strategy in ALONE else strategy
    names = (strong.model, weak.model)

    def figure(name: str, guess_usd: Decimal | None) -> EstimateFigure:
        known = ledger.costs_of_tasks(name, models=names, without_task=without_task)
        if known:
            return EstimateFigure(usd=_share(known, 5), high_usd=_share(known, 9), tasks=len(known))
        return EstimateFigure(usd=guess_usd, high_usd=guess_usd, tasks=0)

    return Estimate(
        strategy=pair,
        weak=figure("weak", costs.alone_usd(weak.price, files)),
        pair=figure(pair, _pair_usd(strong.price, weak.price, files)),
        strong=figure("strong", costs.alone_usd(strong.price, files)),
        room_usd=room_usd,
    )


def planned_usd(estimate: Estimate, strategy: str) -> Decimal | None:
    """Return what an estimate says of the strategy that does the work."""
    figures = {"weak": estimate.weak, "strong": estimate.strong}
    return figures.get(strategy, estimate.pair).usd


def _pair_usd(
    strong: Price | None, weak: Price | None, files: Sequence[ContextFile]
) -> Decimal | None:
    characters = sum(len(file.text) for file in files)
    attempt_usd = costs.step_usd(weak, characters, 1.0)
    plan_usd = costs.step_usd(strong, characters, _PLAN_WEIGHT)
    if attempt_usd is None or plan_usd is None:
        return None
    return _ATTEMPTS_OF_PAIR * attempt_usd + plan_usd


def _share(costs_usd: Sequence[Decimal], tenths: int) -> Decimal:
    """Return the cost that so many tenths of the tasks do not pass."""
    rank = -(-tenths * len(costs_usd) // 10)
    return sorted(costs_usd)[max(1, rank) - 1]
