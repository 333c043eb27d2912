"""T2: does a session end with the process that began it?"""

import asyncio
import sys
from contextlib import suppress
from typing import Any

import pytest

from pairwright.lsp.parent import ended
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
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await ended(process.pid)
        assert "result" in await client.call("pairwright/status", {})


async def test_where_the_system_tells_nothing_it_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pairwright.lsp.parent.sys.platform", "darwin")
    monkeypatch.setattr("pairwright.lsp.parent.POLL_S", 0.01)
    process = await a_process()
    watching = asyncio.ensure_future(ended(process.pid))
    await asyncio.sleep(0.05)
    assert not watching.done()
    process.kill()
    await process.wait()
    async with within():
        await watching
