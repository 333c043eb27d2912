"""How is the assistants' face put together? Importing this module imports the MCP SDK."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mcp.server import MCPServer

from pairwright.daemon import secret_files
from pairwright.daemon.backend import Stay
from pairwright.mcp.doors import IsWorking
from pairwright.mcp.http import listening_http
from pairwright.mcp.serving import OpenMcp, serve_client
from pairwright.protocol.mcp_messages import HttpEndpoint


class Face:
    """Answers assistants, over the socket and over HTTP."""

    def __init__(
        self,
        open_mcp: OpenMcp,
        *,
        stay: Stay,
        token_file: Path,
        is_working: IsWorking = lambda name: False,
    ) -> None:
        """Open a session for each client.

        Args:
            open_mcp: opens one.
            stay: keeps the daemon while a session of HTTP is open.
            token_file: where those who come over HTTP find the token.
            is_working: tells whether a task of a client runs: its session of HTTP stays then.
        """
        self._open_mcp = open_mcp
        self._http = SharedHttp(open_mcp, stay, token_file, is_working)

    async def serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve one client of the socket until it leaves."""
        await serve_client(reader, writer, open_mcp=self._open_mcp, open_http=self._http.open)

    async def serve_http(self) -> None:
        """Listen for HTTP until cancelled."""
        async with self._http.open():
            await asyncio.Event().wait()


class SharedHttp:
    """One address for all who want it: open from the first to the last of them."""

    def __init__(
        self,
        open_mcp: OpenMcp,
        stay: Stay,
        token_file: Path,
        is_working: IsWorking = lambda name: False,
    ) -> None:
        """Listen nowhere yet."""
        self._is_working = is_working
        self._open_mcp = open_mcp
        self._stay = stay
        self._token_file = token_file
        self._holders = 0
        self._changing = asyncio.Lock()
        """Who comes while the last one leaves must not lose the token file to that end."""
        self._listening: asyncio.Task[None] | None = None
        self._endpoint: asyncio.Future[HttpEndpoint]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[HttpEndpoint]:
        """Listen as long as it is entered.

        Raises:
            InvalidSettings: the token cannot be written.
        """
        async with self._changing:
            if self._listening is None:
                self._endpoint = asyncio.get_running_loop().create_future()
                # A task of its own: who comes first may be the first to leave.
                self._listening = asyncio.ensure_future(self._listen(self._endpoint))
            self._holders += 1
        try:
            yield await asyncio.shield(self._endpoint)
        finally:
            async with self._changing:
                self._holders -= 1
                if not self._holders and self._listening is not None:
                    self._listening.cancel()
                    await asyncio.wait([self._listening])
                    self._listening = None

    async def _listen(self, endpoint: "asyncio.Future[HttpEndpoint]") -> None:
        try:
            token = secret_files.write_token(self._token_file)
            listening = listening_http(self._staying, token, is_working=self._is_working)
            async with listening as url:
                endpoint.set_result(HttpEndpoint(url=url, token_file=str(self._token_file)))
                await asyncio.Event().wait()
        except Exception as error:
            if endpoint.done():
                raise
            endpoint.set_exception(error)
        finally:
            secret_files.remove(self._token_file)

    @asynccontextmanager
    async def _staying(self, client_name: str) -> AsyncIterator[MCPServer]:
        with self._stay():
            async with self._open_mcp(client_name) as server:
                yield server
