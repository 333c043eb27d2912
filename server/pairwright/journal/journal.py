"""How are several files written all or not at all, and taken back? Crash-safe, one entry a change.

Old and new bytes are kept outside the workspace and made durable; one rename decides; then each
file is replaced if, and only if, it still holds what it is known to hold. A crash before the
decision leaves everything old, after it everything new once `recover` ran. The journal works on
bytes: encodings and line ends are not its business. What takes a change back is for
`journal.reverting` to say, and a change as any other. The calls block; run them in a thread.
"""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pairwright.errors import PairwrightError, UnknownTask, UserError
from pairwright.journal.admission import require_replaceable, require_sound
from pairwright.journal.blobs import BlobStore
from pairwright.journal.calls import Calls, OnStep, system_reason
from pairwright.journal.entries import EntryNote, FileRecord, FileWrite, JournalEntry
from pairwright.journal.finishing import (
    Stores,
    carry_out,
    finish,
    stale_file,
    unfinished,
    unwritable,
)
from pairwright.journal.manifest import Manifests, Stage
from pairwright.journal.room import make_room, used_blobs
from pairwright.journal.tree import FileState, Tree, digest_bytes
from pairwright.workspace.paths import WorkspacePath

_log = logging.getLogger(__name__)

MAX_JOURNAL_BYTES = 256_000_000
_LOCK_WAIT_S = 5.0
_LOCK_POLL_S = 0.02
_NO_NOTE = EntryNote()
_OWN_PLACE = "Pairwright's state directory"


