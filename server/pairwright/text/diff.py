"""What differs between two texts? Hunks of whole lines, and their unified form.

Line numbers are zero-based. Hunks of one diff are in order and never touch: at least one unchanged
line lies between two of them, so any subset can be applied by itself.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

from pairwright.text.ranges import split_lines

_COMPARISONS = 4_000_000
"""How many line comparisons one diff may take; beyond it, hunks become coarser, never wrong."""
_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")


class DiffKind(StrEnum):
    """What happens to a file."""

    MODIFY = "modify"
    CREATE = "create"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that replace lines, without context; each line has its line end."""

    old_start: int
    old_lines: tuple[str, ...]
    """Empty for an insertion before the line `old_start`."""
    new_start: int
    new_lines: tuple[str, ...]

    @property
    def old_end(self) -> int:
        """The line behind the last old line."""
        return self.old_start + len(self.old_lines)

    @property
    def growth(self) -> int:
        """How many lines the text gains; negative when it loses some."""
        return len(self.new_lines) - len(self.old_lines)


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What differs in one file."""

    path: str
    kind: DiffKind
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines of the old text, half-open, against lines of the new one."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def diff_texts(old: str, new: str) -> tuple[Hunk, ...]:
    """Return the hunks that make `new` of `old`; line ends count as part of a line."""
    return diff_lines(split_lines(old), split_lines(new))


def diff_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """Return the hunks that make the lines `new` of the lines `old`, in bounded time."""
    return tuple(
        Hunk(
            span.old_start,
            tuple(old[span.old_start : span.old_end]),
            span.new_start,
            tuple(new[span.new_start : span.new_end]),
        )
        for span in _changed_spans(old, new)
    )


def apply_hunks(old: str, hunks: Iterable[Hunk]) -> str:
    """Return the text with these hunks applied: all hunks of a diff of `old`, or some of them.

    Raises:
        ValueError: a hunk does not fit the text, or two overlap.
    """
    lines = split_lines(old)
    parts: list[str] = []
    position = 0
    for hunk in checked_hunks(lines, hunks):
        parts += lines[position : hunk.old_start]
        parts += hunk.new_lines
        position = hunk.old_end
    return "".join([*parts, *lines[position:]])


def checked_hunks(lines: Sequence[str], hunks: Iterable[Hunk]) -> tuple[Hunk, ...]:
    """Return the hunks in order, once it is sure that each fits the lines.

    Raises:
        ValueError: a hunk does not fit the lines, or two overlap.
    """
    ordered = tuple(sorted(hunks, key=lambda hunk: (hunk.old_start, hunk.old_end)))
    position = 0
    last_insertion = -1
    for hunk in ordered:
        if hunk.old_start < position or hunk.old_end == last_insertion:
            raise ValueError(f"hunks overlap at line {hunk.old_start}")
        if not hunk.old_lines:
            last_insertion = hunk.old_start
        is_inside = hunk.old_end <= len(lines)
        if not is_inside or tuple(lines[hunk.old_start : hunk.old_end]) != hunk.old_lines:
            raise ValueError(f"the hunk at line {hunk.old_start} does not fit the text")
        position = hunk.old_end
    return ordered


def to_unified(diff: FileDiff, old_text: str, context: int = 3) -> str:
    """Return the diff as `git apply` reads it; empty when nothing differs.

    Raises:
        ValueError: a hunk does not fit the old text.
    """
    old_lines: Sequence[str] = split_lines(old_text)
    hunks = checked_hunks(old_lines, diff.hunks)
    new_text = apply_hunks(old_text, hunks)
    if _LONE_CARRIAGE_RETURN.search(old_text) or _LONE_CARRIAGE_RETURN.search(new_text):
        # To git, only a line feed ends a line.
        old_lines = _split_at_line_feeds(old_text)
        hunks = diff_lines(old_lines, _split_at_line_feeds(new_text))
    if not hunks:
        return _empty_file_heading(diff)
    parts = [_heading(diff)]
    growth = 0
    for group in _groups(hunks, 2 * context):
        parts += _unified_group(old_lines, group, context=context, growth=growth)
        growth += sum(hunk.growth for hunk in group)
    return "".join(parts)


def _changed_spans(old: Sequence[str], new: Sequence[str]) -> Iterator[_Span]:
    whole = _without_common_edges(old, new, _Span(0, len(old), 0, len(new)))
    gaps: Iterable[_Span] = (whole,)
    if _comparisons(old, new, whole) > _COMPARISONS:
        gaps = (_without_common_edges(old, new, gap) for gap in _between_anchors(old, new, whole))
    budget = _COMPARISONS
    for gap in gaps:
        if gap.old_start == gap.old_end and gap.new_start == gap.new_end:
            continue
        needed = _comparisons(old, new, gap)
        if needed > budget:
            yield gap
        else:
            budget -= needed
            yield from _matched_spans(old, new, gap)


def _without_common_edges(old: Sequence[str], new: Sequence[str], span: _Span) -> _Span:
    old_start, old_end = span.old_start, span.old_end
    new_start, new_end = span.new_start, span.new_end
    while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
        old_start += 1
        new_start += 1
    while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end -= 1
        new_end -= 1
    return _Span(old_start, old_end, new_start, new_end)


def _comparisons(old: Sequence[str], new: Sequence[str], span: _Span) -> int:
    """Bound the steps of `SequenceMatcher`: each match it finds may cost a pass over all pairs."""
    old_counts = Counter(old[span.old_start : span.old_end])
    new_counts = Counter(new[span.new_start : span.new_end])
    pairs = sum(count * new_counts[line] for line, count in old_counts.items())
    old_size = span.old_end - span.old_start
    matches = min(pairs, old_size, span.new_end - span.new_start)
    return (old_size + pairs) * (matches + 1)


def _matched_spans(old: Sequence[str], new: Sequence[str], span: _Span) -> Iterator[_Span]:
    matcher = SequenceMatcher(
        None,
        old[span.old_start : span.old_end],
        new[span.new_start : span.new_end],
        autojunk=False,
    )
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield _Span(
                span.old_start + old_start,
                span.old_start + old_end,
                span.new_start + new_start,
                span.new_start + new_end,
            )


def _between_anchors(old: Sequence[str], new: Sequence[str], span: _Span) -> Iterator[_Span]:
    """Cut a span at the lines that occur once on either side and keep their order."""
    old_start, new_start = span.old_start, span.new_start
    for old_line, new_line in chain(
        _rising(_unique_pairs(old, new, span)), [(span.old_end, span.new_end)]
    ):
        yield _Span(old_start, old_line, new_start, new_line)
        old_start, new_start = old_line + 1, new_line + 1


def _unique_pairs(old: Sequence[str], new: Sequence[str], span: _Span) -> list[tuple[int, int]]:
    old_counts = Counter(old[span.old_start : span.old_end])
    new_counts = Counter(new[span.new_start : span.new_end])
    new_places = {new[line]: line for line in range(span.new_start, span.new_end)}
    return [
        (line, new_places[old[line]])
        for line in range(span.old_start, span.old_end)
        if old_counts[old[line]] == 1 and new_counts[old[line]] == 1
    ]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a longest subsequence of the pairs in which the second number rises."""
    tails: list[int] = []
    tail_pairs: list[int] = []
    previous: list[int | None] = []
    for number, (_, new_line) in enumerate(pairs):
        length = bisect_left(tails, new_line)
        previous.append(tail_pairs[length - 1] if length else None)
        tails[length : length + 1] = [new_line]
        tail_pairs[length : length + 1] = [number]
    rising = []
    at = tail_pairs[-1] if tail_pairs else None
    while at is not None:
        rising.append(pairs[at])
        at = previous[at]
    return rising[::-1]


