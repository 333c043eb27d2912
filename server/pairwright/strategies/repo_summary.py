"""The strong model sums the repository up, once; the weak model edits.

Repo Summary of arXiv 2505.20182.
"""

from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.repository_notes import repository_note
from pairwright.strategies.tries import tries


class RepoSummary:
    """A summary of the repository, then edits by the weak model."""

    name = "repo_summary"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        attempts.notes = await repository_note(attempts, "repo_summary")
        return await attempts.work(attempts.ctx.weak, tries())
