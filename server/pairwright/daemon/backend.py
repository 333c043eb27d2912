"""What does a listening daemon need behind it? The index first, then the engine; plain values."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pairwright.lsp.server import OpenFeatures, OpenFirst

Stay = Callable[[], AbstractContextManager[None]]
"""Counts somebody as connected as long as it is entered."""


class McpFace(Protocol):
    """What answers assistants."""

    async def serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve one client of the socket until it leaves."""
        ...

    async def serve_http(self) -> None:
        """Listen for HTTP until cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class Backend:
    """An opened workspace."""

    idle_shutdown_s: float
    """Seconds without any client after which the daemon ends."""
    open_features: OpenFeatures
    """Opens one client's session."""
    close: Callable[[], Awaitable[None]]
    """Ends what was opened, the children of providers included."""
    load_mcp: Callable[[Stay], Awaitable[McpFace]]
    """Imports what answers assistants, which takes a second; asked when the first one comes."""
    is_http_wanted: bool = False
    """Whether assistants may come over HTTP without anybody holding it open."""


@dataclass(frozen=True, slots=True)
class Foundation:
    """The part of a workspace that is open first, and answers questions about the files."""

    open_first: OpenFirst
    """Gives the requests that it answers."""
    open_backend: Callable[[], Awaitable[Backend]]
    """Imports and opens the rest; the backend's `close` closes this as well."""
    close: Callable[[], Awaitable[None]]
    """Closes this alone, when there is no backend."""


OpenFoundation = Callable[[Path], Awaitable[Foundation]]
"""Opens the workspace at a root."""

Load = Callable[[], OpenFoundation]
"""Imports what `OpenFoundation` needs; runs in a thread, since that takes long."""
