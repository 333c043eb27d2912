"""A daemon process with a backend that is no engine, and therefore starts quickly.

`python -m tests.daemon.fake_daemon ROOT IDLE_S`; with `broken` as the third argument the
workspace cannot be opened, with `unfinished` only its index is ever open.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pairwright.daemon.app import run_to_end
from pairwright.daemon.backend import Backend, Foundation, McpFace, OpenFoundation, Stay
from pairwright.errors import UserError
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.stream.connection import Connection, Work


class StatusOnly:
    """Features that know one method."""

    def __init__(self, traits: ClientTraits) -> None:
        self._name = traits.name
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            "pairwright/status": lambda _: self._status
        }
        self.notifications: Mapping[str, Callable[[Any], None]] = {}

    async def _status(self) -> dict[str, str]:
        return {"client": self._name}

    async def close(self) -> None:
        """Hold nothing."""


class EchoFace:
    """Says back what an assistant says."""

    async def serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while line := await reader.readline():
            writer.write(line)

    async def serve_http(self) -> None:
        """Listen nowhere."""


def load() -> OpenFoundation:
    return open_foundation


async def open_foundation(root: Path) -> Foundation:
    if sys.argv[3:] == ["broken"]:
        raise UserError("the ledger cannot be opened")

    async def open_first(connection: Connection) -> Mapping[str, Callable[[Any], Work]]:
        return {"pairwright/symbols": lambda _: first}

    async def first() -> str:
        return "before the rest"

    async def open_backend() -> Backend:
        if sys.argv[3:] == ["unfinished"]:
            await asyncio.Event().wait()
        return Backend(float(sys.argv[2]), open_features, close, load_mcp)

    async def load_mcp(stay: Stay) -> McpFace:
        return EchoFace()

    async def open_features(connection: Connection, traits: ClientTraits) -> StatusOnly:
        return StatusOnly(traits)

    async def close() -> None:
        (root / "closed").touch()

    return Foundation(open_first, open_backend, close)


if __name__ == "__main__":
    run_to_end(Path(sys.argv[1]), load=load)
