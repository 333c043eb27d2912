"""How are our own requests met? Params in, the session asked, messages out."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from pairwright.engine.editors import ApplyInEditor
from pairwright.errors import InvalidRequest
from pairwright.lsp.connection import Connection, Work
from pairwright.lsp.failures import ErrorCode, ProtocolError
from pairwright.lsp.jsonrpc import MessageId
from pairwright.lsp.origin import task_id
from pairwright.lsp.session import Session
from pairwright.protocol import messages, methods
from pairwright.protocol.codec import decode, encode

Params = TypeVar("Params")


class TaskRequests:
    """Our methods, for one client."""

    def __init__(
        self, connection: Connection, session: Session, apply_in_editor: ApplyInEditor | None
    ) -> None:
        """Send every change of the running cost from now on."""
        self._connection = connection
        self._session = session
        self._apply_in_editor = apply_in_editor
        session.listen_to_cost(self._send_cost)
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            methods.RUN: typed(messages.RunParams, self._run),
            methods.ACCEPT: typed(messages.AcceptParams, self._accept),
            methods.UNDO: typed(messages.UndoParams, self._undo),
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

    async def _accept(self, params: messages.AcceptParams) -> messages.AcceptResult:
        return await self._session.accept(params, self._apply_in_editor)

    async def _undo(self, params: messages.UndoParams) -> messages.UndoResult:
        return await self._session.undo(params, self._apply_in_editor)

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


def typed(kind: type[Params], meet: Callable[[Params], Awaitable[Any]]) -> Callable[[Any], Work]:
    """Return what begins a request: decodes its params at once, meets it as its own task."""

    def begin(params: Any) -> Work:
        try:
            decoded = decode(kind, {} if params is None else params)
        except InvalidRequest as error:
            raise ProtocolError(ErrorCode.INVALID_PARAMS, str(error)) from None
        return partial(_meet, meet, decoded)

    return begin


async def _meet(meet: Callable[[Params], Awaitable[Any]], params: Params) -> Any:
    return encode(await meet(params))


def _encode_delta(text: str) -> Any:
    return encode(messages.PlanDelta(text=text))
