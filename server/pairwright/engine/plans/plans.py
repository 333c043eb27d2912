"""What can be asked about plans? In plain values, for any face: make, show, change, list.

A plan is its document. Whatever a person writes is kept; what is wrong with it is said by line.
"""

import asyncio
from contextlib import suppress
from decimal import Decimal

from pairwright.engine.plans.book import PlanRecord
from pairwright.engine.plans.checking import CheckedPlan, Purse, check_plan
from pairwright.engine.plans.views import to_plan_steps, to_plan_view, to_problems
from pairwright.engine.spending import costs
from pairwright.engine.spending.accounts import room_of
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.running import Assignment, make_plan
from pairwright.engine.tasks.task import TaskState
from pairwright.errors import InvalidRequest, NoModel
from pairwright.ledger.receipt import receipt_of
from pairwright.llm.model import Tier
from pairwright.planning.document import write_document
from pairwright.protocol import messages, plan_messages

BY_STRONG_MODEL = "strong model"
BY_PERSON = "person"
MOST_LISTED = 100
_MOST_TITLE = 300


class Plans:
    """The plans of a workspace, as one client asks about them."""

    def __init__(self, state: WorkspaceState) -> None:
        """Speak for a client of the workspace."""
        self._state = state

    async def get(self, params: plan_messages.PlanGetParams) -> plan_messages.PlanView:
        """Return a plan as it is now, checked against the files as they are now.

        Raises:
            UnknownPlan: there is none.
        """
        return await self._view(await self._state.plans.find(params.plan_id))

    async def update(
        self, params: plan_messages.PlanUpdateParams, *, origin: str = BY_PERSON
    ) -> plan_messages.PlanView:
        """Keep what somebody wrote, whatever it says, and return what is wrong with it.

        Args:
            params: the text, and what it was made of.
            origin: who wrote it, of a new plan.

        Raises:
            UnknownPlan: there is none of that id.
            StaleChange: the plan is another version by now; nothing was kept.
            InvalidRequest: the text is too long, or the request contradicts itself.
            UserError: it cannot be kept.
        """
        book = self._state.plans
        if params.plan_id is None:
            if params.base_version is not None:
                raise InvalidRequest("a new plan has no version that it was made of")
            instruction = params.instruction.strip()
            record = await book.add(params.text, origin=origin, instruction=instruction)
        elif params.base_version is None:
            raise InvalidRequest("say which version of the plan was edited")
        else:
            record = await book.rewrite(params.plan_id, params.text, params.base_version)
        return await self._view(record)

    async def check(self, text: str) -> tuple[plan_messages.PlanProblemView, ...]:
        """Return what is wrong with a text that is kept nowhere, or not yet."""
        snapshot, purse = self._state.host.snapshot, await purse_of(self._state)
        return to_problems(await asyncio.to_thread(check_plan, text, snapshot, purse))

    async def of_text(self, text: str) -> plan_messages.PlanView | None:
        """Return the plan that was written last with just this text; None when there is none."""
        records = await self._state.plans.all()
        found = next((record for record in records if record.text == text), None)
        return None if found is None else await self._view(found)

    async def listed(self, params: plan_messages.PlansParams) -> plan_messages.PlansResult:
        """Return the plans, the one that was written last first.

        Raises:
            InvalidRequest: the limit is none.
        """
        if not 0 < params.limit <= MOST_LISTED:
            raise InvalidRequest(f"a limit is a number from 1 to {MOST_LISTED}")
        records = await self._state.plans.all()
        purse = await purse_of(self._state)
        return plan_messages.PlansResult(
            plans=tuple([await self._summary(record, purse) for record in records[: params.limit]]),
            total=len(records),
            notices=self._state.plans.notices,
        )

    async def _view(self, record: PlanRecord) -> plan_messages.PlanView:
        checked = await self._checked(record, await purse_of(self._state))
        return to_plan_view(record, checked)

    async def _checked(self, record: PlanRecord, purse: Purse) -> CheckedPlan:
        snapshot = self._state.host.snapshot
        return await asyncio.to_thread(check_plan, record.text, snapshot, purse)

    async def _summary(self, record: PlanRecord, purse: Purse) -> plan_messages.PlanSummary:
        checked = await self._checked(record, purse)
        plan = checked.plan or record.last_valid
        title = record.instruction or (plan.goal if plan else "")
        return plan_messages.PlanSummary(
            plan_id=record.plan_id,
            version=record.version,
            title=title.partition("\n")[0][:_MOST_TITLE],
            origin=record.origin,
            written_at=record.written_at,
            step_count=sum(not step.is_skipped for step in plan.steps) if plan else 0,
            error_count=len(checked.errors),
            cost_usd=record.cost_usd,
            unpriced_calls=record.unpriced_calls,
        )


async def purse_of(state: WorkspaceState, asked_usd: Decimal | None = None) -> Purse:
    """Return what the pair that a task would use costs, and what a task may spend."""
    book = state.plans
    if book.prices is None:
        with suppress(NoModel):
            choice = await state.models.choose(None, None)
            strong, weak = map(state.provider, (choice.strong, choice.weak))
            book.prices = (strong.price, weak.price)
    strong_price, weak_price = book.prices or (None, None)
    prices = {Tier.STRONG: strong_price, Tier.WEAK: weak_price}
    return Purse(prices, room_of(state, asked_usd))


async def plan_only(state: WorkspaceState, work: Assignment) -> messages.RunResult:
    """Have a plan made and kept, and edit nothing.

    Raises:
        UserError: the request does not fit the workspace, or the plan cannot be kept.
        BudgetExceeded, ModelError: no plan came.
    """
    task, params = work.task, work.params
    plan = await make_plan(work, params.strategy or state.settings.strategy)
    bill = receipt_of(state.ledger, task.task_id, work.pair.strong_provider.price)
    receipt = costs.to_receipt(bill)
    is_priced = any(role.cost_usd is not None for role in receipt.roles)
    record = await state.plans.add(
        write_document(plan),
        origin=BY_STRONG_MODEL,
        instruction=params.instruction,
        file=params.file,
        first_line=params.first_line,
        last_line=params.last_line,
        task_id=task.task_id,
        cost_usd=receipt.cost_usd if is_priced else None,
        unpriced_calls=receipt.unpriced_calls,
    )
    task.end(TaskState.DONE)
    purse = await purse_of(state, params.budget_usd)
    checked = await asyncio.to_thread(check_plan, record.text, state.host.snapshot, purse)
    steps = to_plan_steps(plan, checked)
    await work.emit(plan_messages.PlanReady(goal=plan.goal, steps=steps, plan_id=record.plan_id))
    return messages.RunResult(
        task_id=task.task_id,
        state="planned",
        message="the plan waits for your word: nothing was edited",
        is_sound=not checked.errors,
        receipt=receipt,
        plan_id=record.plan_id,
    )
