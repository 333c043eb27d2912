"""What can a client ask the daemon? Our methods as coroutines, over one connected socket."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar, get_args

from pairwright import __version__
from pairwright.errors import InvalidRequest
from pairwright.protocol import (
    budget_messages,
    change_messages,
    cost_messages,
    disclosure_messages,
    grant_messages,
    history_messages,
    index_messages,
    messages,
    methods,
    plan_messages,
)
from pairwright.protocol.codec import decode, encode
from pairwright_client.errors import ClientError, ConnectionLost
from pairwright_client.jsonrpc import Connection

T = TypeVar("T")
OnEvent = Callable[[messages.TaskEvent], None]
OnProgress = Callable[[index_messages.IndexProgress], None]

ANSWER_TIMEOUT_S = 60.0
"""For everything but a run, which takes as long as it takes."""

_FAREWELL_TIMEOUT_S = 1.0


def _kind_of(event: type) -> str:
    return str(next(field.default for field in fields(event) if field.name == "kind"))


_EVENTS: dict[str, Any] = {_kind_of(event): event for event in get_args(messages.TaskEvent)}


def decode_event(value: Any) -> messages.TaskEvent:
    """Return an event that came over the wire.

    Raises:
        InvalidRequest: it is none that we know.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    event = _EVENTS.get(str(kind))
    if event is None:
        raise InvalidRequest(f"kind: no event is called {kind!r}")
    known: messages.TaskEvent = decode(event, value)
    return known


