"""What shall the whole file say? The whole-file format.

<<<<<<< WHOLE
every line of the file
>>>>>>> WHOLE
"""

from pairwright.editing.blocks import Block, MalformedBlock, WholeFile
from pairwright.editing.frame import WHOLE_CLOSE, WHOLE_OPEN, FrameParser


def whole_file_parser() -> FrameParser:
    """Return a parser of answers that write whole files."""
    return FrameParser(WHOLE_OPEN, _WholeFileReader)


class _WholeFileReader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: list[str] = []

    def read(self, line: str) -> Block | None:
        if line.rstrip() != WHOLE_CLOSE:
            self._lines.append(line)
            return None
        if not self._path:
            return MalformedBlock("", "the block has no '### FILE path' line before it")
        return WholeFile(self._path, "".join(self._lines))
