"""Who asks in these tests? A real client of the SDK, in memory, in either era of the protocol."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp import Client
from mcp_types import CallToolResult, ResourceLink, TextContent

from pairwright.llm.model import Provider
from pairwright.llm.scripted_provider import ScriptedReply
from pairwright.mcp.scopes import PATIENCE_S
from pairwright.mcp.server import build_server
from pairwright.protocol.grant_messages import Scope
from tests.engine.desks import Desk, open_desk

ERAS = ("legacy", "auto")
"""The handshake of 2025-11-25, and 2026-07-28."""
FILES: Mapping[str, str | bytes] = {
    "pkg/stack.py": '''"""A stack."""


class Stack:
    def push(self, item):
        """Add an item."""
        self.items = [*self.items, item]


class Queue:
    def push(self, item):
        self.items = [item]
''',
    "use.py": "from pkg.stack import Stack\n\n\ndef fill():\n    Stack().push(1)\n",
}


@dataclass
class Assistant:
    """A client with a session of its own, and the desk of the person beside it."""

    client: Client
    desk: Desk
    progress: list[str] = field(default_factory=list)
    """What it was told while it waited."""

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return a tool's answer as data; it is no failure."""
        result = await self.result(tool, **arguments)
        assert not result.is_error, text_of(result)
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    async def text(self, tool: str, **arguments: Any) -> str:
        """Return a tool's answer as text; it is no failure."""
        result = await self.result(tool, **arguments)
        assert not result.is_error, text_of(result)
        return text_of(result)

    async def failure(self, tool: str, **arguments: Any) -> str:
        """Return what a failing call says."""
        result = await self.result(tool, **arguments)
        assert result.is_error, result.structured_content
        return text_of(result)

    async def result(self, tool: str, **arguments: Any) -> CallToolResult:
        async def hear(progress: float, total: float | None, message: str | None) -> None:
            self.progress.append(message or "")

        return await self.client.call_tool(tool, arguments, progress_callback=hear)

    def grant(self, *scopes: Scope, client: str = "bot") -> None:
        for scope in scopes:
            self.desk.session.grants.change(client, scope, is_granted=True)


@asynccontextmanager
async def assisted(
    directory: Path,
    files: Mapping[str, str | bytes] = FILES,
    weak: Iterable[ScriptedReply] | Provider = (),
    strong: Iterable[ScriptedReply] | Provider = (),
    *,
    era: str = "auto",
    patience_s: float = PATIENCE_S,
    **more: Any,
) -> AsyncIterator[Assistant]:
    """Give an assistant of the name `bot` in a workspace of which everything is read."""
    async with open_desk(directory, files, weak, strong, **more) as desk:
        await desk.session.queries.complete(lambda _: None)
        async with joined(desk, "bot", era=era, patience_s=patience_s) as assistant:
            yield assistant


@asynccontextmanager
async def joined(
    desk: Desk, name: str, *, era: str = "auto", patience_s: float = PATIENCE_S
) -> AsyncIterator[Assistant]:
    """Give one more assistant of the desk's workspace."""
    session = desk.engine.open_session(name)
    try:
        server = build_server(session, client_name=name, patience_s=patience_s)
        async with Client(server, mode=era) as client:
            yield Assistant(client, desk)
    finally:
        await session.close()


def text_of(result: CallToolResult) -> str:
    """Return all text of an answer."""
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def links_of(result: CallToolResult) -> list[str]:
    """Return the resources that an answer links to."""
    return [part.uri for part in result.content if isinstance(part, ResourceLink)]


async def listing(client: Client) -> str:
    """Return the list of tools as the bytes of compact JSON."""
    tools = (await client.list_tools()).tools
    plain = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
    return json.dumps(plain, separators=(",", ":"))
