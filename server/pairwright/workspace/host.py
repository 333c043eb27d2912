"""What does the workspace say now? The one object whose state changes.

An open editor owns its text: what the disk says shows again when the editor lets go. Nothing here
awaits, so that no reader ever sees half a change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pairwright.errors import InvalidRequest, StaleChange, UnreadableFile
from pairwright.workspace.documents import Change, ChangeCause, Document, Origin, digest_text
from pairwright.workspace.files import FileStat, FileSystem
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

MAX_FILES = 20_000
MAX_BYTES = 200_000_000
ROOT = WorkspacePath(".")
"""Stands in `Snapshot.unreadable` for files that were not even listed."""


@dataclass(slots=True)
class _State:
    """What is known of the files; a new one replaces the old when a change is whole."""

    disk: dict[WorkspacePath, Document] = field(default_factory=dict)
    overlays: dict[WorkspacePath, Document] = field(default_factory=dict)
    unreadable: dict[WorkspacePath, str] = field(default_factory=dict)

    def copy(self) -> "_State":
        return _State(dict(self.disk), dict(self.overlays), dict(self.unreadable))


class WorkspaceHost:
    """The workspace's texts: those of the disk below those that editors have open."""

    def __init__(
        self, files: FileSystem, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES
    ) -> None:
        """Start empty; `scan` reads the files.

        Args:
            files: where the disk's texts come from.
            max_files: how many files are read at most.
            max_bytes: how many bytes are read at most, over all files.
        """
        self._files = files
        self._max_files = max_files
        self._max_bytes = max_bytes
        self._state = _State()
        self._snapshot = Snapshot(0, MappingProxyType({}), MappingProxyType({}))

    @property
    def snapshot(self) -> Snapshot:
        """The workspace as it is now."""
        return self._snapshot

    def scan(self) -> Snapshot:
        """Read every file that is not ignored; overlays stay.

        Past the caps nothing is read: `Snapshot.unreadable` names the files and says so.
        """
        state = _State(overlays=dict(self._state.overlays))
        bytes_left = self._max_bytes
        for count, stat in enumerate(self._files.list_files()):
            if count >= 2 * self._max_files:
                state.unreadable[ROOT] = (
                    f"the workspace holds more than {count} files; the rest is not even listed"
                )
                break
            if count >= self._max_files:
                state.unreadable[stat.path] = (
                    f"the workspace holds more than {self._max_files} files; this one is not read"
                )
            elif not stat.problem and stat.size > bytes_left:
                state.unreadable[stat.path] = (
                    f"the workspace holds more than {self._max_bytes // 1_000_000} MB of text; "
                    "this file is not read"
                )
            else:
                bytes_left -= 0 if stat.problem else stat.size
                self._read_listed(stat, state)
        return self._replace(state)

    def apply(self, changes: Iterable[Change]) -> Snapshot:
        """Make all changes as one step, or none.

        Raises:
            StaleChange: an editor's change is not newer than the overlay it changes.
            InvalidRequest: an editor's text has no version.
        """
        state = self._state.copy()
        for change in changes:
            if change.cause is not ChangeCause.EDITOR:
                _put_disk(state, change)
            elif change.text is None:
                state.overlays.pop(change.path, None)
                self._reread(change.path, state)
            else:
                _put_overlay(state, change, change.text)
        return self._replace(state)

    def refresh(self, paths: Iterable[WorkspacePath]) -> Snapshot:
        """Read files again; the revision stays when none of them changed."""
        state = self._state.copy()
        for path in paths:
            self._reread(path, state)
        return self._snapshot if state == self._state else self._replace(state)

    def _replace(self, state: _State) -> Snapshot:
        self._state = state
        documents: Mapping[WorkspacePath, Document] = {**state.disk, **state.overlays}
        unreadable = {
            path: reason for path, reason in state.unreadable.items() if path not in state.overlays
        }
        self._snapshot = Snapshot(
            self._snapshot.revision + 1, MappingProxyType(documents), MappingProxyType(unreadable)
        )
        return self._snapshot

    def _reread(self, path: WorkspacePath, state: _State) -> None:
        stat = self._files.stat(path)
        state.unreadable.pop(path, None)
        if stat is None:
            state.disk.pop(path, None)
        else:
            self._read_listed(stat, state)

    def _read_listed(self, stat: FileStat, state: _State) -> None:
        state.disk.pop(stat.path, None)
        if stat.problem:
            state.unreadable[stat.path] = stat.problem
            return
        try:
            content = self._files.read(stat.path)
        except UnreadableFile as error:
            if self._files.stat(stat.path) is not None:  # else it is gone by now
                state.unreadable[stat.path] = str(error)
            return
        state.disk[stat.path] = Document(
            path=stat.path,
            text=content.text,
            digest=digest_text(content.text),
            version=None,
            origin=Origin.DISK,
            encoding=content.encoding,
        )


def _put_disk(state: _State, change: Change) -> None:
    state.unreadable.pop(change.path, None)
    if change.text is None:
        state.disk.pop(change.path, None)
        return
    state.disk[change.path] = Document(
        path=change.path,
        text=change.text,
        digest=digest_text(change.text),
        version=None,
        origin=Origin.DISK,
        encoding=change.encoding,
    )


def _put_overlay(state: _State, change: Change, text: str) -> None:
    if change.version is None:
        raise InvalidRequest(f"the editor's text of {change.path!r} has no version")
    known = state.overlays.get(change.path)
    if known is not None and known.version is not None and change.version <= known.version:
        raise StaleChange(
            f"{change.path!r} is at version {known.version}; version {change.version} came too late"
        )
    # An editor does not say how the file is encoded; the disk does.
    on_disk = state.disk.get(change.path)
    state.overlays[change.path] = Document(
        path=change.path,
        text=text,
        digest=digest_text(text),
        version=change.version,
        origin=Origin.OVERLAY,
        encoding=on_disk.encoding if on_disk is not None else change.encoding,
    )
