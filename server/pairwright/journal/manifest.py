"""What is one entry of the journal, and how is it put on the disk?

An entry is a directory: the manifest, and the old and the new bytes of each file. Where the
directory is, and what its manifest is called, says how far the entry is:

    pending/ID/            staged: nothing was touched yet; discarded after a crash
    pending/ID/commit      decided: the files are being written; finished after a crash
    pending/ID/rollback    refused half-way: the files are being put back; finished after a crash
    done/ID/commit         written; what undo reads
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from pairwright.errors import UserError
from pairwright.workspace.paths import WorkspacePath

COMMIT = "commit"
ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What happens to one file; digests are of bytes, None stands for no file."""

    path: WorkspacePath
    before: str | None
    after: str | None
    old_mode: int
    new_mode: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change of files that was, or is being, written."""

    entry_id: str
    label: str
    undoes: str | None
    """The entry that this one takes back."""
    written_at: str
    """ISO 8601, in UTC."""
    files: tuple[FileRecord, ...]
    new_directories: tuple[str, ...] = ()
    """Those that the change makes, outermost first."""
    old_directories: tuple[str, ...] = ()
    """Those that go away with their last file, innermost first; an undo has them."""


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file, and return when it is on the disk."""
    with path.open("xb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def sync_directory(path: Path) -> None:
    """Return when the directory's names are on the disk."""
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def write_manifest(folder: Path, entry: JournalEntry) -> None:
    """Write the manifest under a name that means nothing yet; a rename to `COMMIT` decides."""
    write_durably(folder / "manifest.new", json.dumps(asdict(entry)).encode())
    sync_directory(folder)


def rename_durably(old: Path, new: Path) -> None:
    """Give a file or directory its new name, and return when that is on the disk."""
    old.rename(new)
    sync_directory(new.parent)
    if old.parent != new.parent:
        sync_directory(old.parent)


def read_manifest(path: Path) -> JournalEntry:
    """Return what `write_manifest` wrote.

    Raises:
        UserError: it is damaged, or cannot be read.
    """
    try:
        fields = json.loads(path.read_bytes())
        fields["files"] = tuple(FileRecord(**record) for record in fields["files"])
        for name in ("new_directories", "old_directories"):
            fields[name] = tuple(fields[name])
        return JournalEntry(**fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"entry {path.parent.name!r} of the journal is damaged: move it out of the "
            "workspace's state directory, where it is kept, and look at its files"
        ) from error


def discard(folder: Path) -> None:
    """Remove an entry that means nothing any more; what names it goes first."""
    for name in (ROLLBACK, COMMIT):
        (folder / name).unlink(missing_ok=True)
    sync_directory(folder)
    shutil.rmtree(folder)
    sync_directory(folder.parent)
