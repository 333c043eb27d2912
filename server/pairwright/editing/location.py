"""Where in a file are the lines that a model quotes? Found strictly first, then less strictly.

Lines are compared without their line ends. Three ways, the strictest that finds any place decides:
as they are; with trailing blanks and Unicode punctuation evened out; with one indentation shift
for all lines. Nothing here measures similarity: a place is the one that was quoted, or none.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_PUNCTUATION = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Shift:
    """What the file's indentation has more, or less, than the quoted one."""

    added: str = ""
    removed: str = ""

    def apply(self, line: str) -> str | None:
        """Return the line indented as the file is; None when it has not enough to remove."""
        if not line.strip():
            return line
        if not line.startswith(self.removed):
            return None
        return self.added + line.removeprefix(self.removed)


NO_SHIFT = Shift()


@dataclass(frozen=True, slots=True)
class Place:
    """Where quoted lines are."""

    first_line: int
    shift: Shift = NO_SHIFT


def locate(quoted: Sequence[str], lines: Sequence[str]) -> tuple[Place, ...]:
    """Return every place of the quoted lines, by the strictest way that finds any.

    `quoted` holds at least one line; neither side's lines have line ends.
    """
    for way in (_exact_places, _evened_places, _shifted_places):
        if places := tuple(way(quoted, lines)):
            return places
    return ()


def locate_unshifted(quoted: Sequence[str], lines: Sequence[str]) -> tuple[Place, ...]:
    """Return every place of the quoted lines, at their own indentation."""
    return tuple(_exact_places(quoted, lines)) or tuple(_evened_places(quoted, lines))


def _exact_places(quoted: Sequence[str], lines: Sequence[str]) -> Iterator[Place]:
    return map(Place, _starts(quoted, lines))


def _evened_places(quoted: Sequence[str], lines: Sequence[str]) -> Iterator[Place]:
    return map(Place, _starts(_each(_evened, quoted), _each(_evened, lines)))


def _shifted_places(quoted: Sequence[str], lines: Sequence[str]) -> Iterator[Place]:
    evened = _each(_evened, lines)
    evened_quote = _each(_evened, quoted)
    for start in _starts(_each(str.lstrip, evened_quote), _each(str.lstrip, evened)):
        shift = _common_shift(evened_quote, evened[start : start + len(quoted)])
        if shift is not None:
            yield Place(start, shift)


def _starts(quoted: Sequence[str], lines: Sequence[str]) -> Iterator[int]:
    wanted = list(quoted)
    for start in range(len(lines) - len(wanted) + 1):
        if lines[start] == wanted[0] and list(lines[start : start + len(wanted)]) == wanted:
            yield start


def _each(change: Callable[[str], str], lines: Sequence[str]) -> list[str]:
    return [change(line) for line in lines]


def _evened(line: str) -> str:
    return unicodedata.normalize("NFC", line).translate(_PUNCTUATION).rstrip()


def _common_shift(quoted: Sequence[str], lines: Sequence[str]) -> Shift | None:
    shifts = {_shift(ours, theirs) for ours, theirs in zip(quoted, lines, strict=True) if ours}
    return shifts.pop() if len(shifts) == 1 else None


def _shift(quoted: str, line: str) -> Shift | None:
    ours = quoted[: len(quoted) - len(quoted.lstrip())]
    theirs = line[: len(line) - len(line.lstrip())]
    if theirs.endswith(ours):
        return Shift(added=theirs.removesuffix(ours) if ours else theirs)
    if ours.endswith(theirs):
        return Shift(removed=ours.removesuffix(theirs) if theirs else ours)
    return None
