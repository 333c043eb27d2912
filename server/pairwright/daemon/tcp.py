"""How does a client connect that cannot reach our socket? Over loopback, with a token.

Only on request. A page in a browser, and every program of every user, can connect to a port: so the
token comes before the first byte of the protocol, and whoever has none is dropped without a word.
"""

import asyncio
import hmac
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from pairwright.daemon.listen import Clients, ServeClient
from pairwright.protocol.loopback import HOST, Door, greeting

GREETING_TIMEOUT_S = 5.0
_ENOUGH = len(greeting("")) - 1
"""Bytes that tell whether somebody speaks our protocol at all."""
_MOST_UNKNOWN = 64
"""Connections that have not shown the token yet; more are dropped."""


@asynccontextmanager
async def listening_on_loopback(
    place: Path, clients: Clients, serve_client: ServeClient
) -> AsyncIterator[int]:
    """Listen on a port that the system chooses, and give its number.

    Port and token stand in the file `place`, which only this user can read; it is gone at the end.
    """
    token = secrets.token_urlsafe(32)
    door = _Door(greeting(token), serve_client)
    server = await asyncio.start_server(partial(clients.admit, door.serve), HOST, 0)
    port: int = server.sockets[0].getsockname()[1]
    try:
        _write_privately(place, Door(port, token).written())
        yield port
    finally:
        server.close()
        _remove(place)


class _Door:
    """Lets those in who say the right line first."""

    def __init__(self, line: bytes, serve_client: ServeClient) -> None:
        self._line = line
        self._serve_client = serve_client
        self._unknown = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._unknown < _MOST_UNKNOWN and await self._is_known(reader):
            await self._serve_client(reader, writer)
        else:
            writer.transport.abort()

    async def _is_known(self, reader: asyncio.StreamReader) -> bool:
        self._unknown += 1
        try:
            async with asyncio.timeout(GREETING_TIMEOUT_S):
                # No more than the line is read, so that nothing of the protocol is lost.
                said = await reader.readexactly(_ENOUGH)
                if said == self._line[:_ENOUGH]:
                    said += await reader.readexactly(len(self._line) - _ENOUGH)
        except (TimeoutError, asyncio.IncompleteReadError, OSError):
            return False
        finally:
            self._unknown -= 1
        return hmac.compare_digest(said, self._line)


def _write_privately(place: Path, text: str) -> None:
    _remove(place)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _remove(place: Path) -> None:
    with suppress(FileNotFoundError):
        place.unlink()
