"""How far is the index?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_LOOK_UP_COST = 5
"""To look for a path in the documents, in steps through them."""


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
    # Often asked while much is pending, so that no path may cost any Python. No path is in both.
    known = (snapshot.documents, snapshot.unreadable)
    listed = (path for changes in queued for path, stat in changes.items() if stat is not None)
    pending = snapshot.pending.union(listed) if queued else snapshot.pending
    again = sum(_count_in(each, pending) for each in known)
    return sum(map(len, known)) + len(pending) - again


def _count_in(known: Mapping[WorkspacePath, object], paths: frozenset[WorkspacePath]) -> int:
    if _LOOK_UP_COST * len(paths) < len(known):
        return sum(map(known.__contains__, paths))
    return len(paths) - len(paths.difference(known))
