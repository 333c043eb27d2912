"""What becomes of a task's money? One account a task: its purse, its notices and its bill."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from pairwright.engine.spending import costs
from pairwright.engine.spending.estimating import planned_usd
from pairwright.engine.spending.rung_costs import RungCosts
from pairwright.engine.spending.unpriced import Permission
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.running import Pair
from pairwright.errors import BudgetExceeded, InvalidRequest, ModelError, UserError
from pairwright.ledger.answers import KeptAnswers
from pairwright.ledger.budget import Budget, BudgetState, Caps
from pairwright.ledger.fallback import ModelWithFallbacks, Replacement
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.receipt import receipt_of
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Model, Provider, Tier
from pairwright.llm.retry import RetryPolicy
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import (
    BudgetNotice,
    BudgetParams,
    BudgetResult,
    EstimateMade,
)
from pairwright.protocol.cost_messages import Receipt
from pairwright.protocol.model_messages import ModelReplaced
from pairwright.protocol.rung_messages import RungEnded

EmitTask = Callable[[messages.TaskEvent], Awaitable[None]]
_log = logging.getLogger(__name__)
_SHOWN_ID = 8
"""Characters of a task's id that are enough to name it."""


class TaskAccount:
    """What one task may spend, what it spent, and what a person should know of it."""

    def __init__(
        self,
        state: WorkspaceState,
        answers: KeptAnswers,
        *,
        strategy: str,
        asked_usd: Decimal | None,
        client: str,
        permission: Permission,
    ) -> None:
        """Open it.

        Args:
            state: whose ledger and caps count.
            answers: what the task was answered before, and will be.
            strategy: for the ledger.
            asked_usd: the request's own cap.
            client: who asked for the task, for the ledger.
            permission: which models may be asked whose price nobody knows.
        """
        self._permission = permission
        self.answers = answers
        self.budget = Budget(
            state.ledger,
            answers.task_id,
            caps=lambda: caps_of(state),
            asked_usd=asked_usd,
            allows=permission.allows,
        )
        self._state = state
        self._strategy = strategy
        self._client = client
        self._due: list[BudgetNotice | ModelReplaced] = []
        self._escalations: list[str] = []
        self._rungs = RungCosts(state.ledger, answers.task_id)
        self._planned_usd: Decimal | None = None
        self.is_over = False
        """Whether the task came to its end by itself, as far as who runs it can tell."""

    def pair(self, choice: ModelChoice) -> Pair:
        """Return the models, each call of which is paid from here, or was before."""
        strong = self._state.provider(choice.strong)
        weak = self._state.provider(choice.weak)
        self._state.plans.prices = (strong.price, weak.price)
        return Pair(
            strong,
            weak,
            self._metered(strong, Tier.STRONG),
            self._metered(weak, Tier.WEAK),
            room_usd=self.budget.state().room_usd,
        )

    def listening(self, emit: EmitTask) -> EmitTask:
        """Return an emitter that says between the task's events what is due of its money."""

        async def listen(event: messages.TaskEvent) -> None:
            match event:
                case EstimateMade(estimate=made):
                    self._planned_usd = planned_usd(made, self._strategy)
                case messages.Escalated(rung=rung, reason=reason):
                    self._escalations.append(f"{rung}: {reason}")
                case RungEnded():
                    event = self._rungs.counted(event)
            while self._due:
                await emit(self._due.pop(0))
            await emit(event)

        return listen

    async def tell_rest(self, emit: EmitTask) -> None:
        """Say what became due with the last call."""
        while self._due:
            await emit(self._due.pop(0))

    def receipt(self, pair: Pair) -> Receipt:
        """Return the task's bill, of all its runs."""
        bill = receipt_of(self._state.ledger, self.answers.task_id, pair.strong_provider.price)
        return replace(
            costs.to_receipt(bill),
            planned_usd=self._planned_usd,
            escalations=tuple(self._escalations),
            replayed_calls=self.answers.replayed.total(),
            rungs=self._rungs.so_far,
        )

    def billed(self, result: messages.RunResult, pair: Pair) -> messages.RunResult:
        """Return what a task came to with all that the account knows on its bill."""
        return replace(result, receipt=self.receipt(pair))

    def close(self) -> None:
        """Write down how the run ended: what a task has cost that was stopped is no task's cost."""
        is_whole = self.is_over and self.budget.refusal is None
        try:
            self._state.ledger.record_end(self.answers.task_id, is_whole=is_whole)
        except UserError:
            # It serves estimates: neither the task's end nor its failure waits for that.
            _log.exception("could not record how a task ended")

    @property
    def stop(self) -> str:
        """Why the task could not go on, and how it can; empty when its last call was answered."""
        failure = self.answers.failure
        return "" if failure is None else f"{failure}; {self._way_on(failure)}"

    def explain(self, error: BudgetExceeded | ModelError) -> None:
        """Let what ended the task say how it goes on, where it can."""
        if isinstance(error, BudgetExceeded):
            self.answers.save()
        if self.answers.is_kept:
            error.args = (f"{error}; {self._way_on(error)}",)

    def _way_on(self, failure: BudgetExceeded | ModelError) -> str:
        amount = ""
        if isinstance(failure, BudgetExceeded) and self.budget.asked_usd == failure.cap_usd:
            amount = " --budget USD"
        return (
            f"'pairwright continue {self.answers.task_id[:_SHOWN_ID]}{amount}' then goes on "
            "and does not pay again for what was done"
        )

    def _metered(self, provider: Provider, tier: Tier) -> Model:
        models = self._state.settings.models
        names = models.strong_fallbacks if tier is Tier.STRONG else models.weak_fallbacks
        fallbacks = [self._state.provider(name) for name in names if name != provider.model]
        policy = RetryPolicy(
            attempts=models.attempts, attempt_s=models.timeout_s, deadline_s=models.deadline_s
        )
        metered = [
            MeteredModel(
                each,
                tier=tier,
                budget=self.budget,
                client=self._client,
                strategy=self._strategy,
                disclose=self._state.exit.cleaned,
                circuits=self._state.circuits,
                policy=policy,
                on_cost=self._on_cost,
                seek_consent=self._permission.seek,
            )
            for each in (provider, *fallbacks)
        ]
        return self.answers.model(ModelWithFallbacks(metered, self._on_replaced))

    def _on_replaced(self, replacement: Replacement) -> None:
        self._due.append(
            ModelReplaced(
                tier=replacement.tier.value,
                model=replacement.model,
                replaced_by=replacement.replaced_by,
                reason=replacement.reason,
            )
        )

    def _on_cost(self, budget: BudgetState) -> None:
        tell_cost(self._state, budget)
        for near in budget.near:
            whose = budget.task_id if near.cap == "task" else datetime.now(UTC).date().isoformat()
            key = (near.cap, whose, near.cap_usd)
            if key not in self._state.told_caps:
                self._state.told_caps.add(key)
                notice = BudgetNotice(
                    task_id=budget.task_id,
                    cap=near.cap,
                    spent_usd=near.spent_usd,
                    cap_usd=near.cap_usd,
                )
                self._due.append(notice)


