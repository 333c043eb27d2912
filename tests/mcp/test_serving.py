"""What does a client of the stdio transport get, whatever it sends?"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pairwright.mcp.serving import MAX_RUNNING_REQUESTS
from tests.mcp.peers import INITIALIZE, MODERN_META, LineClient, TinyServers, line_client
from tests.support.waiting import eventually, within


@pytest.fixture
def path() -> Path:
    """Return where to listen: short, since a socket's path must be."""
    return Path(os.environ["PAIRWRIGHT_RUNTIME_DIR"]) / "mcp"


@pytest.fixture
def servers() -> TinyServers:
    return TinyServers()


async def test_a_client_of_2025_is_served_after_its_handshake(
    servers: TinyServers, path: Path
) -> None:
    async with within(), line_client(servers, path) as client:
        result = (await client.call("initialize", INITIALIZE))["result"]
        assert result["protocolVersion"] == "2025-11-25"
        client.say({"method": "notifications/initialized"})
        listed = (await client.call("tools/list"))["result"]["tools"]
        assert [tool["name"] for tool in listed] == ["whoami", "wait"]
        called = (await client.tool("whoami"))["result"]
        assert called["structuredContent"] == {"result": "tester"}


async def test_a_client_of_2026_is_served_without_one(servers: TinyServers, path: Path) -> None:
    async with within(), line_client(servers, path) as client:
        params = {"name": "whoami", "arguments": {}, "_meta": MODERN_META}
        called = (await client.call("tools/call", params))["result"]
        assert called["structuredContent"] == {"result": "modern tester"}
        assert called["resultType"] == "complete"


async def test_each_connection_has_a_session_that_ends_with_it(
    servers: TinyServers, path: Path
) -> None:
    async with within(), line_client(servers, path) as first:
        await first.begin()
        second = LineClient(*await asyncio.open_unix_connection(str(path)))
        await second.begin()
        assert servers.present == ["tester", "tester"]
        second.writer.close()
        await eventually(lambda: servers.present == ["tester"])
        assert "result" in await first.tool("whoami")


async def test_who_never_asks_gets_no_session(servers: TinyServers, path: Path) -> None:
    async with within(), line_client(servers, path) as client:
        client.say({"method": "notifications/initialized"})
        client.writer.write(b"nonsense\n")
        assert (await client.hear())["error"]["code"] == -32700
    assert servers.names == []


@pytest.mark.parametrize("is_begun", [False, True])
@pytest.mark.parametrize(
    "line",
    [b"nonsense", b"[1]", b"x" * (4 * 1024 * 1024 + 1), b'{"a":' * 1000, b"\xff", b'{"id":1}'],
    ids=["no JSON", "batch", "too long", "deep", "no text", "no message"],
)
async def test_a_bad_line_is_answered_and_the_next_is_served(
    servers: TinyServers, path: Path, line: bytes, is_begun: bool
) -> None:
    async with within(), line_client(servers, path) as client:
        if is_begun:
            await client.begin()
        client.writer.write(line + b"\n")
        assert (await client.hear())["error"]["code"] in (-32700, -32600)
        if not is_begun:
            await client.begin()
        assert "result" in await client.tool("whoami")


async def test_two_requests_with_one_id_cannot_run_at_once(
    servers: TinyServers, path: Path
) -> None:
    async with within(), line_client(servers, path) as client:
        await client.begin()
        waiting = {"method": "tools/call", "params": {"name": "wait", "arguments": {"seconds": 9}}}
        client.say({"id": 7, **waiting})
        refused = await client.tool("whoami", id=7)
        assert refused["id"] == 7
        assert "still running" in refused["error"]["message"]
        assert "result" in await client.tool("whoami", id=8)


async def test_an_id_may_be_used_again_after_its_answer_or_its_cancellation(
    servers: TinyServers, path: Path
) -> None:
    async with within(), line_client(servers, path) as client:
        await client.begin()
        assert "result" in await client.tool("whoami", id=7)
        waiting = {"method": "tools/call", "params": {"name": "wait", "arguments": {"seconds": 9}}}
        client.say(
            {"id": 7, **waiting}, {"method": "notifications/cancelled", "params": {"requestId": 7}}
        )
        await eventually(lambda: servers.cancelled == ["tester"])
        answers = [await client.tool("whoami", id=7)]
        while "result" not in answers[-1]:
            answers.append(await client.hear())
        assert len(answers) <= 2


async def test_more_requests_than_may_run_are_refused(servers: TinyServers, path: Path) -> None:
    async with within(), line_client(servers, path) as client:
        await client.begin()
        waiting = {"method": "tools/call", "params": {"name": "wait", "arguments": {"seconds": 9}}}
        client.say(*({"id": number, **waiting} for number in range(MAX_RUNNING_REQUESTS + 3)))
        refused = [await client.hear() for _ in range(3)]
        assert {answer["id"] for answer in refused} == {128, 129, 130}
        assert {answer["error"]["code"] for answer in refused} == {-32000}


async def test_answers_that_are_due_still_come_after_the_client_has_closed_its_side(
    servers: TinyServers, path: Path
) -> None:
    async with within(), line_client(servers, path) as client:
        await client.begin()
        arguments = {"name": "wait", "arguments": {"seconds": 0.1}}
        client.say({"id": 1, "method": "tools/call", "params": arguments})
        client.writer.write_eof()
        assert (await client.hear())["result"]["structuredContent"] == {"result": "waited"}
        assert await client.reader.read() == b""


async def test_what_runs_is_cancelled_when_the_client_goes(
    servers: TinyServers, path: Path
) -> None:
    async with within(), line_client(servers, path) as client:
        await client.begin()
        arguments = {"name": "wait", "arguments": {"seconds": 60}}
        client.say({"id": 1, "method": "tools/call", "params": arguments})
        await eventually(lambda: servers.present)
        client.writer.close()
        await eventually(lambda: servers.cancelled == ["tester"])
        await eventually(lambda: not servers.present)


async def call_many(path: Path, number: int, is_modern: bool) -> set[str]:
    client = LineClient(*await asyncio.open_unix_connection(str(path)))
    name = f"client {number}"
    said: dict[str, Any] = {"name": "whoami", "arguments": {}}
    if is_modern:
        info = {"io.modelcontextprotocol/clientInfo": {"name": name, "version": "1"}}
        said["_meta"] = MODERN_META | info
    else:
        await client.call("initialize", INITIALIZE | {"clientInfo": {"name": name, "version": "1"}})
    answers = [await client.call("tools/call", said, id=count) for count in range(20)]
    client.writer.close()
    return {json.dumps(answer["result"]["structuredContent"]["result"]) for answer in answers}


async def test_many_clients_of_both_eras_never_hear_anothers_answer(
    servers: TinyServers, path: Path
) -> None:
    """T11, in little."""
    async with within(20), line_client(servers, path):
        asked = [call_many(path, number, number % 2 == 0) for number in range(32)]
        heard = await asyncio.gather(*asked)
    assert heard == [{json.dumps(f"client {number}")} for number in range(32)]
