"""What did all files say at one moment?"""

from collections.abc import Mapping
from dataclasses import dataclass

from pairwright.workspace.documents import Document
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every document at one revision; never changes."""

    revision: int
    """Snapshots of one revision have equal documents; what is pending may differ."""
    documents: Mapping[WorkspacePath, Document]
    unreadable: Mapping[WorkspacePath, str]
    """Files that are there and have no text for us, each with the reason."""
    pending: frozenset[WorkspacePath] = frozenset()
    """Files that are listed and not read yet; what `documents` says of them may be old."""
    unseen: int = 0
    """How many of the pending are neither in `documents` nor in `unreadable`."""