def caps_of(state: WorkspaceState) -> Caps:
    """Return the user's caps as they are now."""
    budget = state.budget()
    return Caps(budget.task_usd, budget.day_usd, budget.workspace_usd, budget.allow_unpriced)


def room_of(state: WorkspaceState, asked_usd: Decimal | None) -> Decimal:
    """Return what a new task could spend now."""
    budget = Budget(state.ledger, "", caps=lambda: caps_of(state), asked_usd=asked_usd)
    return budget.state().room_usd


def tell_cost(state: WorkspaceState, budget: BudgetState) -> None:
    """Tell every client what is spent by now."""
    notice = costs.to_notice(budget)
    for client in tuple(state.clients):
        client.tell_cost(notice)


def adjust(state: WorkspaceState, params: BudgetParams) -> BudgetResult:
    """Return what may be spent, after a running task's cap was changed, if that was asked.

    Raises:
        InvalidRequest: there is no such running task, or the amount is none, or the name is.
        UserError: what was said of a model cannot be remembered.
    """
    if (params.unpriced_model is None) != (params.is_allowed is None):
        raise InvalidRequest("name the model, and whether it may be asked without a price")
    if params.unpriced_model is not None and params.is_allowed is not None:
        state.unpriced.change(params.unpriced_model, is_allowed=params.is_allowed)
    budget = _running(state, params)
    if params.task_usd is not None:
        require_amount(params.task_usd)
        if budget is None:
            which = "more than one task runs: name one" if state.budgets else "no task runs"
            raise InvalidRequest(f"there is no task to cap: {which}")
        budget.asked_usd = params.task_usd
        tell_cost(state, budget.state())
    caps = caps_of(state)
    task = None if budget is None else budget.state()
    return BudgetResult(
        task_id=None if task is None else task.task_id,
        task_usd=None if task is None else task.task.cost_usd,
        task_cap_usd=None if task is None else task.task_cap_usd,
        day_usd=state.ledger.spent_today().cost_usd,
        day_cap_usd=caps.day_usd,
        workspace_usd=state.ledger.spent_in_all().cost_usd,
        workspace_cap_usd=caps.workspace_usd,
        unpriced_models=state.unpriced.names,
    )


def require_amount(budget_usd: Decimal) -> None:
    """Check a cap.

    Raises:
        InvalidRequest: it is no amount of money.
    """
    if not (budget_usd.is_finite() and budget_usd >= 0):
        raise InvalidRequest(f"a budget of {budget_usd} USD is none: give a number, 0 or more")


def _running(state: WorkspaceState, params: BudgetParams) -> Budget | None:
    if params.task_id is None:
        return next(iter(state.budgets.values())) if len(state.budgets) == 1 else None
    try:
        return state.budgets[params.task_id]
    except KeyError:
        raise InvalidRequest(f"no task {params.task_id!r} runs") from None
