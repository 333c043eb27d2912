"""How is a change decided and a plan followed in an editor that has no extension of ours?

The parts for one client, bound together: virtual documents, code lenses, plans' documents, and the
commands that they carry.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from lsprotocol import types

from pairwright.lsp.documents.opening import Opening
from pairwright.lsp.documents.sync import DocumentSync, OpenDocument
from pairwright.lsp.documents.virtual import (
    ChangeDocument,
    VirtualDocuments,
    is_virtual,
    read_uri,
)
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.plans.commands import PlanCommands, StartTask
from pairwright.lsp.plans.documents import PlanDocuments, is_plan
from pairwright.lsp.plans.lenses import KIND, plan_actions, plan_lenses
from pairwright.lsp.review.cost_lenses import Receipts
from pairwright.lsp.review.decisions import ReviewDecisions
from pairwright.lsp.review.lenses import ReviewLenses
from pairwright.lsp.review.refreshing import Refreshing
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection, Work
from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.lsp.tasks.asking import Asker
from pairwright.lsp.tasks.consent import CONSENT_TIMEOUT_S, INFO, MOST_MESSAGE
from pairwright.protocol import messages
from pairwright.protocol.change_messages import ChangeNotice
from pairwright.text.ranges import LineIndex

Begin = Callable[[Any], Work]
T = TypeVar("T")


class EditorReview:
    """What one client is shown of changes, plans and costs, by the LSP alone."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        documents: DocumentSync,
        traits: ClientTraits,
    ) -> None:
        """Listen to what there is to show from now on."""
        self._connection = connection
        self._documents = documents
        self._takes_actions = traits.abilities.takes_actions
        self._reviews_itself = traits.abilities.reviews
        self._start: StartTask = lambda params, title: None
        self._refreshing = Refreshing(connection, traits.abilities)
        self._receipts = Receipts(session)
        self._virtual = VirtualDocuments(session, self._receipts, self._refreshing.request)
        self._lenses = ReviewLenses(session)
        self._plans = PlanDocuments(connection, session, documents, traits.encoding, self._tell)
        self.opening = Opening(
            connection, session, self._virtual, traits.abilities, partial(self._tell, kind=INFO)
        )
        asker = Asker(connection, timeout_s=CONSENT_TIMEOUT_S) if traits.asks else None
        decisions = ReviewDecisions(session, self.opening, self._tell, asker)
        plan_commands = PlanCommands(
            connection,
            session,
            documents,
            self._plans,
            self._virtual,
            traits,
            start=lambda params, title: self._start(params, title),
            tell=self._tell,
        )
        self._commands: Mapping[str, Begin] = {**decisions.commands, **plan_commands.commands}
        self.requests: Mapping[str, Begin] = {
            types.TEXT_DOCUMENT_CODE_LENS: self._begin_lenses,
            **self._virtual.requests,
        }
        self.notifications: Mapping[str, Callable[[Any], None]] = {
            types.TEXT_DOCUMENT_DID_OPEN: _taken(types.DidOpenTextDocumentParams, self._opened),
            types.TEXT_DOCUMENT_DID_CHANGE: _taken(
                types.DidChangeTextDocumentParams, self._changed
            ),
            types.TEXT_DOCUMENT_DID_SAVE: _taken(types.DidSaveTextDocumentParams, self._saved),
            types.TEXT_DOCUMENT_DID_CLOSE: _taken(types.DidCloseTextDocumentParams, self._closed),
        }
        session.listen_to_changes(self._change_moved)
        session.listen_to_ends(self._task_ended)

    def start_tasks_with(self, start: StartTask) -> None:
        """Begin the tasks of plans so."""
        self._start = start

    def before(self, others: Mapping[str, Begin]) -> Mapping[str, Begin]:
        """Return requests that are ours where they are about our commands or a plan's document."""
        return {
            types.WORKSPACE_EXECUTE_COMMAND: partial(
                self._begin_command, others[types.WORKSPACE_EXECUTE_COMMAND]
            ),
            types.TEXT_DOCUMENT_CODE_ACTION: partial(
                self._begin_actions, others[types.TEXT_DOCUMENT_CODE_ACTION]
            ),
        }

    async def close(self) -> None:
        """Tell nothing more, and keep what was typed."""
        self._refreshing.close()
        await self._plans.close()

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        self._documents.did_open(params)
        self._plans.opened(params.text_document.uri)

    def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        self._documents.did_change(params)
        self._plans.changed(params.text_document.uri)

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        self._documents.did_save(params)
        self._plans.saved(params.text_document.uri)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        self._documents.did_close(params)
        self._plans.closed(params.text_document.uri)

    def _begin_command(self, others: Begin, raw: Any) -> Work:
        params: types.ExecuteCommandParams = structure(types.ExecuteCommandParams, raw)
        begin = self._commands.get(params.command)
        return others(raw) if begin is None else begin(list(params.arguments or ()))

    def _begin_actions(self, others: Begin, raw: Any) -> Work:
        params: types.CodeActionParams = structure(types.CodeActionParams, raw)
        uri = params.text_document.uri
        document = self._documents.named(uri)
        if document is None or not is_plan(uri):
            return others(raw)
        if not _takes(params.context.only):
            return _nothing
        line, version, text = params.range.start.line, document.version, document.text

        async def work() -> Any:
            actions = await asyncio.to_thread(plan_actions, uri, version, text, line)
            if not self._takes_actions:
                return [unstructure(action.command) for action in actions]
            return [unstructure(action) for action in actions]

        return work

    def _begin_lenses(self, raw: Any) -> Work:
        params: types.CodeLensParams = structure(types.CodeLensParams, raw)
        uri = params.text_document.uri
        document = self._documents.named(uri)

        async def work() -> Any:
            return [unstructure(lens) for lens in await self._lenses_of(uri, document)]

        return work

    async def _lenses_of(self, uri: str, document: OpenDocument | None) -> list[types.CodeLens]:
        if self._reviews_itself:
            return []
        if is_plan(uri):
            plan = self._plans.find(uri)
            if document is None or plan is None:
                return []
            return await asyncio.to_thread(
                plan_lenses, uri, document.version, document.text, plan.estimate_usd
            )
        if is_virtual(uri):
            name = read_uri(uri)
            return await self._lenses.in_change(name) if isinstance(name, ChangeDocument) else []
        if document is None or document.path is None:
            return []
        last_line = LineIndex(document.text).line_count - 1
        lenses = await self._lenses.in_file(document.path, document.text, last_line)
        return [*self._receipts.lenses(document.path, last_line), *lenses]

    def _change_moved(self, notice: ChangeNotice) -> None:
        self._refreshing.lenses()
        self._virtual.change_moved(notice.task_id)

    def _task_ended(self, params: messages.RunParams, result: messages.RunResult) -> None:
        self._receipts.ended(params, result)
        self._refreshing.lenses()

    def _tell(self, message: str, kind: int) -> None:
        shown = {"type": int(kind), "message": f"Pairwright: {message}"[:MOST_MESSAGE]}
        self._connection.notify(types.WINDOW_SHOW_MESSAGE, shown)


def _taken(kind: type[T], take: Callable[[T], None]) -> Callable[[Any], None]:
    def taken(params: Any) -> None:
        take(structure(kind, params))

    return taken


async def _nothing() -> list[Any]:
    return []


def _takes(only: Iterable[types.CodeActionKind | str] | None) -> bool:
    if only is None:
        return True
    kinds = (each.value if isinstance(each, types.CodeActionKind) else each for each in only)
    return any(kind == "" or f"{KIND}.".startswith(f"{kind}.") for kind in kinds)
