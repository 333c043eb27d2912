"""What is a file's text, and who said so?"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from pairwright.workspace.paths import WorkspacePath


class Origin(StrEnum):
    """Who owns a document's text."""

    DISK = "disk"
    OVERLAY = "overlay"


class ChangeCause(StrEnum):
    """Why a document's text changed."""

    EDITOR = "editor"
    DISK = "disk"
    TASK = "task"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the workspace; line ends are kept as they are."""

    path: WorkspacePath
    text: str
    digest: str
    """Of the text, as `digest_text` gives it: equal digests mean equal texts."""
    version: int | None
    """The editor's version number of an overlay; None for a text from disk."""
    origin: Origin
    encoding: str = "utf-8"
    """The codec with which the file's bytes were read and will be written."""


@dataclass(frozen=True, slots=True)
class Change:
    """A document's new text; None means that it is gone (or that the editor let go of it)."""

    path: WorkspacePath
    text: str | None
    version: int | None
    cause: ChangeCause
    encoding: str = "utf-8"


def digest_text(text: str) -> str:
    """Return the BLAKE2b digest of a text, 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
