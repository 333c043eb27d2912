"""How does a change follow a text that moved on? Three-way: base, hunks, current text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pairwright.text.diff import Hunk, checked_hunks, diff_texts
from pairwright.text.ranges import line_end, split_lines


@dataclass(frozen=True, slots=True)
class Conflict:
    """A hunk that cannot follow, as it was made against the base."""

    hunk: Hunk
    reason: str
    """One sentence for a person; line numbers in it are one-based and of the base."""
    wanted_lines: tuple[str, ...] = ()
    """What the hunk would have made of the place, the lines that collide included."""
    current_lines: tuple[str, ...] = ()
    """What stands at that place now."""
    is_made: bool = False
    """Somebody made the very same change already."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """Every hunk is in exactly one of the two."""

    hunks: tuple[Hunk, ...]
    """Against the current text; they can be applied together, or any of them alone."""
    conflicts: tuple[Conflict, ...]


def rebase(base: str, hunks: Iterable[Hunk], current: str) -> Rebased:
    """Carry hunks that were made against `base` onto `current`.

    A hunk conflicts when one of its old lines was changed since, or, where it only inserts, one of
    the two lines that it goes between.

    Raises:
        ValueError: a hunk does not fit the base, or two overlap.
    """
    drift = _Drift(diff_texts(base, current))
    base_lines, current_lines = split_lines(base), split_lines(current)
    carried: list[Hunk] = []
    conflicts: list[Conflict] = []
    growth = 0
    for hunk in checked_hunks(base_lines, hunks):
        moved = drift.growth_before(hunk.old_start)
        near = drift.near(hunk)
        reason = _conflict_reason(hunk, near)
        if reason is None and _would_join_lines(hunk, hunk.old_end + moved, len(current_lines)):
            reason = "lines were added behind what is now the last line without a line end"
        if reason is not None:
            sides = _both_sides(hunk, drift, base_lines, current_lines)
            conflicts.append(Conflict(hunk, reason, *sides, is_made=_is_made(hunk, near)))
            continue
        start = hunk.old_start + moved
        carried.append(replace(hunk, old_start=start, new_start=start + growth))
        growth += hunk.growth
    return Rebased(tuple(carried), tuple(conflicts))


class _Drift:
    """What became of the base meanwhile; both may have thousands of hunks."""

    def __init__(self, hunks: Sequence[Hunk]) -> None:
        self._hunks = hunks
        self._starts = [hunk.old_start for hunk in hunks]
        self._ends = [hunk.old_end for hunk in hunks]
        self._growths = [0, *accumulate(hunk.growth for hunk in hunks)]

    def near(self, hunk: Hunk) -> Sequence[Hunk]:
        """Return those that overlap or touch the lines of a hunk."""
        first = bisect_left(self._ends, hunk.old_start)
        return self._hunks[first : bisect_right(self._starts, hunk.old_end)]

    def growth_before(self, line: int) -> int:
        """Return how many lines came in before a line of the base."""
        return self._growths[bisect_right(self._ends, line)]


def _conflict_reason(hunk: Hunk, drift: Sequence[Hunk]) -> str | None:
    for other in drift:
        if not _collide(hunk, other):
            continue
        if _is_made(hunk, (other,)):
            return f"the same change was already made at {_lines_of(hunk)}"
        if not other.old_lines:
            return f"text was inserted before line {other.old_start + 1}"
        verb = "changed" if other.new_lines else "removed"
        return f"{_lines_of(other)} {'was' if len(other.old_lines) == 1 else 'were'} {verb}"
    return None


def _both_sides(
    hunk: Hunk, drift: _Drift, base: Sequence[str], current: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the hunk wants and what stands there now, of one and the same stretch."""
    colliding = [other for other in drift.near(hunk) if _collide(hunk, other)]
    start = min([hunk.old_start, *(other.old_start for other in colliding)])
    end = max([hunk.old_end, *(other.old_end for other in colliding)])
    wanted = (*base[start : hunk.old_start], *hunk.new_lines, *base[hunk.old_end : end])
    moved = drift.growth_before(start)
    moved -= sum(other.growth for other in colliding if other.old_end <= start)
    if not colliding:
        # What is in the way was added behind the last line.
        return wanted, tuple(current[start + moved :])
    growth = sum(other.growth for other in colliding)
    return wanted, tuple(current[start + moved : end + moved + growth])


def _is_made(hunk: Hunk, drift: Sequence[Hunk]) -> bool:
    made = (hunk.old_start, hunk.old_lines, hunk.new_lines)
    return any((other.old_start, other.old_lines, other.new_lines) == made for other in drift)


def _collide(hunk: Hunk, other: Hunk) -> bool:
    if hunk.old_lines and other.old_lines:
        return hunk.old_start < other.old_end and other.old_start < hunk.old_end
    if hunk.old_lines:
        return hunk.old_start < other.old_start < hunk.old_end
    return other.old_start <= hunk.old_start <= other.old_end


def _would_join_lines(hunk: Hunk, end: int, current_size: int) -> bool:
    ends_open = bool(hunk.new_lines) and not line_end(hunk.new_lines[-1])
    return ends_open and end < current_size


def _lines_of(hunk: Hunk) -> str:
    first, last = hunk.old_start + 1, max(hunk.old_end, hunk.old_start + 1)
    return f"line {first}" if first == last else f"lines {first} to {last}"
