"""What happens when a person decides? Kept hunks are written at once, the others stay pending."""

import asyncio
from dataclasses import replace

from pairwright.engine.proposing import (
    explained,
    left_to_decide,
    needing_approval,
    parse_notes,
    require_approval,
    require_no_conflict,
    texts_of,
    to_conflicts,
)
from pairwright.engine.review import Kept, Texts
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks import Task, TaskState
from pairwright.engine.writing import Writing, buffer_changes, carry_out, file_write
from pairwright.errors import UnknownTask
from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.protocol import messages
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


async def accept(
    state: WorkspaceState, params: messages.AcceptParams, client: str
) -> messages.AcceptResult:
    """Keep pending hunks and write them, as one entry of the journal.

    Raises:
        UnknownTask: no such task is in review, or it has no such hunk.
        InvalidRequest: a hunk was decided before, or a file needs a yes that it has not.
        StaleChange: the text changed under a hunk, or could not be written; nothing was.
    """
    task = _in_review(state, params.task_id)
    _look_again(state, task)
    snapshot = state.host.snapshot
    before = texts_of(task.review, snapshot)
    kept = explained(task.review.keep(params.hunk_ids, before), snapshot)
    texts = {path: text for path, text in kept.texts.items() if text != before.get(path)}
    if params.check_only:
        return messages.AcceptResult(
            entry_id=None,
            files=tuple(sorted(texts)),
            notes=await asyncio.to_thread(parse_notes, snapshot, kept),
            needs_approval=needing_approval(texts),
            conflicts=to_conflicts(kept.conflicts),
        )
    require_no_conflict(kept)
    require_approval(texts, params.approved_paths)
    entry = await _write(state, task, kept, before, texts, params, client)
    pending, conflicts = left_to_decide(task, state.host.snapshot)
    return messages.AcceptResult(
        entry_id=None if entry is None else entry.entry_id,
        files=tuple(sorted(texts)),
        notes=(*await asyncio.to_thread(parse_notes, snapshot, kept), *_pruned_note(entry)),
        pending=pending,
        conflicts=conflicts,
    )


def reject(state: WorkspaceState, params: messages.RejectParams) -> messages.RejectResult:
    """Decide against pending hunks; nothing is written.

    Raises:
        UnknownTask: no such task is in review, or it has no such hunk.
        InvalidRequest: a hunk was decided before.
    """
    task = _in_review(state, params.task_id)
    _look_again(state, task)
    were_pending = task.review.pending
    task.review = task.review.reject(params.hunk_ids)
    rejected = tuple(each for each in were_pending if each not in task.review.pending)
    state.remembering.rejected(task.task_id, len(rejected))
    if params.remark:
        task.remarks += (params.remark,)
    pending, conflicts = left_to_decide(task, state.host.snapshot)
    _end_if_decided(task)
    return messages.RejectResult(rejected=rejected, pending=pending, conflicts=conflicts)


async def _write(
    state: WorkspaceState,
    task: Task,
    kept: Kept,
    before: Texts,
    texts: Texts,
    params: messages.AcceptParams,
    client: str,
) -> JournalEntry | None:
    def decided(_: object = None) -> None:
        count = len(task.review.pending) - len(kept.review.pending)
        state.remembering.kept(task.task_id, count, before, texts)
        task.review = kept.review
        _end_if_decided(task)

    if not texts:
        decided()
        return None
    snapshot = state.host.snapshot
    writes = tuple([_file_write(state, snapshot, path, text, kept) for path, text in texts.items()])
    note = EntryNote(label=task.instruction, task_id=task.task_id, client=client)
    writing = Writing(
        buffers=buffer_changes(snapshot, texts),
        writes=writes,
        note=note,
        approved=tuple(WorkspacePath(path) for path in params.approved_paths),
    )
    return await carry_out(state, writing, decided)


def _file_write(
    state: WorkspaceState, snapshot: Snapshot, path: WorkspacePath, text: str | None, kept: Kept
) -> FileWrite:
    moved_from = kept.renamed.get(path)
    write = file_write(snapshot, path, text, moved_from=moved_from)
    old = state.journal.read(moved_from) if moved_from is not None else None
    return write if old is None else replace(write, mode=old.mode)


def _pruned_note(entry: JournalEntry | None) -> tuple[str, ...]:
    if entry is None or not entry.pruned:
        return ()
    count = len(entry.pruned)
    changes = "The oldest change" if count == 1 else f"The {count} oldest changes"
    return (f"{changes} can no longer be taken back: room was needed for this one",)


def _in_review(state: WorkspaceState, task_id: str) -> Task:
    task = state.tasks.find(task_id)
    if task.state is not TaskState.REVIEW:
        raise UnknownTask(f"task {task_id!r} is {task.state}: nothing to decide")
    return task


def _look_again(state: WorkspaceState, task: Task) -> None:
    """Read the files anew that are to be decided of: the watcher may not have told yet."""
    paths = tuple(dict.fromkeys(path for hunk in task.review.hunks for path in hunk.paths))
    revision = state.host.snapshot.revision
    if state.host.refresh(paths).revision != revision:
        state.indexer.text_changed(paths)


def _end_if_decided(task: Task) -> None:
    if not task.review.pending:
        task.end(TaskState.DONE)
