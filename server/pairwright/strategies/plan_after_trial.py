"""The weak model tries first; when that fails, the strong one plans and the weak edits by the plan.

Planning-after-Trial (arXiv 2605.07248): N=5 samples at temperature 0.8, none of which knows of
another, with a gate after each. A round that makes more tests pass is followed by another one for
what still fails; a plateau ends the work. Where we differ: there the weak model's tests of its own
are the judge, here the gate is; there the plan cuts the task into helper functions, each of which
is tried and planned like a task, here its steps are followed in one edit, and the next round plans
anew for the rest; there the recursion ends by the plateau alone, here after three rounds at most.
"""

from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Emit, Escalated, Proposal, StrategyContext
from pairwright.strategies.planner import make_plan

SAMPLES = 5
TEMPERATURE = 0.8
MOST_ROUNDS = 3
_TRIAL = (Try(TEMPERATURE, may_repair=False),) * SAMPLES
_PLANNED = (Try(TEMPERATURE, sees_plan=True, may_repair=False),) * SAMPLES


class PlanAfterTrial:
    """Rounds of a weak trial and, after it failed, a strong plan for the weak model."""

    name = "plan_after_trial"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        for _ in range(MOST_ROUNDS):
            failing = attempts.failing
            if proposal := await self._round(attempts):
                return proposal
            if attempts.failing == failing:
                return None
        return None

    async def _round(self, attempts: Attempts) -> Proposal | None:
        """Return a sound change; None when there is none, be there progress or not."""
        weak = attempts.ctx.weak
        if proposal := await attempts.work(weak, _TRIAL):
            return proposal
        await attempts.emit(Escalated("plan", attempts.why_not()))
        attempts.plan = await make_plan(attempts)
        gain = await attempts.gain(weak, _PLANNED)
        return gain if gain is not None and gain.verdict.is_sound else None
