"""Which lines shall stand for which? The search/replace format.

<<<<<<< SEARCH
lines of the file
=======
lines that stand for them
>>>>>>> REPLACE
"""

from pairwright.editing.blocks import Block, MalformedBlock, SearchReplace
from pairwright.editing.frame import DIVIDER, REPLACE_CLOSE, SEARCH_OPEN, FrameParser


def search_replace_parser() -> FrameParser:
    """Return a parser of answers in search/replace blocks."""
    return FrameParser(SEARCH_OPEN, _SearchReplaceReader)


class _SearchReplaceReader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._search: list[str] = []
        self._replace: list[str] = []
        self._dividers = 0

    def read(self, line: str) -> Block | None:
        marker = line.rstrip()
        if marker == REPLACE_CLOSE:
            return self._block()
        if marker == DIVIDER:
            self._dividers += 1
        else:
            (self._replace if self._dividers else self._search).append(line)
        return None

    def _block(self) -> Block:
        if not self._path:
            return MalformedBlock("", "the block has no '### FILE path' line before it")
        if self._dividers == 1:
            return SearchReplace(self._path, "".join(self._search), "".join(self._replace))
        # Invariant: which of several dividers is the model's, and which are text, is never guessed.
        return MalformedBlock(
            self._path,
            f"the block has {self._dividers} '{DIVIDER}' lines and needs exactly one: "
            "choose SEARCH lines so that neither part holds such a line",
        )
