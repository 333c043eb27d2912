"""What does a session offer? All features of one client, bound to its session in the engine."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types

from pairwright.engine.background import in_background
from pairwright.lsp.applying import Applier
from pairwright.lsp.connection import Connection, Work
from pairwright.lsp.diagnosing import Diagnoser
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.index_requests import IndexRequests
from pairwright.lsp.navigation import Navigation
from pairwright.lsp.progress import show_indexing
from pairwright.lsp.session import Session
from pairwright.lsp.sync import DocumentSync
from pairwright.lsp.tasks import TaskRequests
from pairwright.lsp.wire import structure

T = TypeVar("T")


class SessionFeatures:
    """One client's requests and notifications, by method."""

    def __init__(
        self, connection: Connection, session: Session, traits: ClientTraits, root: Path
    ) -> None:
        """Bind the session to the connection."""
        documents = DocumentSync(session, root, traits.encoding)
        if traits.applies_edits:
            session.attach_editor(Applier(connection, documents, traits).apply)
        if traits.diagnoses:
            session.attach_diagnosis(Diagnoser(connection).ask)
        tasks = TaskRequests(connection, session)
        self._session = session
        self._showing: asyncio.Task[None] | None = None
        if traits.shows_progress:
            showing = show_indexing(connection, session.queries)
            self._showing = in_background(showing, "indexing progress")
        navigation = Navigation(session.queries, documents, traits, root)
        index = IndexRequests(connection, session.queries, session.map_focus)
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            **tasks.requests,
            **navigation.requests,
            **index.requests,
        }
        self.notifications: Mapping[str, Callable[[Any], None]] = {
            types.TEXT_DOCUMENT_DID_OPEN: _typed(
                types.DidOpenTextDocumentParams, documents.did_open
            ),
            types.TEXT_DOCUMENT_DID_CHANGE: _typed(
                types.DidChangeTextDocumentParams, documents.did_change
            ),
            types.TEXT_DOCUMENT_DID_CLOSE: _typed(
                types.DidCloseTextDocumentParams, documents.did_close
            ),
            types.TEXT_DOCUMENT_DID_SAVE: _typed(
                types.DidSaveTextDocumentParams, documents.did_save
            ),
        }

    async def close(self) -> None:
        """Let the engine take back what the client held."""
        if self._showing is not None:
            self._showing.cancel()
        await self._session.close()


def _typed(kind: type[T], take: Callable[[T], None]) -> Callable[[Any], None]:
    def taken(params: Any) -> None:
        take(structure(kind, params))

    return taken
