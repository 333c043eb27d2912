"""Which part of a text did an edit change? In bytes of UTF-8, and whole characters only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangedRegion:
    """Nodes, side by side, that an edit changed, in bytes; beside them all is the same."""

    start: int
    end: int
    old_end: int
    """Where the region ended before."""


def region_between(before: bytes, after: bytes) -> ChangedRegion:
    """Return what of a text another text replaces, and with what."""
    start = _common_prefix(before, after)
    same_after = _common_suffix(before[start:], after[start:])
    return ChangedRegion(start, len(after) - same_after, len(before) - same_after)


def point_at(source: bytes, position: int) -> tuple[int, int]:
    """Return the line, and the bytes before a position in it, both from 0."""
    row_start = source.rfind(b"\n", 0, position) + 1
    return source.count(b"\n", 0, position), position - row_start


def _common_prefix(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts begin with alike, whole characters only."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    while low and _is_inside_character(one, low):
        low -= 1
    return low


def _common_suffix(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts end with alike, whole characters only."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    while low and _is_inside_character(one, len(one) - low):
        low -= 1
    return low


def _is_inside_character(source: bytes, position: int) -> bool:
    return position < len(source) and source[position] & 0xC0 == 0x80
