"""How are several files written all or not at all, and taken back? Crash-safe, one entry a change.

New bytes are staged outside the workspace and made durable; one rename decides; then each file is
replaced if, and only if, it still holds what it is known to hold. A crash before the decision
leaves everything old, after it everything new once `recover` ran. The journal works on bytes:
encodings and line ends are not its business. Its calls block; run them in a thread.
"""

import fcntl
import logging
import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pairwright.errors import PairwrightError, UnknownTask, UserError
from pairwright.journal.finishing import OnStep, finish, stale_file, unwritable
from pairwright.journal.manifest import (
    COMMIT,
    FileRecord,
    JournalEntry,
    discard,
    read_manifest,
    rename_durably,
    sync_directory,
    write_durably,
    write_manifest,
)
from pairwright.journal.tree import Tree, digest_bytes
from pairwright.workspace.paths import WorkspacePath, parse_path, require_editable

_log = logging.getLogger(__name__)

_LOCK_WAIT_S = 5.0
_LOCK_POLL_S = 0.02
_ENTRY_ID = re.compile(r"\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class FileWrite:
    """What one file is to hold."""

    path: WorkspacePath
    before: str | None
    """The digest, by `digest_bytes`, that the file must have; None: it must not exist."""
    content: bytes | None
    """Its new bytes; None removes it."""
    mode: int | None = None
    """Its permission bits; None keeps what it has, or what a new file gets."""


class Journal:
    """The written changes of one workspace."""

    def __init__(
        self,
        state_dir: Path,
        root: Path,
        *,
        keep: int = 200,
        on_step: OnStep = lambda step: None,
    ) -> None:
        """Speak of the files below `root`; call `recover` before anything else.

        Args:
            state_dir: where the journal lies; outside the workspace, made when it is missing.
            root: the workspace.
            keep: how many changes can be taken back; older ones are forgotten.
            on_step: told the name of each step before it is taken.
        """
        self._state_dir = state_dir
        self._pending = state_dir / "pending"
        self._done = state_dir / "done"
        self._tree = Tree(root)
        self._keep = keep
        self._step = on_step

    def commit(
        self, writes: Sequence[FileWrite], *, label: str = "", undoes: str | None = None
    ) -> JournalEntry:
        """Write all files, or none; the entry's id is what `undo` takes.

        Raises:
            StaleChange: a file does not hold what it should; names it, and nothing was written.
            UserError: a path is refused, or a file cannot be written; nothing was written.
        """
        for write in writes:
            require_editable(parse_path(write.path))
        with self._locked():
            return self._write(writes, label=label, undoes=undoes)

    def undo(self, entry_id: str | None = None) -> JournalEntry:
        """Take a change back, the last one that still stands by default; return the new entry.

        The undo is an entry of its own, so it can be taken back as well.

        Raises:
            UnknownTask: there is no such entry, or nothing to take back.
            StaleChange: a file was changed since; names it, and nothing was written.
            UserError: a file cannot be written; nothing was written.
        """
        with self._locked():
            entry = self.entry_to_undo(entry_id)
            return self._write(
                self.writes_to_undo(entry),
                label=entry.label,
                undoes=entry.entry_id,
                old_directories=tuple(reversed(entry.new_directories)),
            )

    def entry_to_undo(self, entry_id: str | None = None) -> JournalEntry:
        """Return what `undo` would take back.

        Raises:
            UnknownTask: there is no such entry, or nothing to take back.
        """
        entries = self.entries()
        undone = _undone(entries)
        for entry in reversed(entries):
            is_meant = entry.undoes is None if entry_id is None else entry.entry_id == entry_id
            if is_meant and entry.entry_id not in undone:
                return entry
        if entry_id is None:
            raise UnknownTask("there is no change to take back")
        if entry_id in undone:
            raise UnknownTask(f"the change {entry_id!r} was taken back already")
        raise UnknownTask(f"there is no change {entry_id!r} to take back")

    def writes_to_undo(self, entry: JournalEntry) -> tuple[FileWrite, ...]:
        """Return the writes that put every file of an entry back."""
        folder = self._done / entry.entry_id
        return tuple(
            FileWrite(
                record.path,
                record.after,
                None if record.before is None else (folder / f"old-{number}").read_bytes(),
                None if record.before is None else record.old_mode,
            )
            for number, record in enumerate(entry.files)
        )

    def entries(self) -> tuple[JournalEntry, ...]:
        """Return what was written, oldest first; damaged entries are left out."""
        found = []
        for folder in self._folders(self._done):
            try:
                found.append(read_manifest(folder / COMMIT))
            except UserError:
                continue
        return tuple(found)

    def recover(self) -> None:
        """Finish what a crash interrupted: everything old or everything new; harmless to repeat.

        A file that somebody changed since the crash is never overwritten: then the rest of its
        entry is put back as it was.

        Raises:
            UserError: a file cannot be written; what is left over is tried again next time.
        """
        with self._locked():
            pass

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the workspace's only right to write; whatever was interrupted is finished first."""
        try:
            for folder in (self._pending, self._done):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._state_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UserError(f"the journal cannot be written: {error.strerror}") from error
        try:
            _take(lock)
            for folder in self._folders(self._pending):
                self._finish_interrupted(folder)
            for folder in self._folders(self._done):
                if not (folder / COMMIT).exists():
                    discard(folder)
            yield
        finally:
            os.close(lock)

    def _write(
        self,
        writes: Sequence[FileWrite],
        *,
        label: str,
        undoes: str | None,
        old_directories: tuple[str, ...] = (),
    ) -> JournalEntry:
        folder = self._pending / self._new_id()
        try:
            entry = replace(
                self._stage(folder, writes),
                label=label,
                undoes=undoes,
                old_directories=old_directories,
            )
            self._step("write the manifest")
            write_manifest(folder, entry)
            self._step("decide")
            rename_durably(folder / "manifest.new", folder / COMMIT)
        except BaseException as error:
            if folder.exists():
                discard(folder)
            if isinstance(error, OSError):
                raise unwritable(error) from error
            raise
        finish(folder, self._done, self._tree, self._step)
        self._forget_oldest()
        return entry

    def _stage(self, folder: Path, writes: Sequence[FileWrite]) -> JournalEntry:
        if not writes or len({write.path for write in writes}) != len(writes):
            raise ValueError("a change writes each of its files once, and at least one")
        self._step("make the entry")
        folder.mkdir(mode=0o700)
        sync_directory(self._pending)
        records = []
        new_directories: dict[str, None] = {}
        for number, write in enumerate(writes):
            self._step(f"stage {write.path}")
            records.append(self._stage_file(folder, number, write))
            if write.content is not None:
                missing = self._tree.missing_directories(write.path)
                new_directories.update(dict.fromkeys(missing))
        return JournalEntry(
            entry_id=folder.name,
            label="",
            undoes=None,
            written_at=datetime.now(UTC).isoformat(timespec="seconds"),
            files=tuple(records),
            new_directories=tuple(new_directories),
        )

    def _stage_file(self, folder: Path, number: int, write: FileWrite) -> FileRecord:
        old = self._tree.read(write.path)
        if (digest_bytes(old.content) if old else None) != write.before:
            raise stale_file(write.path)
        if old is not None:
            write_durably(folder / f"old-{number}", old.content)
        new_mode = old.mode if old else 0
        if write.content is not None:
            staged = folder / f"new-{number}"
            write_durably(staged, write.content)
            if old is None:
                # What the umask made of it is what a new file gets here.
                new_mode = staged.stat().st_mode & 0o777
        return FileRecord(
            path=write.path,
            before=write.before,
            after=None if write.content is None else digest_bytes(write.content),
            old_mode=old.mode if old else 0,
            new_mode=new_mode if write.mode is None else write.mode,
        )

    def _finish_interrupted(self, folder: Path) -> None:
        try:
            finish(folder, self._done, self._tree, self._step)
        except PairwrightError as error:
            if folder.exists():
                raise
            _log.warning("an interrupted change of files was put back: %s", error)

    def _forget_oldest(self) -> None:
        folders = self._folders(self._done)
        # The change itself is written: that old ones stay is no reason to say otherwise.
        with suppress(OSError):
            for folder in folders[: max(0, len(folders) - self._keep)]:
                discard(folder)

    def _new_id(self) -> str:
        known = [*self._folders(self._done), *self._folders(self._pending)]
        number = max((int(folder.name.partition("-")[0]) for folder in known), default=0) + 1
        return f"{number:06d}-{secrets.token_hex(4)}"

    def _folders(self, parent: Path) -> list[Path]:
        if not parent.is_dir():
            return []
        return sorted(folder for folder in parent.iterdir() if _ENTRY_ID.fullmatch(folder.name))


def _undone(entries: Sequence[JournalEntry]) -> set[str]:
    """Return the entries that were taken back, where that was not taken back in turn."""
    undone: set[str] = set()
    for entry in reversed(entries):
        if entry.undoes is not None and entry.entry_id not in undone:
            undone.add(entry.undoes)
    return undone


def _take(lock: int) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise UserError(
                    "another process is writing files of this workspace: try again"
                ) from None
            time.sleep(_LOCK_POLL_S)
        else:
            return
