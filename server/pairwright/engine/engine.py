"""What can be asked of a workspace? The facade: one engine a daemon, one session a client."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from pairwright.engine.models import ConfiguredModels, ModelSource
from pairwright.engine.session import Session
from pairwright.engine.state import WorkspaceState
from pairwright.journal.journal import Journal
from pairwright.ledger.store import LedgerStore
from pairwright.settings import Settings
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.watcher import Watcher


class Engine:
    """Everything about one workspace, for every client of it."""

    def __init__(self, state: WorkspaceState, watcher: Watcher) -> None:
        """Use `Engine.open`."""
        self._state = state
        self._watcher = watcher

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
    ) -> "Engine":
        """Open a workspace: finish what a crash left half done, read the files, watch them.

        Args:
            state_dir: where ledger and journal live, outside the workspace.
            env: holds the providers' keys; nothing else of it is used.
            settings_error: why the user's settings cannot be read at all: then no task runs.
            models: where models come from; by default the settings and the environment.

        Raises:
            UserError: the workspace, the ledger or the journal cannot be opened.
        """
        files = DiskFileSystem(root)
        journal = Journal(state_dir / "journal", root)
        await asyncio.to_thread(journal.recover)
        host = WorkspaceHost(files)
        loop = asyncio.get_running_loop()
        # Made before the scan, started after it: what changes in between is not missed.
        watcher = await asyncio.to_thread(Watcher, root, files, host.refresh, loop)
        await asyncio.to_thread(host.scan)
        state = WorkspaceState(
            root=root,
            settings=settings,
            settings_problems=settings_problems,
            settings_error=settings_error,
            host=host,
            ledger=LedgerStore(state_dir / "ledger.sqlite3"),
            journal=journal,
            models=models or ConfiguredModels(settings.models, env),
        )
        watcher.start()
        return cls(state, watcher)

    def open_session(self, client_name: str) -> Session:
        """Return a session for a client that connected."""
        return Session(self._state, client_name)

    async def warm(self) -> None:
        """Load what the first task would otherwise wait for."""
        await self._state.models.warm()

    async def close(self) -> None:
        """End every session's tasks, stop the models and let go of the files."""
        await asyncio.gather(*(client.close() for client in self._state.clients))
        self._watcher.stop()
        await self._state.close_providers()
        self._state.ledger.close()
