"""What would the files be, were a change kept? Texts and diffs of what is pending, on the text now.

Nothing is decided by it, and no file is read: texts in, texts out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pairwright.editing.change import FileEditKind
from pairwright.engine.changes.proposing import needing_approval, texts_of, unified_of
from pairwright.engine.changes.review import HunkConflict, Kept, Review, Texts
from pairwright.engine.tasks.task import Task
from pairwright.protocol.messages import FileChange, VerdictView
from pairwright.text.diff import diff_texts
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file that a change is about."""

    path: WorkspacePath
    file_change: FileChange
    original: str
    """As it is now; empty for a file that is created."""
    proposed: str
    """With all pending hunks that fit; empty for a file that goes away."""
    unified: str
    new_path: WorkspacePath | None = None
    """Where a renamed file goes."""
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """A change as it would be, were all of it kept now."""

    label: str
    files: tuple[FilePreview, ...]
    """In the order of the change; only those of which a hunk is pending and fits."""
    conflicts: tuple[HunkConflict, ...]

    def file(self, path: WorkspacePath) -> FilePreview | None:
        """Return a file by its name, as it is or as it will be."""
        return next((each for each in self.files if path in (each.path, each.new_path)), None)


@dataclass(frozen=True, slots=True)
class HunkPlace:
    """Where a pending hunk stands."""

    hunk_id: str
    line: int
    """Zero-based, in the text as it is; behind its last line for what is added at the end."""


@dataclass(frozen=True, slots=True)
class FileReview:
    """What is to be decided of one change in one file."""

    task_id: str
    label: str
    hunks: tuple[HunkPlace, ...]
    """On the text that was given; without their diffs, which take longer than all the rest."""
    conflict_ids: tuple[str, ...]
    """Hunks that do not fit it."""
    verdict: VerdictView | None
    """What the gate said of the whole change."""


def preview(label: str, review: Review, snapshot: Snapshot) -> ChangePreview:
    """Return what the files would be, were all pending hunks kept that can be."""
    texts = texts_of(review, snapshot)
    kept = review.keep(None, texts)
    return ChangePreview(label, tuple(_files(review, kept, texts)), kept.conflicts)


def review_of_file(task: Task, review: Review, path: WorkspacePath, text: str) -> FileReview:
    """Return what is pending of a task in a file of which a client has this text."""
    carried = review.carried({path: text})
    conflict_ids = tuple(each.hunk_id for each in carried.conflicts)
    places = tuple(
        HunkPlace(hunk.hunk_id, hunk.hunks[0].old_start if hunk.hunks else 0)
        for hunk in carried.hunks
    )
    return FileReview(task.task_id, task.instruction, places, conflict_ids, task.verdict)


def hunks_in(review: Review, path: WorkspacePath) -> Review:
    """Return the part of a review that is about the present text of one file."""
    return Review(tuple(hunk for hunk in review.hunks if hunk.path == path))


def _files(review: Review, kept: Kept, texts: Texts) -> Iterator[FilePreview]:
    kept_ids = set(kept.hunk_ids)
    changed = {hunk.path: hunk for hunk in review.hunks if hunk.hunk_id in kept_ids}
    for path, hunk in changed.items():
        is_gone = hunk.kind is FileEditKind.DELETE
        target = hunk.new_path or path
        if target not in kept.texts:
            continue
        original = texts.get(path) or ""
        proposed = "" if is_gone else kept.texts[target] or ""
        whole = replace(hunk, base=original, hunks=diff_texts(original, proposed))
        yield FilePreview(
            path,
            hunk.kind.value,
            original,
            proposed,
            unified_of(whole),
            hunk.new_path,
            bool(needing_approval(hunk.paths)),
        )
