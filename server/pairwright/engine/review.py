"""What is proposed on the text as it is now, and which texts come of what a person keeps?"""

from collections.abc import Mapping

from pairwright.checks.overlay import overlay_texts, text_before
from pairwright.engine.events import to_hunk_view, to_verdict_view
from pairwright.engine.tasks import ReviewFile, ReviewHunk, Task
from pairwright.errors import StaleChange, UnknownTask
from pairwright.protocol import messages
from pairwright.strategies.base import Proposal
from pairwright.text.diff import DiffKind, Hunk, apply_hunks, diff_texts
from pairwright.text.rebase import Rebased, rebase
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

KeptTexts = Mapping[WorkspacePath, str | None]
"""The new text of each file; None where the file goes away."""


def propose(
    task: Task, proposal: Proposal, *, base: Snapshot, current: Snapshot
) -> messages.ChangeReady:
    """Carry the proposal from the text it was made on to the current one; number its hunks.

    Hunks that the text has moved away from become conflicts.
    """
    review: dict[str, ReviewHunk] = {}
    views: list[messages.HunkView] = []
    conflicts: list[messages.Conflict] = []
    for path, new_text in overlay_texts(base, proposal.change).items():
        old_text = text_before(base, path)
        current_text = text_before(current, path)
        if old_text is not None and current_text is None:
            conflicts.append(messages.Conflict(path=path, reason="the file was removed"))
            continue
        rebased = _carried(old_text, new_text, current_text)
        conflicts += [messages.Conflict(path=path, reason=c.reason) for c in rebased.conflicts]
        file = ReviewFile(path, current_text, is_removed=new_text is None)
        for hunk in rebased.hunks:
            hunk_id = f"h{len(review) + 1}"
            review[hunk_id] = ReviewHunk(file, hunk)
            views.append(to_hunk_view(hunk_id, path, _kind_of(file), hunk, current_text or ""))
    task.review = review
    return messages.ChangeReady(
        task_id=task.task_id,
        verdict=to_verdict_view(proposal.verdict),
        hunks=tuple(views),
        conflicts=tuple(conflicts),
    )


def kept_texts(task: Task, hunk_ids: tuple[str, ...] | None, snapshot: Snapshot) -> KeptTexts:
    """Return what becomes of every file of which a hunk is kept.

    Kept hunks follow a text that moved on since they were shown.

    Raises:
        UnknownTask: a hunk id is not of this task.
        StaleChange: the text changed under a kept hunk since it was shown.
    """
    wanted = tuple(task.review) if hunk_ids is None else tuple(dict.fromkeys(hunk_ids))
    by_file: dict[ReviewFile, list[Hunk]] = {}
    for hunk_id in wanted:
        if hunk_id not in task.review:
            raise UnknownTask(f"the change has no hunk {hunk_id!r}")
        kept = task.review[hunk_id]
        by_file.setdefault(kept.file, []).append(kept.hunk)
    return {file.path: _kept_text(file, hunks, snapshot) for file, hunks in by_file.items()}


def _carried(old_text: str | None, new_text: str | None, current: str | None) -> Rebased:
    hunks = diff_texts(old_text or "", new_text or "")
    return rebase(old_text or "", hunks, current or "")


def _kind_of(file: ReviewFile) -> DiffKind:
    if file.is_removed:
        return DiffKind.DELETE
    return DiffKind.CREATE if file.shown_text is None else DiffKind.MODIFY


def _kept_text(file: ReviewFile, hunks: list[Hunk], snapshot: Snapshot) -> str | None:
    current = text_before(snapshot, file.path)
    if (current is None) is not (file.shown_text is None):
        happened = "removed" if current is None else "created"
        raise _moved_on(file, f"it was {happened}")
    rebased = rebase(file.shown_text or "", hunks, current or "")
    if rebased.conflicts:
        raise _moved_on(file, rebased.conflicts[0].reason)
    text = apply_hunks(current or "", rebased.hunks)
    return None if file.is_removed and not text else text


def _moved_on(file: ReviewFile, reason: str) -> StaleChange:
    return StaleChange(
        f"{file.path} changed since the hunks were shown ({reason}): run the instruction again"
    )
