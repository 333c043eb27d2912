"""Several answers of the weak model, at the price of the strong one; the gate takes the best.

Best of N of arXiv 2505.20182 asks an oracle: hidden tests. Here the gate is the judge, and it
knows no more than the workspace's own checks and tests; it stops at the first sound change.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.tries import samples


class BestOfN:
    """Samples of the weak model, of which the gate takes the best."""

    name = "best_of_n"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(attempts.work(ctx.weak, samples(ctx.sample_count)))
