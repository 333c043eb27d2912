"""How is a model asked for anything but an edit? A system prompt, the task, and text as the answer.

Whoever asks holds no edit tool: the answer is only ever read as text.
"""

from dataclasses import dataclass

from pairwright.llm.model import Message, Model, ModelRequest, OnText
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import ContextFile, StepStarted
from pairwright.strategies.prompting import render_task
from pairwright.strategies.sourcing import sources_of


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model besides edits."""

    step: str
    """What the ledger and people call it, such as "route"."""
    prompt: str
    """The name of the prompt file with the rules."""
    max_output_tokens: int
    temperature: float = 0.0
    more: str = ""
    """What comes after the task."""
    grammar: str | None = None
    """Used where the model accepts one."""


async def ask(
    attempts: Attempts,
    model: Model,
    question: Question,
    *,
    context: tuple[ContextFile, ...] | None = None,
    on_text: OnText | None = None,
) -> str:
    """Ask about the task as it stands; `context` are the files that are shown instead.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    await attempts.emit(StepStarted(question.step, model.tier))
    task = render_task(attempts.ctx, context)
    request = ModelRequest(
        messages=(
            Message("system", attempts.ctx.wording.text(question.prompt)),
            Message("user", "\n\n".join(part for part in (task, question.more) if part)),
        ),
        sources=sources_of(attempts.ctx, context),
        max_output_tokens=question.max_output_tokens,
        temperature=question.temperature,
        grammar=question.grammar if model.accepts_grammar else None,
    )
    completion = await model.complete(request, step=question.step, on_text=on_text)
    return completion.text.strip()
