"""What is proposed on the text as it is now, and what happens when a person keeps it?"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pairwright.checks.overlay import overlay_texts
from pairwright.engine.events import to_hunk_view, to_verdict_view
from pairwright.engine.tasks import ReviewHunk, Task
from pairwright.errors import StaleChange, UnknownTask
from pairwright.protocol import messages
from pairwright.strategies.base import Proposal
from pairwright.text.diff import Hunk, apply_hunks, diff_texts
from pairwright.text.edits import TextEdit, edits_between
from pairwright.text.rebase import rebase
from pairwright.workspace.documents import Origin
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """Edits for one document that an editor has open, at the version we know."""

    path: WorkspacePath
    version: int | None
    edits: tuple[TextEdit, ...]


ApplyInEditor = Callable[[tuple[DocumentEdit, ...]], Awaitable[str | None]]
"""Has the editor apply edits; returns None when it did, else its reason."""


def propose(task: Task, proposal: Proposal, snapshot: Snapshot) -> messages.ChangeReady:
    """Carry the proposal onto the current text and number its hunks for review.

    Hunks that the text has moved away from become conflicts.
    """
    review: dict[str, ReviewHunk] = {}
    views: list[messages.HunkView] = []
    conflicts: list[messages.Conflict] = []
    base = task.analysis.snapshot
    kinds = {edit.path: edit.kind for edit in proposal.change.files}
    for path, new_text in overlay_texts(base, proposal.change).items():
        old_text = _text_of(base, path)
        current = _text_of(snapshot, path)
        rebased = rebase(old_text, diff_texts(old_text, new_text or ""), current)
        conflicts += [messages.Conflict(path=path, reason=c.reason) for c in rebased.conflicts]
        for hunk in rebased.hunks:
            hunk_id = f"h{len(review) + 1}"
            review[hunk_id] = ReviewHunk(path, hunk)
            views.append(to_hunk_view(hunk_id, path, kinds[path], hunk, current))
    task.review = review
    return messages.ChangeReady(
        task_id=task.task_id,
        verdict=to_verdict_view(proposal.verdict),
        hunks=tuple(views),
        conflicts=tuple(conflicts),
    )


def kept_texts(
    task: Task, hunk_ids: tuple[str, ...] | None, snapshot: Snapshot
) -> Mapping[WorkspacePath, str]:
    """Return the new text of every file of which a hunk is kept.

    Raises:
        UnknownTask: a hunk id is not of this task.
        StaleChange: the text changed under a kept hunk since it was shown.
    """
    wanted = tuple(task.review) if hunk_ids is None else hunk_ids
    by_path: dict[WorkspacePath, list[Hunk]] = {}
    for hunk_id in wanted:
        if hunk_id not in task.review:
            raise UnknownTask(f"the change has no hunk {hunk_id!r}")
        kept = task.review[hunk_id]
        by_path.setdefault(kept.path, []).append(kept.hunk)
    texts = {}
    for path, hunks in by_path.items():
        try:
            texts[path] = apply_hunks(_text_of(snapshot, path), hunks)
        except ValueError:
            raise StaleChange(
                f"{path} changed since the hunks were shown: run the instruction again"
            ) from None
    return texts


def editor_edit(snapshot: Snapshot, path: WorkspacePath, new_text: str) -> DocumentEdit | None:
    """Return the edit for a document that an editor has open; None when none has."""
    document = snapshot.documents.get(path)
    if document is None or document.origin is not Origin.OVERLAY:
        return None
    return DocumentEdit(
        path=path,
        version=document.version,
        edits=edits_between(document.text, new_text),
    )


def _text_of(snapshot: Snapshot, path: WorkspacePath) -> str:
    document = snapshot.documents.get(path)
    return document.text if document else ""
