"""Which real lines did a model probably mean? Similarity explains a refusal; it never writes."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_COMMON = 50
"""A line that occurs more often says nothing about the place."""
_COMPARED_LINES = 2000
_COMPARED_CHARACTERS = 200
_ALIKE = 0.6


def nearest_line(quoted: Sequence[str], lines: Sequence[str]) -> int | None:
    """Return the line at which the quoted lines come closest to the file's, None if nowhere."""
    start = _by_equal_lines(quoted, lines)
    if start is None:
        start = _by_most_telling_line(quoted, lines)
    return None if start is None else max(0, min(start, len(lines) - 1))


def _by_equal_lines(quoted: Sequence[str], lines: Sequence[str]) -> int | None:
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        places.setdefault(line.strip(), []).append(number)
    votes: Counter[int] = Counter()
    for offset, line in enumerate(quoted):
        found = places.get(line.strip(), []) if line.strip() else []
        if len(found) <= _COMMON:
            votes.update(number - offset for number in found)
    return min(votes, key=lambda start: (-votes[start], start)) if votes else None


def _by_most_telling_line(quoted: Sequence[str], lines: Sequence[str]) -> int | None:
    offset = max(range(len(quoted)), key=lambda number: len(quoted[number].strip()))
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(quoted[offset].strip()[:_COMPARED_CHARACTERS])
    best, best_ratio = None, _ALIKE
    for number, line in enumerate(lines[:_COMPARED_LINES]):
        matcher.set_seq1(line.strip()[:_COMPARED_CHARACTERS])
        if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = number - offset, ratio
    return best
