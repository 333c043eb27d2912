"""What does each assistant get? A session of the engine, and a server of MCP upon it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mcp.server import MCPServer

from pairwright.daemon.backend import Stay
from pairwright.daemon.mcp_face import Face
from pairwright.daemon.secret_files import persistent_key
from pairwright.engine.engine import Engine
from pairwright.mcp.request_state import sealing
from pairwright.mcp.server import build_server
from pairwright.protocol.rendezvous import Rendezvous

_KEY_FILE = "request-state.key"


def open_face(engine: Engine, root: Path, state_directory: Path, stay: Stay) -> Face:
    """Return what answers assistants about one workspace.

    What clients carry for us between two requests outlives the daemon: its key lies in the state
    directory.

    Raises:
        InvalidSettings: the key cannot be read or made.
    """
    key = persistent_key(state_directory / _KEY_FILE)

    @asynccontextmanager
    async def open_mcp(client_name: str) -> AsyncIterator[MCPServer]:
        session = engine.open_session(client_name)
        sealed = sealing(key, client_name=client_name, workspace=str(root))
        try:
            yield build_server(session, client_name=client_name, request_state_security=sealed)
        finally:
            await session.close()

    return Face(
        open_mcp,
        stay=stay,
        token_file=Rendezvous.for_workspace(root).mcp_token,
        is_working=engine.is_working,
    )
