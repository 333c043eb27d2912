"""Where does a line of the stdio transport end, and what does it say? Never more than we hold.

The lines come from a program that this user started, which may still be broken: each that is no
message is answered with an error, and the next is read.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from mcp_types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError
from pydantic_core import from_json

MAX_LINE_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 65536
_CLIENT_INFO = "io.modelcontextprotocol/clientInfo"
_MAX_NAME = 100
UNNAMED = "an MCP client"
"""What a client is called that does not say."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What a client sent and we do not take; answered with this, under its id if it has one."""

    id: str | int | None
    code: int
    reason: str


class LineReader:
    """Lines from a stream, each of bounded length."""

    def __init__(self, reader: asyncio.StreamReader, *, max_bytes: int = MAX_LINE_BYTES) -> None:
        """Read from the stream's present place."""
        self._reader = reader
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._searched = 0
        self._is_skipping = False

    async def next(self) -> bytes | Refused | None:
        """Return the next line that is not blank; None when the stream has ended.

        Raises:
            ConnectionError: the other side broke off.
        """
        while True:
            end = self._buffer.find(b"\n", self._searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                self._searched = 0
                if self._is_skipping or len(line) > self._max_bytes:
                    self._is_skipping = False
                    return _too_long(self._max_bytes)
                if line.strip():
                    return line
                continue
            self._searched = len(self._buffer)
            if self._searched > self._max_bytes:
                self._is_skipping = True
                self._buffer.clear()
                self._searched = 0
            chunk = await self._reader.read(_CHUNK_BYTES)
            if not chunk:
                return None  # What has no end is no line: its writer was broken off.
            self._buffer += chunk


def parse(body: bytes) -> JSONRPCMessage | Refused:
    """Return the message that some bytes are; never raises.

    The parser itself bounds how deeply values may lie in each other, at 200.
    """
    try:
        said = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        is_deep = "recursion limit" in str(error)
        reason = "a message nests too deeply" if is_deep else "a message is not JSON"
        return Refused(None, PARSE_ERROR, reason)
    if isinstance(said, list):
        return Refused(None, INVALID_REQUEST, "MCP has no batches")
    if not isinstance(said, dict):
        return Refused(None, INVALID_REQUEST, "a message is no object")
    identity = said.get("id")
    known = identity if type(identity) in (str, int) else None
    if "method" in said and "id" in said and known is None:
        return Refused(None, INVALID_REQUEST, "an id is neither string nor integer")
    try:
        return jsonrpc_message_adapter.validate_python(said, by_name=False)
    except ValidationError:
        reason = "a message is neither request, notification nor response of JSON-RPC 2.0"
        return Refused(known, INVALID_REQUEST, reason)


def client_name(message: JSONRPCMessage) -> str | None:
    """Return how a client calls itself in this message, cleaned; None when it does not say.

    Clients of 2025 say it in `initialize`, those of 2026 with each request. It is their own word:
    it tells clients apart, and proves nothing.
    """
    if not isinstance(message, JSONRPCRequest | JSONRPCNotification):
        return None
    params: Any = message.params or {}
    meta = params.get("_meta")
    info = params.get("clientInfo") if message.method == "initialize" else None
    if info is None and isinstance(meta, dict):
        info = meta.get(_CLIENT_INFO)
    name = info.get("name") if isinstance(info, dict) else None
    if not isinstance(name, str):
        return None
    printable = "".join(letter for letter in name if letter.isprintable()).strip()
    return printable[:_MAX_NAME] or None


def _too_long(max_bytes: int) -> Refused:
    return Refused(None, INVALID_REQUEST, f"a message is longer than {max_bytes} bytes")
