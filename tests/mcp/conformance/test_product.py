"""Does the product itself, without fixtures, stand before the suite and the Inspector? T21.

Of the suite only those scenarios count that ask for no fixture; the rest would pass for no reason,
or fail for none.
"""

import asyncio
import re
from pathlib import Path

import pytest

from tests.e2e.stage import Stage, ended, staged
from tests.mcp.conformance.node import node_modules, run_node
from tests.mcp.conformance.proxy import adding_token
from tests.mcp.conformance.test_conformance import SUITE
from tests.mcp.conformance.test_inspector import inspect

NEEDS_NO_FIXTURE = {
    "2025-11-25": {
        *("server-initialize", "ping", "tools-list", "resources-list", "prompts-list"),
        *("server-sse-multiple-streams", "dns-rebinding-protection", "server-session-lifecycle"),
    },
    "2026-07-28": {
        *("tools-list", "resources-list", "prompts-list", "caching"),
        *("sep-2164-resource-not-found", "dns-rebinding-protection", "http-header-validation"),
    },
}


@pytest.fixture
def product(tmp_path: Path) -> object:
    node_modules()
    with staged(tmp_path) as stage:
        stage.put_sample()
        yield stage


@pytest.mark.parametrize("revision", NEEDS_NO_FIXTURE)
async def test_what_needs_no_fixture_passes(product: Stage, revision: str, tmp_path: Path) -> None:
    """T21."""
    holding = await asyncio.to_thread(product.start, "mcp", "--http")
    try:
        assert holding.stdout is not None
        url, told, _ = [await asyncio.to_thread(holding.stdout.readline) for _ in range(3)]
        token = await asyncio.to_thread(Path(told.split()[-1]).read_text)
        async with adding_token(int(re.findall(r":(\d+)/", url)[0]), token) as port:
            _, output = await run_node(
                SUITE,
                *("server", "--url", f"http://localhost:{port}/mcp", "--requirements", revision),
                cwd=tmp_path,
                timeout_s=180,
            )
    finally:
        holding.terminate()
        await asyncio.to_thread(ended, holding)
    passed = set(re.findall(r"^✓ ([\w-]+):", output, re.M))
    assert NEEDS_NO_FIXTURE[revision] - passed == set(), output[-4000:]


async def test_the_inspector_finds_and_calls_a_tool_over_stdio(
    product: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in product.environment.items():
        monkeypatch.setenv(name, value)
    passed_on = ("PAIRWRIGHT_RUNTIME_DIR", "PAIRWRIGHT_STATE_DIR", "PAIRWRIGHT_CONFIG_DIR")
    variables = [
        part for name in passed_on for part in ("-e", f"{name}={product.environment[name]}")
    ]
    asked = (*variables, *product.command("mcp"), "--method")
    listed = await inspect(*asked, "tools/list", cwd=product.root)
    assert "find_symbols" in {tool["name"] for tool in listed["tools"]}
    arguments = ("tools/call", "--tool-name", "find_symbols", "--tool-arg", "query=parse_amount")
    called = await inspect(*asked, *arguments, cwd=product.root)
    assert "parse_amount" in called["content"][0]["text"]
