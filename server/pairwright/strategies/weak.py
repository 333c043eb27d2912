"""The weak model alone: what the pair must beat on quality.

Base Weak of arXiv 2505.20182.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.tries import tries


class Weak:
    """The weak model edits until the gate is content, or gives up."""

    name = "weak"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(attempts.work(ctx.weak, tries()))
