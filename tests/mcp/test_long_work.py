"""Does a task outlive the request that began it? Yes, over every way in, in both eras."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server import MCPServer
from mcp_types import Implementation

from pairwright.daemon.listen import listening
from pairwright.daemon.mcp_face import Face
from pairwright.llm.scripted_provider import Reply
from pairwright.mcp.http import listening_http
from pairwright.mcp.server import build_server
from pairwright.protocol.grant_messages import Scope
from tests.engine.desks import Desk, open_desk
from tests.mcp.assistants import ERAS
from tests.mcp.peers import INITIALIZE, MODERN_META, LineClient, staying
from tests.mcp.slow_model import SlowModel
from tests.support.answers import edit
from tests.support.engines import USAGE
from tests.support.waiting import eventually, within

TOKEN = "a token of this test"
FILES = {"a.py": "a = 1\n"}
PLAN = "# Plan\n\nCount from two.\n\n## 1. Set a to 2\n\n- files: `a.py`\n"
EDIT = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
NAME = "bot"
SCOPES: tuple[Scope, ...] = ("spend", "write")
BEGUN = {"plan": PLAN, "review": "auto"}


@asynccontextmanager
async def slow_desk(directory: Path) -> AsyncIterator[tuple[Desk, SlowModel]]:
    """Give a workspace in which the assistant may spend and write."""
    weak = SlowModel([EDIT])
    async with open_desk(directory, FILES, weak) as desk:
        for scope in SCOPES:
            desk.session.grants.change(NAME, scope, is_granted=True)
        yield desk, weak


class Servers:
    """What the daemon opens for each client, with a patience of the test's."""

    def __init__(self, desk: Desk, patience_s: float) -> None:
        self._desk = desk
        self._patience_s = patience_s
        self.present: list[str] = []
        """Whose sessions are open."""

    @asynccontextmanager
    async def open(self, client_name: str) -> AsyncIterator[MCPServer]:
        session = self._desk.engine.open_session(client_name)
        self.present.append(client_name)
        try:
            yield build_server(session, client_name=client_name, patience_s=self._patience_s)
        finally:
            self.present.remove(client_name)
            await session.close()


@asynccontextmanager
async def http_client(url: str, era: Any) -> AsyncIterator[Client]:
    """Connect as the same assistant, by connections of one's own."""
    asked = httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
    transport = streamable_http_client(url, http_client=asked)
    info = Implementation(name=NAME, version="1")
    async with asked, Client(transport, mode=era, client_info=info) as client:
        yield client


@pytest.mark.parametrize("era", ERAS)
async def test_over_http_a_task_goes_on_when_the_connection_that_began_it_is_closed(
    tmp_path: Path, era: str
) -> None:
    async with (
        slow_desk(tmp_path) as (desk, weak),
        listening_http(Servers(desk, 0.1).open, TOKEN) as url,
    ):
        async with http_client(url, era) as client:
            begun = await client.call_tool("implement_plan", BEGUN)
        told = begun.structured_content or {}
        assert told["state"] == "running"
        weak.may_answer.set()
        async with http_client(url, era) as client:
            asked = {"change_id": told["change_id"], "wait_s": 5}
            told = (await client.call_tool("change_status", asked)).structured_content or {}
        assert told["state"] == "done", told
        assert desk.read("a.py") == "a = 2\n"


async def test_over_http_a_task_goes_on_when_the_assistant_hangs_up_while_it_waits(
    tmp_path: Path,
) -> None:
    """The request of 2026-07-28 has no session: only the name joins it to the next."""
    async with (
        slow_desk(tmp_path) as (desk, weak),
        listening_http(Servers(desk, 45).open, TOKEN) as url,
    ):
        port = int(url.split(":")[2].split("/")[0])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_modern_request(port, "implement_plan", BEGUN))
        await eventually(lambda: desk.session.status().tasks)
        (task,) = desk.session.status().tasks
        writer.transport.abort()
        async with http_client(url, "auto") as client:
            asked = {"change_id": task.task_id, "wait_s": 0.2}
            told = (await client.call_tool("change_status", asked)).structured_content or {}
            assert told["state"] == "running", told
            weak.may_answer.set()
            asked["wait_s"] = 5
            told = (await client.call_tool("change_status", asked)).structured_content or {}
        assert told["state"] == "done", told


