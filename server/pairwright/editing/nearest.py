"""Which real lines did a model probably mean? Similarity explains a refusal; it never writes."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from pairwright.editing.lines import TextLines

_COMMON = 50
"""A line, or a word, that occurs more often says nothing about the place."""
_VOTING_LINES = 30
_TELLING_LINES = 3
_TELLING_WORDS = 3
_COMPARED_LINES = 100
_COMPARED_CHARACTERS = 200
_ALIKE = 0.6
_WORD = re.compile(r"\w{3,}")


def nearest_line(quoted: TextLines, lines: TextLines) -> int | None:
    """Return the line at which the quoted lines come closest to the text's, None if nowhere."""
    wanted = [line.strip() for line in quoted.evened]
    start = _by_equal_lines(wanted, lines)
    if start is None:
        start = _by_most_alike_line(wanted, lines)
    return None if start is None else max(0, min(start, len(lines.contents) - 1))


def most_alike(name: str, others: Iterable[str], count: int) -> list[str]:
    """Return the names that are most like one, the most alike first, none that is unlike it."""
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(name.casefold())
    found = []
    for other in others:
        matcher.set_seq1(other.casefold())
        if matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE:
            found.append((-matcher.ratio(), other))
    return [other for ratio, other in sorted(found)[:count] if -ratio > _ALIKE]


def _by_equal_lines(wanted: Sequence[str], lines: TextLines) -> int | None:
    votes: Counter[int] = Counter()
    for offset in _longest(wanted, _VOTING_LINES):
        places = _starts_of_lines_with(f"\n{wanted[offset]}\n", lines, _COMMON + 1)
        if len(places) <= _COMMON:
            votes.update(number - offset for number in places)
    return min(votes, key=lambda start: (-votes[start], start)) if votes else None


def _by_most_alike_line(wanted: Sequence[str], lines: TextLines) -> int | None:
    """Compare the longest lines with those that share their rarest words, anywhere in the text."""
    best, best_ratio = None, _ALIKE
    matcher = SequenceMatcher(None, autojunk=False)
    for offset in _longest(wanted, _TELLING_LINES):
        matcher.set_seq2(wanted[offset][:_COMPARED_CHARACTERS])
        for number in _sharing_words(wanted[offset], lines):
            matcher.set_seq1(lines.evened[number].strip()[:_COMPARED_CHARACTERS])
            if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
                ratio = matcher.ratio()
                if ratio > best_ratio:
                    best, best_ratio = number - offset, ratio
    return best


def _longest(wanted: Sequence[str], count: int) -> list[int]:
    numbers = [number for number, line in enumerate(wanted) if line]
    return sorted(numbers, key=lambda number: (-len(wanted[number]), number))[:count]


def _sharing_words(line: str, lines: TextLines) -> list[int]:
    words = dict.fromkeys(_WORD.findall(line))
    text = lines.joined_stripped
    counts = sorted((count, word) for word in words if (count := text.count(word)))
    found: dict[int, None] = {}
    for _, word in counts[:_TELLING_WORDS]:
        found.update(dict.fromkeys(_starts_of_lines_with(word, lines, _COMPARED_LINES)))
    return sorted(found)


def _starts_of_lines_with(part: str, lines: TextLines, most: int) -> list[int]:
    """Return lines that hold a part, the first so many; a whole line has its line feeds around."""
    text = lines.joined_stripped
    found: list[int] = []
    line = counted = 0
    at = text.find(part)
    while at >= 0 and len(found) < most:
        # Each line has a line feed before it, the first one as well.
        start = at + part.startswith("\n")
        line += text.count("\n", counted, start)
        counted = start
        found.append(line - 1)
        at = text.find(part, text.find("\n", start))
    return found
