"""Where is an LSP position in our text? The one converter between code points and UTF-8/16/32.

A line ends at `\n`, `\r\n` and `\r` only. A character past a line's end means the line's end, a
line past the last one the text's end, a place inside a character the character's start.
"""

from lsprotocol import types

from pairwright.lsp.handshake import PositionEncoding
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import LineIndex, TextRange

_LAST_BMP = "\uffff"


class PositionConverter:
    """One text's positions, in one client's encoding."""

    def __init__(self, text: str, encoding: PositionEncoding) -> None:
        """Index the text's lines."""
        self._text = text
        self._encoding = encoding
        self._lines = LineIndex(text)

    def from_lsp_position(self, position: types.Position) -> int:
        """Return the offset of a position."""
        if position.line >= self._lines.line_count:
            return len(self._text)
        start = self._lines.start_of(position.line)
        line = self._text[start : self._lines.start_of(position.line + 1)].rstrip("\r\n")
        return start + _columns_before(line, position.character, self._encoding)

    def from_lsp_range(self, lsp_range: types.Range) -> TextRange:
        """Return a range; one that is written backwards is turned round."""
        start = self.from_lsp_position(lsp_range.start)
        end = self.from_lsp_position(lsp_range.end)
        return TextRange(min(start, end), max(start, end))

    def to_lsp_position(self, offset: int) -> types.Position:
        """Return the position of an offset."""
        line = self._lines.line_of(offset)
        before = self._text[self._lines.start_of(line) : offset]
        return types.Position(line, _units(before, self._encoding))

    def to_lsp_range(self, text_range: TextRange) -> types.Range:
        """Return a range as LSP writes it."""
        return types.Range(
            self.to_lsp_position(text_range.start), self.to_lsp_position(text_range.end)
        )

    def to_lsp_edit(self, edit: TextEdit) -> types.TextEdit:
        """Return an edit as LSP writes it."""
        return types.TextEdit(range=self.to_lsp_range(edit.range), new_text=edit.new_text)


def _columns_before(line: str, units: int, encoding: PositionEncoding) -> int:
    """Return how many whole characters the first `units` code units of a line hold."""
    if encoding is PositionEncoding.UTF_32 or line.isascii():
        return min(units, len(line))
    column = passed = 0
    for character in line:
        passed += _units(character, encoding)
        if passed > units:
            break
        column += 1
    return column


def _units(text: str, encoding: PositionEncoding) -> int:
    match encoding:
        case PositionEncoding.UTF_8:
            return len(text.encode("utf-8", "surrogatepass"))
        case PositionEncoding.UTF_16:
            return len(text) + sum(character > _LAST_BMP for character in text)
        case PositionEncoding.UTF_32:
            return len(text)
