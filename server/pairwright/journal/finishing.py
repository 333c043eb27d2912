"""How does a decided change come to its end? Every file is brought to its new, or its old, state.

Both ways can be interrupted anywhere and begun again: a file that is where it should be is left
alone, and a file that is neither old nor new is somebody else's and never overwritten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pairwright.errors import (
    PairwrightError,
    PathOutsideWorkspace,
    StaleChange,
    UnreadableFile,
    UserError,
)
from pairwright.journal.manifest import (
    COMMIT,
    ROLLBACK,
    JournalEntry,
    discard,
    read_manifest,
    rename_durably,
)
from pairwright.journal.tree import FileState, Tree, digest_bytes
from pairwright.workspace.paths import WorkspacePath

OnStep = Callable[[str], None]
"""Told the name of each step before it is taken."""


def finish(folder: Path, done: Path, tree: Tree, on_step: OnStep) -> None:
    """Bring a pending entry to its end, whichever that is.

    Raises:
        StaleChange, UserError: the change could not be written, and was put back; or, when the
            entry is still there, could not be put back either.
    """
    if (folder / ROLLBACK).exists():
        _roll_back(folder, read_manifest(folder / ROLLBACK), tree, on_step)
    elif (folder / COMMIT).exists():
        entry = read_manifest(folder / COMMIT)
        try:
            _roll_forward(folder, done, entry, tree, on_step)
        except (PairwrightError, OSError) as error:
            on_step("refuse")
            rename_durably(folder / COMMIT, folder / ROLLBACK)
            _roll_back(folder, entry, tree, on_step)
            if isinstance(error, OSError):
                raise unwritable(error) from error
            raise
    else:
        discard(folder)


def stale_file(path: str) -> StaleChange:
    """Return the error for a file that somebody changed."""
    return StaleChange(
        f"{path} is not what it was when the change was made: nothing of the change was written"
    )


def unwritable(error: OSError) -> UserError:
    """Return the error for a change that the system would not write."""
    return UserError(
        f"the change cannot be written: {error.strerror}; nothing was changed: see to the space "
        "and permissions of the workspace and of Pairwright's state directory"
    )


def _roll_forward(
    folder: Path, done: Path, entry: JournalEntry, tree: Tree, on_step: OnStep
) -> None:
    for directory in entry.new_directories:
        on_step(f"make {directory}")
        tree.make_directory(directory)
    for number, record in enumerate(entry.files):
        new = _Side(record.after, record.new_mode, folder / f"new-{number}")
        _put(record.path, new, record.before, _temporary_name(folder, number), tree, on_step)
    for directory in entry.old_directories:
        on_step(f"remove {directory}")
        tree.remove_directory(directory)
    on_step("file the entry")
    rename_durably(folder, done / entry.entry_id)


def _roll_back(folder: Path, entry: JournalEntry, tree: Tree, on_step: OnStep) -> None:
    for number, record in enumerate(entry.files):
        old = _Side(record.before, record.old_mode, folder / f"old-{number}")
        try:
            _put(record.path, old, record.after, _temporary_name(folder, number), tree, on_step)
        except (StaleChange, PathOutsideWorkspace, UnreadableFile):
            continue  # Invariant: what somebody else wrote is never overwritten.
        except OSError as error:
            raise UserError(
                f"{record.path!r} could not be put back: {error.strerror}; make it writable "
                "and try again, the old text is kept"
            ) from error
    for directory in reversed(entry.new_directories):
        tree.remove_directory(directory)
    on_step("discard the entry")
    discard(folder)


def _put(
    path: WorkspacePath,
    wanted: "_Side",
    known: str | None,
    temporary: str,
    tree: Tree,
    on_step: OnStep,
) -> None:
    """Bring one file to a state; it must be in that state already, or in the known one."""
    tree.remove_beside(path, temporary)
    current = tree.read(path)
    digest = digest_bytes(current.content) if current else None
    if digest == wanted.digest:
        return
    if digest != known:
        raise stale_file(path)
    if wanted.digest is None:
        on_step(f"remove {path}")
        tree.remove(path)
        return
    on_step(f"write beside {path}")
    state = FileState(wanted.kept_in.read_bytes(), wanted.mode)
    tree.write_beside(path, temporary, state)
    on_step(f"replace {path}")
    # Somebody may have saved the file while the new bytes were written beside it.
    current = tree.read(path)
    if (digest_bytes(current.content) if current else None) != known:
        tree.remove_beside(path, temporary)
        raise stale_file(path)
    tree.replace(path, temporary)


@dataclass(frozen=True, slots=True)
class _Side:
    """A file before or after the change, and where its bytes are kept."""

    digest: str | None
    mode: int
    kept_in: Path


def _temporary_name(folder: Path, number: int) -> str:
    return f".pairwright-{folder.name}-{number}"
