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
        return Pointed((first, last), _instruction_above(text, first))
    comment = _instruction_above(text, first)
    try:
        async with asyncio.timeout(patience_s):
            definitions = await _definitions(queries, path, text)
    except TimeoutError:
        return Pointed(None, comment, is_certain=False)
    around = _innermost(definitions, first, lines)
    if around is not None:
        comment = comment or _instruction_above(text, around[0])
    elif comment is not None:
        # A cursor in the comment itself, say: it speaks of what stands below it.
        below = min(comment.last_line + 1, most)
        around = _innermost(definitions, below, lines) or (below, below)
    return Pointed(around, comment)


def _instruction_above(text: str, line: int) -> InstructionComment | None:
    # Few texts hold any, and an editor asks at each move of the cursor.
    return instruction_above(text, line) if "pw:" in text.lower() else None


async def _definitions(queries: Queries, path: WorkspacePath, text: str) -> tuple[Symbol, ...]:
    """Return every definition, outer before inner; none of an unknown text."""
    try:
        symbols, known_text = await queries.symbols_in(path)
    except (UserError, StaleChange):
        return ()
    return symbols if known_text == text else ()


def _innermost(
    definitions: tuple[Symbol, ...], line: int, index: LineIndex
) -> tuple[int, int] | None:
    """Return the first and the last line of the definition around a line."""
    start, end = index.start_of(line), index.start_of(line + 1)
    is_last = line + 1 == index.line_count
    for symbol in reversed(definitions):
        first, last = symbol.range.start, max(symbol.range.start, symbol.range.end - 1)
        if last >= start and (first < end or is_last):
            return index.line_of(first), index.line_of(last)
    return None
