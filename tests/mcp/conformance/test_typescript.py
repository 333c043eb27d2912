"""Does another implementation, the TypeScript SDK, get all that we offer, in both its generations?

The first (`@modelcontextprotocol/sdk`) speaks 2025-11-25, the second
(`@modelcontextprotocol/client`) both. A script lists, calls, follows a task's progress, gives up
waiting, and reads.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.answers import PART
from tests.e2e.stage import Stage, ended, staged
from tests.mcp.conformance.node import node_modules, run_node
from tests.mcp.test_tool_list import TOOLS

SCRIPT = Path(__file__).with_name("typescript.mjs")
NAME = "typescript"
"""What the script calls itself."""
GENERATIONS = [("first", "2025-11-25"), ("second", "2025-11-25"), ("second", "2026-07-28")]
PLAN = "# Plan\n\nTake commas.\n\n## 1. Take the commas out\n\n- files: `orderdesk/money.py`\n"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    node_modules()
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        stage.put_sample()
        granted = stage.call("grant", NAME, "spend")
        assert granted.exit_code == 0, granted.err
        yield stage


@pytest.mark.parametrize(("generation", "era"), GENERATIONS)
async def test_over_stdio_it_lists_calls_follows_gives_up_and_reads(
    product: Stage, generation: str, era: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T21, by another's client."""
    for name, value in product.environment.items():
        monkeypatch.setenv(name, value)
    await _check(product, generation, era, {"command": product.command("mcp")})


@pytest.mark.parametrize(("generation", "era"), GENERATIONS)
async def test_over_http_it_lists_calls_follows_gives_up_and_reads(
    product: Stage, generation: str, era: str
) -> None:
    """T21, by another's client."""
    async with _listening(product) as place:
        await _check(product, generation, era, place)


async def _check(product: Stage, generation: str, era: str, place: dict[str, Any]) -> None:
    product.server.answer_with(PART)
    before = product.tree()
    heard = await _heard(generation, era, {**place, "plan": PLAN}, cwd=product.root)
    assert heard["server"]["name"] == "pairwright"
    assert "change_status" in heard["instructions"]
    assert heard["tools"] == TOOLS
    assert heard["found"]["structuredContent"]["symbols"][0]["name"] == "parse_amount"
    assert "parse_amount" in heard["found"]["content"][0]["text"]
    assert heard["mistake"]["isError"]
    assert "takes no approve" in heard["mistake"]["content"][0]["text"]
    _check_reading(heard)
    _check_work(heard)
    assert product.tree() == before


def _check_reading(heard: dict[str, Any]) -> None:
    assert "pairwright://summary" in heard["resources"]
    assert "pairwright://plan/{plan_id}" in heard["templates"]
    assert "parse_amount" in heard["map"]
    assert heard["nowhere"] is not None
    assert "plan-then-edit" in heard["prompts"]
    assert "Take the commas out." in heard["prompt"]["messages"][0]["content"]["text"]


def _check_work(heard: dict[str, Any]) -> None:
    implemented = heard["implemented"]["structuredContent"]
    assert implemented["state"] == "review", heard["implemented"]
    told = [each["progress"] for each in heard["progress"]]
    assert told, "it heard of no progress"
    assert told == sorted(set(told))
    assert any("weak model" in each.get("message", "") for each in heard["progress"])
    assert '+    cleaned = text.strip().removeprefix("$").replace(",", "")' in heard["diff"]
    assert heard["cancelled"] is not None
    assert heard["cancelled"]["ms"] < 5_000
    assert heard["withdrawn"]["structuredContent"]["state"] == "cancelled"


async def _heard(generation: str, era: str, place: dict[str, Any], *, cwd: Path) -> Any:
    arguments = (str(node_modules()), generation, era, json.dumps(place))
    exit_code, output = await run_node(str(SCRIPT), *arguments, cwd=cwd, timeout_s=60)
    assert exit_code == 0, output
    return json.loads(output.splitlines()[-1])


@asynccontextmanager
async def _listening(product: Stage) -> AsyncIterator[dict[str, Any]]:
    holding = await asyncio.to_thread(product.start, "mcp", "--http")
    try:
        assert holding.stdout is not None
        url, told, _ = [await asyncio.to_thread(holding.stdout.readline) for _ in range(3)]
        token = await asyncio.to_thread(Path(told.split()[-1]).read_text)
        yield {"url": url.strip(), "token": token}
    finally:
        holding.terminate()
        await asyncio.to_thread(ended, holding)
