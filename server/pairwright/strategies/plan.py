"""The strong model plans, the weak model edits.

Plan of arXiv 2505.20182 (its instance-level plan), with COPE's short guideline (arXiv 2506.11578)
in place of the four-part essay that made the published row dearer than one strong attempt. A plan
that was given is followed instead, by the models that its steps name.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.planner import make_plan
from pairwright.strategies.steps import follow_plan, goes_by_steps, model_for
from pairwright.strategies.tries import tries

BY_STEPS = 3
"""How many of the tries go to single steps, where the plan has such."""


class PlanThenEdit:
    """A plan by the strong model, then edits by the weak one until the gate is content."""

    name = "plan"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        plan = await make_plan(attempts)
        waiting = tries(sees_plan=True)
        attempts.plan = plan
        if goes_by_steps(plan):
            gain = await follow_plan(attempts, plan, waiting[:BY_STEPS])
            if gain is not None and gain.verdict.is_sound:
                return gain
            waiting = waiting[BY_STEPS:]
        return await attempts.work(model_for(attempts.ctx, plan.steps), waiting)