def _split_at_line_feeds(text: str) -> tuple[str, ...]:
    *lines, last = text.split("\n")
    return (*(line + "\n" for line in lines), *([last] if last else []))


def _groups(hunks: Sequence[Hunk], reach: int) -> Iterator[list[Hunk]]:
    """Put hunks together whose contexts would meet."""
    group: list[Hunk] = []
    for hunk in hunks:
        if group and hunk.old_start - group[-1].old_end > reach:
            yield group
            group = []
        group.append(hunk)
    yield group


def _unified_group(
    old_lines: Sequence[str], group: Sequence[Hunk], *, context: int, growth: int
) -> Iterator[str]:
    first = max(0, group[0].old_start - context)
    last = min(len(old_lines), group[-1].old_end + context)
    old_count = last - first
    new_count = old_count + sum(hunk.growth for hunk in group)
    yield f"@@ -{_extent(first, old_count)} +{_extent(first + growth, new_count)} @@\n"
    position = first
    for hunk in group:
        yield from _marked(" ", old_lines[position : hunk.old_start])
        yield from _marked("-", hunk.old_lines)
        yield from _marked("+", hunk.new_lines)
        position = hunk.old_end
    yield from _marked(" ", old_lines[position:last])


def _extent(start: int, count: int) -> str:
    # An empty extent names the line before it; line numbers are one-based here.
    return f"{start + 1 if count else start},{count}"


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.endswith("\n"):
            yield mark + line
        else:
            yield f"{mark}{line}\n\\ No newline at end of file\n"


def _heading(diff: FileDiff) -> str:
    old_name = "/dev/null" if diff.kind is DiffKind.CREATE else _quoted(f"a/{diff.path}")
    new_name = "/dev/null" if diff.kind is DiffKind.DELETE else _quoted(f"b/{diff.path}")
    return f"--- {_ended(old_name)}\n+++ {_ended(new_name)}\n"


def _empty_file_heading(diff: FileDiff) -> str:
    """Name an empty file that comes or goes: there are no lines to show, so the heading says it."""
    if diff.kind is DiffKind.MODIFY:
        return ""
    word = "new" if diff.kind is DiffKind.CREATE else "deleted"
    names = f"{_quoted(f'a/{diff.path}')} {_quoted(f'b/{diff.path}')}"
    return f"diff --git {names}\n{word} file mode 100644\n"


def _quoted(name: str) -> str:
    """Write a name as git does: in quotes when it holds a quote, a backslash or a control."""
    if not re.search(r'["\\\x00-\x1f\x7f]', name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\{ord(found[0]):03o}", escaped) + '"'


def _ended(name: str) -> str:
    # Without the tab, what follows a blank in a name reads as a timestamp.
    return f"{name}\t" if " " in name and not name.startswith('"') else name
