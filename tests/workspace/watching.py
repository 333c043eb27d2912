"""How is a directory watched in tests? With what was reported of it, and events made to measure."""

import asyncio
import errno
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from pairwright.workspace.documents import look_up
from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.watcher import Changes, EventSource, Hint, Watcher
from tests.support.loop_lag import LOOP_LAG
from tests.support.waiting import eventually

if sys.platform == "linux":
    from pairwright.workspace.watcher import InotifySource

OpenSource = Callable[[Path, Hint], EventSource]


@contextmanager
def watching(
    root: Path, open_source: OpenSource | None = None, *, compare_s: float = 60, mounts: str = ""
) -> Iterator["Watched"]:
    """Watch a directory, with what was reported of it."""
    watched = Watched(root, open_source, compare_s=compare_s, mounts=mounts)
    watched.watcher.start()
    try:
        yield watched
    finally:
        watched.watcher.stop()


class Watched:
    """A watched directory, and what was reported of it."""

    def __init__(
        self,
        root: Path,
        open_source: OpenSource | None = None,
        *,
        compare_s: float = 60,
        mounts: str = "",
    ) -> None:
        self.disk = DiskFileSystem(root)
        self.root = root
        self.host = WorkspaceHost(self.disk)
        self.host.scan()
        self.reported: list[WorkspacePath] = []
        self.batches = 0
        self.reported_at = 0.0
        self.watcher = Watcher(
            root,
            self.disk,
            self.on_changes,
            asyncio.get_running_loop(),
            open_source=open_source,
            poll_s=0.05,
            compare_s=compare_s,
            mounts=lambda: mounts,
        )

    def on_changes(self, changes: Changes) -> None:
        self.batches += 1
        self.reported_at = time.perf_counter()
        self.reported.extend(changes)
        with LOOP_LAG.elsewhere():  # workers read what changed
            to_read, facts = self.host.admit(changes)
            with self.disk.reader() as reader:
                self.host.learn([*facts, *(look_up(reader, path)[0] for path in to_read)])

    def texts(self) -> dict[str, str]:
        return {path: document.text for path, document in self.host.snapshot.documents.items()}

    async def settles_as(self, **expected: str) -> None:
        wanted = {path.replace("__", "/") + ".py": text for path, text in expected.items()}
        await eventually(lambda: self.texts() == wanted, what=f"{wanted}, got {self.texts()}")

    async def settles_as_listed(self) -> None:
        """Wait until what was reported equals the disk, in stats and in texts."""

        def listed() -> dict[WorkspacePath, FileStat]:
            return {stat.path: stat for stat in self.disk.list_files()}

        await eventually(lambda: self.watcher.files == listed(), what="the listing")
        fresh = WorkspaceHost(self.disk).scan()
        assert self.host.snapshot.documents == fresh.documents
        assert self.texts() == {path: doc.text for path, doc in fresh.documents.items()}
        assert self.host.snapshot.unreadable == fresh.unreadable


class SilentSource:
    """Gives no hints of its own; fails on demand, as a system without free watches does."""

    def __init__(self, fails_at: str = "", number: int = errno.ENOSPC) -> None:
        self.watched: set[str] = set()
        self.fails_at = fails_at
        self.breaks_once = False
        self.is_stopped = False
        self._number = number
        self._pass_on: Hint | None = None

    def hint(self, path: Path | None) -> None:
        """Tell that something happened to a path; None: anything may have."""
        assert self._pass_on is not None, "not opened"
        self._pass_on(None if path is None else str(path))

    def open(self, root: Path, hint: Hint) -> EventSource:
        self._fail("open")
        self._pass_on = hint
        return self

    def watch(self, directory: str) -> None:
        self._fail("watch")
        if self.breaks_once:
            self.breaks_once = False
            raise RuntimeError("broken")
        self.watched.add(directory)

    def keep_only(self, directories: Collection[str]) -> None:
        self.watched &= set(directories)

    def stop(self) -> None:
        self.is_stopped = True

    def _fail(self, at: str) -> None:
        if self.fails_at == at:
            raise OSError(self._number, os.strerror(self._number))


class Forgetful:
    """Passes on one hint of ten, as a system whose queue overflows, until that is told."""

    def __init__(self) -> None:
        self.dropped = 0
        self._seen = 0
        self._pass_on: Hint | None = None

    def open(self, root: Path, hint: Hint) -> EventSource:
        self._pass_on = hint
        return InotifySource(self._sometimes) if sys.platform == "linux" else SilentSource()

    def overflow(self) -> None:
        if self._pass_on is not None:
            self._pass_on(None)

    def _sometimes(self, path: str | None) -> None:
        self._seen += 1
        if self._seen % 10:
            self.dropped += 1
        elif self._pass_on is not None:
            self._pass_on(path)
