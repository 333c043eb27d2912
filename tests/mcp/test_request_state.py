"""Is what a client brings back really what we gave to it? T20."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import pytest
from mcp.server import MCPServer
from mcp.server.mcpserver import Elicit, Resolve
from pydantic import BaseModel

from pairwright.mcp.request_state import sealing
from tests.mcp.peers import MODERN_META, LineClient, line_client
from tests.support.waiting import within

KEY = b"k" * 32


@pytest.fixture
def path() -> Path:
    """Return where to listen: short, since a socket's path must be."""
    return Path(os.environ["PAIRWRIGHT_RUNTIME_DIR"]) / "mcp"


class Answer(BaseModel):
    ok: bool


async def ask() -> Elicit[Answer]:
    return Elicit("Shall it be?", Answer)


class AskingServers:
    """An `OpenMcp` whose one tool asks the person before it does anything."""

    def __init__(self, key: bytes = KEY, workspace: str = "/here") -> None:
        self.key = key
        self.workspace = workspace

    @asynccontextmanager
    async def open(self, client_name: str) -> AsyncIterator[MCPServer]:
        sealed = sealing(self.key, client_name=client_name, workspace=self.workspace)
        server = MCPServer("asking", request_state_security=sealed, log_level="WARNING")

        @server.tool()
        async def spend(answer: Annotated[Answer, Resolve(ask)]) -> str:
            return f"spent: {answer.ok}"

        yield server


async def call(client: LineClient, name: str = "one", **more: Any) -> Any:
    info = {"name": name, "version": "1"}
    capable: Any = {"elicitation": {"form": {}}}
    meta = MODERN_META | {
        "io.modelcontextprotocol/clientInfo": info,
        "io.modelcontextprotocol/clientCapabilities": capable,
    }
    said = {"name": "spend", "arguments": {}, "_meta": meta, **more}
    return await client.call("tools/call", said)


async def state_of(path: Path, servers: AskingServers, name: str = "one") -> tuple[str, Any]:
    async with line_client(servers, path) as client:  # type: ignore[arg-type]
        asked = (await call(client, name))["result"]
    (key,) = asked["inputRequests"]
    return asked["requestState"], {key: {"action": "accept", "content": {"ok": True}}}


async def outcome(path: Path, servers: AskingServers, state: str, answers: Any, name: str) -> Any:
    async with line_client(servers, path) as client:  # type: ignore[arg-type]
        return await call(client, name, inputResponses=answers, requestState=state)


async def test_it_is_opened_again_by_another_daemon_with_the_same_key(path: Path) -> None:
    async with within():
        state, answers = await state_of(path, AskingServers())
        done = await outcome(path, AskingServers(), state, answers, "one")
    assert done["result"]["structuredContent"] == {"result": "spent: True"}


@pytest.mark.parametrize(
    ("servers", "name", "change"),
    [
        (AskingServers(key=b"x" * 32), "one", str),
        (AskingServers(workspace="/there"), "one", str),
        (AskingServers(), "two", str),
        (AskingServers(), "one", lambda state: state + "x"),
        (AskingServers(), "one", lambda state: state[:-4] + "AAAA"),
        (AskingServers(), "one", lambda state: "e30"),
    ],
    ids=["another key", "another workspace", "another client", "longer", "forged", "made up"],
)
async def test_what_is_not_ours_for_this_client_is_refused(
    path: Path, servers: AskingServers, name: str, change: Any
) -> None:
    """T20."""
    async with within():
        state, answers = await state_of(path, AskingServers())
        refused = await outcome(path, servers, change(state), answers, name)
    assert refused["error"]["code"] == -32602
