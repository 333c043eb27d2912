"""What is one change of files, as it is asked for and as it is remembered? Values only."""

from dataclasses import dataclass

from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class FileWrite:
    """What one file is to hold."""

    path: WorkspacePath
    before: str | None
    """The digest, by `digest_bytes`, that the file must have; None: it must not exist."""
    content: bytes | None
    """Its new bytes; None removes it."""
    mode: int | None = None
    """Its permission bits; None keeps what it has, or what a new file gets. Of a file that its
    editor removed: those that it had."""
    in_editor: bool = False
    """Its editor did it already: it is remembered, and the disk is not touched."""
    old_content: bytes | None = None
    """What `before` is the digest of; needed with `in_editor` only, where the disk may differ."""
    moved_from: WorkspacePath | None = None
    """For a new file: the one, removed by the same change, whose text it carries on."""


@dataclass(frozen=True, slots=True)
class EntryNote:
    """Why a change is made, and for whom."""

    label: str = ""
    task_id: str = ""
    client: str = ""
    reverts: tuple[str, ...] = ()
    """The entries that this change takes back, the newest first."""
    hunks: tuple[str, ...] | None = None
    """Which of their hunks, by their ids; None: all of them. `merging.merge_hunks` says it."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What happened to one file; digests are of bytes, None stands for no file."""

    path: WorkspacePath
    before: str | None
    after: str | None
    old_mode: int
    new_mode: int
    in_editor: bool = False
    """An editor that had it open changed it; the journal only remembers it."""
    moved_from: WorkspacePath | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change of files that was, or is being, written."""

    entry_id: str
    """They sort by age."""
    label: str
    task_id: str
    client: str
    reverts: tuple[str, ...]
    """The entries that this one takes back, the newest first; none for a change of its own."""
    hunks: tuple[str, ...] | None
    """Which of their hunks; None: all of them."""
    written_at: str
    """ISO 8601, in UTC."""
    files: tuple[FileRecord, ...]
    new_directories: tuple[str, ...] = ()
    """Those that the change makes, outermost first."""
    old_directories: tuple[str, ...] = ()
    """Those that go away with their last file, innermost first."""
    is_pruned: bool = False
    """Its bytes were given up for newer ones: it is listed, and cannot be taken back."""
    pruned: tuple[str, ...] = ()
    """The entries that were given up to make room for this one; known only to who wrote it."""
