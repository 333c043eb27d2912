"""What does everyone above read? A snapshot and its index, at one revision."""

from dataclasses import dataclass

from pairwright.index.index import Index
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Analysis:
    """One revision of the workspace, with what it means; never changes."""

    snapshot: Snapshot
    index: Index


def is_outdated(analysis: Analysis, path: WorkspacePath) -> bool:
    """Tell whether the index knows another text of a file than the snapshot has."""
    document = analysis.snapshot.documents.get(path)
    file = analysis.index.files.get(path)
    return (document.digest if document else None) != (file.digest if file else None)
