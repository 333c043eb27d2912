"""Which lines shall stand for which? The search/replace block.

<<<<<<< SEARCH
lines of the file
=======
lines that stand for them
>>>>>>> REPLACE
"""

from collections.abc import Sequence

from pairwright.editing.blocks import Block, MalformedBlock, SearchReplace
from pairwright.editing.markers import (
    BLANKS,
    DIVIDER,
    REPLACE_CLOSE,
    SEARCH_OPEN,
    BlockKind,
    Heading,
)


def _read(heading: Heading, lines: Sequence[str]) -> tuple[Block, ...]:
    dividers = [
        number
        for number, line in enumerate(lines)
        if line.startswith(DIVIDER) and line.rstrip(BLANKS) == DIVIDER
    ]
    if len(dividers) != 1:
        # Invariant: which of several is the model's, and which are text, is never guessed.
        reason = (
            f"the block has {len(dividers)} '{DIVIDER}' lines and needs exactly one: "
            "choose SEARCH lines so that neither part holds such a line"
        )
        return (MalformedBlock(heading.path, reason),)
    (divider,) = dividers
    search, replacement = lines[:divider], lines[divider + 1 :]
    block = SearchReplace(
        heading.path, "".join(search), "".join(replacement), heading.near_line, heading.within
    )
    return (block,)


SEARCH_REPLACE_BLOCK = BlockKind(SEARCH_OPEN, REPLACE_CLOSE, _read)
