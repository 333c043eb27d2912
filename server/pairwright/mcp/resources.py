"""What can an assistant read without a tool? The map, the summary, plans, diffs, the account.

Reading costs nothing: no model is asked.
"""

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from pairwright.engine.questions.summary import RepositorySummary
from pairwright.errors import PairwrightError, UnknownPlan, UnknownTask
from pairwright.mcp.convert import usd
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.session import Session
from pairwright.mcp.tools.map_workspace import map_text
from pairwright.protocol.cost_messages import CostParams
from pairwright.protocol.plan_messages import PlanGetParams

_MAP_TOKENS = 2_000
_MOST_ROWS = 30


def add_resources(server: MCPServer, assistant: Assistant) -> None:
    """Offer the resources; each goes out by the same rules as a tool's answer."""
    _add_overviews(server, assistant)
    _add_templates(server, assistant.session)


def _add_overviews(server: MCPServer, assistant: Assistant) -> None:
    session = assistant.session

    @server.resource(
        "pairwright://map",
        name="map",
        mime_type="text/plain",
        description="The workspace's most important definitions, ranked.",
    )
    async def read_map() -> str:
        try:
            text, _, _ = await map_text(assistant, (), _MAP_TOKENS)
        except PairwrightError as error:
            raise ResourceError(session.showing.cleaned(str(error))) from None
        return session.showing.cleaned(text)

    @server.resource(
        "pairwright://summary",
        name="summary",
        mime_type="text/plain",
        description="What a strong model once wrote of the repository; it is not asked again.",
    )
    async def read_summary() -> str:
        try:
            return session.showing.cleaned(summary_text(await session.summary()))
        except PairwrightError as error:
            raise ResourceError(session.showing.cleaned(str(error))) from None

    @server.resource(
        "pairwright://cost",
        name="cost",
        mime_type="text/plain",
        description="What this workspace cost, by day.",
    )
    async def read_cost() -> str:
        return cost_text(assistant)


def _add_templates(server: MCPServer, session: Session) -> None:
    @server.resource(
        "pairwright://plan/{plan_id}",
        name="plan",
        mime_type="text/markdown",
        description="A plan as its Markdown document.",
    )
    async def read_plan(plan_id: str) -> str:
        try:
            view = await session.plans.get(PlanGetParams(plan_id=plan_id))
        except UnknownPlan as error:
            raise ResourceNotFoundError(str(error)) from None
        return session.showing.cleaned(view.text)

    @server.resource(
        "pairwright://change/{change_id}.diff",
        name="change",
        mime_type="text/x-diff",
        description="A change as a unified diff.",
    )
    async def read_diff(change_id: str) -> str:
        try:
            return session.showing.cleaned(session.changes.diff(change_id))
        except UnknownTask as error:
            raise ResourceNotFoundError(str(error)) from None


def summary_text(summary: RepositorySummary | None) -> str:
    """Return the summary, and how far it can be trusted."""
    if summary is None:
        return (
            "[no summary yet: the strong model writes one in a task with the strategy "
            "repo_summary, and nobody is asked for it here]"
        )
    if summary.withheld:
        return f"[a summary of an older README is withheld: {summary.withheld}]"
    if summary.is_current:
        return f"{summary.text}\n\n[of the folders and the README as they are now]"
    return (
        "[outdated: folders or README changed since it was written; a task with the strategy "
        f"repo_summary writes it anew]\n\n{summary.text}"
    )


def cost_text(assistant: Assistant) -> str:
    """Return the account as lines."""
    report = assistant.session.costs(CostParams(by="day"))
    lines = [f"today: {usd(report.day_usd)} of {usd(report.day_cap_usd)} USD"]
    for row in (report.total, *report.rows[:_MOST_ROWS]):
        least = "at least " if row.unpriced_calls else ""
        lines.append(f"{row.key}: {least}{usd(row.cost_usd)} USD, {row.calls} calls")
    return "\n".join(lines)
