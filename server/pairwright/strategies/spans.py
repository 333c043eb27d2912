"""Which lines does a model point at? Spans of files, whose text the backend reads.

In the published prompt reduction (arXiv 2505.20182, M16) the weak model retypes the code that
matters, and what it retypes seldom matches the file. Here it only says where: `path:first-last`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pairwright.text.ranges import split_lines
from pairwright.workspace.paths import WorkspacePath

_LINES = r"`?\s*:\s*(?:lines?\s*)?(?P<first>\d{1,7})(?:\s*(?:-|–|to)\s*(?P<last>\d{1,7}))?\b"
MARGIN = 2
"""Lines that are shown around each span."""


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a file, zero-based, the last one included."""

    path: WorkspacePath
    first: int
    last: int


def read_spans(answer: str, texts: Mapping[WorkspacePath, str]) -> tuple[Span, ...]:
    """Return the spans that an answer names, merged and in the order of the files.

    What names no file that was shown, or no line of it, says nothing and is left out.
    """
    found = {path: list(_ranges(answer, path, text)) for path, text in texts.items()}
    return tuple(
        Span(path, first, last) for path, ranges in found.items() for first, last in _merged(ranges)
    )


def excerpt(text: str, spans: Sequence[Span]) -> str:
    """Return the spans' lines, verbatim, with a line that tells of each gap."""
    lines = split_lines(text)
    parts: list[str] = []
    end = 0
    for span in spans:
        if span.first > end:
            parts.append(f"... lines {end + 1} to {span.first} are not shown\n")
        parts += lines[span.first : span.last + 1]
        end = span.last + 1
    if end < len(lines):
        parts.append(f"... lines {end + 1} to {len(lines)} are not shown\n")
    return "".join(parts)


def numbered(text: str) -> str:
    """Return a text with a number before each line, so that a model can say where."""
    return "".join(f"{number}: {line}" for number, line in enumerate(split_lines(text), start=1))


def _ranges(answer: str, path: str, text: str) -> Iterator[tuple[int, int]]:
    """Give the first and last line, with a margin, of every span of one file."""
    count = len(split_lines(text))
    for match in re.finditer(rf"(?<![\w./-]){re.escape(path)}{_LINES}", answer):
        first = int(match["first"]) - 1
        last = int(match["last"] or match["first"]) - 1
        if 0 <= first <= last and first < count:
            yield max(0, first - MARGIN), min(count - 1, last + MARGIN)


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged
