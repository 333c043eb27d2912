"""Where is something defined? By name, not by place."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult
from pydantic import Field

from pairwright.engine.questions.places import LineRange
from pairwright.engine.questions.queries import MOST_RESULTS
from pairwright.errors import InvalidRequest
from pairwright.mcp.answers import FoundSymbols
from pairwright.mcp.convert import (
    MOST_LINE,
    cursor_at,
    freshness_line,
    read_cursor,
    to_list_result,
    withheld_lines,
)
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Name, tool
from pairwright.syntax.outline import Symbol

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
        if not query.strip():
            raise InvalidRequest("give some letters of a definition's name")
        revision = session.changes.read_revision()
        wanted = min(start + limit + 1, MOST_RESULTS)
        found, freshness = await session.queries.workspace_symbols(query, wanted)
        page = found[start : start + limit]
        has_more = len(found) > start + limit
        withheld = await session.showing.withheld(symbol.path for symbol, _ in page)
        shown = [each for each in page if each[0].path not in withheld]
        found_lines = [_line(*each) for each in shown]
        lines = found_lines or ["nothing is called so"]
        lines = [*lines, *withheld_lines(withheld)]
        if has_more:
            lines.append("more: call again with next_cursor")
        next_step = "next: read_symbols with path:name" if shown else "next: try other letters"
        answer = {
            "symbols": [_definition(*each) for each in shown],
            "revision": revision,
            "pending_files": freshness.pending,
            "withheld": sorted(withheld),
            "next_cursor": cursor_at(start + limit, "find_symbols", query) if has_more else "",
        }
        text = [*lines, freshness_line(freshness, revision), next_step]
        return to_list_result(session.showing, text, _not_in(found_lines, answer), answer)

    return tool(
        session.showing,
        find_symbols,
        title="Find definitions",
        description=_DESCRIPTION,
        reads_only=True,
        is_idempotent=True,
    )


def _definition(symbol: Symbol, lines: LineRange) -> dict[str, str | int]:
    """Return a definition as `answers.Definition` has it."""
    return {
        "name": symbol.qualified_name,
        "kind": symbol.kind.value,
        "path": symbol.path,
        "line": lines.start.line + 1,
        "signature": symbol.signature[:MOST_LINE],
    }


def _not_in(lines: Sequence[str], answer: Mapping[str, Any]) -> list[str]:
    """Return what of the data is not in the lines as it is: signatures that are broken anew."""
    signatures = (each["signature"] for each in answer["symbols"])
    both = zip(signatures, lines, strict=True)
    return [signature for signature, line in both if not line.endswith(signature)]


def _line(symbol: Symbol, lines: LineRange) -> str:
    signature = " ".join(symbol.signature[:MOST_LINE].split())
    kind, name = symbol.kind.value, symbol.qualified_name
    return f"{symbol.path}:{lines.start.line + 1} {kind} {name}  {signature}"
