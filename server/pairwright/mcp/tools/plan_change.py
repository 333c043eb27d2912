"""What is to be done, step by step? The strong model says it; nothing is edited."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult

from pairwright.engine.questions.reading import read_symbols
from pairwright.errors import InvalidRequest
from pairwright.mcp.answers import PlanAnswer, PlanStep
from pairwright.mcp.convert import to_result, usd
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.session import Session
from pairwright.mcp.tooling import Name, Text, tool
from pairwright.mcp.waiting import ToolContext, step_of, until_over
from pairwright.protocol.messages import RunParams
from pairwright.protocol.plan_messages import PlanGetParams, PlanView

_DESCRIPTION = (
    "Have the strong model plan a change: typed steps, an estimate, nothing edited. "
    "scope: a file, or path:name of a definition. Needs the scope 'spend'."
)


def plan_change(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def plan_change(
        instruction: Text, ctx: ToolContext, scope: Name = "", strategy: Name = ""
    ) -> Annotated[CallToolResult, PlanAnswer]:
        if not instruction.strip():
            raise InvalidRequest("instruction: say what to change")
        file, first, last = await _focus(session, scope)
        await assistant.require("spend", "have a change planned")
        job = session.start_task(
            RunParams(
                instruction=instruction,
                file=file,
                first_line=first,
                last_line=last,
                strategy=strategy or None,
                plan_first=True,
            )
        )
        await until_over(job, ctx, assistant.patience_s)
        if job.error is not None:
            raise job.error
        if job.result is None:
            answer = PlanAnswer(change_id=job.task_id, next="change_status with wait_s 50")
            lines = [f"still planning: {step_of(job.latest)}", f"next: {answer.next}"]
            return to_result(session.showing, [f"handle {job.task_id}", *lines], answer)
        view = await session.plans.get(PlanGetParams(plan_id=job.result.plan_id))
        answer = plan_answer(view).model_copy(update={"change_id": job.task_id})
        return to_result(session.showing, plan_lines(answer), answer)

    return tool(
        session.showing,
        plan_change,
        title="Plan a change",
        description=_DESCRIPTION,
        asks_models=True,
    )


def plan_answer(view: PlanView) -> PlanAnswer:
    """Return a plan as data."""
    problems = [f"line {each.line + 1}: {each.message}" for each in view.problems]
    has_errors = any(each.severity == "error" for each in view.problems)
    return PlanAnswer(
        plan_id=view.plan_id,
        steps=[
            PlanStep(intent=step.intent, files=list(step.files), tier=step.tier)
            for step in view.steps
            if not step.is_skipped
        ],
        estimate_usd=usd(view.estimate_usd),
        cost_usd=usd(view.cost_usd),
        problems=problems,
        next="mend the plan and implement_plan with its text"
        if has_errors
        else f"implement_plan with plan_id {view.plan_id}",
    )


def plan_lines(answer: PlanAnswer) -> list[str]:
    """Return a plan as text."""
    lines = [f"plan {answer.plan_id}"]
    for number, step in enumerate(answer.steps, 1):
        files = ", ".join(step.files)
        lines.append(f"{number}. {step.intent} [{files}] ({step.tier} model)")
    lines += [f"problem: {each}" for each in answer.problems]
    if answer.estimate_usd:
        lines.append(f"to follow it costs about {answer.estimate_usd} USD")
    return [*lines, f"next: {answer.next}"]


async def _focus(session: Session, scope: str) -> tuple[str | None, int | None, int | None]:
    """Return the file and the lines that a scope names.

    Raises:
        InvalidRequest: it names no definition, or more than one.
    """
    scope = scope.strip().removeprefix("./")
    path, colon, _ = scope.rpartition(":")
    if not colon:
        return scope or None, None, None
    ((reading,), _) = await read_symbols(session.queries, (scope,), "signature")
    if reading.symbol is None or reading.symbol.place.path != path:
        raise InvalidRequest(f"scope: {scope!r} is not one definition: give a file, or path:name")
    return path, reading.symbol.place.line, reading.end_line
