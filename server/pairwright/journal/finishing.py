"""How does a decided change come to its end? Every file is brought to its new, or its old, state.

Both ways can be interrupted anywhere and begun again: a file that is where it should be is left
alone, and a file that is neither old nor new is somebody else's and never overwritten. All new
bytes lie beside their files, on the disk, before the first file is touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pairwright.errors import (
    PairwrightError,
    PathOutsideWorkspace,
    StaleChange,
    UnreadableFile,
    UserError,
)
from pairwright.journal.blobs import BlobStore
from pairwright.journal.calls import system_reason
from pairwright.journal.entries import FileRecord, JournalEntry
from pairwright.journal.manifest import Manifests, Stage
from pairwright.journal.tree import FileState, Tree, digest_bytes
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class Stores:
    """Where files, what they held, and what was decided about them are."""

    tree: Tree
    blobs: BlobStore
    manifests: Manifests


def carry_out(entry: JournalEntry, stores: Stores) -> None:
    """Write the files of a decided entry, or put all of them back.

    Raises:
        StaleChange, UserError: the change could not be written, and was put back; or, when the
            entry is still there, could not be put back either.
    """
    try:
        _roll_forward(entry, stores)
    except (PairwrightError, OSError) as error:
        _refuse(entry, stores, error)


def finish(entry_id: str, stage: Stage, stores: Stores) -> None:
    """Bring an entry that was interrupted at that stage to its end, whichever that is.

    Raises:
        StaleChange, UserError: as `carry_out` does, or its manifest cannot be read.
    """
    match stage:
        case Stage.STAGED:
            stores.manifests.discard(entry_id)
        case Stage.COMMIT:
            carry_out(stores.manifests.read(entry_id, stage), stores)
        case Stage.ROLLBACK:
            _roll_back(stores.manifests.read(entry_id, stage), stores)
        case Stage.DONE | Stage.PRUNED:
            pass


def stale_file(path: str) -> StaleChange:
    """Return the error for a file that somebody changed."""
    return StaleChange(
        f"{path} is not what it was when the change was made: nothing of the change was written"
    )


def unwritable(error: OSError) -> UserError:
    """Return the error for a change that the system would not write."""
    return UserError(
        f"the change cannot be written: {system_reason(error)}; nothing was changed: see to the "
        "space and permissions of the workspace and of Pairwright's state directory"
    )


def unfinished(error: OSError) -> UserError:
    """Return the error for a change that can neither be written nor be put back now."""
    return UserError(
        f"the change could not be written, and not be put back either: {system_reason(error)}; "
        "make it writable: the old text is kept, and putting it back is tried again before the "
        "next change and at the next start"
    )


def _refuse(entry: JournalEntry, stores: Stores, reason: PairwrightError | OSError) -> None:
    """Put everything back, and raise the reason."""
    try:
        stores.manifests.move(entry.entry_id, Stage.ROLLBACK)
    except OSError as error:
        raise unfinished(error) from reason
    _roll_back(entry, stores)
    if isinstance(reason, OSError):
        raise unwritable(reason) from reason
    raise reason


def _roll_forward(entry: JournalEntry, stores: Stores) -> None:
    for directory in entry.new_directories:
        stores.tree.make_directory(directory)
    targets = [_forward(record) for record in _written(entry)]
    waiting = []
    for number, target in enumerate(targets):
        current = _without_leftover(target, _temporary_name(entry, number), stores)
        if target.is_reached(current):
            continue
        if not target.is_known(current):
            raise stale_file(target.path)
        waiting.append((target, _temporary_name(entry, number)))
    _write_files(waiting, stores)
    _sync_all(targets, stores)
    for directory in entry.old_directories:
        stores.tree.remove_directory(directory)
    stores.manifests.move(entry.entry_id, Stage.DONE)


def _roll_back(entry: JournalEntry, stores: Stores) -> None:
    try:
        targets = [_backward(record) for record in _written(entry)]
        waiting = []
        for number, target in enumerate(targets):
            temporary = _temporary_name(entry, number)
            try:
                current = _without_leftover(target, temporary, stores)
                # Invariant: what somebody else wrote is never overwritten.
                if target.is_known(current) and not target.is_reached(current):
                    _make_way_to(target, stores)
                    waiting.append((target, temporary))
            except (PathOutsideWorkspace, UnreadableFile):
                continue
        for pair in waiting:
            try:
                _write_files([pair], stores)
            except StaleChange:
                continue  # it became somebody else's just now
        _sync_all(targets, stores)
        for directory in reversed(entry.new_directories):
            stores.tree.remove_directory(directory)
        stores.manifests.discard(entry.entry_id)
    except OSError as error:
        raise unfinished(error) from error


@dataclass(frozen=True, slots=True)
class _Target:
    """The state that one file is to reach, and the one that it is to be in until then."""

    path: WorkspacePath
    wanted: str | None
    wanted_mode: int
    known: str | None

    def is_reached(self, current: FileState | None) -> bool:
        """Tell whether the file is where it should be."""
        if _digest(current) != self.wanted:
            return False
        # Where the change is one of the mode alone, only the mode tells.
        is_same_mode = current is None or self.wanted_mode in (0, current.mode)
        return self.wanted != self.known or is_same_mode

    def is_known(self, current: FileState | None) -> bool:
        """Tell whether nobody else changed the file."""
        return _digest(current) == self.known


def _forward(record: FileRecord) -> _Target:
    return _Target(record.path, record.after, record.new_mode, record.before)


def _backward(record: FileRecord) -> _Target:
    return _Target(record.path, record.before, record.old_mode, record.after)


def _without_leftover(target: _Target, temporary: str, stores: Stores) -> FileState | None:
    """Return what the file holds, once what an earlier attempt left beside it is gone."""
    stores.tree.remove_beside(target.path, temporary)
    return stores.tree.read(target.path)


def _make_way_to(target: _Target, stores: Stores) -> None:
    """Make the directories again that went away with the file."""
    if target.wanted is not None:
        for directory in stores.tree.missing_directories(target.path):
            stores.tree.make_directory(directory)


def _write_files(waiting: Sequence[tuple[_Target, str]], stores: Stores) -> None:
    for target, temporary in waiting:
        if target.wanted is not None:
            content = stores.blobs.get(target.wanted)
            stores.tree.write_beside(target.path, temporary, content, target.wanted_mode or None)
    # Where two names differ in case only, the old one has to go before the new one comes.
    for target, temporary in sorted(waiting, key=lambda pair: pair[0].wanted is not None):
        # Somebody may have saved the file while the new bytes were written beside it.
        if not target.is_known(stores.tree.read(target.path)):
            stores.tree.remove_beside(target.path, temporary)
            raise stale_file(target.path)
        if target.wanted is None:
            stores.tree.remove(target.path)
        else:
            stores.tree.replace(target.path, temporary)


def _sync_all(targets: Sequence[_Target], stores: Stores) -> None:
    """Make every rename durable, also those of an attempt that was interrupted before it could."""
    for target in {target.path.rpartition("/")[0]: target for target in targets}.values():
        stores.tree.sync(target.path)


def _written(entry: JournalEntry) -> list[FileRecord]:
    return [record for record in entry.files if not record.in_editor]


def _temporary_name(entry: JournalEntry, number: int) -> str:
    return f".pairwright-{entry.entry_id}-{number}"


def _digest(state: FileState | None) -> str | None:
    return None if state is None else digest_bytes(state.content)
