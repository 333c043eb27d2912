"""What can an assistant read without a tool? The map, plans, diffs and the account."""

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from pairwright.errors import PairwrightError, UnknownPlan, UnknownTask
from pairwright.mcp.convert import usd
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tools.map_workspace import map_text
from pairwright.protocol.cost_messages import CostParams
from pairwright.protocol.plan_messages import PlanGetParams

_MAP_TOKENS = 2_000
_MOST_ROWS = 30


def add_resources(server: MCPServer, assistant: Assistant) -> None:
    """Offer the resources; each goes out by the same rules as a tool's answer."""
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
        "pairwright://cost",
        name="cost",
        mime_type="text/plain",
        description="What this workspace cost, by day.",
    )
    async def read_cost() -> str:
        return cost_text(assistant)

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


def cost_text(assistant: Assistant) -> str:
    """Return the account as lines."""
    report = assistant.session.costs(CostParams(by="day"))
    lines = [f"today: {usd(report.day_usd)} of {usd(report.day_cap_usd)} USD"]
    for row in (report.total, *report.rows[:_MOST_ROWS]):
        least = "at least " if row.unpriced_calls else ""
        lines.append(f"{row.key}: {least}{usd(row.cost_usd)} USD, {row.calls} calls")
    return "\n".join(lines)
