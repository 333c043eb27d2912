"""What is a question made of? Its parts by where they come from, for the record of what left."""

from collections.abc import Iterable

from pairwright.llm.model import Source
from pairwright.strategies.base import ContextFile, Note, StrategyContext


def sources_of(
    ctx: StrategyContext,
    shown: Iterable[ContextFile] | None = None,
    *,
    notes: Iterable[Note] = (),
    plan: str = "",
    attempt: str = "",
    evidence: str = "",
) -> tuple[Source, ...]:
    """Return the parts of a question about the task.

    Args:
        ctx: the task.
        shown: the files that are shown in place of the context.
        notes: what is told beside the task.
        plan: as it is shown.
        attempt: what an earlier attempt wrote.
        evidence: what that attempt failed on.
    """
    parts = [
        *(
            Source("file", file.text, file.path)
            for file in (ctx.context if shown is None else shown)
        ),
        *(Source(note.kind.replace("_", " "), note.text) for note in notes),
        # What quotes others comes first: of two parts that overlap, the longer one is found whole.
        Source("plan", plan),
        Source("an earlier attempt", attempt),
        Source("test output", evidence),
        Source("test output", ctx.evidence),
        Source("instruction", ctx.instruction),
    ]
    return tuple(part for part in parts if part.text)
