"""Small plans and small executes; then large plans; then large does it.

COPE (arXiv 2506.11578) for code: at each of the first two stages every sample is run by the gate,
and one that it is content with ends the work. The small model plans a goal (what), the large one a
guideline (how), in one or two sentences each; the small model's goal is never shown to the large
one, which its plans would hurt. A stage that a model's outage ends is followed by the next one.
"""

import re

from pairwright.llm.model import Model
from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Emit, Escalated, Note, Proposal, StrategyContext
from pairwright.strategies.questions import Question, ask

SAMPLES = 8
GOAL = Question("goal", "cope_goal", max_output_tokens=60, temperature=0.8)
GUIDELINE = Question("guideline", "cope_guideline", max_output_tokens=120, temperature=0.8)
_FIRST = Try(temperature=0.4, may_repair=False)
_SECOND = Try(temperature=0.8, may_repair=False)
_LAST = Try(temperature=0.0, may_repair=False)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Cope:
    """All three stages."""

    name = "cope"
    ends_with_the_strong_model = True

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._climb(attempts))

    async def _climb(self, attempts: Attempts) -> Proposal | None:
        if proposal := await attempts.rung(_small_plans(attempts)):
            return proposal
        await attempts.emit(Escalated("guideline", attempts.why_not()))
        guideline = await _said(attempts, attempts.ctx.strong, GUIDELINE, sentences=2)
        attempts.notes += _notes(guideline=guideline)
        second = attempts.work(attempts.ctx.weak, (_SECOND,) * SAMPLES)
        if not self.ends_with_the_strong_model:
            return await second
        if proposal := await attempts.rung(second):
            return proposal
        await attempts.emit(Escalated("strong", attempts.why_not()))
        attempts.notes = _notes(guideline=guideline)
        return await attempts.work(attempts.ctx.strong, (_LAST,))


class CopeLite(Cope):
    """The first two stages: nearly as good, at a seventh of the cost (the paper's ablation)."""

    name = "cope_lite"
    ends_with_the_strong_model = False


async def _small_plans(attempts: Attempts) -> Proposal | None:
    weak = attempts.ctx.weak
    for _ in range(SAMPLES):
        # The latest goal stands for "the goal of a majority answer", which code has not.
        goal = await _said(attempts, weak, GOAL, sentences=1)
        attempts.notes = _notes(goal=goal)
        if proposal := await attempts.work(weak, (_FIRST,)):
            return proposal
    return None


async def _said(attempts: Attempts, model: Model, question: Question, *, sentences: int) -> str:
    """Return the first sentences of an answer: whoever writes more is cut."""
    answer = " ".join((await ask(attempts, model, question)).split())
    return " ".join(_SENTENCE_END.split(answer)[:sentences])


def _notes(*, goal: str = "", guideline: str = "") -> tuple[Note, ...]:
    notes = (Note("goal", goal), Note("guideline", guideline))
    return tuple(note for note in notes if note.text)
