"""What do all sessions of a workspace share? One text, one index, one wallet, one journal."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from pairwright.engine.background import in_background
from pairwright.engine.changes.waiting import Waiting
from pairwright.engine.editors.diagnosing import Diagnosing
from pairwright.engine.editors.editors import OpenDocuments
from pairwright.engine.editors.presence import Presence
from pairwright.engine.editors.shown_files import ShownFiles
from pairwright.engine.grants import Grants
from pairwright.engine.models.disclosing import Exit
from pairwright.engine.models.given_keys import GivenKeys
from pairwright.engine.models.lending import Lending
from pairwright.engine.models.own_prompts import OwnPrompts
from pairwright.engine.models.roles import ModelSource
from pairwright.engine.models.showing import Showing
from pairwright.engine.plans.book import PlanBook
from pairwright.engine.questions.queries import Queries
from pairwright.engine.questions.revisions import Revisions
from pairwright.engine.spending.unpriced import UnpricedModels
from pairwright.engine.tasks.jobs import Jobs
from pairwright.engine.tasks.remembering import Remembering
from pairwright.engine.tasks.task import Task, TaskBook
from pairwright.index.indexer import Indexer
from pairwright.journal.journal import Journal
from pairwright.ledger.answers import UnfinishedTasks
from pairwright.ledger.budget import Budget
from pairwright.ledger.store import LedgerStore
from pairwright.llm.catalog import EMBEDDED_PREFIX
from pairwright.llm.circuits import Circuits
from pairwright.llm.model import Provider
from pairwright.protocol.change_messages import ChangeNotice
from pairwright.protocol.cost_messages import CostNotice
from pairwright.settings import BudgetSettings, Settings
from pairwright.workspace.host import WorkspaceHost

_log = logging.getLogger(__name__)


class Client(Protocol):
    """One connected client, as the engine and the other clients see it."""

    @property
    def name(self) -> str:
        """What it calls itself."""
        ...

    def tell_cost(self, notice: CostNotice) -> None:
        """Tell it what the workspace costs by now."""
        ...

    def tell_change(self, notice: ChangeNotice) -> None:
        """Tell it that a change came up for review, or was decided further."""
        ...

    async def close(self) -> None:
        """End what it waits for and give back what it holds."""
        ...


@dataclass(slots=True)
class WorkspaceState:
    """The engine's mutable heart; only the event loop touches it."""

    root: Path
    settings: Settings
    host: WorkspaceHost
    indexer: Indexer
    queries: Queries
    ledger: LedgerStore
    journal: Journal
    models: ModelSource
    exit: Exit
    remembering: Remembering
    own_prompts: OwnPrompts
    plans: PlanBook
    budget: Callable[[], BudgetSettings]
    """Reads the user's caps as they are now."""
    unfinished: UnfinishedTasks
    """What tasks were answered, until they are decided."""
    waiting: Waiting
    """The changes that wait for a decision, as they outlive the daemon."""
    grants: Grants
    unpriced: UnpricedModels
    """The models that may be asked although nobody knows their price."""
    shown_files: ShownFiles
    settings_problems: tuple[str, ...] = ()
    settings_error: str | None = None
    """Why the user's settings cannot be read: a task on defaults could spend where they forbid."""
    given_keys: GivenKeys = field(default_factory=GivenKeys)
    lending: Lending = field(default_factory=Lending)
    tasks: TaskBook = field(default_factory=TaskBook)
    budgets: dict[str, Budget] = field(default_factory=dict)
    """Of the tasks that run, by their ids."""
    told_caps: set[tuple[str, str, Decimal]] = field(default_factory=set)
    """The caps of which it was said that they are nearly spent: name, task or day, amount."""
    circuits: Circuits = field(init=False)
    """How the models' endpoints are, as all tasks know it."""
    providers: dict[str, Provider] = field(default_factory=dict)
    clients: set[Client] = field(default_factory=set)
    open_documents: OpenDocuments = field(init=False)
    diagnosing: Diagnosing = field(default_factory=Diagnosing)
    presence: Presence = field(default_factory=Presence)
    jobs: Jobs = field(default_factory=Jobs)
    showing: Showing = field(init=False)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while kept hunks are written or taken back: one at a time."""
    revisions: Revisions = field(default_factory=Revisions)
    """What clients were told of, that may send edits of it."""
    _warming: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.open_documents = OpenDocuments(self.host, self.indexer.text_changed)
        self.circuits = Circuits(concurrent_requests=self.settings.models.concurrent_requests)
        self.showing = Showing(self.host, self.exit.policy)

    def warm_models(self) -> None:
        """Begin to load what the first call of a model needs: no daemon at rest should hold it."""
        if self._warming is None:
            self._warming = in_background(self.models.warm(), "loading what models need")

    def tell_change(self, task: Task) -> None:
        """Tell every client how a task's change stands."""
        notice = ChangeNotice(
            task_id=task.task_id,
            proposer=task.proposer,
            label=task.instruction,
            state=task.state.value,
            pending=len(task.review.pending),
            decisions=len(task.decisions),
        )
        self.waiting.note(task)
        if not notice.pending:
            self.shown_files.forget_diff(task.task_id)
        for client in tuple(self.clients):
            client.tell_change(notice)

    def provider(self, name: str) -> Provider:
        """Return the one provider of that model; opened on first use, closed with the engine."""
        if name not in self.providers:
            self.providers[name] = self.exit.guarded(self.models.open(name))
        return self.providers[name]

    def forget_keys(self) -> None:
        """Let the next task look for its keys anew; whoever is being answered keeps theirs.

        A provider with a key holds nothing that must be closed; one with a process has no key.
        """
        self.providers = {
            name: provider
            for name, provider in self.providers.items()
            if name.startswith(EMBEDDED_PREFIX)
        }

    async def close_providers(self) -> None:
        """Let go of every model; one that fails does not keep the others."""
        for name, provider in self.providers.items():
            try:
                await provider.aclose()
            except Exception:
                _log.exception("could not close %s", name)
        self.providers.clear()
