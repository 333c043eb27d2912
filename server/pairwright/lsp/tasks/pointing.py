"""What does a person point at in an editor? A selection, the definition around the cursor, a file.

And what do they ask there: the instruction may stand in a comment right above.
"""

import asyncio
from dataclasses import dataclass

from pairwright.engine.questions.queries import Queries
from pairwright.errors import StaleChange, UserError
from pairwright.protocol.commands import SelectedRange
from pairwright.syntax.instruction_comments import InstructionComment, instruction_above
from pairwright.syntax.outline import Symbol
from pairwright.text.ranges import LineIndex
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where, and what is asked there."""

    lines: tuple[int, int] | None
    """First and last, zero-based; None: the whole file."""
    comment: InstructionComment | None
    """The instruction right above the selection, the cursor, or the definition around it."""
    is_certain: bool = True
    """Whether there was time to look for the definition around a cursor."""


async def pointed_at(
    queries: Queries,
    path: WorkspacePath,
    text: str,
    selected: SelectedRange | None,
    *,
    patience_s: float,
) -> Pointed:
    """Return what a range of a text means; one beyond the text's end means its last line.

    Args:
        queries: who know the definitions.
        path: of the file.
        text: what the editor shows of it.
        selected: the range; None: the whole file.
        patience_s: how long the definition around a cursor is looked for.
    """
    if selected is None:
        return Pointed(None, None)
    lines = LineIndex(text)
    most = lines.line_count - 1
    low, high = sorted(
        (
            (selected.start.line, selected.start.character),
            (selected.end.line, selected.end.character),
        )
    )
    first, last = min(low[0], most), min(high[0], most)
    if low != high:
        if high[1] == 0 and last > first:
            last -= 1  # whole lines are selected up to the beginning of the next
        return Pointed((first, last), instruction_above(text, first))
    comment = instruction_above(text, first)
    try:
        async with asyncio.timeout(patience_s):
            definitions = await _definitions(queries, path, text)
    except TimeoutError:
        return Pointed(None, comment, is_certain=False)
    around = _innermost(definitions, first)
    if around is not None:
        comment = comment or instruction_above(text, around[0])
    elif comment is not None:
        # A cursor in the comment itself, say: it speaks of what stands below it.
        below = min(comment.last_line + 1, most)
        around = _innermost(definitions, below) or (below, below)
    return Pointed(around, comment)


async def _definitions(
    queries: Queries, path: WorkspacePath, text: str
) -> tuple[tuple[int, int], ...]:
    """Return the lines of every definition, outer before inner; none of an unknown text."""
    try:
        outline, known_text = await queries.outline(path)
    except (UserError, StaleChange):
        return ()
    if known_text != text:
        return ()
    index = LineIndex(text)
    return tuple(_lines_of(symbol, index) for symbol in outline.symbols)


def _innermost(definitions: tuple[tuple[int, int], ...], line: int) -> tuple[int, int] | None:
    around = (lines for lines in reversed(definitions) if lines[0] <= line <= lines[1])
    return next(around, None)


def _lines_of(symbol: Symbol, index: LineIndex) -> tuple[int, int]:
    last = max(symbol.range.start, symbol.range.end - 1)
    return index.line_of(symbol.range.start), index.line_of(last)
