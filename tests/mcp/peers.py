"""With whom does a test speak MCP? A tiny server of two tools behind our own transports."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context

from pairwright.daemon.listen import listening
from pairwright.daemon.mcp_face import Face

INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "tester", "version": "1"},
}
MODERN_META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "modern tester", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


class TinyServers:
    """An `OpenMcp` that remembers whom it served."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """In the order in which they came."""
        self.present: list[str] = []
        self.cancelled: list[str] = []
        """Who waited for something when it ended."""

    @asynccontextmanager
    async def open(self, client_name: str) -> AsyncIterator[MCPServer]:
        self.names.append(client_name)
        self.present.append(client_name)
        server = MCPServer("tiny", version="1", log_level="WARNING")

        @server.tool()
        async def whoami() -> str:
            return client_name

        @server.tool()
        async def wait(ctx: Context, seconds: float) -> str:
            try:
                await asyncio.sleep(seconds)
            except asyncio.CancelledError:
                self.cancelled.append(client_name)
                raise
            return "waited"

        try:
            yield server
        finally:
            self.present.remove(client_name)


@contextmanager
def staying() -> Any:
    yield


class LineClient:
    """A client of the stdio transport, as raw as a test needs it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, *messages: Any) -> None:
        for message in messages:
            self.writer.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    async def hear(self) -> Any:
        return json.loads(await self.reader.readline())

    async def call(self, method: str, params: Any = None, *, id: Any = 1) -> Any:  # noqa: A002
        self.say({"id": id, "method": method} | ({} if params is None else {"params": params}))
        return await self.hear()

    async def begin(self) -> None:
        assert "result" in await self.call("initialize", INITIALIZE, id="begin")
        self.say({"method": "notifications/initialized"})

    async def tool(self, name: str, arguments: Any = None, *, id: Any = 1) -> Any:  # noqa: A002
        return await self.call("tools/call", {"name": name, "arguments": arguments or {}}, id=id)


@asynccontextmanager
async def line_client(
    servers: TinyServers, path: Path, *, token_file: Path | None = None
) -> AsyncIterator[LineClient]:
    """Serve on a socket, and connect to it."""
    face = Face(servers.open, stay=staying, token_file=token_file or path.with_name("token"))
    async with listening(path, face.serve_client):
        client = LineClient(*await asyncio.open_unix_connection(str(path)))
        try:
            yield client
        finally:
            client.writer.close()
