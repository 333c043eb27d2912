"""How is the workspace now? The index, the people in it, the budget, what runs and what waits."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult

from pairwright.engine.editors.presence import OpenFile
from pairwright.engine.grants import SCOPES
from pairwright.engine.questions.reading import syntax_problems
from pairwright.mcp.answers import WorkspaceStatus
from pairwright.mcp.convert import MOST_LINE, to_result, usd
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import tool
from pairwright.protocol.budget_messages import BudgetParams, BudgetResult
from pairwright.protocol.change_messages import ChangeView

_DESCRIPTION = (
    "See index freshness, which files people have open and where they type now, budget left, "
    "running tasks, changes that wait for a person, files that do not parse, and your scopes."
)
_MOST = 20
"""Of each list."""


def workspace_status(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def workspace_status() -> Annotated[CallToolResult, WorkspaceStatus]:
        revision = session.changes.read_revision()
        status, budget = session.status(), session.budget(BudgetParams())
        problems = await syntax_problems(session.queries, _MOST)
        answer = WorkspaceStatus(
            revision=revision,
            files=status.files,
            pending_files=status.pending,
            open_files=[_presence(each) for each in session.open_files()[:_MOST]],
            budget_left_usd=_left(budget),
            tasks=[
                f"{task.task_id} {_one_line(task.instruction)}"
                for task in status.tasks
                if task.state == "running"
            ][-_MOST:],
            waiting_changes=[_waiting(each) for each in session.changes.waiting().changes[-_MOST:]],
            problems=[
                *(f"{each.path}:{each.line + 1} does not parse" for each in problems),
                *filter(None, (status.notice, *status.settings_problems[:_MOST])),
            ],
            scopes=[each for each in SCOPES if session.grants.allows(assistant.name, each)],
        )
        return to_result(session.showing, _lines(answer), answer)

    return tool(
        session.showing,
        workspace_status,
        title="Workspace status",
        description=_DESCRIPTION,
        reads_only=True,
        is_idempotent=True,
    )


def _lines(answer: WorkspaceStatus) -> list[str]:
    read = f"{answer.pending_files} not read yet" if answer.pending_files else "all read"
    lines = [
        f"index: revision {answer.revision}, {answer.files} files, {read}",
        f"budget left today: {answer.budget_left_usd} USD",
        f"your scopes: {', '.join(('read', *answer.scopes))}",
    ]
    for heading, items in (
        ("open", answer.open_files),
        ("running", answer.tasks),
        ("waits for a person", answer.waiting_changes),
        ("problem", answer.problems),
    ):
        lines += [f"{heading}: {item}" for item in items]
    waits = "next: change_status of what waits" if answer.waiting_changes else ""
    return [*lines, waits or "next: find_symbols, or plan_change"]


def _presence(each: OpenFile) -> str:
    typing = f", {', '.join(each.typing)} typing" if each.typing else ""
    where = f" in {each.symbol}" if each.typing and each.symbol else ""
    return f"{each.path} ({', '.join(each.clients)}{typing}{where})"


def _left(budget: BudgetResult) -> str:
    left = budget.day_cap_usd - budget.day_usd
    if budget.workspace_cap_usd is not None:
        left = min(left, budget.workspace_cap_usd - budget.workspace_usd)
    return usd(max(left, left * 0))


def _waiting(change: ChangeView) -> str:
    conflicts = f", {len(change.conflicts)} conflicts" if change.conflicts else ""
    hunks = f"{len(change.pending)} hunks{conflicts}, proposed by {change.proposer}"
    return f"{change.task_id} {_one_line(change.label)} ({hunks})"


def _one_line(text: str) -> str:
    return " ".join(text.split())[: MOST_LINE // 4]
