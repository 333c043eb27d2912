"""What does a listening daemon need behind it? The index first, then the engine; plain values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from pairwright.lsp.server import OpenFeatures, OpenFirst


@dataclass(frozen=True, slots=True)
class Backend:
    """An opened workspace."""

    idle_shutdown_s: float
    """Seconds without any client after which the daemon ends."""
    open_features: OpenFeatures
    """Opens one client's session."""
    close: Callable[[], Awaitable[None]]
    """Ends what was opened, the children of providers included."""


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
