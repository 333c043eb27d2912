"""The strong model answers the questions that a newcomer would ask, the weak model edits.

Instance Level QA Pairs of arXiv 2505.20182: seven to ten questions and answers about this task,
without code.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Note, Proposal, StrategyContext
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.tries import tries

QUESTION = Question("explain", "instance_qa", max_output_tokens=900)


class InstanceQa:
    """Questions and answers by the strong model, then edits by the weak one."""

    name = "instance_qa"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        if answers := await ask(attempts, attempts.ctx.strong, QUESTION):
            attempts.notes = (Note("questions_and_answers", answers),)
        return await attempts.work(attempts.ctx.weak, tries())
