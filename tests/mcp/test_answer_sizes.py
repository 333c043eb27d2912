"""How much of a model's context does an answer take? Measured in tokens, on 720 functions.

Hosts give their model the text or the data, some both: the bound holds for each by itself.
"""

from pathlib import Path
from typing import Any

import pytest
import tiktoken
from mcp_types import CallToolResult

from pairwright.llm.scripted_provider import Reply
from pairwright.mcp.changing import MOST_HUNKS
from tests.mcp.assistants import assisted, text_of
from tests.mcp.test_tool_list import o200k as o200k
from tests.support.answers import answer, block
from tests.support.engines import USAGE


def files(arguments: str) -> dict[str, str | bytes]:
    return {
        f"pkg{number % 9}/module_{number}.py": "".join(
            f"def thing_{number}_{each}({arguments}):\n    return other_{each}(first, second)\n\n\n"
            for each in range(12)
        )
        for number in range(60)
    }


USUAL = files("order: Order, amount: int = 1")
LONG = files("an_argument_that_is_long: SomeLongType, " * 30)
ASKED: dict[str, tuple[dict[str, Any], int]] = {
    "find_symbols": ({"query": "thing_7"}, 1_200),
    "read_symbols": ({"names": ["thing_7_1"]}, 150),
    "map_workspace": ({}, 1_500),
    "workspace_status": ({}, 100),
}
"""What a call gives that says nothing of size, and the tokens that it may take."""
MOST_ASKED: dict[str, tuple[dict[str, Any], int]] = {
    "find_symbols": ({"query": "thing_", "limit": 100}, 9_000),
    "read_symbols": ({"names": [f"thing_{number}_1" for number in range(20)]}, 7_000),
    "map_workspace": ({"max_tokens": 5_000}, 6_000),
    "workspace_status": ({}, 100),
}
"""The most that can be asked for, of signatures of a thousand characters."""


@pytest.mark.parametrize(("texts", "asked"), [(USUAL, ASKED), (LONG, MOST_ASKED)])
async def test_what_is_read_takes_no_more_than_is_said(
    tmp_path: Path,
    o200k: tiktoken.Encoding,
    texts: dict[str, str | bytes],
    asked: dict[str, tuple[dict[str, Any], int]],
) -> None:
    async with assisted(tmp_path, texts) as bot:
        for tool, (arguments, bound) in asked.items():
            result = await bot.result(tool, **arguments)
            assert max(sizes(result, o200k)) <= bound, tool


@pytest.mark.parametrize(("hunks", "bound"), [(1, 200), (23, 700), (MOST_HUNKS + 20, 3_000)])
async def test_what_is_told_of_a_proposal_takes_no_more_than_is_said(
    tmp_path: Path, o200k: tiktoken.Encoding, hunks: int, bound: int
) -> None:
    async with assisted(tmp_path, file_of(hunks)) as bot:
        told = await bot.result("propose_change", edits=diff(lines_of(hunks)), why="Hundreds.")
        assert max(sizes(told, o200k)) <= bound
        assert ("20 more hunks are not listed" in text_of(told)) == (hunks > MOST_HUNKS)


@pytest.mark.parametrize(("hunks", "bound"), [(1, 300), (12, 1_700)])
async def test_what_is_told_of_a_task_takes_no_more_than_is_said(
    tmp_path: Path, o200k: tiktoken.Encoding, hunks: int, bound: int
) -> None:
    async with assisted(tmp_path, file_of(hunks), weak=[reply(lines_of(hunks))]) as bot:
        bot.grant("spend")
        told = await bot.result("implement_plan", plan=PLAN)
        assert max(sizes(told, o200k)) <= bound


PLAN = "# Plan\n\nHundreds.\n\n## 1. Write hundreds\n\n- files: `a.py`\n"


def file_of(hunks: int) -> dict[str, str | bytes]:
    """Return a file with room for so many hunks."""
    return {"a.py": "".join(f"line_{n} = {n}\n" for n in range(8 * hunks + 8))}


def lines_of(count: int) -> range:
    """Return so many numbers of lines, none near another."""
    return range(1, 8 * count, 8)


def diff(lines: range) -> str:
    hunks = (f"@@ -{n + 1} +{n + 1} @@\n-line_{n} = {n}\n+line_{n} = {n}00\n" for n in lines)
    return "--- a/a.py\n+++ b/a.py\n" + "".join(hunks)


def reply(lines: range) -> Reply:
    blocks = (block("a.py", f"line_{n} = {n}\n", f"line_{n} = {n}00\n") for n in lines)
    return Reply(answer(*blocks), usage=USAGE)


def sizes(result: CallToolResult, o200k: tiktoken.Encoding) -> tuple[int, int]:
    """Return the tokens of an answer's text, and of its data as JSON."""
    data = result.model_dump_json(include={"structured_content"})
    return len(o200k.encode(text_of(result))), len(o200k.encode(data))
