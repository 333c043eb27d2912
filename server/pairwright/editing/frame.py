"""Where does a block begin and end? The markers, and the reading that all formats share.

    ### FILE path
    (a block's opening marker, its text, its closing marker; again for the same file, if wanted)
    ### END n

Markers stand alone on a line and may be followed by blanks. What lies between blocks is ignored:
prose, and a Markdown fence around a block or around the whole answer. What lies inside a block is
text, verbatim.
"""

import re
from collections.abc import Callable
from typing import Protocol

from pairwright.editing.blocks import Block, MalformedBlock
from pairwright.errors import Truncated

FILE_MARKER = "### FILE"
END_MARKER = "### END"
SEARCH_OPEN = "<<<<<<< SEARCH"
DIVIDER = "======="
REPLACE_CLOSE = ">>>>>>> REPLACE"
WHOLE_OPEN = "<<<<<<< WHOLE"
WHOLE_CLOSE = ">>>>>>> WHOLE"

BLOCK_MARKERS = (SEARCH_OPEN, DIVIDER, REPLACE_CLOSE, WHOLE_OPEN, WHOLE_CLOSE)
"""Lines that no block's text should hold."""

_OPENING_MARKERS = (SEARCH_OPEN, WHOLE_OPEN)
_FILE_LINE = re.compile(rf"{re.escape(FILE_MARKER)}[ \t]+(.+)")
_END_LINE = re.compile(rf"{re.escape(END_MARKER)}[ \t]+([0-9]{{1,6}})")


class BodyReader(Protocol):
    """Reads the lines of one block, from behind its opening marker."""

    def read(self, line: str) -> Block | None:
        """Read a line with its line end; return the block when the line closed it."""
        ...


class FrameParser:
    """An `EditParser` for answers whose blocks have one kind of opening marker."""

    def __init__(self, opener: str, new_reader: Callable[[str], BodyReader]) -> None:
        """Read blocks that `opener` opens; `new_reader` is given the block's path."""
        self._opener = opener
        self._new_reader = new_reader
        self._reader: BodyReader | None = None
        self._path = ""
        self._unfinished_line = ""
        self._found = 0
        self._announced: int | None = None

    def feed(self, text: str) -> tuple[Block, ...]:
        """Read the next piece; return the blocks that it finished."""
        *lines, self._unfinished_line = (self._unfinished_line + text).split("\n")
        blocks: list[Block] = []
        for line in lines:
            blocks += self._read(line + "\n")
        return tuple(blocks)

    def finish(self) -> tuple[Block, ...]:
        """Read what is left once the answer is over; return the blocks that it finished.

        Raises:
            Truncated: the end marker is missing, or counts other blocks than were found.
        """
        blocks = self._read(self._unfinished_line)
        self._unfinished_line = ""
        if self._reader is not None:
            raise Truncated(f"the answer ended inside a block for {self._path!r}")
        if self._announced is None:
            raise Truncated(f"the answer ended without its last line, '{END_MARKER} n'")
        if self._announced != self._found:
            raise Truncated(
                f"the answer's last line announces {self._announced} blocks, "
                f"and {self._found} were found"
            )
        return blocks

    def _read(self, line: str) -> tuple[Block, ...]:
        reader = self._reader
        if reader is None:
            blocks = self._read_outside(line)
        elif line.rstrip() == self._opener:
            reason = f"a second '{self._opener}' came before the block was closed"
            blocks = (MalformedBlock(self._path, reason),)
            self._open()
        else:
            block = reader.read(line)
            blocks = () if block is None else (block,)
            self._reader = reader if block is None else None
        self._found += len(blocks)
        return blocks

    def _read_outside(self, line: str) -> tuple[Block, ...]:
        marker = line.rstrip()
        if marker == self._opener:
            self._open()
        elif marker in _OPENING_MARKERS:
            self._announced = None
            return (MalformedBlock(self._path, f"open blocks with '{self._opener}' only"),)
        elif found := _FILE_LINE.fullmatch(marker):
            self._path = found[1]
        elif found := _END_LINE.fullmatch(marker):
            self._announced = int(found[1])
        return ()

    def _open(self) -> None:
        self._reader = self._new_reader(self._path)
        # The end marker comes last: one that came before this block counts for nothing.
        self._announced = None