@pytest.mark.parametrize("era", ERAS)
async def test_over_http_a_task_holds_its_session_open_though_nobody_asks_for_long(
    tmp_path: Path, era: str
) -> None:
    """After half an hour, here a tenth of a second; it ends with its task then."""
    idle_s = 0.1
    async with slow_desk(tmp_path) as (desk, weak):
        servers = Servers(desk, 0.1)
        working = desk.engine.is_working
        async with listening_http(servers.open, TOKEN, idle_s=idle_s, is_working=working) as url:
            async with http_client(url, era) as client:
                begun = await client.call_tool("implement_plan", BEGUN)
            task_id = (begun.structured_content or {})["change_id"]
            await asyncio.sleep(5 * idle_s)
            assert (servers.present, desk.task_state(task_id)) == ([NAME], "running")
            weak.may_answer.set()
            await eventually(lambda: servers.present == [])
        assert desk.task_state(task_id) == "done"
        assert desk.read("a.py") == "a = 2\n"


async def test_a_proposal_of_a_client_that_is_gone_stays_to_be_decided(tmp_path: Path) -> None:
    async with slow_desk(tmp_path) as (desk, weak):
        servers = Servers(desk, 45)
        weak.may_answer.set()
        begun = {"plan": PLAN, "review": "editor"}
        async with listening_http(servers.open, TOKEN, idle_s=0.1) as url:
            async with http_client(url, "auto") as client:
                told = (await client.call_tool("implement_plan", begun)).structured_content or {}
            await eventually(lambda: servers.present == [])
            assert (told["state"], desk.task_state(told["change_id"])) == ("review", "review")
            async with http_client(url, "auto") as client:
                asked = {"change_id": told["change_id"], "wait_s": 30}
                async with within(3):
                    again = await client.call_tool("change_status", asked)
        assert (again.structured_content or {})["state"] == "review"
        await desk.accept(told["change_id"])
        assert desk.read("a.py") == "a = 2\n"


@pytest.mark.parametrize("era", ERAS)
async def test_over_stdio_a_task_goes_on_when_the_request_that_began_it_is_cancelled(
    tmp_path: Path, era: str
) -> None:
    async with slow_desk(tmp_path) as (desk, weak), line_client(desk) as client:
        meta: dict[str, Any] = {}
        if era == "legacy":
            info = {"clientInfo": {"name": NAME, "version": "1"}}
            await client.call("initialize", INITIALIZE | info)
            client.say({"method": "notifications/initialized"})
        else:
            meta = {"_meta": _modern_meta()}
        begun = {"name": "implement_plan", "arguments": BEGUN, **meta}
        client.say({"id": 1, "method": "tools/call", "params": begun})
        await eventually(lambda: desk.session.status().tasks)
        (task,) = desk.session.status().tasks
        client.say({"method": "notifications/cancelled", "params": {"requestId": 1, **meta}})
        weak.may_answer.set()
        arguments = {"change_id": task.task_id, "wait_s": 5}
        asked = {"name": "change_status", "arguments": arguments, **meta}
        client.say({"id": 2, "method": "tools/call", "params": asked})
        async with within():
            while (heard := await client.hear()).get("id") != 2:
                pass
        assert heard["result"]["structuredContent"]["state"] == "done", heard
        assert desk.read("a.py") == "a = 2\n"


@asynccontextmanager
async def line_client(desk: Desk) -> AsyncIterator[LineClient]:
    """Connect over the socket, as the forwarder of stdio does."""
    path = Path(os.environ["PAIRWRIGHT_RUNTIME_DIR"]) / "mcp"
    face = Face(Servers(desk, 45).open, stay=staying, token_file=path.with_name("token"))
    async with listening(path, face.serve_client):
        client = LineClient(*await asyncio.open_unix_connection(str(path)))
        try:
            yield client
        finally:
            client.writer.close()


def _modern_meta() -> dict[str, Any]:
    return MODERN_META | {
        "io.modelcontextprotocol/clientInfo": {"name": NAME, "version": "1"},
    }


def _modern_request(port: int, tool: str, arguments: dict[str, Any]) -> bytes:
    params = {"name": tool, "arguments": arguments, "_meta": _modern_meta()}
    said = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    body = json.dumps(said).encode()
    head = (
        "POST /mcp HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Authorization: Bearer {TOKEN}",
        "Accept: application/json, text/event-stream",
        "Content-Type: application/json",
        "MCP-Protocol-Version: 2026-07-28",
        "Mcp-Method: tools/call",
        f"Mcp-Name: {tool}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
