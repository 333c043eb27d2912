"""Is a text nested deeper than a language's grammar bears? Some grammars end the process then.

A grammar's own scanner writes its state into a kilobyte, or calls itself for what stands inside;
not all of them look whether there is room. What is counted here, in time linear in the text, is
never less than what such a scanner counts. It may be more: a text of strange form is refused, too.
"""

import re
from dataclasses import dataclass
from typing import Protocol


class Bound(Protocol):
    """One thing of which a grammar bears so much and no more."""

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether a text, in UTF-8, has more of it."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """How often something may stand in a text: at worst each stands inside the one before."""

    pattern: re.Pattern[bytes]
    most: int

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether a text has more matches."""
        found = self.pattern.finditer(source)
        return any(number > self.most for number, _ in enumerate(found, 1))


@dataclass(frozen=True, slots=True)
class Columns:
    """In how many columns the lines of a text, or what they begin with, may begin.

    Where indentation nests, a block stands further right than the one around it.
    """

    most: int
    openers: re.Pattern[bytes] = re.compile(rb"[ \t\f]*")
    """Matches, at a line's beginning, all that may stand before a line's own first word."""

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether a text has more columns."""
        columns: set[int] = set()
        for beginning in {match[0] for match in _at_line_starts(self.openers).finditer(source)}:
            columns.update(word.start() for word in _WORD.finditer(beginning))
            columns.add(len(beginning))
            if len(columns) > self.most:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Names:
    """How many bytes what is open at the same time may be named by.

    In the whole text first, which almost always settles it.
    """
