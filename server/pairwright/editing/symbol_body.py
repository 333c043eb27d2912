"""What shall one whole definition say? The whole-symbol block.

<<<<<<< SYMBOL Class.method
every line of the definition, decorators included
>>>>>>> SYMBOL
"""

from collections.abc import Sequence

from pairwright.editing.blocks import Block, MalformedBlock, WholeSymbol
from pairwright.editing.markers import SYMBOL_CLOSE, SYMBOL_OPEN, BlockKind, Heading


def _read(heading: Heading, lines: Sequence[str]) -> tuple[Block, ...]:
    if heading.symbol:
        return (WholeSymbol(heading.path, heading.symbol, "".join(lines)),)
    reason = f"the block does not name its definition: write '{SYMBOL_OPEN} Class.method'"
    return (MalformedBlock(heading.path, reason),)


WHOLE_SYMBOL_BLOCK = BlockKind(SYMBOL_OPEN, SYMBOL_CLOSE, _read)
