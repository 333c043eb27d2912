"""What are a text's lines, as they are and as matching looks at them? Each way is computed once.

Texts never change, so what was computed for one is kept for the next block of the same answer.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate

from pairwright.disclosure.policy import clean_for_model
from pairwright.text.ranges import line_contents, line_end, split_lines

_LOOKALIKES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u202f\u205f\u3000", " "),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    "\u2026": "...",
}
"""Characters that a model, or an editor, writes for others without meaning anything by it."""
_LOOKALIKE = re.compile(f"[{''.join(_LOOKALIKES)}]")
_KEPT_TEXTS = 4


class TextLines:
    """The lines of one text; `lines_of` keeps the latest ones."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.text = text

    @cached_property
    def contents(self) -> Sequence[str]:
        """The lines without their line ends, as `line_contents` gives them."""
        if self._has_lone_carriage_return:
            return line_contents(self.text)
        lines = self._with_line_feeds.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines

    @cached_property
    def evened(self) -> Sequence[str]:
        """The lines without blanks at their ends and with plain punctuation."""
        return [line.rstrip() if line.isascii() else _evened(line) for line in self.contents]

    @cached_property
    def joined(self) -> str:
        """The lines as one string; each has a line feed on either side."""
        text = self._with_line_feeds
        if self._has_lone_carriage_return:
            return _joined(self.contents)
        return f"\n{text}" if text.endswith("\n") or not text else f"\n{text}\n"

    @cached_property
    def joined_evened(self) -> str:
        """The same of the evened lines."""
        return _joined(self.evened)

    @cached_property
    def joined_stripped(self) -> str:
        """The same of the evened lines without their indentation."""
        return _joined([line.lstrip() for line in self.evened])

    def start_of(self, line: int) -> int:
        """Return the offset of a line's first character; past the last line, the text's end."""
        if line >= len(self.contents):
            return len(self.text)
        return self._starts[line] + line * self._uncounted

    def line_of(self, offset: int) -> int:
        """Return the line that holds the offset."""
        line = bisect_right(range(len(self.contents)), offset, key=self.start_of) - 1
        return max(line, 0)

    def end_of(self, line: int) -> str:
        """Return a line's line end; empty when it has none."""
        start = self.start_of(line)
        return line_end(self.text[start : self.start_of(line + 1)])

    @cached_property
    def _with_line_feeds(self) -> str:
        return self.text.replace("\r\n", "\n") if "\r" in self.text else self.text

    @cached_property
    def _has_lone_carriage_return(self) -> bool:
        return "\r" in self._with_line_feeds

    @cached_property
    def _uncounted(self) -> int:
        """How many characters of each line are not in `_starts`: its line feed, if all have one."""
        return 0 if "\r" in self.text else 1

    @cached_property
    def _starts(self) -> Sequence[int]:
        lines = self.contents if self._uncounted else split_lines(self.text)
        return [0, *accumulate(map(len, lines))]


@lru_cache(maxsize=_KEPT_TEXTS)
def lines_of(text: str) -> TextLines:
    """Return the lines of a text, the same object for the same text as long as it is kept."""
    return TextLines(text)


def _evened(line: str) -> str:
    # Models quote lines as they are shown them.
    composed = unicodedata.normalize("NFC", clean_for_model(line))
    return _LOOKALIKE.sub(lambda found: _LOOKALIKES[found[0]], composed).rstrip()


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(["", *lines, ""])
