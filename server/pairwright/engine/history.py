"""What was written here, and how is it taken back? Undo and redo, across clients and restarts.

Both are three-way: what a person changed since stays. A part that cannot be taken back refuses the
whole, so that nothing is half undone.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from pairwright.engine.proposing import both_sides
from pairwright.engine.state import WorkspaceState
from pairwright.engine.writing import Writing, buffer_changes, carry_out, open_document
from pairwright.errors import InvalidRequest, StaleChange, UnknownTask
from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.journal.history import EntryState, latest_change, latest_undo, states_of
from pairwright.journal.hunks import hunks_of
from pairwright.journal.journal import Journal
from pairwright.journal.reverting import Reverted, RevertedFile, revert, revert_each
from pairwright.journal.tree import FileState
from pairwright.protocol.history_messages import RedoParams, UndoParams, UndoResult
from pairwright.workspace.encodings import decode_bytes, encode_text
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot

_GONE = frozenset({EntryState.UNDONE})


async def undo(state: WorkspaceState, params: UndoParams, client: str) -> UndoResult:
    """Take a change back, or the part of it that is named; the last one by default.

    Raises:
        UnknownTask: there is no such change, or nothing of it is left to take back.
        InvalidRequest: the request contradicts itself.
        StaleChange: a part was changed since, or could not be written; nothing was.
    """
    _check(params)
    entries = await asyncio.to_thread(_entries_to_undo, state.journal, params)
    return await _take_back(state, entries, params.paths, params.hunk_ids, client)


async def redo(state: WorkspaceState, params: RedoParams, client: str) -> UndoResult:
    """Take an undo back; the last one by default.

    Raises:
        UnknownTask: there is no such undo, or it was taken back already.
        StaleChange: a part was changed since, or could not be written; nothing was.
    """
    entry = await asyncio.to_thread(_entry_to_redo, state.journal, params)
    return await _take_back(state, (entry,), params.paths, None, client)


def find_entry(entries: Sequence[JournalEntry], name: str) -> JournalEntry:
    """Return the entry of an id; its number, as in `12`, is enough where only one has it.

    Raises:
        UnknownTask: there is none.
    """
    for entry in entries:
        if entry.entry_id == name:
            return entry
    if name.isascii() and name.isdigit():
        numbered = [entry for entry in entries if number_of(entry.entry_id) == int(name)]
        if len(numbered) == 1:
            return numbered[0]
    raise UnknownTask(f"there is no change {name!r}: 'pairwright history' lists them")


def number_of(entry_id: str) -> int:
    """Return the number that an entry's id begins with."""
    digits = entry_id.partition("-")[0]
    return int(digits) if digits.isdigit() else 0


def _check(params: UndoParams) -> None:
    if params.entry_id is not None and params.task_id is not None:
        raise InvalidRequest("name a change or a task, not both")
    if params.task_id is not None and (params.paths is not None or params.hunk_ids is not None):
        raise InvalidRequest("a task is taken back as a whole: name one of its changes instead")
    for name, parts in (("file", params.paths), ("hunk", params.hunk_ids)):
        if parts is not None and not parts:
            raise InvalidRequest(f"no {name} is named: name those that you mean, or none for all")


def _entries_to_undo(journal: Journal, params: UndoParams) -> tuple[JournalEntry, ...]:
    entries = journal.entries()
    states = states_of(entries, journal.content)
    if params.task_id is not None:
        of_task = [each for each in entries if each.task_id == params.task_id]
        standing = [
            each for each in of_task if each.reverts is None and states[each.entry_id] not in _GONE
        ]
        if not standing:
            what = "was taken back already" if of_task else "wrote nothing here"
            raise UnknownTask(f"the task {params.task_id!r} {what}")
        return tuple(standing)
    if params.entry_id is not None:
        entry = find_entry(entries, params.entry_id)
    elif params.hunk_ids is not None:
        entry = _entry_of_hunk(journal, entries, params.hunk_ids[0])
    else:
        latest = latest_change(entries, journal.content)
        if latest is None:
            raise UnknownTask("there is no change to take back")
        entry = latest
    if states[entry.entry_id] in _GONE:
        raise UnknownTask(
            f"the change {entry.entry_id!r} was taken back already: 'pairwright redo "
            f"{number_of(entry.entry_id)}' brings it back"
        )
    gone = hunks_gone(entry, entries, states)
    if gone and _named_hunks(journal, entry, params) <= gone:
        raise UnknownTask(f"that part of the change {entry.entry_id!r} was taken back already")
    return (entry,)


