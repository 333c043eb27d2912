"""The strong model plans, the weak model edits.

Plan of arXiv 2505.20182 (its instance-level plan), with COPE's short guideline (arXiv 2506.11578)
in place of the four-part essay that made the published row dearer than one strong attempt.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.planner import make_plan
from pairwright.strategies.tries import tries


class PlanThenEdit:
    """A plan by the strong model, then edits by the weak one until the gate is content."""

    name = "plan"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        attempts.plan = await make_plan(attempts)
        return await attempts.work(attempts.ctx.weak, tries(sees_plan=True))
