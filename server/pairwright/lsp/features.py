"""What does a session offer? All features of one client, bound to its session in the engine."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pairwright.engine.background import in_background
from pairwright.lsp.code.features import code_requests
from pairwright.lsp.code.progress import show_indexing
from pairwright.lsp.code.requests import IndexRequests
from pairwright.lsp.documents.applying import Applier
from pairwright.lsp.documents.diagnosing import Diagnoser
from pairwright.lsp.documents.sync import DocumentSync
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.registering import register
from pairwright.lsp.review.editor_review import EditorReview
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection, Work
from pairwright.lsp.tasks.actions import CodeActions
from pairwright.lsp.tasks.asking import Asker
from pairwright.lsp.tasks.commands import Commands
from pairwright.lsp.tasks.requests import TaskRequests
from pairwright.settings import FeatureSettings

_DEFAULTS = FeatureSettings()


class SessionFeatures:
    """One client's requests and notifications, by method."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        traits: ClientTraits,
        root: Path,
        switches: FeatureSettings = _DEFAULTS,
    ) -> None:
        """Bind the session to the connection; `switches` are the settings' word on features."""
        documents = DocumentSync(session, root, traits.encoding)
        if traits.applies_edits:
            session.attach_editor(Applier(connection, documents, traits).apply)
        if traits.diagnoses:
            session.attach_diagnosis(Diagnoser(connection).ask)
        if traits.asks:
            session.attach_person(Asker(connection).ask)
        tasks = TaskRequests(connection, session)
        self._session = session
        self._behind: list[asyncio.Task[None]] = []
        if added := traits.choices.to_register(switches):
            self._behind.append(in_background(register(connection, added), "registering"))
        if traits.shows_progress:
            showing = show_indexing(connection, session.queries)
            self._behind.append(in_background(showing, "indexing progress"))
        self._review = EditorReview(connection, session, documents, traits)
        reviewing = self._review.opening if traits.abilities.shows_documents else None
        self._commands = Commands(connection, session, documents, traits, root, reviewing=reviewing)
        self._review.start_tasks_with(self._commands.start_task)
        actions = CodeActions(session.queries, documents, traits, root)
        index = IndexRequests(connection, session.queries, session.map_focus)
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            **tasks.requests,
            **code_requests(session.queries, documents, traits, root, switches),
            **index.requests,
            **actions.requests,
            **self._commands.requests,
            **self._review.requests,
            **self._review.before({**actions.requests, **self._commands.requests}),
        }
        self.notifications: Mapping[str, Callable[[Any], None]] = {
            **tasks.notifications,
            **self._review.notifications,
            **self._commands.notifications,
        }

    async def close(self) -> None:
        """Let the engine take back what the client held."""
        for task in self._behind:
            task.cancel()
        self._commands.close()
        await self._review.close()
        await self._session.close()