class Journal:
    """The written changes of one workspace."""

    def __init__(
        self,
        state_dir: Path,
        root: Path,
        *,
        keep: int = 200,
        max_bytes: int = MAX_JOURNAL_BYTES,
        on_step: OnStep = lambda step: None,
    ) -> None:
        """Speak of the files below `root`; call `recover` before anything else.

        Args:
            state_dir: where the journal lies; outside the workspace, made when it is missing.
            root: the workspace.
            keep: how many changes can be taken back; older ones are only listed.
            max_bytes: how much old and new bytes may take on the disk, compressed; the oldest
                changes give way, the newest never does.
            on_step: told each call that reads or changes a file before it is made.
        """
        self._state_dir = state_dir
        self._calls = Calls(on_step)
        self._stores = Stores(
            Tree(root, self._calls),
            BlobStore(state_dir / "blobs", self._calls),
            Manifests(state_dir / "entries", self._calls),
        )
        self._keep = keep
        self._max_bytes = max_bytes

    def commit(
        self,
        writes: Sequence[FileWrite],
        note: EntryNote = _NO_NOTE,
        *,
        approved: Collection[WorkspacePath] = (),
    ) -> JournalEntry:
        """Write all files, or none; return what is remembered of it.

        Files that an editor changed already are remembered only.

        Args:
            writes: one for each file.
            note: why, and for whom.
            approved: the files that a person allowed by name, of those that need it.

        Raises:
            StaleChange: a file does not hold what it should; names it, and nothing was written.
            UserError: a path is refused, or a file cannot be written; names it. Nothing was
                written, unless the message says that even putting it back failed.
        """
        if not writes or len({write.path for write in writes}) != len(writes):
            raise ValueError("a change writes each of its files once, and at least one")
        for write in writes:
            require_sound(write, approved)
        with self._locked():
            entry = self._decided(writes, note)
            carry_out(entry, self._stores)
            return replace(entry, pruned=self._room_made())

    def entries(self) -> tuple[JournalEntry, ...]:
        """Return what was written, oldest first; damaged entries are left out, and logged."""
        found = []
        for entry_id, stage in self._stages().items():
            if stage not in (Stage.DONE, Stage.PRUNED):
                continue
            try:
                found.append(self._stores.manifests.read(entry_id, stage))
            except UserError as error:
                _log.warning("%s", error)
        return tuple(found)

    def entry(self, entry_id: str) -> JournalEntry:
        """Return one entry.

        Raises:
            UnknownTask: there is none with that id.
            UserError: it is damaged.
        """
        stage = self._stages().get(entry_id)
        if stage not in (Stage.DONE, Stage.PRUNED):
            raise UnknownTask(f"there is no change {entry_id!r}")
        return self._stores.manifests.read(entry_id, stage)

    def content(self, digest: str) -> bytes:
        """Return the bytes that a digest of an entry stands for.

        Raises:
            UserError: they were given up, are damaged, or cannot be read.
        """
        return self._stores.blobs.get(digest)

    def read(self, path: WorkspacePath) -> FileState | None:
        """Return what a file of the workspace holds now; None when there is none.

        Raises:
            UserError: it is no regular file, lies behind a link, or cannot be read.
        """
        try:
            return self._stores.tree.read(path)
        except OSError as error:
            raise UserError(f"the file cannot be read: {system_reason(error)}") from error

    def put_back(self, path: WorkspacePath, old: FileState) -> None:
        """Write a file again that its editor removed, unless there is one.

        Raises:
            UserError: it cannot be written.
        """
        with self._locked():
            tree, temporary = self._stores.tree, f".{digest_bytes(old.content)[:16]}.put-back"
            try:
                if tree.read(path) is None:
                    tree.remove_beside(path, temporary)
                    tree.write_beside(path, temporary, old.content, old.mode or None)
                    tree.replace(path, temporary)
                    tree.sync(path)
            except OSError as error:
                raise UserError(
                    f"{path} was removed by its editor, and cannot be put back: "
                    f"{system_reason(error)}; undo it there"
                ) from error

    def recover(self) -> None:
        """Finish what a crash interrupted: everything old or everything new; harmless to repeat.

        A file that somebody changed since the crash is never overwritten: then the rest of its
        entry is put back as it was.

        Raises:
            UserError: a file cannot be written; what is left over is tried again next time.
        """
        with self._locked():
            try:
                _discard_first_format(self._state_dir)
                self._sweep()
            except OSError as error:
                _log.warning("the journal cannot be tidied: %s", system_reason(error))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the workspace's only right to write; whatever was interrupted is finished first."""
        try:
            self._make_folders()
            with self._calls.announced("open", "journal/lock"):
                lock = os.open(
                    self._state_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
                )
        except OSError as error:
            raise UserError(f"the journal cannot be written: {system_reason(error)}") from error
        try:
            _take(lock)
            for entry_id, stage in self._stages().items():
                self._finish_interrupted(entry_id, stage)
            yield
        finally:
            os.close(lock)

    def _stages(self) -> dict[str, Stage]:
        try:
            return self._stores.manifests.stages()
        except OSError as error:
            raise UserError(f"the journal cannot be read: {system_reason(error)}") from error

    def _make_folders(self) -> None:
        """Make what is missing of the journal's own directories, for good."""
        folders = [self._state_dir / "entries", self._state_dir / "blobs"]
        missing = [folder for folder in folders if not folder.is_dir()]
        above = self._state_dir
        while missing and not above.is_dir():
            missing.insert(0, above)
            above = above.parent
        for folder in missing:
            shown, place = "journal", _OWN_PLACE
            if folder in folders:
                shown, place = f"journal/{folder.name}", "journal"
            with self._calls.opened(folder.parent.resolve(), place) as directory:
                self._calls.make_directory(directory, folder.name, mode=0o700, shown=shown)
                self._calls.sync(directory, shown=place)

    def _decided(self, writes: Sequence[FileWrite], note: EntryNote) -> JournalEntry:
        """Return the entry once it is sure that it will be carried out."""
        try:
            entry_id = self._stores.manifests.new_id()
        except OSError as error:
            raise unwritable(error) from error
        try:
            entry = self._staged(entry_id, writes, note)
            self._stores.manifests.write(entry)
            self._stores.manifests.move(entry_id, Stage.COMMIT)
        except BaseException as error:
            self._discard(entry_id, error)
            if isinstance(error, OSError):
                raise unwritable(error) from error
            raise
        return entry

    def _discard(self, entry_id: str, reason: BaseException) -> None:
        try:
            self._stores.manifests.discard(entry_id)
        except OSError as error:
            raise unfinished(error) from reason

    def _staged(self, entry_id: str, writes: Sequence[FileWrite], note: EntryNote) -> JournalEntry:
        """Return the entry of what is on the disk, which every file's bytes are by then, too."""
        records = []
        new_directories: dict[str, None] = {}
        contents: dict[str, bytes] = {}
        olds = {write.path: self._old_state(write) for write in writes}
        for write in writes:
            old = olds[write.path]
            records.append(_record(write, old, olds.get(write.moved_from or write.path)))
            for content in (old.content if old else None, write.content):
                if content is not None:
                    contents[digest_bytes(content)] = content
            if write.content is not None and not write.in_editor:
                missing = self._stores.tree.missing_directories(write.path)
                new_directories.update(dict.fromkeys(missing))
        self._stores.blobs.put(contents.values())
        return JournalEntry(
            entry_id=entry_id,
            label=note.label,
            task_id=note.task_id,
            client=note.client,
            reverts=note.reverts,
            hunks=note.hunks,
            written_at=datetime.now(UTC).isoformat(timespec="seconds"),
            files=tuple(records),
            new_directories=tuple(new_directories),
            old_directories=self._made_by(note.reverts),
        )

    def _old_state(self, write: FileWrite) -> FileState | None:
        """Return what the file holds, once it is sure that it may be replaced."""
        if write.in_editor:
            mode = write.mode if write.content is None else None
            return None if write.old_content is None else FileState(write.old_content, mode or 0)
        old = self._stores.tree.read(write.path)
        if (digest_bytes(old.content) if old else None) != write.before:
            raise stale_file(write.path)
        if old is not None:
            require_replaceable(write, old)
        return old

    def _made_by(self, entry_ids: Sequence[str]) -> tuple[str, ...]:
        """Return the directories that reverted entries made, innermost first."""
        made = {name for entry_id in entry_ids for name in self.entry(entry_id).new_directories}
        return tuple(sorted(made, key=lambda name: (-name.count("/"), name)))

    def _finish_interrupted(self, entry_id: str, stage: Stage) -> None:
        try:
            finish(entry_id, stage, self._stores)
        except PairwrightError as error:
            if entry_id in self._stages():
                raise
            _log.warning("an interrupted change of files was put back: %s", error)
        except OSError as error:
            raise unfinished(error) from error

    def _room_made(self) -> tuple[str, ...]:
        """Keep to the limits; return the entries that can no longer be taken back."""
        try:
            pruned = make_room(self._stores, keep=self._keep, max_bytes=self._max_bytes)
            if pruned:
                self._sweep()
        except OSError as error:
            # The change itself is written: that old ones stay is no reason to say otherwise.
            _log.warning("old changes cannot be given up: %s", system_reason(error))
            return ()
        if pruned:
            _log.info("to make room, old changes can no longer be taken back: %d", len(pruned))
        return pruned

    def _sweep(self) -> None:
        """Remove the bytes that no entry needs."""
        used = used_blobs(self._stores.manifests)
        if used is not None:
            self._stores.blobs.keep_only(used)


