"""What does one client of the stdio transport get? A session of its own, from its first request on.

It comes over the daemon's second socket, a line a message; which era of MCP it speaks its first
request tells, and the SDK answers both.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server import MCPServer
from mcp.shared.message import SessionMessage
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
)

from pairwright.errors import PairwrightError
from pairwright.mcp.lines import UNNAMED, LineReader, Refused, client_name, parse
from pairwright.mcp.rates import Bucket
from pairwright.protocol.codec import encode
from pairwright.protocol.mcp_messages import HttpEndpoint
from pairwright.protocol.methods import LISTEN_HTTP

MAX_RUNNING_REQUESTS = 128
STALL_S = 60.0
"""Seconds after which a client that takes nothing counts as gone."""
_LAST_ANSWERS_S = 1.0
"""How long requests may still run after the client has closed its side."""
_MAX_LEAD = 8
"""Messages before the first request that are kept; no client has reason to send more."""
_MAX_COMPLAINTS = 20
"""That are logged of one client."""
_OVERLOADED = -32000
_log = logging.getLogger(__name__)

OpenMcp = Callable[[str], AbstractAsyncContextManager[MCPServer]]
"""Opens the session of a client that calls itself so, and what answers for it; ends both."""

OpenHttp = Callable[[], AbstractAsyncContextManager[HttpEndpoint]]
"""Listens for HTTP as long as it is entered."""


async def serve_client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    open_mcp: OpenMcp,
    open_http: OpenHttp,
    stall_s: float = STALL_S,
) -> None:
    """Serve one client until it leaves."""
    with suppress(ConnectionError):
        await _Client(reader, writer, stall_s).serve(open_mcp, open_http)


class _Client:
    """One client's stream."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stall_s: float
    ) -> None:
        self._lines = LineReader(reader)
        self._writer = writer
        self._stall_s = stall_s
        self._bucket = Bucket()
        self._running: set[str] = set()
        """The ids of requests without an answer; as text, since the SDK takes 1 and "1" for one."""
        self._none_runs = asyncio.Event()
        self._complaints = 0

    async def serve(self, open_mcp: OpenMcp, open_http: OpenHttp) -> None:
        lead: list[JSONRPCMessage] = []
        while not isinstance(message := await self._next(), JSONRPCRequest):
            if message is None:
                return
            if len(lead) < _MAX_LEAD:
                lead.append(message)
        try:
            if message.method == LISTEN_HTTP:
                await self._hold_http(message, open_http)
                return
            async with open_mcp(client_name(message) or UNNAMED) as server:
                await self._talk(server, [*lead, message])
        except PairwrightError as error:
            self._refuse(Refused(message.id, INTERNAL_ERROR, str(error)))
            await self._flush()

    async def _hold_http(self, request: JSONRPCRequest, open_http: OpenHttp) -> None:
        async with open_http() as endpoint:
            self._put(JSONRPCResponse(jsonrpc="2.0", id=request.id, result=encode(endpoint)))
            await self._flush()
            while await self._next() is not None:
                pass  # That the client stays is all that it says from now on.

    async def _talk(self, server: MCPServer, lead: list[JSONRPCMessage]) -> None:
        to_server, from_client = anyio.create_memory_object_stream[SessionMessage | Exception]()
        to_client, from_server = anyio.create_memory_object_stream[SessionMessage]()
        # The SDK's own in-memory client reaches the loop of both eras in the same way: the public
        # `run` methods only serve streams that they open themselves.
        loop = server._lowlevel_server
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(lead, to_server))
            group.create_task(self._write(from_server))
            await loop.run(from_client, to_client, loop.create_initialization_options())
            reading.cancel()

    async def _read(
        self,
        lead: list[JSONRPCMessage],
        to_server: MemoryObjectSendStream[SessionMessage | Exception],
    ) -> None:
        async with to_server:
            with suppress(ConnectionError, anyio.BrokenResourceError, anyio.ClosedResourceError):
                for message in lead:
                    await self._pass_on(message, to_server)
                while (said := await self._next()) is not None:
                    await self._pass_on(said, to_server)
                if self._running:
                    self._none_runs.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._none_runs.wait(), _LAST_ANSWERS_S)

    async def _pass_on(
        self,
        message: JSONRPCMessage,
        to_server: MemoryObjectSendStream[SessionMessage | Exception],
    ) -> None:
        if self._may_run(message):
            await to_server.send(SessionMessage(message))
        else:
            await self._flush()

    async def _next(self) -> JSONRPCMessage | None:
        """Return the next message; what is none is answered here. None: the client left."""
        while (line := await self._lines.next()) is not None:
            # Who floods us is read more slowly, which fills its own side of the stream.
            if wait_s := self._bucket.take():
                await asyncio.sleep(wait_s)
                self._bucket.take()
            message = line if isinstance(line, Refused) else parse(line)
            if not isinstance(message, Refused):
                return message
            self._refuse(message)
            await self._flush()
        return None

    def _may_run(self, message: JSONRPCMessage) -> bool:
        if isinstance(message, JSONRPCNotification):
            if message.method == "notifications/cancelled":
                # It may never be answered, which is what the client wants.
                self._answered((message.params or {}).get("requestId"))
            return True
        if not isinstance(message, JSONRPCRequest):
            return True
        if str(message.id) in self._running:
            reason = "a request with this id is still running"
            self._refuse(Refused(message.id, INVALID_REQUEST, reason))
            return False
        if len(self._running) >= MAX_RUNNING_REQUESTS:
            reason = f"{MAX_RUNNING_REQUESTS} requests are running: wait for one of them"
            self._refuse(Refused(message.id, _OVERLOADED, reason))
            return False
        self._running.add(str(message.id))
        return True

    def _answered(self, identity: object) -> None:
        self._running.discard(str(identity))
        if not self._running:
            self._none_runs.set()

    async def _write(self, from_server: MemoryObjectReceiveStream[SessionMessage]) -> None:
        async with from_server:
            async for said in from_server:
                if isinstance(said.message, JSONRPCResponse | JSONRPCError):
                    self._answered(said.message.id)
                self._put(said.message)
                await self._flush()

    def _refuse(self, refused: Refused) -> None:
        self._complaints += 1
        if self._complaints <= _MAX_COMPLAINTS:
            _log.warning("mcp: %.160s", refused.reason)
        error = ErrorData(code=refused.code, message=refused.reason)
        self._put(JSONRPCError(jsonrpc="2.0", id=refused.id, error=error))

    def _put(self, message: JSONRPCMessage) -> None:
        body = message.model_dump_json(by_alias=True, exclude_unset=True)
        self._writer.write(body.encode() + b"\n")

    async def _flush(self) -> None:
        """Wait until the client has taken most of it; one that takes nothing is cut off."""
        try:
            async with asyncio.timeout(self._stall_s):
                await self._writer.drain()
        except (TimeoutError, ConnectionError):
            # The reading side sees the end; until it does, what we write goes nowhere.
            self._writer.transport.abort()
