"""How do several reverted entries become one change? Each file from what it holds to its end.

Pure, like `journal.reverting`, whose results it takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pairwright.journal.entries import JournalEntry
from pairwright.journal.hunks import Contents, hunks_of
from pairwright.journal.reverting import Reverted, RevertedFile
from pairwright.workspace.paths import WorkspacePath


def merge(
    results: Sequence[Reverted], *, modes: Mapping[WorkspacePath, int] | None = None
) -> tuple[RevertedFile, ...]:
    """Return what all results together write, each file once.

    Args:
        results: as `revert_each` gives them: each reckons with those before it.
        modes: the files' permission bits now.
    """
    merged: dict[WorkspacePath, RevertedFile] = {}
    for file in (file for result in results for file in result.files):
        source = merged.get(file.moved_from) if file.moved_from is not None else None
        if source is not None and source.moved_from is not None:
            # It moved twice: it comes from where it is now.
            file = replace(file, moved_from=source.moved_from)
        merged[file.path] = _after(merged[file.path], file) if file.path in merged else file
    changed = [file for file in merged.values() if _is_change(file, modes or {})]
    removed = {file.path for file in changed if file.content is None}
    return tuple(
        file if file.moved_from in removed else replace(file, moved_from=None) for file in changed
    )


def merge_hunks(
    results: Iterable[Reverted], entries: Iterable[JournalEntry], contents: Contents
) -> tuple[str, ...] | None:
    """Return the hunks that all results together take back; None: all of their entries.

    Raises:
        UserError: what an entry's files held is damaged, or was given up.
    """
    results = tuple(results)
    if all(result.hunks is None for result in results):
        return None
    by_id = {entry.entry_id: entry for entry in entries}
    return tuple(
        hunk_id
        for result in results
        for hunk_id in (
            (hunk.hunk_id for hunk in hunks_of(by_id[result.entry_id], contents))
            if result.hunks is None
            else result.hunks
        )
    )


def _after(first: RevertedFile, second: RevertedFile) -> RevertedFile:
    mode = second.mode if second.mode is not None else first.mode
    return RevertedFile(
        first.path,
        first.before,
        second.content,
        None if second.content is None else mode,
        moved_from=None if second.content is None else second.moved_from or first.moved_from,
    )


def _is_change(file: RevertedFile, modes: Mapping[WorkspacePath, int]) -> bool:
    if file.content != file.before:
        return True
    return file.mode is not None and file.mode != modes.get(file.path)
