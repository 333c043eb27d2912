"""Which files changed on the disk? Events are hints: what they point at is looked up and compared.

Only directories that are not ignored are watched. When events were lost, or cannot be had, all
files are compared by modification time, size and inode. Contents are never read here.
"""

import asyncio
import errno
import itertools
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from pairwright.workspace.comparison import Comparison
from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.mounts import read_mounts, silent_file_system
from pairwright.workspace.paths import WorkspacePath

if sys.platform == "linux":
    from watchdog.observers import inotify_c

DEBOUNCE_S = 0.02
"""Seconds without a hint after which is looked; a save is several events."""
MOST_DEBOUNCE_S = 0.2
"""Seconds after which is looked even if hints keep coming."""
POLL_S = 5.0
COMPARE_S = 60.0
_SHARE_OF_COMPARING = 0.05
"""How much of the time is spent on comparing everything, at most, when nothing asks for it."""
_SETTLE_S = 0.3
"""Seconds that are left to the first answers before the files are listed once more."""
_STOP_S = 5.0

_log = logging.getLogger(__name__)

Hint = Callable[[str | None], None]
"""Takes the absolute path that something happened to; None: anything may have happened."""

Changes = Mapping[WorkspacePath, FileStat | None]
"""Files that changed or appeared, and (None) those that went."""


