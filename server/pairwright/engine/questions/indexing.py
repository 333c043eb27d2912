"""How do the files get into the index? Watcher, workers, cache and indexer, put together.

All that answers questions about an unchanged workspace, and nothing else: the daemon imports and
opens it before the rest of the engine. So it must not need the settings, which take long to import.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from pairwright.engine.background import in_background
from pairwright.engine.questions.queries import Queries
from pairwright.index.cache import OutlineCache
from pairwright.index.indexer import Indexer
from pairwright.index.manifest import Manifest
from pairwright.index.outliner import FileReading, Outliner
from pairwright.index.text_index import TextIndex
from pairwright.index.workers import OutlineWorkers
from pairwright.journal.journal import Journal
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.listing import Listing
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.watcher import Watcher

_MOST_WORKERS = 8
"""Beyond these the one process that takes their outlines in has the work."""


class Indexing:
    """Everything that keeps the index of one workspace true."""

    def __init__(
        self,
        host: WorkspaceHost,
        indexer: Indexer,
        queries: Queries,
        watcher: Watcher,
        cache: OutlineCache,
    ) -> None:
        """Use `Indexing.open`."""
        self.host = host
        self.indexer = indexer
        self.queries = queries
        self._watcher = watcher
        self._cache = cache
        self._running = in_background(indexer.run(), "indexing")

    @classmethod
    async def open(
        cls,
        root: Path,
        *,
        state_dir: Path,
        cache_dir: Path,
        worker_count: Callable[[], int | None],
        workers: Outliner | None = None,
        listing: Listing | None = None,
    ) -> "Indexing":
        """Finish what a crash left half done, take over what is still true, and begin to read.

        Args:
            root: the workspace.
            state_dir: where is kept what is known of this workspace alone.
            cache_dir: where outlines lie that all workspaces share.
            worker_count: gives what is set, None: nothing; asked in a thread when the first file
                or text is to be read.
            workers: what reads and parses files; None: processes.
            listing: of the root, if it was begun already.

        Raises:
            UserError: the workspace or the journal cannot be opened.
        """
        listed = await asyncio.to_thread(_recovered_and_listed, root, state_dir, listing)
        files = DiskFileSystem(root)
        host = WorkspaceHost(files)
        cache = OutlineCache(cache_dir)
        text_index = await asyncio.to_thread(TextIndex, state_dir)
        indexer = Indexer(
            host,
            files,
            workers or _WorkersWhenNeeded(partial(OutlineWorkers, root, cache), worker_count),
            Manifest(state_dir / "manifest"),
            text_index,
        )
        # It watches before it lists: what changes while the files are taken in is not missed.
        loop = asyncio.get_running_loop()
        watcher = await asyncio.to_thread(
            partial(Watcher, root, files, indexer.disk_changed, loop, listed=listed)
        )
        try:
            await indexer.open(watcher.files)
        except BaseException:
            await asyncio.to_thread(watcher.stop)
            raise
        watcher.start()
        queries = Queries(indexer, files, text_index, lambda: watcher.notice)
        return cls(host, indexer, queries, watcher, cache)

    async def close(self) -> None:
        """Stop watching and reading; what is known is kept for the next start."""
        await asyncio.to_thread(self._watcher.stop)
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self.indexer.close()
        await asyncio.to_thread(self._cache.close)


def _recovered_and_listed(
    root: Path, state_dir: Path, listing: Listing | None
) -> Mapping[WorkspacePath, FileStat] | None:
    """Finish what a crash left half done; return what was listed, if it holds after that."""
    directory = state_dir / "journal"
    try:
        before = _modified(directory)
        Journal(directory, root).recover()
        return listing.files() if listing and before and before == _modified(directory) else None
    finally:
        if listing is not None:
            listing.close()


def _modified(directory: Path) -> Mapping[str, int]:
    """Return when what lies in a directory was modified, by name; empty when there is none."""
    try:
        with os.scandir(directory) as entries:
            return {each.name: each.stat(follow_symlinks=False).st_mtime_ns for each in entries}
    except OSError:
        return {}


class _WorkersWhenNeeded:
    """Worker processes, as many as is set: which is asked when there is something to read."""

    def __init__(
        self, describe: Callable[..., OutlineWorkers], count: Callable[[], int | None]
    ) -> None:
        self._describe = describe
        self._count = count
        self._lock = asyncio.Lock()
        self._workers: OutlineWorkers | None = None

    async def outline_files(
        self,
        paths: Sequence[WorkspacePath],
        on_read: Callable[[tuple[FileReading, ...]], None],
    ) -> None:
        await (await self._described()).outline_files(paths, on_read)

    async def outline_text(
        self, path: WorkspacePath, text: str, *, exact: bool = False
    ) -> PackedOutline | None:
        return await (await self._described()).outline_text(path, text, exact=exact)

    async def outline_alone(self, path: WorkspacePath, text: str) -> PackedOutline | None:
        return await (await self._described()).outline_alone(path, text)

    async def close(self) -> None:
        if self._workers is not None:
            await self._workers.close()

    async def _described(self) -> OutlineWorkers:
        async with self._lock:
            if self._workers is None:
                count = await asyncio.to_thread(self._count)
                self._workers = self._describe(count=count or _usual_count())
            return self._workers


def _usual_count() -> int:
    return min(os.cpu_count() or 1, _MOST_WORKERS)
