"""Climb only as high as the gate demands, and only for what still fails.

Weak trial, then a short strong plan with the weak model again, then strong attempts, some of which
see the same plan. The plan is bought after a failed trial, as in planning-after-trial
(arXiv 2605.07248), and is a guideline of COPE's kind (arXiv 2506.11578); a weak model's plan is
never shown to the strong.
An attempt that mends some of the failing tests is kept, and the climb begins anew for the rest.
"""

from pairwright.errors import ModelError
from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Emit, Escalated, Proposal, StrategyContext
from pairwright.strategies.planner import make_plan

TRIAL = (Try(0.2), Try(0.5))
PLANNED = (Try(0.2, sees_plan=True), Try(0.5, sees_plan=True, sees_failure=True))
TAKEOVER = (
    Try(0.2),
    Try(0.3, sees_plan=True),
    Try(0.4, sees_failure=True),
    Try(0.5, sees_plan=True, sees_failure=True),
    Try(0.6),
)


class Ladder:
    """The default strategy: a gate after every attempt, and the best so far when none is sound."""

    name = "ladder"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`.

        A model that does not answer costs its rung, not the task.
        """
        attempts = Attempts(ctx, emit)
        return await attempts.until_sound(lambda: self._climb(attempts))

    async def _climb(self, attempts: Attempts) -> Proposal | None:
        """Go up rung by rung until there is a gain.

        Raises:
            BudgetExceeded: the next call does not fit.
            ModelError: the last model that was asked did not answer.
        """
        outage: ModelError | None = None
        for rung, work in (
            ("weak", self._try_weak),
            ("plan", self._plan_then_weak),
            ("strong", self._try_strong),
        ):
            if rung != "weak":
                await attempts.emit(Escalated(rung, _reason(attempts, outage)))
            try:
                outage = None
                if gain := await work(attempts):
                    return gain
            except ModelError as error:
                outage = error
        if outage is not None:
            raise outage
        return None

    async def _try_weak(self, attempts: Attempts) -> Proposal | None:
        return await attempts.gain(attempts.ctx.weak, TRIAL)

    async def _plan_then_weak(self, attempts: Attempts) -> Proposal | None:
        attempts.plan = await make_plan(attempts)
        return await attempts.gain(attempts.ctx.weak, PLANNED)

    async def _try_strong(self, attempts: Attempts) -> Proposal | None:
        return await attempts.gain(attempts.ctx.strong, TAKEOVER)


def _reason(attempts: Attempts, outage: ModelError | None) -> str:
    if outage is not None:
        return str(outage)
    if attempts.failure is None:
        return "no attempt was possible"
    return attempts.failure.evidence.partition("\n")[0]
