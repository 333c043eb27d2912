"""How are our own requests met? Params in, the session asked, messages out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pairwright.lsp.requests import typed
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection, Work
from pairwright.lsp.stream.jsonrpc import MessageId
from pairwright.lsp.stream.origin import task_id
from pairwright.lsp.tasks.lending import Lender
from pairwright.protocol import (
    budget_messages,
    change_messages,
    cost_messages,
    disclosure_messages,
    grant_messages,
    history_messages,
    key_messages,
    lending_messages,
    messages,
    methods,
    plan_messages,
    plane_messages,
)
from pairwright.protocol.codec import encode


class TaskRequests:
    """Our methods, for one client."""

    def __init__(self, connection: Connection, session: Session) -> None:
        """Send every change of the running cost from now on."""
        self._connection = connection
        self._session = session
        self._lender = Lender(connection)
        self.notifications: Mapping[str, Callable[[Any], None]] = {
            "$/progress": self._lender.take_progress
        }
        session.listen_to_cost(self._send_cost)
        session.listen_to_changes(self._send_change)
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            methods.RUN: typed(messages.RunParams, self._run),
            methods.ACCEPT: typed(messages.AcceptParams, session.accept),
            methods.REJECT: typed(messages.RejectParams, session.reject),
            methods.PROPOSE: typed(change_messages.ProposeParams, session.changes.propose),
            methods.CHANGE: typed(change_messages.ChangeParams, session.changes.change),
            methods.CHANGES: typed(change_messages.ChangesParams, self._changes),
            methods.GRANTS: typed(grant_messages.GrantsParams, self._grants),
            methods.HISTORY: typed(history_messages.HistoryParams, session.history),
            methods.UNDO: typed(history_messages.UndoParams, session.undo),
            methods.PLAN_GET: typed(plan_messages.PlanGetParams, self._plan_get),
            methods.PLAN_UPDATE: typed(plan_messages.PlanUpdateParams, self._plan_update),
            methods.PLAN_LIST: typed(plan_messages.PlansParams, self._plan_list),
            methods.REDO: typed(history_messages.RedoParams, session.redo),
            methods.COST: typed(cost_messages.CostParams, self._cost),
            methods.DISCLOSED: typed(disclosure_messages.DisclosedParams, session.disclosed),
            methods.CONTINUE: typed(budget_messages.ContinueParams, self._continue),
            methods.ESTIMATE: typed(budget_messages.EstimateParams, session.estimate),
            methods.BUDGET: typed(budget_messages.BudgetParams, self._budget),
            methods.STATUS: typed(messages.StatusParams, self._status),
            methods.KEYS: typed(key_messages.KeysParams, session.give_key),
            methods.MODELS: typed(messages.ModelsParams, session.models),
            methods.LEND: typed(lending_messages.LendParams, self._lend),
            methods.PLANE: typed(plane_messages.PlaneParams, self._plane),
        }

    async def _run(self, params: messages.RunParams) -> messages.RunResult:
        return await self._session.run_task(params, self._sending(params.partial_result_token))

    async def _continue(self, params: budget_messages.ContinueParams) -> messages.RunResult:
        on_event = self._sending(params.partial_result_token)
        return await self._session.continue_task(params, on_event)

    async def _budget(self, params: budget_messages.BudgetParams) -> budget_messages.BudgetResult:
        return self._session.budget(params)

    def _sending(self, token: MessageId | None) -> Callable[[messages.TaskEvent], Awaitable[None]]:
        """Return what sends a task's events to a token; None: nobody wants them."""

        async def on_event(event: messages.TaskEvent) -> None:
            if isinstance(event, messages.TaskStarted):
                task_id.set(event.task_id)
            if token is not None:
                await self._send_event(token, event)

        return on_event

    async def _changes(self, _: change_messages.ChangesParams) -> change_messages.ChangesResult:
        return self._session.changes.waiting()

    async def _grants(self, params: grant_messages.GrantsParams) -> grant_messages.GrantsResult:
        return self._session.change_grants(params)

    async def _plan_get(self, params: plan_messages.PlanGetParams) -> plan_messages.PlanView:
        return await self._session.plans.get(params)

    async def _plan_update(self, params: plan_messages.PlanUpdateParams) -> plan_messages.PlanView:
        return await self._session.plans.update(params)

    async def _plan_list(self, params: plan_messages.PlansParams) -> plan_messages.PlansResult:
        return await self._session.plans.listed(params)

    async def _cost(self, params: cost_messages.CostParams) -> cost_messages.CostReport:
        return self._session.costs(params)

    async def _lend(self, params: lending_messages.LendParams) -> lending_messages.LendResult:
        return self._session.lend(params, self._lender.ask)

    async def _plane(self, _: plane_messages.PlaneParams) -> plane_messages.PlaneResult:
        return self._session.plane()

    async def _status(self, _: messages.StatusParams) -> messages.StatusResult:
        return self._session.status()

    async def _send_event(self, token: MessageId, event: messages.TaskEvent) -> None:
        if isinstance(event, messages.PlanDelta):
            await self._connection.progress_text(token, event.text, _encode_delta)
        else:
            await self._connection.progress(token, encode(event))

    def _send_change(self, notice: change_messages.ChangeNotice) -> None:
        self._connection.notify(methods.CHANGE, encode(notice))

    def _send_cost(self, notice: cost_messages.CostNotice) -> None:
        self._connection.notify_latest(methods.COST, encode(notice))


def _encode_delta(text: str) -> Any:
    return encode(messages.PlanDelta(text=text))
