"""What can an assistant have done here? One file a tool, or a pair that belongs together."""

from mcp.server.mcpserver.tools.base import Tool

from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tools.change_status import change_status
from pairwright.mcp.tools.find_symbols import find_symbols
from pairwright.mcp.tools.implement_plan import implement_plan
from pairwright.mcp.tools.map_workspace import map_workspace
from pairwright.mcp.tools.plan_change import plan_change
from pairwright.mcp.tools.propose_change import propose_change
from pairwright.mcp.tools.read_symbols import read_symbols_tool
from pairwright.mcp.tools.workspace_status import workspace_status


def tools_of(assistant: Assistant) -> list[Tool]:
    """Return the tools, by name: the list is the same bytes for every client, always."""
    return [
        change_status(assistant),
        find_symbols(assistant),
        implement_plan(assistant),
        map_workspace(assistant),
        plan_change(assistant),
        propose_change(assistant),
        read_symbols_tool(assistant),
        workspace_status(assistant),
    ]
