"""How does a text change? Replacements of ranges, applied as one batch."""

from collections.abc import Iterable
from dataclasses import dataclass

from pairwright.text.diff import diff_texts
from pairwright.text.ranges import LineIndex, TextRange


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace `range` by `new_text`; an empty range inserts."""

    range: TextRange
    new_text: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return the text with all edits made; every range speaks of the text as it was.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    parts = []
    position = 0
    previous: TextEdit | None = None
    for edit in sorted(edits, key=lambda edit: (edit.range.start, edit.range.end)):
        if edit.range.end > len(text):
            raise ValueError(f"edit at {edit.range.start} lies outside the text")
        if previous is not None and previous.range.overlaps(edit.range):
            raise ValueError(f"edits overlap at {edit.range.start}")
        parts += [text[position : edit.range.start], edit.new_text]
        position = edit.range.end
        previous = edit
    return "".join([*parts, text[position:]])


def edits_between(old: str, new: str) -> tuple[TextEdit, ...]:
    """Return edits that make `new` of `old` and touch only the lines that differ."""
    index = LineIndex(old)
    return tuple(
        TextEdit(
            TextRange(index.start_of(hunk.old_start), index.start_of(hunk.old_end)),
            "".join(hunk.new_lines),
        )
        for hunk in diff_texts(old, new)
    )