def _named_hunks(journal: Journal, entry: JournalEntry, params: UndoParams) -> set[str]:
    """Return the hunks of the files and hunks that a request names; all when it names none."""
    return {
        hunk.hunk_id
        for hunk in hunks_of(entry, journal.content)
        if (params.paths is None or hunk.path in params.paths)
        and (params.hunk_ids is None or hunk.hunk_id in params.hunk_ids)
    } or {""}


def _entry_of_hunk(journal: Journal, entries: Sequence[JournalEntry], hunk_id: str) -> JournalEntry:
    for entry in reversed(entries):
        if not entry.is_pruned and any(
            hunk.hunk_id == hunk_id for hunk in hunks_of(entry, journal.content)
        ):
            return entry
    raise UnknownTask(f"no change has a hunk {hunk_id!r}: 'pairwright history ENTRY' lists them")


def _entry_to_redo(journal: Journal, params: RedoParams) -> JournalEntry:
    entries = journal.entries()
    states = states_of(entries, journal.content)
    if params.entry_id is None:
        latest = latest_undo(entries, journal.content)
        if latest is None:
            raise UnknownTask("there is no undo to take back since the last change")
        return latest
    named = find_entry(entries, params.entry_id)
    # Who names a change means the undo of it.
    undos = (
        [named]
        if is_undo(named, entries)
        else [each for each in entries if each.reverts == named.entry_id]
    )
    standing = [each for each in undos if states[each.entry_id] not in _GONE]
    if not standing:
        raise UnknownTask(f"the change {named.entry_id!r} is not taken back: nothing to do again")
    return standing[-1]


def is_undo(entry: JournalEntry, entries: Sequence[JournalEntry]) -> bool:
    """Tell whether an entry took a change away; one that brought a change back did not."""
    by_id = {each.entry_id: each for each in entries}
    depth = 0
    while entry.reverts is not None:
        depth += 1
        if entry.reverts not in by_id:
            break
        entry = by_id[entry.reverts]
    return depth % 2 == 1


def change_behind(entry: JournalEntry, entries: Sequence[JournalEntry]) -> JournalEntry:
    """Return the change that a chain of undos and redos speaks of, as far as it is remembered."""
    by_id = {each.entry_id: each for each in entries}
    while entry.reverts is not None and entry.reverts in by_id:
        entry = by_id[entry.reverts]
    return entry


def hunks_gone(
    entry: JournalEntry, entries: Sequence[JournalEntry], states: Mapping[str, EntryState]
) -> frozenset[str] | None:
    """Return the hunks that were taken back; None: all of them."""
    gone: set[str] = set()
    for undo in entries:
        if undo.reverts == entry.entry_id and states[undo.entry_id] not in _GONE:
            if undo.hunks is None:
                return None
            gone.update(undo.hunks)
    return frozenset(gone)


def _hunks_left(journal: Journal, entries: Sequence[JournalEntry]) -> Mapping[str, tuple[str, ...]]:
    """Return what is left to take back of those entries of which a part is gone already.

    What was edited since at the place of such a part has nothing to do with the rest.
    """
    known = journal.entries()
    states = states_of(known, journal.content)
    left: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        gone = hunks_gone(entry, known, states)
        if gone:
            hunk_ids = (hunk.hunk_id for hunk in hunks_of(entry, journal.content))
            left[entry.entry_id] = tuple(each for each in hunk_ids if each not in gone)
    return left


