"""What does the assistants' face do meanwhile? The real engine behind our doors, and a peer there.

A process of its own. The peer is a server of the SDK whose one tool gives back what ours answered:
the same bytes by the same way, and no work.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from mcp import Client
from mcp.server import MCPServer
from mcp_types import CallToolResult

from pairwright.bench.children import hear, say
from pairwright.engine.background import take_short_turns
from pairwright.engine.engine import Engine
from pairwright.mcp.answers import FoundSymbols
from pairwright.mcp.http import listening_http
from pairwright.mcp.server import build_server
from pairwright.mcp.serving import serve_client
from pairwright.protocol.mcp_messages import HttpEndpoint
from pairwright.settings import Settings

PEER = "peer"
"""A client of this name gets the peer; every other one, ours."""
TOOL = "find_symbols"


def main() -> int:
    """Serve until whoever started this process says so."""
    take_short_turns()
    asyncio.run(_serve(hear()))
    return 0


async def _serve(request: dict[str, Any]) -> None:
    engine = await Engine.open(
        Path(request["root"]),
        Settings.model_validate({"checks": {"linters": []}, "feedback": {"keep": False}}),
        state_dir=Path(request["state"]),
        cache_dir=Path(request["cache"]),
        env={},
    )
    session = engine.open_session("bench")
    await session.queries.complete(lambda progress: None)
    await session.close()
    answers = await _answers(engine, request["queries"])

    @asynccontextmanager
    async def open_mcp(name: str) -> AsyncIterator[MCPServer]:
        if name == PEER:
            yield _peer(answers)
            return
        session = engine.open_session(name)
        try:
            yield build_server(session, client_name=name)
        finally:
            await session.close()

    async with listening_http(open_mcp, request["token"]) as url:

        @asynccontextmanager
        async def open_http() -> AsyncIterator[HttpEndpoint]:
            yield HttpEndpoint(url=url, token_file="")

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve_client(reader, writer, open_mcp=open_mcp, open_http=open_http)

        server = await asyncio.start_unix_server(serve, request["socket"])
        say({"url": url})
        while (await asyncio.to_thread(hear)).get("figures"):
            say({"processor_s": time.process_time()})
        server.close()
    await engine.close()
    # A thread may still import a library; nobody waits for it.
    os._exit(0)


async def _answers(engine: Engine, queries: list[str]) -> Mapping[str, CallToolResult]:
    """Return what ours says to each query."""
    session = engine.open_session("bench")
    async with Client(build_server(session, client_name="bench")) as client:
        answers = {query: await client.call_tool(TOOL, {"query": query}) for query in queries}
    await session.close()
    return answers


def _peer(answers: Mapping[str, CallToolResult]) -> MCPServer:
    server = MCPServer("peer", version="1", log_level="WARNING")

    @server.tool()
    async def find_symbols(query: str) -> Annotated[CallToolResult, FoundSymbols]:
        return answers[query]

    return server


if __name__ == "__main__":
    sys.exit(main())
