"""Is an editor served through `pairwright lsp`: its unsaved text, its buffers, its undo?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

from tests.e2e.answers import PART
from tests.e2e.stage import COMMAND_S, INSTRUCTION, Stage
from tests.support.waiting import within

PATH = "orderdesk/money.py"
UNSAVED = "# Not saved: ünïcödé 😀\n"


class Editor:
    """A window with one buffer, which it changes only as the server asks it to."""

    def __init__(self, stage: Stage) -> None:
        self.client = LanguageClient("editor", "1")
        self.root = stage.root
        self.uri = (stage.root / PATH).as_uri()
        self.text = UNSAVED + (stage.root / PATH).read_text("utf-8")
        self.version = 7
        self.asked: list[types.ApplyWorkspaceEditParams] = []
        self.heard: list[Any] = []
        self.client.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self._apply(params))
        self.client.feature("$/progress")(lambda params: self.heard.append(params))

    async def initialize(self) -> types.InitializeResult:
        workspace = types.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        )
        result = await self.client.initialize_async(
            types.InitializeParams(
                types.ClientCapabilities(workspace=workspace), root_uri=self.root.as_uri()
            )
        )
        self.client.initialized(types.InitializedParams())
        return result

    def open(self) -> None:
        item = types.TextDocumentItem(self.uri, "python", self.version, self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def ask(self, method: str, params: dict[str, Any]) -> Any:
        async with within(COMMAND_S):
            return await self.client.protocol.send_request_async(method, params)

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        self.asked.append(params)
        (change,) = params.edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        if (change.text_document.uri, change.text_document.version) != (self.uri, self.version):
            return types.ApplyWorkspaceEditResult(applied=False, failure_reason="not as it is")
        lines = self.text.split("\n")
        for edit in reversed(change.edits):
            assert isinstance(edit, types.TextEdit)
            lines = _edited(lines, edit.range, edit.new_text)
        self.change("\n".join(lines))
        return types.ApplyWorkspaceEditResult(applied=True)

    def change(self, text: str) -> None:
        """Type."""
        self.text = text
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri),
                [types.TextDocumentContentChangeWholeDocument(self.text)],
            )
        )


def _edited(lines: list[str], place: types.Range, new_text: str) -> list[str]:
    """Return lines with one edit made; the columns here are all before any character past BMP."""
    start, end = place.start, place.end
    rest = lines[end.line][end.character :] if end.line < len(lines) else ""
    middle = lines[start.line][: start.character] + new_text + rest
    return [*lines[: start.line], *middle.split("\n"), *lines[end.line + 1 :]]


@asynccontextmanager
async def editing(stage: Stage) -> AsyncIterator[Editor]:
    editor = Editor(stage)
    command = stage.command("lsp")
    await editor.client.start_io(*command, env=stage.environment, cwd=stage.root)
    try:
        yield editor
    finally:
        async with within():
            await editor.client.shutdown_async(None)
            editor.client.exit(None)
        await editor.client.stop()  # type: ignore[no-untyped-call]


async def test_unsaved_text_is_what_is_changed_and_the_editor_is_who_changes_it(
    stage: Stage,
) -> None:
    before = stage.tree()
    stage.server.answer_with(PART)
    async with editing(stage) as editor:
        assert (await editor.initialize()).server_info is not None
        editor.open()
        saved = editor.text

        params = {"instruction": INSTRUCTION, "strategy": "weak", "partialResultToken": "t"}
        result = await editor.ask("pairwright/run", params)
        assert (result.state, result.isSound) == ("review", True)
        prompt = str(stage.server.requests[0].body["messages"])
        assert UNSAVED.strip() in prompt
        kinds = [each.value["kind"] for each in editor.heard]
        assert (kinds[0], kinds[-1]) == ("taskStarted", "changeReady")

        accepted = await editor.ask("pairwright/accept", {"taskId": result.taskId})
        assert list(accepted.files) == [PATH]
        (asked,) = editor.asked
        (change,) = asked.edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.version, editor.version) == (7, 8)
        wanted = saved.replace('removeprefix("$")', 'removeprefix("$").replace(",", "")')
        assert editor.text == wanted
        assert stage.tree() == before

        undone = await editor.ask("pairwright/undo", {})
        assert list(undone.files) == [PATH]
        assert (editor.text, editor.version, len(editor.asked)) == (saved, 9, 2)
        assert stage.tree() == before


async def test_a_hunk_whose_line_was_typed_in_meanwhile_is_refused(stage: Stage) -> None:
    stage.server.answer_with(PART)
    async with editing(stage) as editor:
        await editor.initialize()
        editor.open()
        result = await editor.ask("pairwright/run", {"instruction": "x", "strategy": "weak"})
        editor.change(editor.text.replace("cleaned = ", "cleaned: str = "))
        with pytest.raises(JsonRpcException, match="changed since the hunks were shown"):
            await editor.ask("pairwright/accept", {"taskId": result.taskId})
        assert editor.asked == []


async def test_a_cold_start_is_answered(fresh_stage: Stage) -> None:
    fresh_stage.put_sample()
    async with editing(fresh_stage) as editor:
        async with within():
            await editor.initialize()
        assert (await editor.ask("pairwright/status", {})).files == 12


async def test_a_second_window_of_another_client_sees_the_same_daemon(stage: Stage) -> None:
    async with editing(stage) as first, editing(stage) as second:
        await asyncio.gather(first.initialize(), second.initialize())
        pids = {(await each.ask("pairwright/status", {})).pid for each in (first, second)}
    assert len(pids) == 1
