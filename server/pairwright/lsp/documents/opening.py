"""How is a change, a plan or a receipt opened in an editor? As a virtual document, or as a file.

A client that knows `workspace/textDocumentContent` (LSP 3.18) is shown our own URIs. For any other
the text is written to a file of the state directory that only its owner reads. Either is opened by
`window/showDocument`; an editor that lacks it finds the URI in the command's answer.
"""

import hashlib
import logging
from collections.abc import Callable

from lsprotocol import types

from pairwright.lsp.abilities import Abilities
from pairwright.lsp.documents.virtual import (
    ChangeDocument,
    NamedDocument,
    VirtualDocuments,
    to_uri,
)
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.lsp.stream.wire import unstructure
from pairwright.protocol.change_messages import ChangeView
from pairwright.protocol.plan_messages import PlanGetParams, PlanUpdateParams, PlanView
from pairwright.workspace.paths import WorkspacePath

_TIMEOUT_S = 30.0
_log = logging.getLogger(__name__)


class Opening:
    """Opens what is to be looked at in one client."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        virtual: VirtualDocuments,
        abilities: Abilities,
        tell: Callable[[str], None],
    ) -> None:
        """`tell` shows a person a message."""
        self._connection = connection
        self._session = session
        self._virtual = virtual
        self._abilities = abilities
        self._tell = tell

    async def diff(self, task_id: str, path: WorkspacePath | None = None) -> str:
        """Open what is pending of a change; returns its URI.

        Raises:
            UserError: there is nothing to show, or it cannot be shown.
        """
        name = ChangeDocument(task_id, "diff", path)
        text = await self._virtual.text(name)
        if self._abilities.takes_content:
            return await self._open(to_uri(name))
        file = await self._session.shown_files.show_diff(task_id, text)
        return await self._open(file.as_uri())

    async def plan(self, plan_id: str | None) -> str:
        """Open a plan, the one that was written last by default; returns its URI.

        A plan is a file also where virtual documents are known: those cannot be written in.

        Raises:
            UnknownPlan: there is none.
            UserError: it cannot be shown.
        """
        view = await self._session.plans.get(PlanGetParams(plan_id=plan_id))
        await self._keep_unkept(view)
        file = await self._session.shown_files.show_plan(view.plan_id, view.text)
        return await self._open(file.as_uri())

    async def receipt(self, task_id: str) -> str:
        """Open what a task cost; returns its URI.

        Raises:
            UserError: nothing is known of it, or it cannot be shown.
        """
        name = NamedDocument("receipt", task_id)
        text = await self._virtual.text(name)
        if self._abilities.takes_content:
            return await self._open(to_uri(name))
        file = await self._session.shown_files.show_text(f"receipt-{task_id}", text)
        return await self._open(file.as_uri())

    async def show(self, change: ChangeView) -> None:
        """Open what a change would make of the files."""
        await self.diff(change.task_id)

    async def show_text(self, title: str, markdown: str) -> None:
        """Open a text."""
        text = f"# {title}\n\n{markdown}\n"
        key = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        if self._abilities.takes_content:
            await self._open(self._virtual.keep_text(key, text))
        else:
            file = await self._session.shown_files.show_text(f"text-{key}", text)
            await self._open(file.as_uri())

    async def _keep_unkept(self, view: PlanView) -> None:
        """Keep what was written in the plan's file while nobody listened."""
        found = await self._session.shown_files.unkept(view.plan_id, view.text, view.written_at)
        if found is not None:
            kept = await self._session.plans.update(
                PlanUpdateParams(text=found, instruction=view.instruction)
            )
            self._tell(
                f"the file of the plan {view.plan_id} was edited and not kept: what it said is "
                f"the plan {kept.plan_id} now"
            )

    async def _open(self, uri: str) -> str:
        if not self._abilities.shows_documents:
            return uri
        params = unstructure(types.ShowDocumentParams(uri, take_focus=True))
        try:
            await self._connection.request(types.WINDOW_SHOW_DOCUMENT, params, timeout_s=_TIMEOUT_S)
        except (ProtocolError, ClientGone, TimeoutError) as error:
            _log.info("a document was not shown: %s", str(error) or "no answer in time")
        return uri
