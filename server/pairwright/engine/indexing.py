"""How do the files get into the index? Watcher, workers, cache and indexer, put together."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from pairwright.engine.queries import Queries
from pairwright.engine.tasks import in_background
from pairwright.index.cache import OutlineCache
from pairwright.index.indexer import Indexer
from pairwright.index.manifest import Manifest
from pairwright.index.outliner import Outliner
from pairwright.index.text_index import TextIndex
from pairwright.index.workers import OutlineWorkers
from pairwright.settings import IndexSettings
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.host import WorkspaceHost
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
        settings: IndexSettings,
        *,
        state_dir: Path,
        cache_dir: Path,
        workers: Outliner | None,
    ) -> "Indexing":
        """List the files, take over what is still true of what was known, and begin to read.

        Args:
            root: the workspace.
            settings: how files are read.
            state_dir: where is kept what is known of this workspace alone.
            cache_dir: where outlines lie that all workspaces share.
            workers: what reads and parses files; None: processes.

        Raises:
            UserError: the workspace cannot be opened.
        """
        files = DiskFileSystem(root)
        host = WorkspaceHost(files)
        cache = OutlineCache(cache_dir)
        text_index = await asyncio.to_thread(TextIndex, state_dir)
        indexer = Indexer(
            host,
            files,
            workers or OutlineWorkers(root, cache, count=_worker_count(settings)),
            Manifest(state_dir / "manifest"),
            text_index,
        )
        # It watches before it lists: what changes while the files are taken in is not missed.
        loop = asyncio.get_running_loop()
        watcher = await asyncio.to_thread(Watcher, root, files, indexer.disk_changed, loop)
        try:
            await indexer.open(watcher.files)
        except BaseException:
            await asyncio.to_thread(watcher.stop)
            raise
        watcher.start()
        return cls(
            host, indexer, Queries(indexer, text_index, lambda: watcher.notice), watcher, cache
        )

    async def close(self) -> None:
        """Stop watching and reading; what is known is kept for the next start."""
        await asyncio.to_thread(self._watcher.stop)
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self.indexer.close()
        await asyncio.to_thread(self._cache.close)


def _worker_count(settings: IndexSettings) -> int:
    return settings.workers or min(os.cpu_count() or 1, _MOST_WORKERS)
