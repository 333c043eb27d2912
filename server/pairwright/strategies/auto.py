"""The strategy that pays, by the published figures and then by what happened here.

It makes no attempt of its own: the chosen strategy does all the work.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from pairwright.strategies.base import Emit, Proposal, Strategy, StrategyChosen, StrategyContext
from pairwright.strategies.calibrated_router import difficulty_of
from pairwright.strategies.payoff import Situation, choose


class Auto:
    """Chooses one of the others, says why, and hands over."""

    name = "auto"

    def __init__(self, strategies: Mapping[str, Strategy]) -> None:
        """Choose among these, by name."""
        self._strategies = strategies

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        choice = choose(_situation(ctx), ctx.record.outcomes, self._strategies.keys())
        await emit(StrategyChosen(choice.strategy, choice.reason))
        return await self._strategies[choice.strategy].run(ctx, emit)


def _situation(ctx: StrategyContext) -> Situation:
    return Situation(
        strong=ctx.strong.name,
        weak=ctx.weak.name,
        budget_share=ctx.budget_share,
        is_free=ctx.is_free,
        has_tests=ctx.has_tests,
        suffix=PurePosixPath(ctx.context[0].path).suffix if ctx.context else "",
        difficulty=difficulty_of(ctx),
    )
