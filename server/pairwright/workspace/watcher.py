"""Which files changed on the disk? Events are hints: what they point at is looked up and compared.

Only directories that are not ignored are watched. When events were lost, or cannot be had, all
files are compared by modification time, size and inode.
"""

import asyncio
import errno
import itertools
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.ignore import IGNORE_FILES, IgnoreRules
from pairwright.workspace.paths import WorkspacePath

if sys.platform == "linux":
    from watchdog.observers import inotify_c

DEBOUNCE_S = 0.05
POLL_S = 5.0
_STOP_S = 5.0
_MAX_ROUNDS = 10

_log = logging.getLogger(__name__)

Hint = Callable[[str | None], None]
"""Takes the absolute path that something happened to; None: anything may have happened."""


class EventSource(Protocol):
    """Where hints come from; it gives them on a thread of its own."""

    def watch(self, directories: Iterable[str]) -> bool:
        """Watch exactly these directories from now on; tell whether one of them is new.

        Raises:
            OSError: the system has no more watches to give.
        """
        ...

    def stop(self) -> None:
        """Give no more hints."""
        ...


class Watcher:
    """Tells, on the event loop, which files changed since it was made."""

    def __init__(
        self,
        root: Path,
        files: DiskFileSystem,
        on_paths_changed: Callable[[tuple[WorkspacePath, ...]], object],
        loop: asyncio.AbstractEventLoop,
        *,
        open_source: Callable[[Path, Hint], EventSource] | None = None,
        poll_s: float = POLL_S,
    ) -> None:
        """List what is there; only what differs from it later is reported.

        Args:
            root: the workspace, the same as that of `files`.
            files: lists what is there.
            on_paths_changed: called on the loop with the files that changed, appeared or went.
            loop: the loop that owns the workspace's state.
            open_source: opens the system's events; by default what the platform has.
            poll_s: seconds between comparisons when there are no events.
        """
        self._root = str(root.resolve())
        self._files = files
        self._on_paths_changed = on_paths_changed
        self._loop = loop
        self._open_source = open_source or _open_platform_source
        self._poll_s = poll_s
        self._source: EventSource | None = None
        self._lock = threading.Lock()
        self._hints: set[str | None] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._is_comparing = False
        self._is_stopped = False
        self._rules: dict[str, IgnoreRules] = {}
        self._known: dict[str, FileStat] = {}
        self._list_all()

    def start(self) -> None:
        """Begin to watch."""
        try:
            self._source = self._open_source(Path(self._root), self._hint)
        except OSError as error:
            self._poll_instead(error)
        self._hint(None)

    def stop(self) -> None:
        """Stop watching; nothing is reported any more."""
        self._is_stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self._source is not None:
            self._source.stop()

    def _hint(self, path: str | None) -> None:
        with self._lock:
            is_first = not self._hints
            self._hints.add(path)
        if is_first and not self._is_stopped:
            self._loop.call_soon_threadsafe(self._compare_in, DEBOUNCE_S)

    def _compare_in(self, delay_s: float) -> None:
        if not self._is_stopped:
            self._timer = self._loop.call_later(delay_s, self._compare)

    def _compare(self) -> None:
        if self._is_comparing:
            self._compare_in(DEBOUNCE_S)
            return
        self._is_comparing = True
        with self._lock:
            hints, self._hints = self._hints, set()
        self._loop.run_in_executor(None, self._changes, hints).add_done_callback(self._report)

    def _report(self, done: "asyncio.Future[tuple[WorkspacePath, ...]]") -> None:
        self._is_comparing = False
        if self._source is None:
            self._compare_in(self._poll_s)
        if not self._is_stopped and not done.cancelled() and (paths := done.result()):
            self._on_paths_changed(paths)

    def _changes(self, hints: set[str | None]) -> tuple[WorkspacePath, ...]:
        changed: set[str] = set()
        must_list_all = self._source is None or None in hints
        for hint in hints:
            path = os.path.relpath(hint, self._root) if hint is not None else "."
            if path != "." and self._is_structural(path):
                must_list_all = True
            elif path != "." and self._is_changed_file(path):
                changed.add(path)
        if must_list_all:
            before = self._known
            self._list_all()
            paths = before.keys() | self._known.keys()
            changed |= {path for path in paths if before.get(path) != self._known.get(path)}
        return tuple(WorkspacePath(path) for path in sorted(changed))

    def _is_structural(self, path: str) -> bool:
        """Tell whether a hint changes which files there are to look at."""
        parent, name = os.path.split(path)
        absolute = os.path.join(self._root, path)
        is_directory = os.path.isdir(absolute) and not os.path.islink(absolute)
        if path in self._rules or not is_directory:
            return name in IGNORE_FILES or (path in self._rules) != is_directory
        rules = self._rules.get(parent)
        return rules is not None and not rules.ignores_directory(path)

    def _is_changed_file(self, path: str) -> bool:
        """Look a file up; a hint counts even if size and time are what they were."""
        rules = self._rules.get(os.path.dirname(path))
        if path in self._rules or rules is None or rules.ignores_file(path):
            return False
        was_known = self._known.pop(path, None) is not None
        stat = self._files.stat(WorkspacePath(path))
        if stat is not None:
            self._known[path] = stat
        return was_known or stat is not None

    def _list_all(self) -> None:
        """List everything anew; a directory is watched before it is listed for the last time."""
        for _ in range(_MAX_ROUNDS):
            directories = list(self._files.walk())
            self._rules = {directory.path: directory.rules for directory in directories}
            self._known = {str(file.path): file for each in directories for file in each.files}
            if not self._watches_new([os.path.join(self._root, path) for path in self._rules]):
                return
        self._hint(None)

    def _watches_new(self, directories: list[str]) -> bool:
        if self._source is None:
            return False
        try:
            return self._source.watch(directories)
        except OSError as error:
            self._poll_instead(error)
            return False

    def _poll_instead(self, error: OSError) -> None:
        _log.warning(
            "cannot watch the workspace (%s): its files are compared every %g s instead",
            error.strerror,
            self._poll_s,
        )
        source, self._source = self._source, None
        if source is not None:
            source.stop()


