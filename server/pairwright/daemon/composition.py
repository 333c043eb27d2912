"""How are settings, engine and features put together? The heavy half of the composition root.

Importing this module imports nearly everything; the daemon does so after the index is open.
"""

import os
from functools import partial
from pathlib import Path

from pairwright.daemon.backend import Backend
from pairwright.daemon.configuration import (
    load_settings,
    user_prompts_directory,
    user_settings_file,
    why_unreadable,
)
from pairwright.engine.engine import Engine
from pairwright.engine.indexing import Indexing
from pairwright.lsp.connection import Connection
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.handshake import ClientTraits


async def open_backend(root: Path, state_directory: Path, indexing: Indexing) -> Backend:
    """Open the rest of a workspace; ledger and journal lie in its state directory.

    Raises:
        UserError: it cannot be opened.
    """
    user_file = user_settings_file(os.environ)
    settings, problems = load_settings(root, user_file)
    engine = await Engine.open(
        root,
        settings,
        state_dir=state_directory,
        env=os.environ,
        settings_problems=problems,
        settings_error=why_unreadable(user_file),
        prompts_dir=user_prompts_directory(os.environ),
        indexing=indexing,
    )
    return Backend(
        idle_shutdown_s=settings.daemon.idle_shutdown_s,
        open_features=partial(_open_features, engine, root),
        close=engine.close,
    )


async def _open_features(
    engine: Engine, root: Path, connection: Connection, traits: ClientTraits
) -> SessionFeatures:
    return SessionFeatures(connection, engine.open_session(traits.name), traits, root)
