"""The strong model plans, the weak model edits.

Plan of arXiv 2505.20182, with COPE's short guideline (arXiv 2506.11578) in place of the four-part
essay that made the published row as dear as one strong attempt.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.planner import make_plan

TRIES = 4


class PlanThenEdit:
    """A plan by the strong model, then edits by the weak one until the gate is content."""

    name = "plan"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)

        async def follow_plan() -> Proposal | None:
            attempts.plan = await make_plan(attempts)
            return await attempts.gain(attempts.ctx.weak, tries=TRIES)

        return await attempts.until_sound(follow_plan)
