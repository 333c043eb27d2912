"""Who may say what over HTTP? Everything is refused that is not exactly as our own clients say it.

A page in a browser can reach any port of this machine, so an address proves nothing: the token
does, and Host and Origin are compared whole. Runs before any code of the SDK sees a request.
"""

import asyncio
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pairwright.mcp.rates import Bucket

PATH = "/mcp"
MAX_BODY_BYTES = 4 * 1024 * 1024
BODY_S = 15.0
"""Seconds in which a body must be there whole."""
_METHODS = ("POST", "GET", "DELETE")
_PARSE_ERROR = -32700


class Refusal(Exception):
    """A request that goes no further."""

    def __init__(
        self, status: int, reason: str, *, code: int = -32600, retry_after_s: int | None = None
    ) -> None:
        """Answer with the status of HTTP and an error of JSON-RPC."""
        super().__init__(reason)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Door:
    """What a request must bring."""

    token: str
    hosts: frozenset[str]
    """Values of Host that are let in."""
    origins: frozenset[str] = frozenset()
    """Values of Origin that are let in; a request without one is no browser's, and is let in."""
    bucket: Bucket = field(default_factory=Bucket)


class Guard:
    """Lets in what is in order; it is ASGI around ASGI."""

    def __init__(self, app: ASGIApp, door: Door, *, body_s: float = BODY_S) -> None:
        """Guard the app."""
        self._app = app
        self._door = door
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on with its body read."""
        if scope["type"] != "http":
            return  # No WebSocket and no lifespan: the server closes the connection.
        try:
            self._check(scope)
            async with asyncio.timeout(self._body_s):
                body = await _read_body(scope, receive)
        except Refusal as refusal:
            await refuse(refusal, send)
        except TimeoutError:
            await refuse(Refusal(408, "the body took too long"), send)
        else:
            await self._app(scope, replaying(body, receive), send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        # By `getlist`, since of two values one might be checked and the other used.
        if not (len(hosts := headers.getlist("host")) == 1 and hosts[0] in self._door.hosts):
            raise Refusal(421, "this Host is not served here")
        if not set(headers.getlist("origin")) <= self._door.origins:
            raise Refusal(403, "this Origin is not served here")
        said = headers.getlist("authorization")
        # In bytes: for text that is not ASCII the comparison would raise.
        expected = f"Bearer {self._door.token}".encode()
        if not (len(said) == 1 and hmac.compare_digest(said[0].encode(), expected)):
            raise Refusal(401, "the bearer token is missing or wrong")
        if scope["path"] != PATH:
            raise Refusal(404, "nothing is served here")
        if scope["method"] not in _METHODS:
            raise Refusal(405, "this method is not served here")
        if wait_s := self._door.bucket.take():
            reason = "too many requests"
            raise Refusal(429, reason, code=-32000, retry_after_s=max(1, round(wait_s)))
        if scope["method"] == "POST" and not _is_json(headers):
            raise Refusal(415, "Content-Type must be application/json")


async def refuse(refusal: Refusal, send: Send) -> None:
    """Answer with a refusal, and read no more of this connection."""
    error = {"code": refusal.code, "message": str(refusal)}
    body = json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if refusal.retry_after_s is not None:
        headers.append((b"retry-after", str(refusal.retry_after_s).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def replaying(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body at once, and then what comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def bad_json(reason: str) -> Refusal:
    """Return the refusal of a body that is no message."""
    return Refusal(400, reason, code=_PARSE_ERROR)


def _is_json(headers: Headers) -> bool:
    said = headers.getlist("content-type")
    return len(said) == 1 and said[0].partition(";")[0].strip().lower() == "application/json"


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    too_large = Refusal(413, f"a body may have {MAX_BODY_BYTES} bytes")
    length: Any = Headers(scope=scope).get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length[:20]) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(400, "the client left")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)
