"""The weak model a few times; when the gate is not content, one strong attempt.

Weak LM First of arXiv 2505.20182. The weak attempts are not shown to the strong model. In the
study any valid patch stopped it, so that it measured formatting; here the gate decides.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Escalated, Proposal, StrategyContext
from pairwright.strategies.tries import tries

WEAK_TRIES = 5


class WeakFirst:
    """The weak model, then the strong one once."""

    name = "weak_first"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        if proposal := await attempts.rung(attempts.work(attempts.ctx.weak, tries(WEAK_TRIES))):
            return proposal
        await attempts.emit(Escalated("strong", attempts.why_not()))
        attempts.failure = None
        return await attempts.work(attempts.ctx.strong, tries(1))
