"""The weak model alone: what the pair must beat on quality.

Base Weak of arXiv 2505.20182, with two differences: the gate decides instead of "a valid patch",
and every other retry is told what failed.
"""

from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Emit, Proposal, StrategyContext

TRIES = (Try(0.2), Try(0.3, sees_failure=True), Try(0.4), Try(0.5, sees_failure=True))


class Weak:
    """The weak model edits until the gate is content, or gives up."""

    name = "weak"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.until_sound(lambda: attempts.gain(attempts.ctx.weak, TRIES))
