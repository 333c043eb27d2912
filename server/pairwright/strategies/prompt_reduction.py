"""The weak model says which lines matter, the strong model sees only these.

Prompt Reduction of arXiv 2505.20182, with spans in place of retyped code: the backend reads the
lines, so that what the strong model quotes is in the file.
"""

from contextlib import suppress
from dataclasses import replace

from pairwright.errors import ModelError
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import ContextFile, Emit, Proposal, StrategyContext
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.spans import Span, excerpt, numbered, read_spans
from pairwright.strategies.tries import tries

QUESTION = Question("reduce", "prompt_reduction", max_output_tokens=300)


class PromptReduction:
    """The weak model reads, the strong model edits."""

    name = "prompt_reduction"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        context = attempts.ctx.context
        with_numbers = tuple(replace(file, text=numbered(file.text)) for file in context)
        answer = ""
        with suppress(ModelError):  # a window too small for the numbers, say: all is shown then
            answer = await ask(attempts, attempts.ctx.weak, QUESTION, context=with_numbers)
        spans = read_spans(answer, {file.path: file.text for file in context})
        attempts.shown = reduced(context, spans)
        return await attempts.work(attempts.ctx.strong, tries())


def reduced(context: tuple[ContextFile, ...], spans: tuple[Span, ...]) -> tuple[ContextFile, ...]:
    """Return the files with only those lines.

    Everything stays without any span, and where nothing that may be edited would be left.
    """
    left = tuple(
        replace(file, text=excerpt(file.text, own))
        for file in context
        if (own := [span for span in spans if span.path == file.path])
    )
    return left if any(file.is_editable for file in left) else context
