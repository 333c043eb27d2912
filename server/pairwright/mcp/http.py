"""Where does HTTP come in? On a port of loopback that the system picks, in the daemon's loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any

import h11
import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from uvicorn.protocols.http.h11_impl import H11Protocol

from pairwright.mcp.doors import Clients
from pairwright.mcp.guard import PATH, Door, Guard
from pairwright.mcp.serving import OpenMcp

HEAD_S = 15.0
"""Seconds in which a request's head must be there whole."""
MAX_CONNECTIONS = 256
_KEEP_ALIVE_S = 30
_GRACE_S = 1


class HastyProtocol(H11Protocol):
    """uvicorn's, which would wait for a request's head for ever."""

    head_s = HEAD_S
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._set_deadline()

    def data_received(self, data: bytes) -> None:
        """Take bytes in; between the first and the last of a head the clock runs."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            if self._deadline is None:
                self._set_deadline()
        else:
            self._clear_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._clear_deadline()
        super().connection_lost(exc)

    def _set_deadline(self) -> None:
        self._deadline = self.loop.call_later(self.head_s, self._give_up)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self.conn.their_state is h11.IDLE:
            self.transport.abort()


class _Server(uvicorn.Server):
    """One that leaves the daemon's signals alone."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def listening_http(open_mcp: OpenMcp, token: str, **limits: Any) -> AsyncIterator[str]:
    """Listen as long as it is entered; gives the address. `limits` are those of `Clients`."""
    with _bound() as loopback:
        port = loopback.getsockname()[1]
        hosts = [f"127.0.0.1:{port}", f"localhost:{port}"]
        # No page is served here, so its own origin is the only one that nobody else can have.
        origins = [f"http://{host}" for host in hosts]
        security = TransportSecuritySettings(
            enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins
        )
        door = Door(token, frozenset(hosts), frozenset(origins))
        async with asyncio.TaskGroup() as group:
            sessions = group.create_task(_hold(open_mcp, security, limits, ready := _future()))
            server = _server(Guard(await ready, door))
            serving = group.create_task(server.serve(sockets=[loopback]))
            try:
                yield f"http://127.0.0.1:{port}{PATH}"
            finally:
                # First the sessions, so that no open stream has to be waited for.
                sessions.cancel()
                server.should_exit = True
                await asyncio.wait([serving])


def _future() -> "asyncio.Future[Clients]":
    return asyncio.get_running_loop().create_future()


async def _hold(
    open_mcp: OpenMcp,
    security: TransportSecuritySettings,
    limits: dict[str, Any],
    ready: "asyncio.Future[Clients]",
) -> None:
    async with asyncio.TaskGroup() as group:
        ready.set_result(Clients(open_mcp, security, group, **limits))
        await asyncio.Event().wait()


def _bound() -> AbstractContextManager[socket.socket]:
    # With the protocol named, asyncio turns Nagle's algorithm off: 5 ms a call instead of 48.
    loopback = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    loopback.bind(("127.0.0.1", 0))
    loopback.listen()  # Who is told the address may connect at once, before uvicorn accepts.
    return loopback


def _server(app: Guard) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=HastyProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    return _Server(config)
