"""What was written here, and how is it taken back? Undo and redo, across clients and restarts.

Both are three-way: what a person changed since stays. A part that cannot be taken back refuses the
whole, so that nothing is half undone.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from pairwright.engine.changes.choosing import Part, number_of, parts_to_redo, parts_to_undo
from pairwright.engine.changes.proposing import both_sides
from pairwright.engine.changes.writing import (
    Writing,
    buffer_changes,
    carry_out,
    open_document,
    removal_by_editor,
)
from pairwright.engine.state import WorkspaceState
from pairwright.errors import StaleChange
from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.journal.history import changes_behind
from pairwright.journal.hunks import hunks_of
from pairwright.journal.merging import merge, merge_hunks
from pairwright.journal.reverting import Reverted, RevertedFile, revert_each
from pairwright.journal.tree import FileState
from pairwright.protocol.history_messages import RedoParams, UndoParams, UndoResult
from pairwright.workspace.encodings import decode_bytes, encode_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


async def undo(state: WorkspaceState, params: UndoParams, client: str) -> UndoResult:
    """Take a change back, or the part of it that is named; the last one by default.

    Raises:
        UnknownTask: there is no such change, or nothing of it is left to take back.
        InvalidRequest: the request contradicts itself.
        StaleChange: a part was changed since, or could not be written; nothing was.
    """
    parts = await asyncio.to_thread(parts_to_undo, state.journal, params)
    return await _take_back(state, parts, client)


async def redo(state: WorkspaceState, params: RedoParams, client: str) -> UndoResult:
    """Take an undo back, or the part of it that is named; the last one by default.

    Raises:
        UnknownTask: there is no such undo, or it was taken back already.
        InvalidRequest: the request contradicts itself, or means what was taken back with more.
        StaleChange: a part was changed since, or could not be written; nothing was.
    """
    parts = await asyncio.to_thread(parts_to_redo, state.journal, params)
    return await _take_back(state, parts, client)


async def _take_back(state: WorkspaceState, parts: Sequence[Part], client: str) -> UndoResult:
    """Take parts of several entries back as one change: one entry, all of it or nothing."""
    entries = [part.entry for part in parts]
    snapshot = state.host.snapshot
    touched = {record.path for entry in entries for record in entry.files}
    now = await asyncio.to_thread(_read, state, snapshot, touched)
    current = {path: None if file is None else file.content for path, file in now.items()}
    modes = {path: file.mode for path, file in now.items() if file is not None and file.mode}
    chosen = {part.entry.entry_id: part.hunk_ids for part in parts}
    wanted = {entry_id: ids for entry_id, ids in chosen.items() if ids is not None}
    content = state.journal.content
    reverted = await asyncio.to_thread(
        revert_each, entries, content, current, hunks=wanted, modes=modes
    )
    _require_no_conflict(reverted)
    files = merge(reverted, modes=modes)
    hunks = await asyncio.to_thread(merge_hunks, reverted, entries, content)
    newest = entries[-1]
    writing = Writing(
        buffers=buffer_changes(snapshot, _texts(files, snapshot)),
        writes=_writes(state, files, snapshot, current),
        note=EntryNote(
            label=newest.label,
            task_id=newest.task_id,
            client=client,
            reverts=tuple(each.entry_id for each in reverted),
            hunks=hunks,
        ),
        # It was agreed to when it was written; taking it back needs no second yes.
        approved=tuple(touched),
    )
    written = await carry_out(state, writing)
    _remember(state, entries, reverted)
    changes = changes_behind(written, await asyncio.to_thread(state.journal.entries))
    return UndoResult(
        entry_id=changes[0].entry_id,
        number=number_of(changes[0].entry_id),
        files=tuple(sorted(file.path for file in files)),
        undo_id=written.entry_id,
        label=changes[0].label,
        is_part=hunks is not None,
        numbers=tuple(sorted(number_of(change.entry_id) for change in changes)),
    )


def _remember(
    state: WorkspaceState, entries: Iterable[JournalEntry], reverted: Sequence[Reverted]
) -> None:
    """Remember that kept hunks were taken back; taking an undo back says nothing of them."""
    hunks = {each.entry_id: each.hunks for each in reverted}
    for entry in entries:
        if not entry.reverts:
            gone = hunks.get(entry.entry_id)
            count = len(hunks_of(entry, state.journal.content) if gone is None else gone)
            state.remembering.undone(entry.task_id, count)


def _read(
    state: WorkspaceState, snapshot: Snapshot, paths: Iterable[WorkspacePath]
) -> Mapping[WorkspacePath, FileState | None]:
    """Return what files hold now: an open document as its editor has it, all others from the disk.

    Raises:
        UserError: there is something that is no regular file; it is left as it is.
    """
    found: dict[WorkspacePath, FileState | None] = {}
    for path in paths:
        document = open_document(snapshot, path)
        if document is None:
            found[path] = state.journal.read(path)
        else:
            found[path] = FileState(encode_text(document.text, document.encoding), 0)
    return found


def _require_no_conflict(reverted: Sequence[Reverted]) -> None:
    conflicts = [conflict for each in reverted for conflict in each.conflicts]
    if not conflicts:
        return
    first, more = conflicts[0], len(conflicts) - 1
    others = f" (and {more} more places)" if more > 1 else " (and one more place)" if more else ""
    sides = both_sides(first.ours, first.theirs, wanted="the change had written")
    raise StaleChange(
        f"{first.path} was changed since, where the change is: {first.reason}{others}; nothing was "
        f"taken back: take back other files or hunks of it, or do this one by hand\n{sides}"
    )


def _texts(files: Iterable[RevertedFile], snapshot: Snapshot) -> Mapping[WorkspacePath, str | None]:
    """Return the texts that open documents are to have in the end."""
    texts: dict[WorkspacePath, str | None] = {}
    for file in files:
        if open_document(snapshot, file.path) is None:
            continue
        content = file.content
        texts[file.path] = None if content is None else decode_bytes(content, file.path).text
    return texts


def _writes(
    state: WorkspaceState,
    files: Iterable[RevertedFile],
    snapshot: Snapshot,
    current: Mapping[WorkspacePath, bytes | None],
) -> tuple[FileWrite, ...]:
    writes = tuple([_to_write(state, file, snapshot) for file in files])
    if writes:
        return writes
    # All is as it was before already: that is remembered, or the next undo would begin here again.
    path, content = next(iter(current.items()))
    return (RevertedFile(path, content, content).to_write(in_editor=True),)


def _to_write(state: WorkspaceState, file: RevertedFile, snapshot: Snapshot) -> FileWrite:
    document = open_document(snapshot, file.path)
    if document is not None and file.content is None:
        return removal_by_editor(state, file.path, document)
    return file.to_write(in_editor=document is not None)
