"""Where is an LSP position in our text? The one converter between code points and UTF-8/16/32.

A line ends at `\n`, `\r\n` and `\r` only. A character past a line's end means the line's end, a
line past the last one the text's end, a place inside a character the character's start.
"""

from functools import cached_property
from typing import Final

from lsprotocol import types

from pairwright.engine.questions.places import LinePlace, LineRange
from pairwright.lsp.handshake import PositionEncoding
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import FewPlaces, LineIndex, TextRange

_MOST_UNITS = {
    PositionEncoding.UTF_8: 4,
    PositionEncoding.UTF_16: 2,
    PositionEncoding.UTF_32: 1,
}
"""Code units that one character may have."""
_FEW = 12
"""Offsets that are looked for one by one: an index of all lines takes longer to make."""


class PositionConverter:
    """One text's positions, in one client's encoding."""

    def __init__(self, text: str, encoding: PositionEncoding) -> None:
        """Take the text; its lines are indexed when that is worth it."""
        self.text: Final = text
        self._encoding = encoding
        self._few = FewPlaces(text)
        self._left = _FEW

    @cached_property
    def _lines(self) -> LineIndex:
        return LineIndex(self.text)

    def from_lsp_position(self, position: types.Position) -> int:
        """Return the offset of a position."""
        lines = self._lines
        if position.line >= lines.line_count:
            return len(self.text)
        start = lines.start_of(position.line)
        line = self.text[start : lines.start_of(position.line + 1)].rstrip("\r\n")
        return start + _columns_before(line, position.character, self._encoding)

    def from_lsp_range(self, lsp_range: types.Range) -> TextRange:
        """Return a range; one that is written backwards is turned round."""
        start = self.from_lsp_position(lsp_range.start)
        end = self.from_lsp_position(lsp_range.end)
        return TextRange(min(start, end), max(start, end))

    def to_lsp_position(self, offset: int) -> types.Position:
        """Return the position of an offset."""
        line, start = self._line_around(offset)
        return types.Position(line, _units(self.text[start:offset], self._encoding))

    def to_lsp_range(self, text_range: TextRange) -> types.Range:
        """Return a range as LSP writes it."""
        return types.Range(
            self.to_lsp_position(text_range.start), self.to_lsp_position(text_range.end)
        )

    def to_lsp_edit(self, edit: TextEdit) -> types.TextEdit:
        """Return an edit as LSP writes it."""
        return types.TextEdit(range=self.to_lsp_range(edit.range), new_text=edit.new_text)

    def _line_around(self, offset: int) -> tuple[int, int]:
        """Return the line of an offset, and where that line begins."""
        if self._left and "_lines" not in self.__dict__:
            self._left -= 1
            return self._few.line_around(offset)
        line = self._lines.line_of(offset)
        return line, self._lines.start_of(line)


def to_lsp_range(lines: LineRange, encoding: PositionEncoding) -> types.Range:
    """Return a range that is known by its lines as LSP writes it."""
    return types.Range(_to_position(lines.start, encoding), _to_position(lines.end, encoding))


def _to_position(place: LinePlace, encoding: PositionEncoding) -> types.Position:
    units = _units(place.before, encoding) if place.before else place.column
    return types.Position(place.line, units)


def _columns_before(line: str, units: int, encoding: PositionEncoding) -> int:
    """Return how many whole characters the first `units` code units of a line hold."""
    columns = min(units, len(line))
    while (excess := _units(line[:columns], encoding) - units) > 0:
        # Never past the answer: no character has more units than that.
        columns -= -(-excess // _MOST_UNITS[encoding])
    return columns


def _units(text: str, encoding: PositionEncoding) -> int:
    if encoding is PositionEncoding.UTF_32 or text.isascii():
        return len(text)
    # Both encode in one go, as long as a line of minified code may be.
    if encoding is PositionEncoding.UTF_8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