async def _take_back(
    state: WorkspaceState,
    entries: Sequence[JournalEntry],
    paths: tuple[str, ...] | None,
    hunk_ids: tuple[str, ...] | None,
    client: str,
) -> UndoResult:
    wanted = None if paths is None else {parse_path(path) for path in paths}
    snapshot = state.host.snapshot
    touched = {record.path for entry in entries for record in entry.files}
    now = await asyncio.to_thread(_read, state, snapshot, touched)
    current = {path: None if file is None else file.content for path, file in now.items()}
    modes = {path: file.mode for path, file in now.items() if file is not None and file.mode}

    def reverts() -> tuple[Reverted, ...]:
        content = state.journal.content
        left = _hunks_left(state.journal, entries) if paths is None and hunk_ids is None else {}
        if len(entries) > 1:
            return revert_each(entries, content, current, hunks=left)
        (entry,) = entries
        hunks = left.get(entry.entry_id, hunk_ids)
        part = revert(entry, content, current, paths=wanted, hunks=hunks, modes=modes)
        return (part,)

    reverted = await asyncio.to_thread(reverts)
    _require_no_conflict(reverted)
    notes = {entry.entry_id: _note(entry, client) for entry in entries}
    writing = Writing(
        buffers=buffer_changes(snapshot, _texts(reverted, snapshot)),
        entries=[
            (_writes(each, snapshot, current), _with_hunks(notes[each.entry_id], each))
            for each in reverted
        ],
        # It was agreed to when it was written; taking it back needs no second yes.
        approved=tuple(touched),
    )
    written = await carry_out(state, writing)
    _remember(state, entries, reverted)
    change = change_behind(entries[-1], await asyncio.to_thread(state.journal.entries))
    return UndoResult(
        entry_id=change.entry_id,
        number=number_of(change.entry_id),
        files=tuple(sorted({file.path for each in reverted for file in each.files})),
        undo_id=written[-1].entry_id,
        label=change.label,
        is_part=any(each.hunks is not None for each in reverted),
    )


def _remember(
    state: WorkspaceState, entries: Iterable[JournalEntry], reverted: Sequence[Reverted]
) -> None:
    """Remember that kept hunks were taken back; taking an undo back says nothing of them."""
    hunks = {each.entry_id: each.hunks for each in reverted}
    for entry in entries:
        if entry.reverts is None:
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


def _texts(reverted: Sequence[Reverted], snapshot: Snapshot) -> Mapping[WorkspacePath, str | None]:
    """Return the texts that open documents are to have in the end."""
    texts: dict[WorkspacePath, str | None] = {}
    for file in (file for each in reverted for file in each.files):
        if open_document(snapshot, file.path) is None:
            continue
        if file.content is None:
            raise StaleChange(
                f"{file.path} is open in an editor: close it there, then it can go away"
            )
        texts[file.path] = decode_bytes(file.content, file.path).text
    return texts


def _writes(
    reverted: Reverted, snapshot: Snapshot, current: Mapping[WorkspacePath, bytes | None]
) -> tuple[FileWrite, ...]:
    if reverted.files:
        return tuple(
            file.to_write(in_editor=open_document(snapshot, file.path) is not None)
            for file in reverted.files
        )
    # All is as it was before already: that is remembered, or the next undo would begin here again.
    path, content = next(iter(current.items()))
    return (RevertedFile(path, content, content).to_write(in_editor=True),)


def _note(entry: JournalEntry, client: str) -> EntryNote:
    return EntryNote(
        label=entry.label, task_id=entry.task_id, client=client, reverts=entry.entry_id
    )


def _with_hunks(note: EntryNote, reverted: Reverted) -> EntryNote:
    return EntryNote(
        label=note.label,
        task_id=note.task_id,
        client=note.client,
        reverts=note.reverts,
        hunks=reverted.hunks,
    )
