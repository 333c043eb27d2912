"""What is a change? Edits to files, all against one revision, kept or refused as a whole."""

from dataclasses import dataclass
from enum import StrEnum

from pairwright.text.edits import TextEdit
from pairwright.workspace.paths import WorkspacePath


class FileEditKind(StrEnum):
    """What happens to a file."""

    MODIFY = "modify"
    CREATE = "create"
    DELETE = "delete"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What happens to one file."""

    path: WorkspacePath
    kind: FileEditKind
    base_digest: str | None
    """The digest of the text that the edits speak of; None for a file that is created."""
    edits: tuple[TextEdit, ...] = ()
    new_path: WorkspacePath | None = None
    """Where a renamed file goes."""
    quoted: tuple[str, ...] = ()
    """Lines that go away and that a block quotes to say so: of a SEARCH part, or of a diff."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A change of the workspace; at most one `FileEdit` a path."""

    base: int
    """The revision that the edits speak of."""
    files: tuple[FileEdit, ...]
