"""Does an assistant reach the one daemon, by real processes, in both eras and over both ways?"""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.stage import Stage, ended
from tests.support.waiting import eventually


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_over_stdio_it_finds_a_symbol_from_the_daemon_that_others_use(
    stage: Stage, mode: Any
) -> None:
    assert await asyncio.to_thread(lambda: stage.call("index").exit_code) == 0
    command, *arguments = stage.command("mcp", "--workspace", str(stage.root))
    started = StdioServerParameters(command=command, args=arguments, env=stage.environment)
    async with asyncio.timeout(30), Client(started, mode=mode) as client:
        found = await client.call_tool("find_symbols", {"query": "parse_amount"})
        assert "parse_amount" in str(found.structured_content)
    assert len(stage.daemons()) == 1


async def test_over_http_it_is_served_until_the_command_is_interrupted(stage: Stage) -> None:
    holding = await asyncio.to_thread(stage.start, "mcp", "--http")
    try:
        assert holding.stdout is not None
        url = (await asyncio.to_thread(holding.stdout.readline)).strip()
        token_file = Path((await asyncio.to_thread(holding.stdout.readline)).split()[-1])
        token = await asyncio.to_thread(token_file.read_text)
        asked = httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        transport = streamable_http_client(url, http_client=asked)
        async with asyncio.timeout(30), asked, Client(transport) as client:
            assert "find_symbols" in {tool.name for tool in (await client.list_tools()).tools}
    finally:
        os.kill(holding.pid, signal.SIGINT)
        over = await asyncio.to_thread(ended, holding)
    assert over.exit_code == 0, over.err
    await eventually(lambda: not token_file.exists())


def test_when_its_input_ends_it_ends_and_has_said_nothing_but_mcp(stage: Stage) -> None:
    over = ended(stage.start("mcp"), seconds=10)
    assert (over.exit_code, over.out, over.err) == (0, "", "")
