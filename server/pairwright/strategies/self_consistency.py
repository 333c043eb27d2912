"""Several answers of the weak model, at the price of the strong one; which of them is meant?

Self-consistency of arXiv 2505.20182 in its three ways: the most frequent patch, the first patch of
the largest cluster, and the one that the weak model itself prefers. The gate has no say in the
choice, as in the study; what is chosen is judged like any other proposal. A sample is one answer,
where the study asked up to ten times for one that can be used; what comes before an outage counts.
"""

import asyncio
from contextlib import suppress

from pairwright.errors import BudgetExceeded, ModelError
from pairwright.strategies.attempts import Attempts, Sample
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.choosing import by_likeness, by_name, by_vote
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.quoting import quoted
from pairwright.strategies.tries import samples


class SelfConsistency:
    """Samples of the weak model, one of which is chosen by vote."""

    name = "self_consistency"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def choose(self, attempts: Attempts, found: list[Sample]) -> int:
        """Return the index of the sample that is meant."""
        return by_vote([sample.diff for sample in found])

    async def _work(self, attempts: Attempts) -> Proposal | None:
        found = await attempts.samples(attempts.ctx.weak, samples(attempts.ctx.sample_count))
        if not found:
            return None
        return await attempts.judge(found[await self.choose(attempts, found)])


class SelfConsistencyClustering(SelfConsistency):
    """Samples of the weak model, of which the largest cluster's first is chosen."""

    name = "self_consistency_clustering"

    async def choose(self, attempts: Attempts, found: list[Sample]) -> int:
        """Return the index of the sample that is meant."""
        # Comparing long patches takes seconds, in which others want answers.
        return await asyncio.to_thread(by_likeness, [sample.diff for sample in found])


class SelfConsistencyUniversal(SelfConsistency):
    """Samples of the weak model, of which it chooses one itself."""

    name = "self_consistency_universal"

    async def choose(self, attempts: Attempts, found: list[Sample]) -> int:
        """Return the index that the model gives; the vote's, when it gives none."""
        diffs = [sample.diff for sample in found]
        shown = "\n\n".join(
            f"Patch {number}:\n{quoted(diff)}" for number, diff in enumerate(diffs, 1)
        )
        question = Question("select", "select_patch", max_output_tokens=300, more=shown)
        answer = ""
        with suppress(ModelError, BudgetExceeded):  # more than fits the window, say
            answer = await ask(attempts, attempts.ctx.weak, question)
        choice = by_name(answer, len(found))
        return by_vote(diffs) if choice is None else choice
