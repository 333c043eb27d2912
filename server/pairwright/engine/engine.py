"""What can be asked of a workspace? The facade: one engine a daemon, one session a client."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from pairwright.disclosure.log import DisclosureLog
from pairwright.disclosure.redaction import PROCESS_REDACTOR
from pairwright.engine.changes.waiting import Waiting
from pairwright.engine.editors.shown_files import ShownFiles
from pairwright.engine.grants import Grants
from pairwright.engine.models.disclosing import Exit, policy_for
from pairwright.engine.models.given_keys import GivenKeys
from pairwright.engine.models.lending import Lending
from pairwright.engine.models.own_prompts import PROMPTS_FOLDER, OwnPrompts
from pairwright.engine.models.roles import ConfiguredModels, ModelSource
from pairwright.engine.plans.book import PlanBook
from pairwright.engine.questions.indexing import Indexing
from pairwright.engine.session import Session
from pairwright.engine.spending.unpriced import UnpricedModels
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.remembering import Remembering
from pairwright.index.outliner import Outliner
from pairwright.journal.journal import Journal
from pairwright.ledger.answers import UnfinishedTasks
from pairwright.ledger.store import LedgerStore
from pairwright.llm.keys import NO_KEYS, KeyChain, KeyStore
from pairwright.settings import BudgetSettings, DisclosureSettings, Settings

WARM_AFTER_S = 5.0
"""Seconds in which an editor that starts has asked what it asks first."""


class Engine:
    """Everything about one workspace, for every client of it."""

    def __init__(self, state: WorkspaceState, indexing: Indexing) -> None:
        """Use `Engine.open`."""
        self._state = state
        self._indexing = indexing
        self._expecting: asyncio.TimerHandle | None = None

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
        keyring: KeyStore = NO_KEYS,
        models: ModelSource | None = None,
        cache_dir: Path | None = None,
        prompts_dir: Path | None = None,
        budget: Callable[[], BudgetSettings] | None = None,
        workers: Outliner | None = None,
        indexing: Indexing | None = None,
    ) -> "Engine":
        """Open a workspace: finish what a crash left half done, read the files, watch them.

        Args:
            state_dir: where ledger and journal live, outside the workspace.
            env: holds the providers' keys; nothing else of it is used.
            keyring: holds more of them; by default nothing.
            settings_error: why the user's settings cannot be read at all: then no task runs.
            models: where models come from; by default the settings and the environment.
            cache_dir: where outlines lie that all workspaces share; by default in `state_dir`.
            prompts_dir: where the person's own prompts lie, if anywhere.
            budget: reads the user's caps before every call; by default those of the settings.
            workers: what reads and parses files; by default processes.
            indexing: the workspace's, if it is open already; closed with the engine.

        Raises:
            UserError: the workspace, the ledger or the journal cannot be opened.
        """
        indexing = indexing or await _open_indexing(root, settings, state_dir, cache_dir, workers)
        given, lending = GivenKeys(), Lending(settings.models.prices)
        keys = KeyChain(env, editor=given, keyring=keyring, on_found=PROCESS_REDACTOR.register)
        state = await _open_state(
            root,
            settings,
            state_dir,
            indexing,
            models=models or ConfiguredModels(settings.models, env, keys, lending),
            given_keys=given,
            lending=lending,
            own_prompts=OwnPrompts(*filter(None, (prompts_dir, state_dir / PROMPTS_FOLDER))),
            budget=budget or (lambda: settings.budget),
        )
        state.settings_problems, state.settings_error = settings_problems, settings_error
        return cls(state, indexing)

    def open_session(self, client_name: str) -> Session:
        """Return a session for a client that connected."""
        return Session(self._state, client_name)

    def is_working(self, client_name: str) -> bool:
        """Tell whether a task that goes on by itself runs for a client of that name."""
        return bool(self._state.jobs.running(client_name))

    def expect_tasks(self, *, after_s: float = WARM_AFTER_S) -> None:
        """Load what models need in good time: a client came whose person will have tasks done."""
        loop = asyncio.get_running_loop()
        self._expecting = self._expecting or loop.call_later(after_s, self._state.warm_models)

    async def close(self) -> None:
        """End every session's tasks, stop the models and let go of the files."""
        if self._expecting is not None:
            self._expecting.cancel()
        await asyncio.gather(*(client.close() for client in tuple(self._state.clients)))
        await self._state.jobs.end_all()
        await self._state.waiting.close()
        self._state.shown_files.close()
        await self._indexing.close()
        await self._state.close_providers()
        self._state.ledger.close()
        self._state.exit.log.close()
        self._state.remembering.close(self._state.host.snapshot)


async def _open_state(
    root: Path,
    settings: Settings,
    state_dir: Path,
    indexing: Indexing,
    *,
    models: ModelSource,
    given_keys: GivenKeys,
    lending: Lending,
    own_prompts: OwnPrompts,
    budget: Callable[[], BudgetSettings],
) -> WorkspaceState:
    state = WorkspaceState(
        root=root,
        settings=settings,
        host=indexing.host,
        indexer=indexing.indexer,
        queries=indexing.queries,
        ledger=LedgerStore(state_dir / "ledger.sqlite3"),
        journal=Journal(state_dir / "journal", root),
        models=models,
        given_keys=given_keys,
        lending=lending,
        exit=_open_exit(root, settings.disclosure, state_dir),
        remembering=Remembering(state_dir, settings.feedback),
        own_prompts=own_prompts,
        budget=budget,
        unfinished=UnfinishedTasks(
            # Who wants nothing remembered goes on with a task as long as the daemon lives.
            state_dir / "unfinished" if settings.feedback.keep else None
        ),
        plans=PlanBook(state_dir),
        waiting=Waiting(state_dir),
        grants=Grants(state_dir),
        unpriced=UnpricedModels(state_dir),
        shown_files=ShownFiles(state_dir),
    )
    for task in await asyncio.to_thread(state.waiting.recall):
        state.tasks.add(task)
    return state


def _open_exit(root: Path, settings: DisclosureSettings, state_dir: Path) -> Exit:
    log = DisclosureLog(state_dir / "disclosed.sqlite3")
    policy = policy_for(root, settings.never)
    return Exit(log, policy, is_local_only=settings.local_only)


async def _open_indexing(
    root: Path,
    settings: Settings,
    state_dir: Path,
    cache_dir: Path | None,
    workers: Outliner | None,
) -> Indexing:
    return await Indexing.open(
        root,
        state_dir=state_dir,
        cache_dir=cache_dir or state_dir / "outlines",
        worker_count=lambda: settings.index.workers,
        workers=workers,
    )
