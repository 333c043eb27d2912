"""What is opened before all else? The index, which alone can answer what most clients ask first.

The light half of the composition root: what it imports is what the first answer waits for.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from pairwright.daemon.backend import Backend, Foundation
from pairwright.engine.background import take_short_turns
from pairwright.engine.questions.indexing import Indexing
from pairwright.index.ranking import MapFocus
from pairwright.lsp.code.requests import IndexRequests
from pairwright.lsp.server import Requests
from pairwright.lsp.stream.connection import Connection
from pairwright.protocol.rendezvous import cache_dir, state_dir
from pairwright.workspace.listing import Listing


async def open_foundation(
    root: Path, listing: Listing, *, state_directory: Path | None, is_local_only: bool = False
) -> Foundation:
    """Open the index of a workspace; what is kept lies in its own state directory, or the given.

    With `is_local_only` nothing leaves this machine for models, whatever the settings say.

    Raises:
        UserError: it cannot be opened.
    """
    take_short_turns()
    state = state_directory or state_dir(root)
    indexing = await Indexing.open(
        root,
        state_dir=state,
        cache_dir=cache_dir(),
        worker_count=partial(_worker_count, root),
        listing=listing,
    )

    async def open_backend() -> Backend:
        open_rest = await asyncio.to_thread(_load_composition)
        return await open_rest(root, state, indexing, is_local_only)

    return Foundation(partial(_open_first, indexing), open_backend, indexing.close)


def _load_composition() -> Callable[[Path, Path, Indexing, bool], Awaitable[Backend]]:
    from pairwright.daemon.composition import open_backend

    return open_backend


async def _open_first(indexing: Indexing, connection: Connection) -> Requests:
    def around() -> MapFocus:
        return MapFocus(recent_paths=indexing.indexer.recent_paths)

    return IndexRequests(connection, indexing.queries, around).requests


def _worker_count(root: Path) -> int | None:
    from pairwright.daemon.configuration import load_settings, user_settings_file

    settings, _ = load_settings(root, user_settings_file(os.environ))
    return settings.index.workers
