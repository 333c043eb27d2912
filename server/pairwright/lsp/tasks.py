"""How are our own requests met? Params in, the session asked, messages out."""

from collections.abc import Callable, Mapping
from typing import Any

from pairwright.lsp.connection import Connection, Work
from pairwright.lsp.jsonrpc import MessageId
from pairwright.lsp.origin import task_id
from pairwright.lsp.requests import typed
from pairwright.lsp.session import Session
from pairwright.protocol import history_messages, messages, methods
from pairwright.protocol.codec import encode


class TaskRequests:
    """Our methods, for one client."""

    def __init__(self, connection: Connection, session: Session) -> None:
        """Send every change of the running cost from now on."""
        self._connection = connection
        self._session = session
        session.listen_to_cost(self._send_cost)
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            methods.RUN: typed(messages.RunParams, self._run),
            methods.ACCEPT: typed(messages.AcceptParams, session.accept),
            methods.REJECT: typed(messages.RejectParams, session.reject),
            methods.HISTORY: typed(history_messages.HistoryParams, session.history),
            methods.UNDO: typed(history_messages.UndoParams, session.undo),
            methods.REDO: typed(history_messages.RedoParams, session.redo),
            methods.COST: typed(messages.CostParams, self._cost),
            methods.STATUS: typed(messages.StatusParams, self._status),
            methods.MODELS: typed(messages.ModelsParams, session.models),
        }

    async def _run(self, params: messages.RunParams) -> messages.RunResult:
        token = params.partial_result_token

        async def on_event(event: messages.TaskEvent) -> None:
            if isinstance(event, messages.TaskStarted):
                task_id.set(event.task_id)
            if token is not None:
                await self._send_event(token, event)

        return await self._session.run_task(params, on_event)

    async def _cost(self, params: messages.CostParams) -> messages.CostReport:
        return self._session.costs(params)

    async def _status(self, _: messages.StatusParams) -> messages.StatusResult:
        return self._session.status()

    async def _send_event(self, token: MessageId, event: messages.TaskEvent) -> None:
        if isinstance(event, messages.PlanDelta):
            await self._connection.progress_text(token, event.text, _encode_delta)
        else:
            await self._connection.progress(token, encode(event))

    def _send_cost(self, notice: messages.CostNotice) -> None:
        self._connection.notify_latest(methods.COST, encode(notice))


def _encode_delta(text: str) -> Any:
    return encode(messages.PlanDelta(text=text))
