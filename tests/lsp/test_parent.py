"""T2: does a session end with the process that began it?"""

import asyncio
import sys
from contextlib import suppress
from typing import Any

import pytest

from pairwright.lsp.parent import watch
from tests.lsp.peers import FakeSession, connected
from tests.support.waiting import within


async def a_process() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )


async def test_the_session_ends_within_five_seconds_of_its_process() -> None:
    process = await a_process()
    session = FakeSession()
    async with connected(session) as client:
        params: dict[str, Any] = {"processId": process.pid, "rootUri": None, "capabilities": {}}
        await client.call("initialize", params)
        await client.call("pairwright/status", {})
        process.kill()
        async with within(5):
            with suppress(ConnectionResetError):
                assert await client.reader.read() == b""
        await process.wait()
    assert session.is_closed


async def test_a_process_that_is_not_on_this_machine_ends_nothing() -> None:
    process = await a_process()
    process.kill()
    await process.wait()
    async with connected() as client:
        params: dict[str, Any] = {"processId": process.pid, "rootUri": None, "capabilities": {}}
        await client.call("initialize", params)
        assert "result" in await client.call("pairwright/status", {})


async def test_where_the_system_tells_nothing_it_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pairwright.lsp.parent.sys.platform", "darwin")
    monkeypatch.setattr("pairwright.lsp.parent.POLL_S", 0.01)
    process = await a_process()
    has_ended = asyncio.Event()
    watch(process.pid, has_ended.set)
    await asyncio.sleep(0.05)
    assert not has_ended.is_set()
    process.kill()
    await process.wait()
    async with within():
        await has_ended.wait()


@pytest.mark.parametrize("platform", ["linux", "darwin"])
async def test_who_stops_watching_hears_nothing(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr("pairwright.lsp.parent.sys.platform", platform)
    monkeypatch.setattr("pairwright.lsp.parent.POLL_S", 0.01)
    process = await a_process()
    heard: list[None] = []
    stop = watch(process.pid, lambda: heard.append(None))
    stop()
    stop()
    process.kill()
    await process.wait()
    await asyncio.sleep(0.05)
    assert heard == []
