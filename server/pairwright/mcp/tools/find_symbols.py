"""Where is something defined? By name, not by place."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult
from pydantic import Field

from pairwright.engine.questions.queries import MOST_RESULTS
from pairwright.mcp.answers import Definition, FoundSymbols
from pairwright.mcp.convert import (
    MOST_LINE,
    cursor_at,
    freshness_line,
    place_of,
    read_cursor,
    to_result,
    withheld_lines,
)
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Name, tool
from pairwright.protocol.index_messages import SymbolsParams

_DESCRIPTION = (
    "Find definitions by name or by some letters of a name path: 'Stack.push', 'gbn' for "
    "get_by_name. Sees unsaved editor buffers; says how fresh the index is."
)


def find_symbols(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def find_symbols(
        query: Name, limit: Annotated[int, Field(ge=1, le=100)] = 20, cursor: Name = ""
    ) -> Annotated[CallToolResult, FoundSymbols]:
        start = read_cursor(cursor, "find_symbols", query)
        revision = session.changes.read_revision()
        wanted = min(start + limit + 1, MOST_RESULTS)
        found = await session.queries.symbols(SymbolsParams(query=query, limit=wanted))
        page = found.symbols[start : start + limit]
        has_more = len(found.symbols) > start + limit
        withheld = await session.showing.withheld(each.place.path for each in page)
        shown = [each for each in page if each.place.path not in withheld]
        lines = [place_of(each) for each in shown] or ["nothing is called so"]
        lines += withheld_lines(withheld)
        if has_more:
            lines.append("more: call again with next_cursor")
        next_step = "next: read_symbols with path:name" if shown else "next: try other letters"
        answer = FoundSymbols(
            symbols=[
                Definition(
                    name=each.name,
                    kind=each.kind,
                    path=each.place.path,
                    line=each.place.line + 1,
                    signature=each.signature[:MOST_LINE],
                )
                for each in shown
            ],
            revision=revision,
            pending_files=found.freshness.pending,
            withheld=sorted(withheld),
            next_cursor=cursor_at(start + limit, "find_symbols", query) if has_more else "",
        )
        text = [*lines, freshness_line(found.freshness, revision), next_step]
        return to_result(session.showing, text, answer)

    return tool(
        session.showing,
        find_symbols,
        title="Find definitions",
        description=_DESCRIPTION,
        reads_only=True,
        is_idempotent=True,
    )
