"""How long does an assistant wait for an answer? The least client there can be, with a clock.

What a client does itself would fall on both that are compared, and so hide what lies between.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pairwright.bench.children import MeasurementFailed

MOST_WAIT_S = 60.0
MODERN = "2026-07-28"
_HANDSHAKE = "2025-11-25"
_LINE_BYTES = 1 << 24
_HEADER_END = b"\r\n\r\n"

Ask = Callable[[str, str], Awaitable[tuple[dict[str, Any], float]]]
"""Calls a tool with a query; returns its result, and the milliseconds until it had come."""


@asynccontextmanager
async def over_stdio(socket: str, name: str, *, is_modern: bool) -> AsyncIterator[Ask]:
    """Connect as the forwarder of `pairwright mcp` does."""
    reader, writer = await asyncio.open_unix_connection(socket, limit=_LINE_BYTES)

    async def exchange(message: dict[str, Any]) -> tuple[dict[str, Any], float]:
        said = json.dumps(message).encode() + b"\n"
        began = time.perf_counter()
        writer.write(said)
        while line := await reader.readline():
            came_at = time.perf_counter()
            answer = json.loads(line)
            if answer.get("id") == message["id"]:
                return answer, (came_at - began) * 1000
        raise EOFError

    try:
        if not is_modern:
            await bounded(exchange(_initialize(name)), "initialize")
            writer.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        yield _asking(exchange, name, is_modern)
    finally:
        writer.close()


@asynccontextmanager
async def over_http(url: str, token: str, name: str) -> AsyncIterator[Ask]:
    """Connect to an address and keep the connection; each request stands alone (2026-07-28)."""
    host = url.split("/")[2]
    path = url.partition(host)[2]
    address, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(address, int(port), limit=_LINE_BYTES)

    async def exchange(message: dict[str, Any]) -> tuple[dict[str, Any], float]:
        body = json.dumps(message).encode()
        head = (
            f"POST {path} HTTP/1.1",
            f"Host: {host}",
            f"Authorization: Bearer {token}",
            "Accept: application/json, text/event-stream",
            "Content-Type: application/json",
            f"MCP-Protocol-Version: {MODERN}",
            f"Mcp-Method: {message['method']}",
            f"Mcp-Name: {message['params']['name']}",
            f"Content-Length: {len(body)}",
        )
        said = "\r\n".join(head).encode() + _HEADER_END + body
        began = time.perf_counter()
        writer.write(said)
        answer = await _http_body(reader)
        came_at = time.perf_counter()
        return message_in(answer), (came_at - began) * 1000

    try:
        yield _asking(exchange, name, is_modern=True)
    finally:
        writer.close()


def _asking(
    exchange: Callable[[dict[str, Any]], Awaitable[tuple[dict[str, Any], float]]],
    name: str,
    is_modern: bool,
) -> Ask:
    async def ask(tool: str, query: str) -> tuple[dict[str, Any], float]:
        params: dict[str, Any] = {"name": tool, "arguments": {"query": query}}
        if is_modern:
            params["_meta"] = _meta(name)
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        answer, took_ms = await bounded(exchange(message), tool)
        result = answer.get("result")
        if result is None or result.get("isError"):
            raise MeasurementFailed(f"{tool!r} failed for {query!r}: {answer}")
        return result, took_ms

    return ask


async def bounded(
    exchange: Awaitable[tuple[dict[str, Any], float]], what: str
) -> tuple[dict[str, Any], float]:
    """Return an answer.

    Raises:
        MeasurementFailed: it does not come.
    """
    try:
        async with asyncio.timeout(MOST_WAIT_S):
            return await exchange
    except (TimeoutError, EOFError, ConnectionError) as error:
        raise MeasurementFailed(f"{what!r} is not answered") from error


def _initialize(name: str) -> dict[str, Any]:
    info = {"clientInfo": {"name": name, "version": "1"}}
    params = {"protocolVersion": _HANDSHAKE, "capabilities": {}, **info}
    return {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}


def _meta(name: str) -> dict[str, Any]:
    prefix = "io.modelcontextprotocol"
    return {
        f"{prefix}/protocolVersion": MODERN,
        f"{prefix}/clientInfo": {"name": name, "version": "1"},
        f"{prefix}/clientCapabilities": {},
    }


async def _http_body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(_HEADER_END)).decode("latin-1").lower()
    if "content-length:" in head:
        return await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def message_in(body: bytes) -> dict[str, Any]:
    """Return the message of a body, which may be a stream of one event."""
    if not body.startswith(b"{"):
        data = [line[5:] for line in body.splitlines() if line.startswith(b"data:")]
        body = data[-1] if data else b"{}"
    message: dict[str, Any] = json.loads(body)
    return message
