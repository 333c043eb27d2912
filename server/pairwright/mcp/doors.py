"""Which client is this, and what answers for it? Over HTTP a session for each name.

The SDK's manager of HTTP sessions belongs to one server, and ours have a client each. So each name
gets its own, for as long as it asks now and then; the sessions of all are counted here.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from pairwright.errors import PairwrightError
from pairwright.mcp.guard import MAX_BODY_BYTES, Refusal, bad_json, refuse, replaying
from pairwright.mcp.lines import UNNAMED, Refused, client_name, parse
from pairwright.mcp.serving import OpenMcp

MAX_CLIENTS = 64
MAX_SESSIONS = 256
IDLE_S = 30 * 60.0
"""Seconds without a request, and without a task, after which a client's session ends."""
_OVERLOADED = -32000
_SESSION_HEADER = b"mcp-session-id"

IsWorking = Callable[[str], bool]
"""Tells whether a task of a client of that name runs."""


class _Client:
    """One name's server; what it holds ends when nobody asks any more."""

    def __init__(self) -> None:
        self.manager: asyncio.Future[StreamableHTTPSessionManager]
        self.manager = asyncio.get_running_loop().create_future()
        self.running = 0
        self.used_at = time.monotonic()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Count a request as running."""
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.used_at = time.monotonic()


@dataclass(slots=True)
class _Session:
    """One session of the handshake era."""

    client: _Client
    running: int = 0

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Count a request as running."""
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1


class Clients:
    """Passes each request on to the server of its client; it is ASGI."""

    def __init__(
        self,
        open_mcp: OpenMcp,
        security: TransportSecuritySettings,
        group: asyncio.TaskGroup,
        *,
        max_sessions: int = MAX_SESSIONS,
        max_clients: int = MAX_CLIENTS,
        idle_s: float = IDLE_S,
        is_working: IsWorking = lambda name: False,
    ) -> None:
        """Serve each client as a task of the group."""
        self._open_mcp = open_mcp
        self._security = security
        self._group = group
        self._max_sessions = max_sessions
        self._max_clients = max_clients
        self._idle_s = idle_s
        self._is_working = is_working
        self._clients: dict[str, _Client] = {}
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        """By their ids, the one that was used longest ago first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that the guard let in: its body comes as one message."""
        body = (await receive())["body"]
        try:
            session = self._session_of(scope)
            client = session.client if session else self._client_of(_name_in(scope, body))
            # Before anything is waited for: whom somebody asks does not end for being idle.
            with client.asked(), session.asked() if session else nullcontext():
                manager = await asyncio.shield(client.manager)
                if session is None and _opens_session(scope):
                    await self._make_room(scope)
                watch = self._watching(send, client)
                await manager.handle_request(scope, replaying(body, receive), watch)
        except (Refusal, PairwrightError) as error:
            refusal = error if isinstance(error, Refusal) else Refusal(503, str(error))
            await refuse(refusal, send)

    def _session_of(self, scope: Scope) -> _Session | None:
        identity = _session_id(scope)
        session = self._sessions.get(identity)
        if session is None:
            return None
        if scope["method"] == "DELETE":
            del self._sessions[identity]
        else:
            self._sessions.move_to_end(identity)
        return session

    def _client_of(self, name: str) -> _Client:
        client = self._clients.get(name)
        if client is None:
            if len(self._clients) >= self._max_clients:
                raise Refusal(503, "too many clients", code=_OVERLOADED)
            client = self._clients[name] = _Client()
            self._group.create_task(self._hold(name, client))
        return client

    async def _hold(self, name: str, client: _Client) -> None:
        try:
            async with self._open_mcp(name) as server:
                server.streamable_http_app(
                    transport_security=self._security,
                    max_request_body_size=MAX_BODY_BYTES,
                    session_idle_timeout=self._idle_s,
                    max_sessions=self._max_sessions,
                )
                manager = server.session_manager
                async with manager.run():
                    client.manager.set_result(manager)
                    await self._until_idle(name, client)
                    self._forget(name, client)
        except Exception as error:
            if client.manager.done():
                raise
            client.manager.set_exception(error)
        finally:
            self._forget(name, client)

    def _forget(self, name: str, client: _Client) -> None:
        """Open a new session when this name asks again."""
        if self._clients.get(name) is client:
            del self._clients[name]
        for identity, session in tuple(self._sessions.items()):
            if session.client is client:
                del self._sessions[identity]

    async def _until_idle(self, name: str, client: _Client) -> None:
        while True:
            rest_s = client.used_at + self._idle_s - time.monotonic()
            # A task ends with its client's session: one that runs holds it open, asked for or not.
            if rest_s <= 0 and not client.running and not self._is_working(name):
                return
            await asyncio.sleep(rest_s if rest_s > 0 else self._idle_s)

    async def _make_room(self, scope: Scope) -> None:
        """End the session that was used longest ago, when there are too many.

        Raises:
            Refusal: all of them are busy.
        """
        if len(self._sessions) < self._max_sessions:
            return
        idle = (key for key, session in self._sessions.items() if not session.running)
        identity = next(idle, None)
        if identity is None:
            raise Refusal(503, "too many sessions", code=_OVERLOADED)
        session = self._sessions.pop(identity)
        await _end_session(session.client.manager.result(), identity, scope)

    def _watching(self, send: Send, client: _Client) -> Send:
        """Return a `send` that notes the session which an answer opens."""

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                identity = dict(message["headers"]).get(_SESSION_HEADER)
                if identity is not None and identity.decode() not in self._sessions:
                    self._sessions[identity.decode()] = _Session(client)
            await send(message)

        return watch


def _name_in(scope: Scope, body: bytes) -> str:
    """Return what the client calls itself.

    Raises:
        Refusal: the body is no JSON, or nests too deeply.
    """
    if scope["method"] != "POST":
        return UNNAMED
    message = parse(body)
    if isinstance(message, Refused):
        try:
            from_json(body)
        except ValueError:
            raise bad_json(message.reason) from None
        return UNNAMED  # It is JSON: what is wrong with it, the SDK says as its era has it.
    return client_name(message) or UNNAMED


def _opens_session(scope: Scope) -> bool:
    """Tell whether the SDK may open a session for this: without an id it expects `initialize`."""
    return scope["method"] == "POST" and not _session_id(scope)


def _session_id(scope: Scope) -> str:
    return Headers(scope=scope).get(_SESSION_HEADER.decode(), "")


async def _end_session(manager: StreamableHTTPSessionManager, identity: str, scope: Scope) -> None:
    """End a session as its client would: the manager has no other way in."""
    host = next(value for name, value in scope["headers"] if name == b"host")
    headers = [(b"host", host), (_SESSION_HEADER, identity.encode())]

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        pass  # Nobody asked.

    ending = {**scope, "method": "DELETE", "headers": headers}
    await manager.handle_request(ending, receive, send)
