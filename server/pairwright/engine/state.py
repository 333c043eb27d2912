"""What do all sessions of a workspace share? One text, one index, one wallet, one journal."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pairwright.engine.background import in_background
from pairwright.engine.diagnosing import Diagnosing
from pairwright.engine.editors import OpenDocuments
from pairwright.engine.models import ModelSource
from pairwright.engine.own_prompts import OwnPrompts
from pairwright.engine.queries import Queries
from pairwright.engine.remembering import Remembering
from pairwright.engine.tasks import TaskBook
from pairwright.index.indexer import Indexer
from pairwright.journal.journal import Journal
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Provider
from pairwright.protocol.messages import CostNotice
from pairwright.settings import Settings
from pairwright.workspace.host import WorkspaceHost

_log = logging.getLogger(__name__)


class Client(Protocol):
    """One connected client, as the engine and the other clients see it."""

    def tell_cost(self, notice: CostNotice) -> None:
        """Tell it what the workspace costs by now."""
        ...

    async def close(self) -> None:
        """End what it waits for and give back what it holds."""
        ...


@dataclass(slots=True)
class WorkspaceState:
    """The engine's mutable heart; only the event loop touches it."""

    root: Path
    settings: Settings
    settings_problems: tuple[str, ...]
    settings_error: str | None
    """Why the user's settings cannot be read: a task on defaults could spend where they forbid."""
    host: WorkspaceHost
    indexer: Indexer
    queries: Queries
    ledger: LedgerStore
    journal: Journal
    models: ModelSource
    remembering: Remembering
    own_prompts: OwnPrompts
    tasks: TaskBook = field(default_factory=TaskBook)
    providers: dict[str, Provider] = field(default_factory=dict)
    clients: set[Client] = field(default_factory=set)
    open_documents: OpenDocuments = field(init=False)
    diagnosing: Diagnosing = field(default_factory=Diagnosing)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while kept hunks are written or taken back: one at a time."""
    _warming: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.open_documents = OpenDocuments(self.host, self.indexer.text_changed)

    def warm_models(self) -> None:
        """Begin to load what the first call of a model needs: no daemon at rest should hold it."""
        if self._warming is None:
            self._warming = in_background(self.models.warm(), "loading what models need")

    def provider(self, name: str) -> Provider:
        """Return the one provider of that model; opened on first use, closed with the engine."""
        if name not in self.providers:
            self.providers[name] = self.models.open(name)
        return self.providers[name]

    async def close_providers(self) -> None:
        """Let go of every model; one that fails does not keep the others."""
        for name, provider in self.providers.items():
            try:
                await provider.aclose()
            except Exception:
                _log.exception("could not close %s", name)
        self.providers.clear()
