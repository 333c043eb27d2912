"""The weak model drafts, the strong model accepts the draft or replaces it.

CoWest's direction (arXiv 2504.15188): the weak model, perhaps tuned on this code, writes the edit
and why; the strong model sees the task and the draft.
"""

from contextlib import suppress

from pairwright.errors import ModelError
from pairwright.strategies.attempts import Attempts, Sample
from pairwright.strategies.base import Emit, Escalated, Note, Proposal, StrategyContext
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.quoting import quoted
from pairwright.strategies.tries import samples, tries

JUDGEMENT_TOKENS = 200


class DraftRefine:
    """A draft by the weak model, refined by the strong one."""

    name = "draft_refine"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        strong, weak = attempts.ctx.strong, attempts.ctx.weak
        drafts: list[Sample] = []
        with suppress(ModelError):  # without a draft the strong model works alone
            drafts = await attempts.samples(weak, samples(1))
        reason = attempts.why_not()
        if drafts:
            failing = attempts.failing
            judgement = await self._judged_by_strong(attempts, drafts[0])
            if judgement.lstrip("`*# ").upper().startswith("ACCEPT"):
                proposal = await attempts.judge(drafts[0])
                if proposal.verdict.is_sound:
                    return proposal
                judgement = attempts.why_not()
            if attempts.failing == failing:
                # Otherwise the draft is in the text by now, and what still fails is shown.
                attempts.notes = (Note("draft", drafts[0].diff), Note("review", judgement))
            reason = judgement.partition("\n")[0]
        await attempts.emit(Escalated("strong", reason))
        return await attempts.work(strong, tries(2))

    async def _judged_by_strong(self, attempts: Attempts, draft: Sample) -> str:
        question = Question(
            "refine",
            "judge_draft",
            max_output_tokens=JUDGEMENT_TOKENS,
            more=f"The draft:\n{quoted(draft.diff)}",
        )
        return await ask(attempts, attempts.ctx.strong, question)