class EventSource(Protocol):
    """Where hints come from; it gives them on a thread of its own."""

    def watch(self, directory: str) -> None:
        """Watch a directory from now on; it may be watched already.

        Raises:
            OSError: the system has no more watches to give.
        """
        ...

    def keep_only(self, directories: Collection[str]) -> None:
        """Watch no other directories any more."""
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
        on_changes: Callable[[Changes], object],
        loop: asyncio.AbstractEventLoop,
        *,
        listed: Mapping[WorkspacePath, FileStat] | None = None,
        open_source: Callable[[Path, Hint], EventSource] | None = None,
        poll_s: float = POLL_S,
        compare_s: float = COMPARE_S,
        mounts: Callable[[], str] = read_mounts,
    ) -> None:
        """Watch what is there and list it; only what differs from it later is reported.

        Args:
            root: the workspace, the same as that of `files`.
            files: lists what is there.
            on_changes: called on the loop with what is different, from `start` on.
            loop: the loop that owns the workspace's state.
            listed: the files as somebody saw them just now; we look a moment after `start`.
            open_source: opens the system's events; by default what the platform has.
            poll_s: seconds between comparisons of all files when events cannot be relied on.
            compare_s: seconds between them when they can.
            mounts: gives the system's table of mounts.

        Raises:
            OSError: this process has no files left to open.
        """
        self._root = root.resolve()
        self._on_changes, self._loop = on_changes, loop
        self._poll_s, self._compare_s = poll_s, compare_s
        self._notice = ""
        self._source: EventSource | None = None
        self._comparison = Comparison(
            str(self._root), files, entering=self._watch, listed=self._keep_only
        )
        self._lock = threading.Lock()
        self._hints: set[str | None] = set()
        self._first_hint_at = self._last_hint_at = self._rest_until = 0.0
        self._is_started = self._is_stopped = self._is_comparing = False
        self._look_timer: asyncio.TimerHandle | None = None
        self._compare_timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, "watcher")
        self._open(open_source or _open_platform_source, mounts())
        self._is_watching = listed is None
        began_at = time.monotonic()
        # Changed on the loop only, and never while the thread compares.
        self._known = self._comparison.list_all() if listed is None else {**listed}
        self._listing_s = time.monotonic() - began_at

    @property
    def files(self) -> Mapping[WorkspacePath, FileStat]:
        """Every file that is not ignored, as it was last reported; read it on the loop only."""
        return MappingProxyType(self._known)

    @property
    def notice(self) -> str:
        """What keeps changes from being seen at once, for people to read; empty: nothing."""
        return self._notice

    def start(self) -> None:
        """Begin to report, also what happened since the files were listed."""
        with self._lock:
            self._is_started = True
        self._look_when_due()
        self._compare_later()
        if not self._is_watching:
            self._loop.call_later(_SETTLE_S, self._hint, None)

    def stop(self) -> None:
        """Stop watching; nothing is reported any more."""
        self._is_stopped = True
        for timer in (self._look_timer, self._compare_timer):
            if timer is not None:
                timer.cancel()
        if self._source is not None:
            self._source.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _open(self, open_source: Callable[[Path, Hint], EventSource], mounts: str) -> None:
        """Open the system's events, and note what they do not tell of."""
        try:
            self._source = open_source(self._root, self._hint)
        except OSError as error:
            self._poll_instead(error)
        if kind := silent_file_system(str(self._root), mounts):
            self._note(
                f"the workspace is on a file system ({kind}) that does not tell of other "
                f"machines' changes: its files are compared every {self._poll_s:g} s"
            )

    def _hint(self, path: str | None) -> None:
        with self._lock:
            self._last_hint_at = time.monotonic()
            is_first = not self._hints
            self._hints.add(path)
            if is_first:
                self._first_hint_at = self._last_hint_at
            is_awaited = is_first and self._is_started and not self._is_stopped
        if is_awaited:
            self._loop.call_soon_threadsafe(self._look_when_due)

    def _look_when_due(self) -> None:
        """Look at what the hints point at, once they have stopped coming for a moment."""
        if self._is_stopped or self._is_comparing:
            return  # looked at after that
        if self._look_timer is not None:
            self._look_timer.cancel()
        with self._lock:
            if not self._hints:
                return
            due = min(self._last_hint_at + DEBOUNCE_S, self._first_hint_at + MOST_DEBOUNCE_S)
            wait_s = max(due, self._rest_until) - time.monotonic()
            hints = self._hints
            if wait_s <= 0:
                self._hints = set()
        if wait_s > 0:
            self._look_timer = self._loop.call_later(wait_s, self._look_when_due)
            return
        self._is_comparing = True
        look = self._loop.run_in_executor(self._thread, self._look, hints)
        look.add_done_callback(self._report)

    def _look(self, hints: set[str | None]) -> tuple[Changes, float]:
        """Compare, on the thread; return what changed and how many seconds that took."""
        began_at = time.monotonic()
        changes = self._comparison.changes(hints, self._known)
        return changes, time.monotonic() - began_at

    def _report(self, done: "asyncio.Future[tuple[Changes, float]]") -> None:
        self._is_comparing = False
        if self._is_stopped or done.cancelled():
            return
        try:
            if (error := done.exception()) is not None:
                _log.error("could not compare the workspace's files", exc_info=error)
                self._rest_until = time.monotonic() + self._poll_s
                self._hint(None)
            else:
                self._take(*done.result())
        finally:
            self._look_when_due()

    def _take(self, changes: Changes, took_s: float) -> None:
        self._listing_s = max(took_s, self._listing_s * 0.9)
        # Under a storm at most half of the time is spent on looking.
        self._rest_until = time.monotonic() + min(took_s, 1.0)
        for path, stat in changes.items():
            if stat is None:
                self._known.pop(path, None)
            else:
                self._known[path] = stat
        if changes:
            self._on_changes(changes)

    def _compare_later(self) -> None:
        """Have all files compared now and then: events are known to get lost."""
        if self._compare_timer is not None:
            self._compare_timer.cancel()
        if not self._is_stopped:
            wait_s = self._poll_s if self._notice else self._compare_s
            wait_s = max(wait_s, self._listing_s / _SHARE_OF_COMPARING)
            self._compare_timer = self._loop.call_later(wait_s, self._compare_all)

    def _compare_all(self) -> None:
        self._hint(None)
        self._compare_later()

    def _watch(self, directory: str) -> None:
        if self._source is not None:
            try:
                self._source.watch(directory)
            except OSError as error:
                self._poll_instead(error)

    def _keep_only(self, directories: Collection[str]) -> None:
        if self._source is not None:
            self._source.keep_only(directories)

    def _poll_instead(self, error: OSError) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.stop()
        advice = "; more watches: fs.inotify.max_user_watches" if _lacks_watches(error) else ""
        self._note(
            f"cannot watch the workspace ({error.strerror}): its files are compared every "
            f"{self._poll_s:g} s instead{advice}"
        )

    def _note(self, notice: str) -> None:
        if not self._notice:
            self._notice = notice
            _log.warning("%s", notice)
            if self._is_started and not self._is_stopped:
                self._loop.call_soon_threadsafe(self._compare_later)


