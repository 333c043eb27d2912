"""The strong model plans, the weak model edits.

Plan of arXiv 2505.20182, with COPE's short guideline (arXiv 2506.11578) in place of the four-part
essay that made the published row dearer than one strong attempt.
"""

from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.planner import make_plan

TRIES = (
    Try(0.2, sees_plan=True),
    Try(0.3, sees_plan=True, sees_failure=True),
    Try(0.4, sees_plan=True),
    Try(0.5, sees_plan=True, sees_failure=True),
)


class PlanThenEdit:
    """A plan by the strong model, then edits by the weak one until the gate is content."""

    name = "plan"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)

        async def follow_plan() -> Proposal | None:
            attempts.plan = await make_plan(attempts)
            return await attempts.gain(attempts.ctx.weak, TRIES)

        return await attempts.until_sound(follow_plan)
