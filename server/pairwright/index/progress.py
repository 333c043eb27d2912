"""How far is the index?"""

from dataclasses import dataclass

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


def count_files(snapshot: Snapshot) -> int:
    """Return how many files the workspace has, read or not."""
    documents, unreadable = snapshot.documents, snapshot.unreadable
    unknown = sum(path not in documents and path not in unreadable for path in snapshot.pending)
    return len(documents) + len(unreadable) + unknown
