"""What was written here? The journal's entries, worded for a person, with what of them stands."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pairwright.engine.changes.choosing import find_entry, number_of
from pairwright.engine.state import WorkspaceState
from pairwright.errors import InvalidRequest, UserError
from pairwright.journal.entries import FileRecord, JournalEntry
from pairwright.journal.history import (
    EntryState,
    Standing,
    changes_behind,
    is_undo,
    standings_of,
)
from pairwright.journal.hunks import EntryHunk, hunks_of, text_of
from pairwright.journal.journal import Journal
from pairwright.protocol import history_messages as messages
from pairwright.protocol.messages import FileChange, HunkView
from pairwright.text.diff import DiffKind, FileDiff, to_unified
from pairwright.workspace.paths import WorkspacePath

MOST_ENTRIES = 500
"""How many one answer tells at most."""

_STANDINGS: Mapping[EntryState, messages.Standing] = {
    EntryState.STANDING: "standing",
    EntryState.UNDONE: "undone",
    EntryState.PARTLY_UNDONE: "partly",
    EntryState.PRUNED: "forgotten",
}
_DIFF_KINDS: Mapping[FileChange, DiffKind] = {
    "create": DiffKind.CREATE,
    "delete": DiffKind.DELETE,
    "modify": DiffKind.MODIFY,
    "rename": DiffKind.MODIFY,
}


async def tell(state: WorkspaceState, params: messages.HistoryParams) -> messages.HistoryResult:
    """Return what was written, the newest first; one entry with its hunks.

    Raises:
        InvalidRequest: the limit makes no sense.
        UnknownTask: there is no such entry.
    """
    if not 1 <= params.limit <= MOST_ENTRIES:
        raise InvalidRequest(f"limit: give a number from 1 to {MOST_ENTRIES}")
    return await asyncio.to_thread(_tell, state.journal, params)


def _tell(journal: Journal, params: messages.HistoryParams) -> messages.HistoryResult:
    entries = journal.entries()
    standings = standings_of(entries, journal.content)
    if params.entry_id is not None:
        wanted: Sequence[JournalEntry] = (find_entry(entries, params.entry_id),)
    else:
        wanted = tuple(reversed(entries))[: params.limit]
    forgotten = sum(entry.is_pruned for entry in entries)
    return messages.HistoryResult(
        entries=tuple(
            _to_entry(journal, entry, entries, standings, is_detailed=params.entry_id is not None)
            for entry in wanted
        ),
        total=len(entries),
        notice=_notice(forgotten),
    )


def _notice(forgotten: int) -> str:
    if not forgotten:
        return ""
    changes = "change" if forgotten == 1 else f"{forgotten} changes"
    return f"the oldest {changes} can no longer be taken back: room was needed for newer ones"


def _to_entry(
    journal: Journal,
    entry: JournalEntry,
    entries: Sequence[JournalEntry],
    standings: Mapping[str, Standing],
    *,
    is_detailed: bool,
) -> messages.HistoryEntry:
    hunks = _hunks(journal, entry)
    changes = changes_behind(entry, entries)
    numbers = [number_of(each.entry_id) for each in changes if entry.reverts and not each.reverts]
    moved = {record.moved_from for record in entry.files}
    standing = standings[entry.entry_id]
    return messages.HistoryEntry(
        entry_id=entry.entry_id,
        number=number_of(entry.entry_id),
        kind=_kind(entry, entries),
        label=changes[0].label,
        written_at=entry.written_at,
        client=entry.client,
        task_id=entry.task_id or None,
        reverts=entry.reverts[0] if entry.reverts else None,
        also_reverts=entry.reverts[1:],
        change_number=numbers[0] if numbers else None,
        change_numbers=tuple(sorted(numbers)),
        standing=_STANDINGS[standing.state],
        files=tuple(
            _to_file(
                journal,
                record,
                _of_file(hunks, record.path),
                standing.gone,
                is_detailed=is_detailed,
            )
            for record in entry.files
            # A renamed file is told once, by its new name.
            if record.path not in moved
        ),
    )


def _kind(
    entry: JournalEntry, entries: Sequence[JournalEntry]
) -> Literal["change", "undo", "redo"]:
    if not entry.reverts:
        return "change"
    return "undo" if is_undo(entry, entries) else "redo"


def _hunks(journal: Journal, entry: JournalEntry) -> tuple[EntryHunk, ...]:
    try:
        return hunks_of(entry, journal.content)
    except UserError:
        return ()  # given up, or damaged: it is listed all the same


def _of_file(hunks: Iterable[EntryHunk], path: WorkspacePath) -> tuple[EntryHunk, ...]:
    return tuple(hunk for hunk in hunks if hunk.path == path)


def _to_file(
    journal: Journal,
    record: FileRecord,
    hunks: tuple[EntryHunk, ...],
    gone: frozenset[str] | None,
    *,
    is_detailed: bool,
) -> messages.HistoryFile:
    change = _change_of(record)
    return messages.HistoryFile(
        path=record.path,
        file_change=change,
        moved_from=record.moved_from,
        added=sum(len(each.hunk.new_lines) for each in hunks),
        removed=sum(len(each.hunk.old_lines) for each in hunks),
        in_editor=record.in_editor,
        hunks=_views(journal, record, hunks, change) if is_detailed else (),
        undone_hunks=tuple(
            each.hunk_id for each in hunks if is_detailed and (gone is None or each.hunk_id in gone)
        ),
    )


def _change_of(record: FileRecord) -> FileChange:
    if record.moved_from is not None:
        return "rename"
    if record.before is None:
        return "create"
    return "delete" if record.after is None else "modify"


def _views(
    journal: Journal, record: FileRecord, hunks: tuple[EntryHunk, ...], change: FileChange
) -> tuple[HunkView, ...]:
    if not hunks:
        return ()
    content = journal.content(record.before) if record.before is not None else None
    old = text_of(content, record.path)
    old_text = old.text if old is not None else ""
    kind = _DIFF_KINDS["create" if record.before is None else change]
    return tuple(
        HunkView(
            hunk_id=each.hunk_id,
            path=record.path,
            old_start=each.hunk.old_start,
            old_lines=each.hunk.old_lines,
            new_start=each.hunk.new_start,
            new_lines=each.hunk.new_lines,
            unified=_unified(record.path, kind, each, old_text),
            file_change=change,
        )
        for each in hunks
    )


def _unified(path: WorkspacePath, kind: DiffKind, hunk: EntryHunk, old_text: str) -> str:
    lines = (hunk.hunk,) if hunk.hunk.old_lines or hunk.hunk.new_lines else ()
    return to_unified(FileDiff(path, kind, lines), old_text)
