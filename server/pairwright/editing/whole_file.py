"""What shall the whole file say? The whole-file block.

<<<<<<< WHOLE
every line of the file
>>>>>>> WHOLE
"""

from collections.abc import Sequence

from pairwright.editing.blocks import Block, WholeFile
from pairwright.editing.markers import WHOLE_CLOSE, WHOLE_OPEN, BlockKind, Heading


def _read(heading: Heading, lines: Sequence[str]) -> tuple[Block, ...]:
    return (WholeFile(heading.path, "".join(lines)),)


WHOLE_FILE_BLOCK = BlockKind(WHOLE_OPEN, WHOLE_CLOSE, _read)
