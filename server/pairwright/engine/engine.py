"""What can be asked of a workspace? The facade: one engine a daemon, one session a client."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from pairwright.engine.indexing import Indexing
from pairwright.engine.models import ConfiguredModels, ModelSource
from pairwright.engine.own_prompts import OwnPrompts
from pairwright.engine.remembering import Remembering
from pairwright.engine.session import Session
from pairwright.engine.state import WorkspaceState
from pairwright.index.outliner import Outliner
from pairwright.journal.journal import Journal
from pairwright.ledger.store import LedgerStore
from pairwright.settings import Settings


class Engine:
    """Everything about one workspace, for every client of it."""

    def __init__(self, state: WorkspaceState, indexing: Indexing) -> None:
        """Use `Engine.open`."""
        self._state = state
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
        prompts_dir: Path | None = None,
        workers: Outliner | None = None,
        indexing: Indexing | None = None,
    ) -> "Engine":
        """Open a workspace: finish what a crash left half done, read the files, watch them.

        Args:
            state_dir: where ledger and journal live, outside the workspace.
            env: holds the providers' keys; nothing else of it is used.
            settings_error: why the user's settings cannot be read at all: then no task runs.
            models: where models come from; by default the settings and the environment.
            cache_dir: where outlines lie that all workspaces share; by default in `state_dir`.
            prompts_dir: where the person's own prompts lie, if anywhere.
            workers: what reads and parses files; by default processes.
            indexing: the workspace's, if it is open already; closed with the engine.

        Raises:
            UserError: the workspace, the ledger or the journal cannot be opened.
        """
        if indexing is None:
            outlines = cache_dir or state_dir / "outlines"
            indexing = await _open_indexing(root, settings, state_dir, outlines, workers)
        state = WorkspaceState(
            root=root,
            settings=settings,
            settings_problems=settings_problems,
            settings_error=settings_error,
            host=indexing.host,
            indexer=indexing.indexer,
            queries=indexing.queries,
            ledger=LedgerStore(state_dir / "ledger.sqlite3"),
            journal=Journal(state_dir / "journal", root),
            models=models or ConfiguredModels(settings.models, env),
            remembering=Remembering(state_dir, settings.feedback),
            own_prompts=OwnPrompts(prompts_dir),
        )
        return cls(state, indexing)

    def open_session(self, client_name: str) -> Session:
        """Return a session for a client that connected."""
        return Session(self._state, client_name)

    async def close(self) -> None:
        """End every session's tasks, stop the models and let go of the files."""
        await asyncio.gather(*(client.close() for client in self._state.clients))
        await self._indexing.close()
        await self._state.close_providers()
        self._state.ledger.close()
        self._state.remembering.close(self._state.host.snapshot)


async def _open_indexing(
    root: Path, settings: Settings, state_dir: Path, cache_dir: Path, workers: Outliner | None
) -> Indexing:
    return await Indexing.open(
        root,
        state_dir=state_dir,
        cache_dir=cache_dir,
        worker_count=lambda: settings.index.workers,
        workers=workers,
    )
