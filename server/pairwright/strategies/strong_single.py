"""One attempt of the strong model: the row that naive collaboration does not beat.

Strong LM Single Attempt of arXiv 2505.20182: no retry, no weak model.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.tries import tries


class StrongSingle:
    """The strong model edits once."""

    name = "strong_single"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(attempts.work(ctx.strong, tries(1)))
