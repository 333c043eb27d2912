"""Cheap features and the local record decide which model works.

RouteLLM's threshold (arXiv 2406.18665) without its model: the score of a task comes from what is
known before anybody is asked, and a wanted share of this workspace's tasks goes to the strong one.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Escalated, Proposal, StrategyContext
from pairwright.strategies.routing import difficulty, features_of, threshold_for
from pairwright.strategies.tries import tries


class CalibratedRouter:
    """The weak model for what looks easy here, the strong one for the rest."""

    name = "calibrated_router"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        ctx = attempts.ctx
        score = difficulty_of(ctx)
        threshold = threshold_for(ctx.strong_share, ctx.record.difficulties)
        if score < threshold:
            return await attempts.work(ctx.weak, tries())
        await attempts.emit(Escalated("strong", _reason(score, threshold)))
        return await attempts.work(ctx.strong, tries())


def difficulty_of(ctx: StrategyContext) -> float:
    """Return how much a task asks for, 0 to 1, by what is known before anybody is asked."""
    return difficulty(
        features_of(
            ctx.instruction,
            texts=[file.text for file in ctx.context if file.is_editable],
            failing_tests=len(ctx.failing_tests),
            has_focus=ctx.has_focus,
        )
    )


def _reason(score: float, threshold: float) -> str:
    if not threshold:
        return "too few tasks were done here to tell the easy ones"
    return f"the task scores {score:.2f}, and from {threshold:.2f} on the strong model works"
