"""Does a change take away more than it speaks of? Small models leave out what they do not copy."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pairwright.checks.overlay import text_before
from pairwright.checks.verdict import Check, Outcome
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.settings import CheckSettings
from pairwright.text.diff import Hunk, diff_texts
from pairwright.text.ranges import split_lines
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

Texts = Mapping[WorkspacePath, str | None]

_FEW_LINES = 6
"""As many lines may go unseen from any file, however small."""
_MOST_SHRINKAGE = 0.6
"""The share of a file's lines that may go unseen."""
_OPENING = r"(?:#|//|/\*+|<!--|--|;+|%|\*)?\s*"
_WHAT_STAYS = r"(?:rest|existing|remaining|unchanged|same|previous|omitted|as before|keep|other)\b"
_STANDS_FOR_CODE = re.compile(
    rf"{_OPENING}(?:\.\.\.|…)\s*\(?(?:the\s+|all\s+)?{_WHAT_STAYS}.*"
    rf"|{_OPENING}(?<=[#/*;%-] )(?:the\s+)?(?:rest of|remaining|existing)\s.*"
    r"(?:unchanged|same|omitted|as before|stays|here|\.\.\.|…).*",
    re.IGNORECASE,
)


def check_size(
    snapshot: Snapshot, change: SourceChange, texts: Texts, settings: CheckSettings
) -> Check:
    """Return whether a change stays in its bounds and deletes no more than it shows.

    A line that goes is shown when a block quotes it. Of the others, as many may go as new lines
    come in, or as another file of the change gains; beyond that a few, or part of the file. Blank
    lines do not count.
    """
    reason = (
        _too_large(snapshot, texts, settings)
        or next(filter(None, (_elision(snapshot, file, texts) for file in change.files)), "")
        or next(filter(None, (_shrinkage(snapshot, file, texts) for file in change.files)), "")
    )
    return Check(Outcome.FAILED, reason) if reason else Check(Outcome.PASSED)


def _too_large(snapshot: Snapshot, texts: Texts, settings: CheckSettings) -> str:
    if len(texts) > settings.max_files:
        return f"the change touches {len(texts)} files; at most {settings.max_files} are allowed"
    changed = sum(
        len(hunk.old_lines) + len(hunk.new_lines)
        for path, text in texts.items()
        for hunk in diff_texts(text_before(snapshot, path) or "", text or "")
    )
    if changed > settings.max_changed_lines:
        return (
            f"the change adds and removes {changed} lines; at most "
            f"{settings.max_changed_lines} are allowed: change only what is needed"
        )
    return ""


def _elision(snapshot: Snapshot, file_edit: FileEdit, texts: Texts) -> str:
    """Tell of a line that stands for code which goes away; empty when there is none."""
    for hunk in _hunks(snapshot, file_edit, texts):
        if _solid(hunk.old_lines) <= _solid(hunk.new_lines):
            continue
        for number, line in enumerate(hunk.new_lines):
            if _STANDS_FOR_CODE.fullmatch(line.strip()):
                gone = _solid(hunk.old_lines)
                return (
                    f"{file_edit.path}:{hunk.new_start + number + 1}: {line.strip()!r} stands in "
                    f"the place of {gone} lines that would be deleted: write the code itself, or "
                    "change only the lines that differ"
                )
    return ""


def _shrinkage(snapshot: Snapshot, file_edit: FileEdit, texts: Texts) -> str:
    if file_edit.kind not in (FileEditKind.MODIFY, FileEditKind.RENAME):
        return ""
    new_path = file_edit.new_path or file_edit.path
    old = _counted(split_lines(text_before(snapshot, file_edit.path) or ""))
    new = _counted(split_lines(texts[new_path] or ""))
    unseen = old - new - _counted(file_edit.quoted)
    moved = unseen & _gained_elsewhere(snapshot, new_path, texts)
    count = unseen.total() - moved.total() - (new - old).total()
    if count <= max(_FEW_LINES, old.total() * _MOST_SHRINKAGE):
        return ""
    return (
        f"{file_edit.path}: the change deletes most of the file ({count} of {old.total()} lines) "
        "and does not show them: keep what the instruction does not speak of; to delete lines, "
        "quote them as SEARCH"
    )


def _gained_elsewhere(snapshot: Snapshot, path: WorkspacePath, texts: Texts) -> Counter[str]:
    """Return the lines that the other files of the change gain."""
    gained: Counter[str] = Counter()
    for other, text in texts.items():
        if other != path:
            before = _counted(split_lines(text_before(snapshot, other) or ""))
            gained += _counted(split_lines(text or "")) - before
    return gained


def _hunks(snapshot: Snapshot, file_edit: FileEdit, texts: Texts) -> tuple[Hunk, ...]:
    if file_edit.kind not in (FileEditKind.MODIFY, FileEditKind.RENAME):
        return ()
    new_text = texts[file_edit.new_path or file_edit.path] or ""
    return diff_texts(text_before(snapshot, file_edit.path) or "", new_text)


def _counted(lines: Iterable[str]) -> Counter[str]:
    return Counter(stripped for line in lines if (stripped := line.strip()))


def _solid(lines: Iterable[str]) -> int:
    return sum(bool(line.strip()) for line in lines)