def _open_platform_source(root: Path, hint: Hint) -> EventSource:
    return InotifySource(hint) if sys.platform == "linux" else RecursiveSource(root, hint)


class RecursiveSource(FileSystemEventHandler):
    """Events from a platform that watches a whole tree at no extra cost."""

    def __init__(self, root: Path, hint: Hint) -> None:
        """Begin to watch."""
        self._hint = hint
        self._observer = Observer()
        self._observer.schedule(self, str(root), recursive=True)
        self._observer.start()

    def watch(self, directories: Iterable[str]) -> bool:
        """Do nothing: all of them are watched."""
        return False

    def stop(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join(_STOP_S)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on whatever was not just read."""
        if event.event_type not in ("opened", "closed_no_write"):
            for path in (event.src_path, event.dest_path):
                if path:
                    self._hint(os.fsdecode(path))


if sys.platform == "linux":
    _MASK = inotify_c.Mask(
        inotify_c.InotifyConstants.IN_CREATE
        | inotify_c.InotifyConstants.IN_DELETE
        | inotify_c.InotifyConstants.IN_MOVE
        | inotify_c.InotifyConstants.IN_MOVE_SELF
        | inotify_c.InotifyConstants.IN_MODIFY
        | inotify_c.InotifyConstants.IN_CLOSE_WRITE
        | inotify_c.InotifyConstants.IN_ONLYDIR
        | inotify_c.InotifyConstants.IN_DONT_FOLLOW
    )

    class InotifySource:
        """Events of Linux: one watch a directory, one thread for all."""

        def __init__(self, hint: Hint) -> None:
            """Open the event queue."""
            self._hint = hint
            self._ids = itertools.count(1)
            self._watched: dict[inotify_c.WatchDescriptor, tuple[str, inotify_c.CallbackId]] = {}
            self._queue = inotify_c.InotifyFD()
            self._queue.start()

        def watch(self, directories: Iterable[str]) -> bool:
            """Watch exactly these directories; tell whether one of them is new."""
            wanted = set(directories)
            watched = list(self._watched.items())
            for descriptor, (path, _) in watched:
                if path not in wanted:
                    self._forget(descriptor)
            new = wanted - {path for _, (path, _) in watched}
            for path in sorted(new):
                # Under one id, watchdog would print its whole table when it meets a directory
                # again that was moved.
                callback_id = inotify_c.CallbackId(next(self._ids))
                try:
                    descriptor = self._queue.add_callback(
                        os.fsencode(path), _MASK, self, callback_id
                    )
                except OSError as error:
                    if error.errno in (errno.ENOENT, errno.ENOTDIR):
                        continue  # gone already
                    raise
                if descriptor != -1:
                    self._watched[descriptor] = (path, callback_id)
            return bool(new)

        def stop(self) -> None:
            """Close the event queue."""
            self._queue.stop()
            self._queue.join(_STOP_S)

        def on_event(self, event: "inotify_c.InotifyEvent") -> None:
            """Pass an event on; a directory that moved is watched anew where it is now."""
            path, _ = self._watched.get(event.wd, (None, None))
            if event.is_move_self:
                self._forget(event.wd)
                self._hint(None)
            elif path is not None:
                self._hint(os.path.join(path, os.fsdecode(event.name)))

        def on_watch_deleted(self, wd: "inotify_c.WatchDescriptor") -> None:
            """Note that a directory is gone."""
            self._watched.pop(wd, None)

        def on_queue_overflow(self) -> None:
            """Note that events were lost."""
            self._hint(None)

        def _forget(self, descriptor: "inotify_c.WatchDescriptor") -> None:
            _, callback_id = self._watched.pop(descriptor, (None, None))
            if callback_id is not None:
                self._queue.remove_callbacks([(descriptor, callback_id)])
