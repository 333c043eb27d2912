"""What happens when a person decides? Kept hunks are written at once, the others stay pending."""

from dataclasses import replace

from pairwright.disclosure.redaction import without_keys
from pairwright.engine.changes.proposing import (
    explained,
    left_to_decide,
    needing_approval,
    parse_notes,
    require_approval,
    require_no_conflict,
    texts_of,
    to_conflicts,
)
from pairwright.engine.changes.review import HunkState, Kept, Texts
from pairwright.engine.changes.writing import Writing, buffer_changes, carry_out, file_write
from pairwright.engine.editors.buffers import BufferChange
from pairwright.engine.editors.editors import EditReason
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.task import Decision, Task, TaskState
from pairwright.errors import UnknownTask
from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.protocol import messages
from pairwright.workspace.paths import WorkspacePath

_MOST_LABEL = 80
"""Characters of an instruction that an editor shows."""


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
    analysis = state.indexer.analysis
    snapshot = analysis.snapshot
    before = texts_of(task.review, snapshot)
    kept = explained(task.review.keep(params.hunk_ids, before), snapshot)
    texts = {path: text for path, text in kept.texts.items() if text != before.get(path)}
    if params.check_only:
        return messages.AcceptResult(
            entry_id=None,
            files=tuple(sorted(texts)),
            notes=await parse_notes(analysis, kept, state.indexer.outline),
            needs_approval=needing_approval(texts),
            conflicts=to_conflicts(kept.conflicts),
        )
    require_no_conflict(kept)
    require_approval(texts, params.approved_paths)
    entry = await _write(state, task, kept, before, texts, params, client)
    state.tell_change(task)
    pending, conflicts = left_to_decide(task, state.host.snapshot)
    return messages.AcceptResult(
        entry_id=None if entry is None else entry.entry_id,
        files=tuple(sorted(texts)),
        notes=(
            *await parse_notes(analysis, kept, state.indexer.outline),
            *_pruned_note(entry),
        ),
        pending=pending,
        conflicts=conflicts,
    )


def reject(
    state: WorkspaceState, params: messages.RejectParams, client: str
) -> messages.RejectResult:
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
    task.decided(Decision(rejected, HunkState.REJECTED, client, params.remark))
    pending, conflicts = left_to_decide(task, state.host.snapshot)
    _end_if_decided(task)
    state.tell_change(task)
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
    def decided(entry: JournalEntry | None = None) -> None:
        task.entry_ids += () if entry is None else (entry.entry_id,)
        decided = [each for each in task.review.pending if each not in kept.review.pending]
        state.remembering.kept(task.task_id, len(decided), before, texts)
        task.review = kept.review
        task.decided(Decision(tuple(decided), HunkState.KEPT, client))
        _end_if_decided(task)

    if not texts:
        decided()
        return None
    snapshot = state.host.snapshot
    writes = tuple([_file_write(state, path, text, kept) for path, text in texts.items()])
    note = EntryNote(label=without_keys(task.instruction), task_id=task.task_id, client=client)
    writing = Writing(
        buffers=[
            replace(change, reason=_reason(task, change))
            for change in buffer_changes(snapshot, texts)
        ],
        writes=writes,
        note=note,
        approved=tuple(WorkspacePath(path) for path in params.approved_paths),
    )
    return await carry_out(state, writing, decided)


def _reason(task: Task, change: BufferChange) -> EditReason:
    """Return what an editor may tell its person before it makes a part of a task's change."""
    if needing_approval([change.path]):
        warning = f"builds, tests or assistants obey {change.path}"
    elif task.verdict is not None and not task.verdict.is_sound:
        warning = "the gate is not content with this change"
    else:
        warning = ""
    label = task.instruction.strip().partition("\n")[0][:_MOST_LABEL]
    return EditReason(f"Pairwright: {label}" if label else "Pairwright", warning)


def _file_write(
    state: WorkspaceState, path: WorkspacePath, text: str | None, kept: Kept
) -> FileWrite:
    moved_from = kept.renamed.get(path)
    write = file_write(state, path, text, moved_from=moved_from)
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