def _lacks_watches(error: OSError) -> bool:
    return sys.platform == "linux" and error.errno == errno.ENOSPC


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

    def watch(self, directory: str) -> None:
        """Do nothing: all of them are watched."""

    def keep_only(self, directories: Collection[str]) -> None:
        """Do nothing: what is ignored is left out later."""

    def stop(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join(_STOP_S)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on whatever was not just read; a directory changes whenever a file in it does."""
        if event.is_directory and event.event_type == "modified":
            return
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
            self._lock = threading.Lock()
            self._watched: dict[inotify_c.WatchDescriptor, tuple[str, inotify_c.CallbackId]] = {}
            self._descriptors: dict[str, inotify_c.WatchDescriptor] = {}
            self._queue = inotify_c.InotifyFD()
            self._queue.start()

        def watch(self, directory: str) -> None:
            """Watch a directory, unless it is watched or gone already."""
            with self._lock:  # so that no event of it comes before its path is known
                if directory in self._descriptors:
                    return
                # Under one id, watchdog would print its whole table when it meets a directory
                # again that was moved.
                callback_id = inotify_c.CallbackId(next(self._ids))
                try:
                    descriptor = self._queue.add_callback(
                        os.fsencode(directory), _MASK, self, callback_id
                    )
                except OSError as error:
                    if error.errno in (errno.ENOENT, errno.ENOTDIR):
                        return
                    raise
                if descriptor in self._watched:
                    self._forget(descriptor)  # it was moved here, and that event is yet to come
                if descriptor != -1:
                    self._watched[descriptor] = (directory, callback_id)
                    self._descriptors[directory] = descriptor

        def keep_only(self, directories: Collection[str]) -> None:
            """Watch no other directories any more."""
            with self._lock:
                for directory in self._descriptors.keys() - set(directories):
                    self._forget(self._descriptors[directory])

        def stop(self) -> None:
            """Close the event queue."""
            self._queue.stop()
            self._queue.join(_STOP_S)

        def on_event(self, event: "inotify_c.InotifyEvent") -> None:
            """Pass an event on; a directory that moved is watched anew where it is now."""
            with self._lock:
                path, _ = self._watched.get(event.wd, (None, None))
                if event.is_move_self:
                    self._forget(event.wd)
            if event.is_move_self:
                self._hint(None)
            elif path is not None:
                self._hint(os.path.join(path, os.fsdecode(event.name)))

        def on_watch_deleted(self, wd: "inotify_c.WatchDescriptor") -> None:
            """Note that a directory is gone; there may be another of that name already."""
            with self._lock:
                path, _ = self._watched.pop(wd, (None, None))
                if path is not None:
                    self._descriptors.pop(path, None)
            if path is not None:
                self._hint(None)

        def on_queue_overflow(self) -> None:
            """Note that events were lost."""
            self._hint(None)

        def _forget(self, descriptor: "inotify_c.WatchDescriptor") -> None:
            path, callback_id = self._watched.pop(descriptor, (None, None))
            if path is not None and callback_id is not None:
                self._descriptors.pop(path, None)
                self._queue.remove_callbacks([(descriptor, callback_id)])
