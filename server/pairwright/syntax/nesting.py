"""Is a text nested deeper than its grammar bears? Some grammars end the whole process then.

Some write what is open into a kilobyte and past its end, some call themselves for what stands
inside. Here is counted, in time linear in the text, never less than they would count. It may be
more, so that a text of strange form is refused, too.
"""

import re
from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Protocol

_SIGNS_TO_BLANKS = bytes.maketrans(b"-?:", b"   ")
_SIGN = re.compile(rb"[-?:]")
_HEREDOC = re.compile(
    rb"""<<(?=[~-]?("[^"]{0,1200}|'[^']{0,1200}|`[^`]{0,1200}|[\w\x80-\xff]{1,1200}))"""
)
_PLAIN = rb"[\w.@()\[\], :!+*=&|-]|\?(?=[ ().])"
_PLAIN_INTERPOLATION = re.compile(
    rb"""#\{(?:%b|\{(?:%b)*\}|"[^"'{}\\#\n]*"|'[^"'{}\\\n]*')*\}""" % (_PLAIN, _PLAIN)
)
"""It ends where it seems to: nothing in it can hide a brace."""


class Bound(Protocol):
    """One thing of which a grammar bears so much and no more."""

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether a text, in UTF-8, may hold more of it."""


@dataclass(frozen=True, slots=True)
class Openings:
    """What a grammar calls itself for; at worst, each stands inside the one before."""

    pattern: re.Pattern[bytes]
    most: int

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether more begin than may stand inside each other."""
        found = self.pattern.finditer(source)
        return any(number > self.most for number, _ in enumerate(found, 1))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where lines begin, where indentation nests: what is inside begins further right."""

    beginning: re.Pattern[bytes]
    """Matches the end of a line and all that stands before the first word of the next, signs that
    open a block on the same line included."""
    most: int
    besides_spaces: tuple[bytes, ...] = ()
    """All with which that can be more than spaces; empty: that cannot be said."""

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether lines begin in more places than may be open at once.

        A place is the blank text before it: tabs have no width that all agree on.
        """
        is_plain = self.besides_spaces and not any(each in source for each in self.besides_spaces)
        if is_plain and b" " * self.most not in source:
            return False  # there are not so many widths
        places: set[bytes] = set()
        for found in set(self.beginning.findall(b"\n" + source)):
            beginning = found.lstrip(b"\r\n")
            blank = beginning.translate(_SIGNS_TO_BLANKS)
            places.add(blank)
            signs = islice(_SIGN.finditer(beginning), self.most + 1)
            places.update(blank[: sign.start()] for sign in signs)
            if len(places) > self.most:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Heredocs:
    """Ruby's heredocs, of which all that are open are remembered, and the strings around them."""

    most: int
    """Bytes of memory, of which a heredoc takes those of its name and four, a string five."""

    def is_passed_by(self, source: bytes) -> bool:
        """Tell whether more may be open at once than can be remembered.

        That is what begins on one line, and within interpolations what begins on others.
        """
        needed: Counter[int] = Counter()
        line = counted_to = 0
        for found in _HEREDOC.finditer(source):
            line += source.count(b"\n", counted_to, found.start())
            counted_to = found.start()
            needed[line] += 4 + len(found[1])
        if not needed or sum(needed.values()) + 5 * source.count(b"#{") <= self.most:
            return False
        nested = _PLAIN_INTERPOLATION.sub(b"", source).count(b"#{")
        return sum(nlargest(1 + nested, needed.values())) + 5 * nested > self.most


OPEN_BRACES = Openings(re.compile(rb"\{\s*+(?:/|[-+!~*&^](?![^{}/]*+\}))"), most=5_000)
"""Braces, each with a sign for one operand before the next, in C's kin: they die of some 70,000,
and sooner in a thread with little stack. A brace before a comment could be one."""
