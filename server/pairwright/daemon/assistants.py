"""When is MCP loaded? When the first assistant comes: it takes a second, and many never come.

Must not import the MCP SDK: a daemon starts with this module.
"""

import asyncio
import itertools
import json
import logging
from contextlib import suppress

from pairwright.daemon.backend import Backend, McpFace, Stay
from pairwright.errors import PairwrightError
from pairwright.lsp.stream.origin import session_id

_numbers = itertools.count(1)
_log = logging.getLogger(__name__)


class Assistants:
    """Those who speak MCP, and those who are about to."""

    def __init__(
        self, backend: "asyncio.Future[Backend]", is_needed: asyncio.Event, stay: Stay
    ) -> None:
        """Wait for the backend, which `is_needed` hastens; `stay` counts who comes over HTTP."""
        self._backend = backend
        self._is_needed = is_needed
        self._stay = stay
        self._face: asyncio.Future[McpFace] | None = None

    async def serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve one client of the socket until it leaves."""
        session_id.set(f"m{next(_numbers)}")
        self._is_needed.set()
        try:
            backend = await asyncio.shield(self._backend)
        except PairwrightError as error:
            await _turn_away(reader, writer, str(error))
            return
        face = await self._loaded(backend)
        await face.serve_client(reader, writer)

    async def serve_http(self) -> None:
        """Listen for HTTP until cancelled, if the settings say so."""
        await asyncio.wait([self._backend])
        if self._backend.cancelled() or self._backend.exception() is not None:
            return
        backend = self._backend.result()
        if backend.is_http_wanted:
            try:
                face = await self._loaded(backend)
                await face.serve_http()
            except Exception:
                # Those who come over the sockets can do without it.
                _log.exception("no HTTP for assistants")

    async def _loaded(self, backend: Backend) -> McpFace:
        if self._face is None:
            self._face = asyncio.ensure_future(backend.load_mcp(self._stay))
        return await asyncio.shield(self._face)


async def _turn_away(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reason: str
) -> None:
    """Answer the first request with an error: MCP is not loaded, and never will be."""
    with suppress(ValueError, RecursionError, ConnectionError):
        said = json.loads(await reader.readline())
        identity = said.get("id") if isinstance(said, dict) else None
        answer = {"jsonrpc": "2.0", "id": identity, "error": {"code": -32603, "message": reason}}
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
