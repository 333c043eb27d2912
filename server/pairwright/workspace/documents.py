"""What is a file's text, and who said so?"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from pairwright.errors import StaleChange, UnreadableFile
from pairwright.workspace.encodings import FileContent
from pairwright.workspace.files import FileReader, FileStat
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


class DiskFact(NamedTuple):
    """What one look at a file of the disk told."""

    path: WorkspacePath
    stat: FileStat | None
    """None: there is no such file."""
    digest: str | None
    """Of the text, as `digest_text` gives it; None: it has no text for us."""
    encoding: str = "utf-8"
    problem: str = ""
    """Why it has no text for us."""


class Document:
    """One text of the workspace; line ends are kept as they are.

    The text of a document that is on the disk is read when it is first asked for. Never changes:
    two are equal when path, digest, version, origin and encoding are.
    """

    __slots__ = (
        "_files",
        "_revision",
        "_text",
        "digest",
        "encoding",
        "origin",
        "path",
        "stat",
        "version",
    )

    def __init__(
        self,
        path: WorkspacePath,
        text: str | None,
        digest: str,
        version: int | None,
        origin: Origin,
        encoding: str = "utf-8",
        *,
        stat: FileStat | None = None,
        files: FileReader | None = None,
        revision: int = 0,
    ) -> None:
        """Take the text, or (None) where it is to be read from.

        Args:
            path: where it lies.
            text: None only together with `files`.
            digest: of the text, as `digest_text` gives it: equal digests mean equal texts.
            version: the editor's version number of an overlay; None for a text from disk.
            origin: who owns the text.
            encoding: the codec with which the file's bytes were read and will be written.
            stat: what the directory said when the text was read; None: that is not known.
            files: where the text is read from.
            revision: at which the workspace first had this text.
        """
        self.path: Final = path
        self.digest: Final = digest
        self.version: Final = version
        self.origin: Final = origin
        self.encoding: Final = encoding
        self.stat: Final = stat
        self._text = text
        self._files = files
        self._revision = revision

    @property
    def text(self) -> str:
        """The text; from now on it is kept.

        Raises:
            StaleChange: the file on the disk says something else by now, or is gone.
        """
        if self._text is None:
            self._text = self.read_text()
        return self._text

    def read_text(self, reader: FileReader | None = None) -> str:
        """Return the text without keeping it: for whoever looks through many documents.

        Args:
            reader: reads it in place of what the document was given; one for many files is quicker.

        Raises:
            StaleChange: the file on the disk says something else by now, or is gone.
        """
        if self._text is not None or self._files is None:
            return self._text or ""
        try:
            text = (reader or self._files).read(self.path).text
        except UnreadableFile as error:
            raise self._stale() from error
        if digest_text(text) != self.digest:
            raise self._stale()
        return text

    def with_text(self, text: str) -> "Document":
        """Return the document with another text."""
        return Document(
            self.path, text, digest_text(text), self.version, self.origin, self.encoding
        )

    def with_stat(self, stat: FileStat | None) -> "Document":
        """Return the same document after another look at its directory."""
        return Document(
            self.path,
            self._text,
            self.digest,
            self.version,
            self.origin,
            self.encoding,
            stat=stat,
            files=self._files,
            revision=self._revision,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"Document({self.path!r}, {self.origin}, version={self.version}, {self.digest})"

    def _identity(self) -> tuple[str, str, int | None, Origin, str]:
        return (self.path, self.digest, self.version, self.origin, self.encoding)

    def _stale(self) -> StaleChange:
        return StaleChange(
            f"{self.path!r} changed on the disk since revision {self._revision}: try again"
        )


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


def look_up(files: FileReader, path: WorkspacePath) -> tuple[DiskFact, FileContent | None]:
    """Look at a file and read it; return what that tells, and its content if it has any for us."""
    # First the stat: if the file changes before it is read, the next comparison sees that.
    stat = files.stat(path)
    if stat is None:
        return DiskFact(path, None, None), None
    if stat.problem:
        return DiskFact(path, stat, None, problem=stat.problem), None
    try:
        content = files.read(path)
    except UnreadableFile as error:
        if files.stat(path) is None:
            return DiskFact(path, None, None), None
        return DiskFact(path, stat, None, problem=str(error)), None
    return DiskFact(path, stat, digest_text(content.text), content.encoding), content
