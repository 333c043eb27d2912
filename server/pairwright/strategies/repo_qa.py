"""The strong model answers a newcomer's questions about the repository, once; the weak model edits.

Repo Level QA Pairs of arXiv 2505.20182.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.repository_notes import repository_note
from pairwright.strategies.tries import tries


class RepoQa:
    """Questions and answers about the repository, then edits by the weak model."""

    name = "repo_qa"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        attempts.notes = await repository_note(attempts, "repo_qa")
        return await attempts.work(attempts.ctx.weak, tries())
