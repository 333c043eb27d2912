"""What can be asked of a workspace? The facade: one engine a daemon, one session a client."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from pairwright.engine.models import ConfiguredModels, ModelSource
from pairwright.engine.queries import Queries
from pairwright.engine.session import Session
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks import in_background
from pairwright.index.cache import OutlineCache
from pairwright.index.indexer import Indexer
from pairwright.index.manifest import Manifest
from pairwright.index.outliner import Outliner
from pairwright.index.text_index import TextIndex
from pairwright.index.workers import OutlineWorkers
from pairwright.journal.journal import Journal
from pairwright.ledger.store import LedgerStore
from pairwright.settings import IndexSettings, Settings
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.watcher import Watcher

_MOST_WORKERS = 8
"""Beyond these the one process that takes their outlines in has the work."""


class Engine:
    """Everything about one workspace, for every client of it."""

    def __init__(
        self, state: WorkspaceState, watcher: Watcher, indexing: asyncio.Task[None]
    ) -> None:
        """Use `Engine.open`."""
        self._state = state
        self._watcher = watcher
        self._indexing = indexing

    @classmethod
    async def open(
        cls,
        root: Path,
        settings: Settings,
        *,
        state_dir: Path,
        env: Mapping[str, str],
        settings_problems: tuple[str, ...] = (),
        settings_error: str | None = None,
        models: ModelSource | None = None,
        cache_dir: Path | None = None,
        workers: Outliner | None = None,
    ) -> "Engine":
        """Open a workspace: finish what a crash left half done, read the files, watch them.

        Args:
            state_dir: where ledger and journal live, outside the workspace.
            env: holds the providers' keys; nothing else of it is used.
            settings_error: why the user's settings cannot be read at all: then no task runs.
            models: where models come from; by default the settings and the environment.
            cache_dir: where outlines lie that all workspaces share; by default in `state_dir`.
            workers: what reads and parses files; by default processes.

        Raises:
            UserError: the workspace, the ledger or the journal cannot be opened.
        """
        files = DiskFileSystem(root)
        journal = Journal(state_dir / "journal", root)
        await asyncio.to_thread(journal.recover)
        host = WorkspaceHost(files)
        cache = OutlineCache(cache_dir or state_dir / "outlines")
        text_index = await asyncio.to_thread(TextIndex, state_dir)
        indexer = Indexer(
            host,
            files,
            workers or OutlineWorkers(root, cache, count=_worker_count(settings.index)),
            Manifest(state_dir / "manifest"),
            text_index,
        )
        loop = asyncio.get_running_loop()
        watcher = await asyncio.to_thread(Watcher, root, files, indexer.disk_changed, loop)
        try:
            await indexer.open(watcher.files)
        except BaseException:
            await asyncio.to_thread(watcher.stop)
            raise
        state = WorkspaceState(
            root=root,
            settings=settings,
            settings_problems=settings_problems,
            settings_error=settings_error,
            host=host,
            indexer=indexer,
            queries=Queries(indexer, text_index, lambda: watcher.notice),
            ledger=LedgerStore(state_dir / "ledger.sqlite3"),
            journal=journal,
            models=models or ConfiguredModels(settings.models, env),
        )
        watcher.start()
        return cls(state, watcher, in_background(indexer.run(), "indexer"))

    def open_session(self, client_name: str) -> Session:
        """Return a session for a client that connected."""
        return Session(self._state, client_name)

    async def close(self) -> None:
        """End every session's tasks, stop the models and let go of the files."""
        await asyncio.gather(*(client.close() for client in self._state.clients))
        await asyncio.to_thread(self._watcher.stop)
        self._indexing.cancel()
        await asyncio.wait([self._indexing])
        await self._state.indexer.close()
        await self._state.close_providers()
        self._state.ledger.close()


def _worker_count(settings: IndexSettings) -> int:
    return settings.workers or min(os.cpu_count() or 1, _MOST_WORKERS)
