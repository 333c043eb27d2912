"""The strong model alone: what the pair must beat on cost.

Base Strong of arXiv 2505.20182.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.tries import tries


class Strong:
    """The strong model edits until the gate is content, or gives up."""

    name = "strong"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(attempts.work(ctx.strong, tries()))
