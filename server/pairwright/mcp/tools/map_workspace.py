"""What should one know of this workspace? The ranked map of its definitions."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult
from pydantic import Field

from pairwright.mcp.answers import WorkspaceMap
from pairwright.mcp.convert import freshness_line, to_result, withheld_lines
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Name, tool
from pairwright.protocol.index_messages import Freshness, MapParams

MOST_TOKENS = 5_000
_DESCRIPTION = (
    "Map the workspace: its most important definitions, ranked by who uses them, in about "
    "max_tokens. Focus on files or names to see what matters around them."
)


def map_workspace(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def map_workspace(
        focus: Annotated[list[Name], Field(max_length=20)] = [],  # noqa: B006 - never changed
        max_tokens: Annotated[int, Field(ge=32, le=MOST_TOKENS)] = 1000,
    ) -> Annotated[CallToolResult, WorkspaceMap]:
        revision = session.changes.read_revision()
        text, freshness, withheld = await map_text(assistant, tuple(focus), max_tokens)
        lines = [text or "there is nothing to map", *withheld_lines(withheld)]
        lines += [freshness_line(freshness, revision), "next: read_symbols with path:name"]
        answer = WorkspaceMap(
            map=text,
            revision=revision,
            pending_files=freshness.pending,
            withheld=sorted(withheld),
        )
        return to_result(session.showing, lines, answer)

    return tool(
        session.showing,
        map_workspace,
        title="Map the workspace",
        description=_DESCRIPTION,
        reads_only=True,
        is_idempotent=True,
    )


async def map_text(
    assistant: Assistant, focus: tuple[str, ...], tokens: int
) -> tuple[str, Freshness, dict[str, str]]:
    """Return the map without withheld files, how fresh it is, and those files with the rules."""
    session = assistant.session
    found = await session.queries.map(MapParams(focus=focus, tokens=tokens), session.map_focus())
    withheld = await session.showing.withheld(entry.path for entry in found.entries)
    headings = {f"{entry.path} ({entry.reason})": entry.path for entry in found.entries}
    lines, is_shown = [], True
    for line in found.text.splitlines():
        if line in headings:
            is_shown = headings[line] not in withheld
        if is_shown:
            lines.append(line)
    return "\n".join(lines), found.freshness, withheld
