"""One strong attempt; when it cannot be used, the weak model finishes it.

Strong LM First of arXiv 2505.20182: the best collaborative row of the study. The weak model is a
cheap finisher of an attempt that failed, and sees all that the strong model wrote.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Escalated, Note, Proposal, StrategyContext
from pairwright.strategies.tries import tries


class StrongFirst:
    """The strong model once, then the weak one on top of what it wrote."""

    name = "strong_first"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        if proposal := await attempts.rung(attempts.work(attempts.ctx.strong, tries(1))):
            return proposal
        await attempts.emit(Escalated("weak", attempts.why_not()))
        if attempts.answer:
            attempts.notes = (Note("expert_attempt", attempts.answer),)
        return await attempts.work(attempts.ctx.weak, tries())
