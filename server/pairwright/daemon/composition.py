"""How are settings, engine and features put together? The heavy half of the composition root.

Importing this module imports nearly everything; the daemon does so after the index is open.
"""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pairwright.daemon.backend import Backend, McpFace, Stay
from pairwright.daemon.caps import CurrentCaps
from pairwright.daemon.configuration import (
    load_settings,
    user_prompts_directory,
    user_settings_file,
    why_unreadable,
)
from pairwright.engine.engine import Engine
from pairwright.engine.questions.indexing import Indexing
from pairwright.llm.keys import SystemKeyring
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.stream.connection import Connection
from pairwright.settings import FeatureSettings


async def open_backend(
    root: Path, state_directory: Path, indexing: Indexing, is_local_only: bool
) -> Backend:
    """Open the rest of a workspace; ledger and journal lie in its state directory.

    With `is_local_only` nothing leaves this machine for models, whatever the settings say.

    Raises:
        UserError: it cannot be opened.
    """
    user_file = user_settings_file(os.environ)
    settings, problems = load_settings(root, user_file)
    if is_local_only:
        disclosure = settings.disclosure.model_copy(update={"local_only": True})
        settings = settings.model_copy(update={"disclosure": disclosure})
    engine = await Engine.open(
        root,
        settings,
        state_dir=state_directory,
        env=os.environ,
        keyring=SystemKeyring(),
        settings_problems=problems,
        settings_error=why_unreadable(user_file),
        prompts_dir=user_prompts_directory(os.environ),
        budget=CurrentCaps(root, user_file, settings.budget),
        indexing=indexing,
    )
    return Backend(
        idle_shutdown_s=settings.daemon.idle_shutdown_s,
        open_features=partial(_open_features, engine, root, settings.lsp.features),
        close=engine.close,
        load_mcp=partial(_load_mcp, engine, root, state_directory),
        is_http_wanted=settings.mcp.http,
    )


async def _open_features(
    engine: Engine,
    root: Path,
    switches: FeatureSettings,
    connection: Connection,
    traits: ClientTraits,
) -> SessionFeatures:
    if traits.abilities.reviews:
        engine.expect_tasks()
    return SessionFeatures(connection, engine.open_session(traits.name), traits, root, switches)


async def _load_mcp(engine: Engine, root: Path, state_directory: Path, stay: Stay) -> McpFace:
    open_face = await asyncio.to_thread(_import_face)
    return open_face(engine, root, state_directory, stay)


def _import_face() -> Callable[[Engine, Path, Path, Stay], McpFace]:
    from pairwright.daemon.mcp_sessions import open_face

    return open_face
