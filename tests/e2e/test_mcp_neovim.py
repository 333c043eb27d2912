"""What does an assistant hear of a person who decides in a real Neovim? All, in its answer."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp_types import Implementation, TextContent

from tests.e2e.neovim import PROGRAM, Neovim, neovim
from tests.e2e.stage import COMMAND_S, Stage, wait_for
from tests.e2e.test_neovim import MONEY, THREE

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Neovim (nvim) is not installed")

REMARK = "no separators in invoices"
_IS_CONNECTED = "vim.tbl_count(vim.lsp.buf_get_clients(0)) == 1"
_Found = TypeVar("_Found")


async def _aside(work: Callable[..., _Found], *arguments: object) -> _Found:
    return await asyncio.to_thread(work, *arguments)


async def test_an_assistant_proposes_a_person_decides_in_neovim_and_the_command_line_undoes(
    fresh_stage: Stage,
) -> None:
    """T29, by an assistant."""
    stage = fresh_stage
    stage.put_sample()
    before = stage.tree()
    command, *arguments = stage.command("mcp", "--workspace", str(stage.root))
    started = StdioServerParameters(command=command, args=arguments, env=stage.environment)
    info = Implementation(name="proposing bot", version="1")
    with neovim(stage, MONEY) as editor:
        await _aside(lambda: editor.wait_for(_IS_CONNECTED, seconds=COMMAND_S))
        async with asyncio.timeout(60), Client(started, client_info=info) as client:
            proposed = {"edits": THREE, "why": "group the digits"}
            answering = asyncio.create_task(client.call_tool("propose_change", proposed))
            await _aside(_decide, editor)
            answer = await answering
        await _aside(editor.command, "write")
        told = answer.structured_content or {}
        text = "\n".join(part.text for part in answer.content if isinstance(part, TextContent))
        assert not answer.is_error, text
        assert told["state"] == "done", text
        assert [hunk["state"] for hunk in told["hunks"]] == ["kept", "rejected", "kept"]
        assert told["hunks"][1]["remark"] == REMARK
        assert f"Neovim on h2: {REMARK}" in text
        written = (stage.root / MONEY).read_text("utf-8")
        assert 'replace(",", "")' in written
        assert "Decimal(cents * percent)" in written
        assert "100:,}" not in written

        for _ in range(2):
            undone = await _aside(stage.call, "undo")
            assert undone.exit_code == 0, undone.err
        await _aside(_wait_for_text, editor, before[MONEY].decode())
        await _aside(editor.command, "write")
    assert stage.tree() == before


def _decide(editor: Neovim) -> None:
    """Keep the first hunk and the third; reject the second with a remark."""
    editor.wait_until_said("proposes 3 hunks: group the digits", seconds=COMMAND_S)
    _wait_for_hunks(editor, 3)
    editor.command("Pairwright review")
    editor.keys("gg]h<Space>pk")
    _wait_for_hunks(editor, 2)
    editor.answer(REMARK)
    editor.keys("]h<Space>pr")
    _wait_for_hunks(editor, 1)
    editor.keys("]h<Space>pk")
    editor.wait_until_said("kept")


def _wait_for_hunks(editor: Neovim, count: int) -> None:
    words = "1 hunk" if count == 1 else f"{count} hunks"
    editor.wait_for(f"require('pairwright').status():find('{words}') ~= nil", seconds=COMMAND_S)


def _wait_for_text(editor: Neovim, text: str) -> None:
    wait_for(lambda: "\n".join(editor.lines()) + "\n" == text, what="all is taken back")
