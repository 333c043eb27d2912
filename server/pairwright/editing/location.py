"""Where in a file are the lines that a model quotes? Found strictly first, then less strictly.

Lines are compared without their line ends. Three ways, the strictest that finds any place decides:
as they are; with trailing blanks and Unicode punctuation evened out; with one indentation shift
for all lines. Nothing here measures similarity: a place is the one that was quoted, or none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pairwright.editing.lines import TextLines

MAX_PLACES = 1000
"""More are not looked for: lines that occur so often say nothing about a place."""


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


_Way = Callable[[TextLines, TextLines], Iterator[Place]]


def locate(quoted: TextLines, lines: TextLines) -> tuple[Place, ...]:
    """Return the places of the quoted lines, by the strictest way that finds any."""
    return _by_strictest((_exact_places, _evened_places, _shifted_places), quoted, lines)


def locate_unshifted(quoted: TextLines, lines: TextLines) -> tuple[Place, ...]:
    """Return the places of the quoted lines, at their own indentation."""
    return _by_strictest((_exact_places, _evened_places), quoted, lines)


def shift_between(quoted: str, line: str) -> Shift | None:
    """Return how the line is indented unlike the quoted one; None: in no way that can be told."""
    ours = quoted[: len(quoted) - len(quoted.lstrip())]
    theirs = line[: len(line) - len(line.lstrip())]
    if theirs.endswith(ours):
        return Shift(added=theirs.removesuffix(ours) if ours else theirs)
    if ours.endswith(theirs):
        return Shift(removed=ours.removesuffix(theirs) if theirs else ours)
    return None


def _by_strictest(ways: Iterable[_Way], quoted: TextLines, lines: TextLines) -> tuple[Place, ...]:
    for way in ways:
        if places := tuple(islice(way(quoted, lines), MAX_PLACES)):
            return places
        if not any(quoted.evened):
            break  # of invisible characters alone: blank lines are like them anywhere
    return ()


def _exact_places(quoted: TextLines, lines: TextLines) -> Iterator[Place]:
    return map(Place, _starts(quoted.joined, lines.joined))


def _evened_places(quoted: TextLines, lines: TextLines) -> Iterator[Place]:
    return map(Place, _starts(quoted.joined_evened, lines.joined_evened))


def _shifted_places(quoted: TextLines, lines: TextLines) -> Iterator[Place]:
    wanted = [line.lstrip() for line in quoted.evened]
    telling = max(range(len(wanted)), key=lambda number: len(wanted[number]))
    for number in _numbers_of_lines_with(wanted[telling], lines.joined_evened):
        start = number - telling
        part = lines.evened[max(start, 0) : start + len(wanted)]
        if [line.lstrip() for line in part] == wanted:
            shift = _common_shift(quoted.evened, part)
            if shift is not None:
                yield Place(start, shift)


def _starts(quoted: str, text: str) -> Iterator[int]:
    """Give the lines at which the joined lines begin; places may overlap."""
    line = counted = 0
    at = text.find(quoted)
    while at >= 0:
        line += text.count("\n", counted, at)
        counted = at
        yield line
        at = text.find(quoted, at + 1)


def _numbers_of_lines_with(part: str, text: str) -> Iterator[int]:
    """Give the lines, of joined ones, in which something stands."""
    line = -1
    counted = 0
    at = text.find(part)
    while at >= 0:
        line += text.count("\n", counted, at)
        counted = at
        yield line
        at = text.find(part, text.find("\n", at))


def _common_shift(quoted: Sequence[str], lines: Sequence[str]) -> Shift | None:
    shifts = {
        shift_between(ours, theirs) for ours, theirs in zip(quoted, lines, strict=True) if ours
    }
    return shifts.pop() if len(shifts) == 1 else None
