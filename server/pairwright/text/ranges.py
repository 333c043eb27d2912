"""Where in a text is something? The only offset arithmetic of the project.

Offsets count code points, so that slicing, `re` and `difflib` agree by construction. Lines end at
`\n`, `\r\n` and `\r` and nowhere else, as in LSP: a form feed or U+2028 is an ordinary character.
Lines and columns are zero-based.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, count
from operator import add

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class TextRange:
    """A half-open range of code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a range: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "TextRange") -> bool:
        """Tell whether the two share a character, or are insertions at one place."""
        if self.start == other.start and self.end == other.end:
            return True
        return self.start < other.end and other.start < self.end


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text, each with its line end; no empty last line."""
    if "\r" not in text:  # many times as fast
        *whole, last = text.split("\n")
        return (*(f"{line}\n" for line in whole), *([last] if last else ()))
    lines = []
    start = 0
    for match in _LINE_END.finditer(text):
        lines.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        lines.append(text[start:])
    return tuple(lines)


def line_end(line: str) -> str:
    """Return the line end of a line that `split_lines` gave; empty when it has none."""
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1:] if line.endswith(("\n", "\r")) else ""


def line_contents(text: str) -> tuple[str, ...]:
    """Return the lines of a text without their line ends."""
    return tuple(line.removesuffix(line_end(line)) for line in split_lines(text))


class LineIndex:
    """The starts of a text's lines: offsets to lines and back."""

    def __init__(self, text: str) -> None:
        """Read the text once; a text with a final line end has an empty last line."""
        self._length = len(text)
        if "\r" in text:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        else:  # three times as fast
            lengths = map(len, text.split("\n")[:-1])
            self._starts = [0, *map(add, accumulate(lengths), count(1))]

    @property
    def line_count(self) -> int:
        """The number of lines, at least 1."""
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """Return the line that holds the offset."""
        return bisect_right(self._starts, offset) - 1

    def start_of(self, line: int) -> int:
        """Return the offset of a line's first character; past the last line, the text's end."""
        return self._starts[line] if line < len(self._starts) else self._length


class FewPlaces:
    """Finds the lines of a few offsets: an index of all lines would take far longer to make."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self._text = text
        self._has_returns = "\r" in text

    def line_around(self, offset: int) -> tuple[int, int]:
        """Return the line of an offset, and where that line begins."""
        text = self._text
        if not self._has_returns:
            return text.count("\n", 0, offset), text.rfind("\n", 0, offset) + 1
        if text.endswith("\r", 0, offset) and text.startswith("\n", offset):
            offset -= 1  # amid a line end is before it
        ends = sum(text.count(each, 0, offset) for each in "\r\n")
        start = max(text.rfind(each, 0, offset) for each in "\r\n") + 1
        return ends - text.count("\r\n", 0, offset), start

    def lines_around(self, text_range: TextRange) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the line of a range's start and that of its end, and where each line begins."""
        first = self.line_around(text_range.start)
        is_within = _LINE_END.search(self._text, text_range.start, text_range.end) is None
        return first, first if is_within else self.line_around(text_range.end)

    def rest_of_line(self, start: int) -> str:
        """Return what stands from an offset to the end of its line."""
        end = _LINE_END.search(self._text, start)
        return self._text[start : end.start() if end is not None else len(self._text)]