class DaemonClient:
    """One session with a daemon; an async context manager."""

    def __init__(self, peer: socket.socket, root: Path) -> None:
        """Take a connected socket, and the workspace of which it is asked."""
        self._peer = peer
        self._root = root
        self._stack = AsyncExitStack()
        self._tokens = count(1)
        self._listeners: dict[str, OnEvent] = {}
        self._progress_listeners: dict[str, OnProgress] = {}
        self._connection: Connection

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.callback(self._peer.close)
            reader, writer = await asyncio.open_unix_connection(sock=self._peer)
            connection = Connection(reader, writer, on_notification=self._hear)
            self._connection = await stack.enter_async_context(connection)
            await self._shake_hands()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        async with self._stack:
            if kind is not None:
                return
            with suppress(ClientError):
                await self._connection.request("shutdown", None, timeout_s=_FAREWELL_TIMEOUT_S)
                await self._connection.notify("exit", None)

    async def run(self, params: messages.RunParams, on_event: OnEvent) -> messages.RunResult:
        """Have a task done; its events go to the callback as they come.

        When this is cancelled, so is the task; the wait for its end is bounded.

        Raises:
            ClientError: the daemon refused, or was lost.
        """
        return await self._work(methods.RUN, params, on_event)

    async def go_on(
        self, params: budget_messages.ContinueParams, on_event: OnEvent
    ) -> messages.RunResult:
        """Have a stopped task go on; otherwise as `run`."""
        return await self._work(methods.CONTINUE, params, on_event)

    async def budget(self, params: budget_messages.BudgetParams) -> budget_messages.BudgetResult:
        """Ask what may be spent; change a running task's cap."""
        return await self._ask(methods.BUDGET, params, budget_messages.BudgetResult)

    async def accept(self, params: messages.AcceptParams) -> messages.AcceptResult:
        """Keep hunks of a finished task; the others stay to be decided."""
        return await self._ask(methods.ACCEPT, params, messages.AcceptResult)

    async def reject(self, params: messages.RejectParams) -> messages.RejectResult:
        """Decide against hunks of a finished task."""
        return await self._ask(methods.REJECT, params, messages.RejectResult)

    async def change(self, params: change_messages.ChangeParams) -> change_messages.ChangeView:
        """Ask how a proposed change stands."""
        return await self._ask(methods.CHANGE, params, change_messages.ChangeView)

    async def changes(self) -> change_messages.ChangesResult:
        """Ask which changes wait for a decision."""
        params = change_messages.ChangesParams()
        return await self._ask(methods.CHANGES, params, change_messages.ChangesResult)

    async def grants(self, params: grant_messages.GrantsParams) -> grant_messages.GrantsResult:
        """Ask what clients may do beyond reading; change one of it."""
        return await self._ask(methods.GRANTS, params, grant_messages.GrantsResult)

    async def history(
        self, params: history_messages.HistoryParams
    ) -> history_messages.HistoryResult:
        """Ask what was written."""
        return await self._ask(methods.HISTORY, params, history_messages.HistoryResult)

    async def plan(self, params: plan_messages.PlanGetParams) -> plan_messages.PlanView:
        """Ask for a plan as it is now."""
        return await self._ask(methods.PLAN_GET, params, plan_messages.PlanView)

    async def update_plan(self, params: plan_messages.PlanUpdateParams) -> plan_messages.PlanView:
        """Have kept what a person wrote."""
        return await self._ask(methods.PLAN_UPDATE, params, plan_messages.PlanView)

    async def plans(self, params: plan_messages.PlansParams) -> plan_messages.PlansResult:
        """Ask for the plans of the workspace."""
        return await self._ask(methods.PLAN_LIST, params, plan_messages.PlansResult)

    async def undo(self, params: history_messages.UndoParams) -> history_messages.UndoResult:
        """Take a written change back, or a part of it."""
        return await self._ask(methods.UNDO, params, history_messages.UndoResult)

    async def redo(self, params: history_messages.RedoParams) -> history_messages.UndoResult:
        """Take an undo back."""
        return await self._ask(methods.REDO, params, history_messages.UndoResult)

    async def cost(self, params: cost_messages.CostParams) -> cost_messages.CostReport:
        """Ask what this workspace cost."""
        return await self._ask(methods.COST, params, cost_messages.CostReport)

    async def disclosed(
        self, params: disclosure_messages.DisclosedParams
    ) -> disclosure_messages.DisclosedResult:
        """Ask which bytes of which file went to which host."""
        return await self._ask(methods.DISCLOSED, params, disclosure_messages.DisclosedResult)

    async def status(self) -> messages.StatusResult:
        """Ask how the daemon is."""
        return await self._ask(methods.STATUS, messages.StatusParams(), messages.StatusResult)

    async def models(self, params: messages.ModelsParams) -> messages.ModelsResult:
        """Ask which pair a task would use."""
        return await self._ask(methods.MODELS, params, messages.ModelsResult)

    async def index(
        self, params: index_messages.IndexParams, on_progress: OnProgress
    ) -> index_messages.IndexReport:
        """Ask what the index knows; takes as long as what the params wait for."""
        token = f"{os.getpid()}-{next(self._tokens)}"
        self._progress_listeners[token] = on_progress
        asked = {**encode(params), "partialResultToken": token}
        try:
            result = await self._connection.request(methods.INDEX, asked)
        finally:
            del self._progress_listeners[token]
        return _decode_answer(methods.INDEX, index_messages.IndexReport, result)

    async def symbols(self, params: index_messages.SymbolsParams) -> index_messages.SymbolsResult:
        """Ask for definitions by some letters of their names."""
        return await self._ask(methods.SYMBOLS, params, index_messages.SymbolsResult)

    async def references(
        self, params: index_messages.ReferencesParams
    ) -> index_messages.ReferencesResult:
        """Ask where a definition is used."""
        return await self._ask(methods.REFERENCES, params, index_messages.ReferencesResult)

    async def search(self, params: index_messages.SearchParams) -> index_messages.SearchResult:
        """Ask where a text occurs."""
        return await self._ask(methods.SEARCH, params, index_messages.SearchResult)

    async def map(self, params: index_messages.MapParams) -> index_messages.MapResult:
        """Ask for the repository map."""
        return await self._ask(methods.MAP, params, index_messages.MapResult)

    async def _work(self, method: str, params: object, on_event: OnEvent) -> messages.RunResult:
        token = f"{os.getpid()}-{next(self._tokens)}"
        self._listeners[token] = _only_own_costs(on_event)
        asked = {**encode(params), "partialResultToken": token}
        try:
            result = await self._connection.request(method, asked)
        finally:
            del self._listeners[token]
        return _decode_answer(method, messages.RunResult, result)

    async def _ask(self, method: str, params: object, kind: type[T]) -> T:
        result = await self._connection.request(method, encode(params), timeout_s=ANSWER_TIMEOUT_S)
        return _decode_answer(method, kind, result)

    async def _shake_hands(self) -> None:
        params = {
            "processId": os.getpid(),
            "rootUri": self._root.as_uri(),
            "clientInfo": {"name": "pairwright-cli", "version": __version__},
            "capabilities": {},
            "initializationOptions": {},
        }
        answer = await self._connection.request("initialize", params, timeout_s=ANSWER_TIMEOUT_S)
        info = answer.get("serverInfo") if isinstance(answer, dict) else None
        version = info.get("version") if isinstance(info, dict) else None
        if version is not None and version != __version__:
            raise ConnectionLost(
                f"the daemon that runs is version {version}, this is {__version__}: "
                "end it with 'pairwright stop' and try again"
            )
        await self._connection.notify("initialized", {})

    def _hear(self, method: str, params: Any) -> None:
        if not isinstance(params, dict):
            return
        if method == "$/progress":
            token, value = str(params.get("token")), params.get("value")
            if token in self._listeners:
                self._listeners[token](_decode_event(value))
            elif token in self._progress_listeners:
                progress = _decode_answer(methods.INDEX, index_messages.IndexProgress, value)
                self._progress_listeners[token](progress)
        elif method == methods.COST:
            for listener in tuple(self._listeners.values()):
                listener(_decode_event(params))


def _only_own_costs(on_event: OnEvent) -> OnEvent:
    """Return a callback that leaves out the costs of the workspace's other tasks."""
    own: list[str] = []

    def hear(event: messages.TaskEvent) -> None:
        if isinstance(event, messages.TaskStarted):
            own.append(event.task_id)
        if not isinstance(event, cost_messages.CostNotice) or event.task_id in own:
            on_event(event)

    return hear


def _decode_event(value: Any) -> messages.TaskEvent:
    try:
        return decode_event(value)
    except InvalidRequest as error:
        raise ConnectionLost(f"the daemon sent an event that cannot be read: {error}") from None


def _decode_answer(method: str, kind: type[T], result: Any) -> T:
    try:
        return decode(kind, result)
    except InvalidRequest as error:
        raise ConnectionLost(f"the daemon's answer to {method} cannot be read: {error}") from None
