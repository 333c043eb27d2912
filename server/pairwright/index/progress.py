"""How far is the index?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the index is."""

    files: int
    """Those of the workspace, read or not."""
    pending: int
    """Those of which the text or the outline is still missing."""
    parsed: int
    """Since the start; the rest came from what was kept."""
    cached: int
    elapsed_s: float
    """From the first look at the files until all were read, or until now."""

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return self.pending == 0


def count_files(
    snapshot: Snapshot, queued: Collection[Mapping[WorkspacePath, FileStat | None]]
) -> int:
    """Return how many files the workspace has, read or not, with those that were just listed."""
    documents, unreadable, pending = snapshot.documents, snapshot.unreadable, snapshot.pending
    listed = {path for changes in queued for path, stat in changes.items() if stat is not None}
    new = sum(
        path not in pending and path not in documents and path not in unreadable for path in listed
    )
    return len(documents) + len(unreadable) + snapshot.unseen + new
