"""What does a listening daemon need behind it? The loaded engine, as three values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from pairwright.lsp.server import OpenFeatures


@dataclass(frozen=True, slots=True)
class Backend:
    """An opened workspace."""

    idle_shutdown_s: float
    """Seconds without any client after which the daemon ends."""
    open_features: OpenFeatures
    """Opens one client's session."""
    close: Callable[[], Awaitable[None]]
    """Ends what was opened, the children of providers included."""


OpenBackend = Callable[[Path], Awaitable[Backend]]
"""Opens the workspace at a root."""

Load = Callable[[], OpenBackend]
"""Imports what `OpenBackend` needs; runs in a thread, since it takes longer than all else."""
