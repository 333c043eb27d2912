"""How is a plan carried out? The weak model writes it, the gate judges; the assistant planned."""

import logging
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult

from pairwright.engine.tasks.jobs import AfterTask
from pairwright.errors import InvalidRequest, PairwrightError
from pairwright.mcp.answers import ChangeAnswer
from pairwright.mcp.changing import change_result, unseen
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Amount, Name, Text, tool
from pairwright.mcp.waiting import ToolContext, until_over
from pairwright.protocol.change_messages import ChangeParams
from pairwright.protocol.messages import AcceptParams, RunParams, RunResult
from pairwright.protocol.plan_messages import PlanGetParams, PlanUpdateParams, PlanView

Review = Literal["editor", "auto", "none"]

_DESCRIPTION = (
    "Have the weak model write a plan; checks and tests judge it. Give plan_id, or your own plan "
    "as Markdown: '# Plan', the goal, per step '## 1. intent' and '- files: a.py'. review: "
    "'editor' leaves hunks for the person, 'auto' writes a sound change (scope 'write'), 'none' "
    "only returns the diff. Needs 'spend'."
)
_log = logging.getLogger(__name__)


def implement_plan(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def implement_plan(
        ctx: ToolContext,
        plan_id: Name = "",
        plan: Text = "",
        review: Review = "editor",
        budget_usd: Amount = "",
    ) -> Annotated[CallToolResult, ChangeAnswer]:
        if bool(plan_id.strip()) == bool(plan.strip()):
            raise InvalidRequest("give plan_id, or plan as Markdown: one of the two")
        budget = _amount(budget_usd)
        await assistant.require("spend", "have a plan carried out")
        if review == "auto":
            await assistant.require("write", "write what the checks find sound")
        view = await _kept(assistant, plan_id, plan)
        params = RunParams(instruction="", plan_id=view.plan_id, budget_usd=budget)
        job = session.start_task(params, _settling(assistant, review))
        await until_over(job, ctx, assistant.patience_s)
        return await change_result(assistant, job.task_id, with_diff=True)

    return tool(
        session.showing,
        implement_plan,
        title="Implement a plan",
        description=_DESCRIPTION,
        destroys=True,
        asks_models=True,
    )


async def _kept(assistant: Assistant, plan_id: str, plan: str) -> PlanView:
    """Return the plan that is meant; one that comes as a text is kept first.

    Raises:
        UnknownPlan: there is none of that id.
        InvalidRequest: it has errors; the message lists them with their lines.
    """
    plans = assistant.session.plans
    if plan_id.strip():
        view = await plans.get(PlanGetParams(plan_id=plan_id))
    else:
        view = await plans.update(PlanUpdateParams(text=plan), origin=assistant.name)
    errors = [
        f"line {each.line + 1}: {each.message}"
        for each in view.problems
        if each.severity == "error"
    ]
    if errors:
        raise InvalidRequest("\n".join((f"plan {view.plan_id} cannot be followed:", *errors[:20])))
    return view


def _settling(assistant: Assistant, review: Review) -> AfterTask | None:
    """Return what is done with the proposal; None: it waits for the person."""
    session = assistant.session

    async def settle(result: RunResult) -> None:
        if result.state != "review":
            return
        try:
            if review == "none":
                session.changes.withdraw(result.task_id)
            elif await _may_write(assistant, result):
                await session.accept(AcceptParams(task_id=result.task_id))
        except PairwrightError as error:
            # It waits for the person then, and the answer says so.
            _log.info("the change %s was not written: %s", result.task_id, error)

    return None if review == "editor" else settle


async def _may_write(assistant: Assistant, result: RunResult) -> bool:
    """Tell whether nobody need look at a change: it is sound, in nobody's way, and hides nothing.

    The grant is looked at again: it may have been taken away while the task ran.
    """
    view = await assistant.session.changes.change(ChangeParams(task_id=result.task_id))
    is_free = not (view.in_use or view.conflicts or unseen(view))
    needs_yes = any(hunk.needs_approval for hunk in view.pending)
    may_write = assistant.session.grants.allows(assistant.name, "write")
    return result.is_sound and is_free and not needs_yes and may_write


def _amount(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise InvalidRequest("budget_usd: an amount above zero, such as 0.25")
    return amount
