"""What does everyone above read? A snapshot and its index, at one revision."""

from dataclasses import dataclass

from pairwright.index.index import Index
from pairwright.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Analysis:
    """One revision of the workspace, with what it means; never changes."""

    snapshot: Snapshot
    index: Index