def _record(write: FileWrite, old: FileState | None, like: FileState | None) -> FileRecord:
    """Return what is remembered of a file; it keeps the mode that it, or what it was, has."""
    old_mode = old.mode if old else 0
    mode = write.mode if write.mode is not None else like.mode if like else 0
    new_mode = 0 if write.content is None else mode
    return FileRecord(
        path=write.path,
        before=write.before,
        after=None if write.content is None else digest_bytes(write.content),
        old_mode=old_mode,
        new_mode=new_mode,
        in_editor=write.in_editor,
        moved_from=write.moved_from,
    )


def _discard_first_format(state_dir: Path) -> None:
    """Give up what the first version of the journal kept, and say so."""
    done, pending = state_dir / "done", state_dir / "pending"
    decided = [*pending.glob("*/commit"), *pending.glob("*/rollback")]
    if decided:
        raise UserError(
            f"the change {decided[0].parent.name!r} was interrupted under an earlier version: "
            "finish it with that one, or move the folder 'pending' out of the journal, where its "
            "old and new files are kept"
        )
    count = len(list(done.glob("*/commit")))
    for folder in (done, pending):
        if folder.is_dir():
            shutil.rmtree(folder)
    if count:
        _log.warning(
            "the journal's format changed: changes that can no longer be taken back: %d", count
        )


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
