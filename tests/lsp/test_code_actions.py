"""Is what can be done listed as the client can show it, and for nothing?"""

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.lsp.tasks import actions as code_actions
from pairwright.protocol import commands
from pairwright.protocol.codec import decode
from pairwright.protocol.commands import CommandArguments
from tests.engine.desks import Desk, open_desk
from tests.lsp.peers import FakeSession, NoOutline, RawClient, connected

CODE = "import os\n\n\n# pw: multiply\ndef double(x):\n    return x + x\n\n\ny = 1\n"
LITERALS = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
ALL = {
    **LITERALS,
    "disabledSupport": True,
    "dataSupport": True,
    "isPreferredSupport": True,
    "resolveSupport": {"properties": ["edit", "command"]},
}
UNUSED = {
    "range": {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 9}},
    "message": "`os` imported but unused",
    "code": "F401",
    "source": "Ruff",
    "severity": 2,
    "data": {"kept": [1, None]},
}
CURSOR, SELECTION = (5, 4, 5, 4), (4, 0, 6, 0)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine find the definition around a cursor, too."""
    monkeypatch.setattr(code_actions, "PATIENCE_S", 5)


@dataclass
class Menu:
    """An editor that has `app.py` open."""

    client: RawClient
    desk: Desk

    @property
    def uri(self) -> str:
        return (self.desk.root / "app.py").as_uri()

    def open(self, text: str = CODE) -> None:
        item = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": item})

    async def ask(
        self, place: tuple[int, int, int, int], *diagnostics: Any, uri: str = "", **context: Any
    ) -> Any:
        first, start, last, end = place
        answer = await self.client.call(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri or self.uri},
                "range": {
                    "start": {"line": first, "character": start},
                    "end": {"line": last, "character": end},
                },
                "context": {"diagnostics": list(diagnostics), **context},
            },
        )
        return answer.get("result", answer.get("error"))


@asynccontextmanager
async def menu(
    directory: Path, can: Mapping[str, Any] = ALL, *, text: str = CODE, **capabilities: Any
) -> AsyncIterator[Menu]:
    async with (
        open_desk(directory, {"app.py": text}) as desk,
        connected(desk.session, root=desk.root) as client,
    ):
        await client.initialize(textDocument={"codeAction": can}, **capabilities)
        opened = Menu(client, desk)
        opened.open(text)
        yield opened


def titles(actions: Iterable[Any]) -> list[str]:
    return [action["title"].removeprefix("Pairwright: ") for action in actions]


def names(actions: Iterable[Any]) -> list[str]:
    return [action["command"]["command"] for action in actions]


async def test_every_action_is_a_command_with_arguments_that_the_command_takes(
    tmp_path: Path,
) -> None:
    async with menu(tmp_path) as here:
        actions = await here.ask(CURSOR, UNUSED)
        assert here.desk.prompts() == ""
    assert set(names(actions)) == {*commands.COMMANDS} - {commands.EDIT}
    for action in actions:
        assert isinstance(structure(types.CodeAction, action), types.CodeAction)
        for each in action["command"]["arguments"]:
            assert decode(CommandArguments, each).uri.endswith("/app.py")
        assert action.get("isPreferred") is None
        assert action["kind"].startswith(("quickfix", "refactor.rewrite", "source."))


async def test_nothing_is_opened_or_spent_for_a_list(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        for _ in range(20):
            await here.ask(SELECTION, UNUSED)
        models = here.desk.engine._state.models
        assert models.opened == []  # type: ignore[attr-defined]
        assert here.desk.session.status().tasks == ()


async def test_a_list_takes_a_few_milliseconds(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        await here.ask(CURSOR, UNUSED)
        took = []
        for _ in range(50):
            started = time.perf_counter()
            await here.ask(CURSOR, UNUSED)
            took.append(time.perf_counter() - started)
    assert sorted(took)[len(took) // 2] < 0.05


async def test_a_list_does_not_wait_for_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_actions, "PATIENCE_S", 0.001)
    async with connected(FakeSession(queries=NoOutline())) as client:
        await client.initialize(textDocument={"codeAction": ALL})
        item = {"uri": "file:///workspace/a.py", "languageId": "p", "version": 1, "text": CODE}
        client.notify("textDocument/didOpen", {"textDocument": item})
        place = {"line": 5, "character": 4}
        actions = await client.call(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": item["uri"]},
                "range": {"start": place, "end": place},
                "context": {"diagnostics": []},
            },
        )
    assert "Plan and edit…" in titles(actions["result"])
    assert not any("disabled" in action for action in actions["result"])


async def test_a_problem_is_handed_back_as_it_came_and_named(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        fix, fix_all = (await here.ask(CURSOR, UNUSED, only=["quickfix"]))[:2]
    assert titles([fix, fix_all]) == [
        "Fix this problem: `os` imported but unused",
        "Fix all like this: `os` imported but unused",
    ]
    assert fix["diagnostics"] == [UNUSED]
    (arguments,) = fix["command"]["arguments"]
    assert arguments["problems"] == [
        {
            "path": "app.py",
            "line": 0,
            "message": "`os` imported but unused",
            "rule": "F401",
            "source": "Ruff",
        }
    ]


async def test_an_instruction_above_the_code_is_shown_in_the_title(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        around_cursor = await here.ask(CURSOR)
        selected = await here.ask(SELECTION)
        elsewhere = await here.ask((8, 0, 8, 0))
    assert "Plan and edit: multiply" in titles(around_cursor)
    assert "Plan and edit: multiply" in titles(selected)
    disabled = {action["title"] for action in elsewhere if "disabled" in action}
    assert len(disabled) == 4
    assert "comment right above" in elsewhere[0]["disabled"]["reason"]


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["refactor"], {"refactor.rewrite"}),
        (["refactor.rewrite"], {"refactor.rewrite"}),
        (["refactor.extract"], set()),
        (["source"], {"source.pairwright"}),
        (["source.fixAll"], set()),
        (["source.organizeImports", "quickfix"], {"quickfix"}),
        (["ref"], set()),
        ([""], {"quickfix", "refactor.rewrite", "source.pairwright"}),
        ([], set()),
    ],
)
async def test_only_the_kinds_that_are_asked_for_are_listed(
    tmp_path: Path, only: list[str], kinds: set[str]
) -> None:
    async with menu(tmp_path) as here:
        actions = await here.ask(SELECTION, UNUSED, only=only)
    assert {action["kind"] for action in actions} == kinds


async def test_while_a_cursor_moves_only_problems_and_selections_are_worth_a_word(
    tmp_path: Path,
) -> None:
    async with menu(tmp_path) as here:
        nothing = await here.ask(CURSOR, triggerKind=2)
        problem = await here.ask(CURSOR, UNUSED, triggerKind=2)
        selection = await here.ask(SELECTION, triggerKind=2)
        on_save = await here.ask(SELECTION, only=["source"], triggerKind=2)
    assert (nothing, on_save) == ([], [])
    assert {action["kind"] for action in problem} == {"quickfix"}
    assert {action["kind"] for action in selection} == {"refactor.rewrite"}


async def test_a_client_without_literals_gets_commands(tmp_path: Path) -> None:
    async with menu(tmp_path, {}) as here:
        listed = await here.ask(CURSOR, UNUSED)
    assert {each["command"] for each in listed} == {*commands.COMMANDS} - {commands.EDIT}
    for each in listed:
        assert isinstance(structure(types.Command, each), types.Command)


async def test_what_a_client_cannot_show_is_not_sent(tmp_path: Path) -> None:
    async with menu(tmp_path, LITERALS) as here:
        actions = await here.ask((8, 0, 8, 0))
    assert "Plan and edit…" in titles(actions)
    assert not any("disabled" in action or "data" in action for action in actions)


async def test_a_client_that_asks_for_instructions_itself_can_choose_all(tmp_path: Path) -> None:
    ours = {"pairwright": {"instruction": True}}
    async with menu(tmp_path, experimental=ours) as here:
        actions = await here.ask((8, 0, 8, 0))
    assert not any("disabled" in action for action in actions)


async def test_an_action_gets_its_command_back_from_its_data(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        for action in await here.ask(CURSOR, UNUSED):
            bare = {key: value for key, value in action.items() if key != "command"}
            resolved = (await here.client.call("codeAction/resolve", bare))["result"]
            assert resolved == action
            assert (await here.client.call("codeAction/resolve", action))["result"] == action


@pytest.mark.parametrize(
    "data",
    [
        None,
        "x",
        {"command": "rm", "arguments": []},
        {"command": "pairwright.edit"},
        {"command": "pairwright.edit", "arguments": [{"uri": 5}]},
        {"command": ["pairwright.edit"], "arguments": []},
    ],
)
async def test_data_that_is_none_of_ours_is_refused(tmp_path: Path, data: Any) -> None:
    async with menu(tmp_path) as here:
        answer = await here.client.call("codeAction/resolve", {"title": "x", "data": data})
    assert answer["error"]["code"] == -32602


@pytest.mark.parametrize(
    "uri", ["file:///elsewhere/app.py", "untitled:1", "file:///", "", "http://x/y", "file:///a%00"]
)
async def test_for_what_is_no_file_of_the_workspace_nothing_is_listed(
    tmp_path: Path, uri: str
) -> None:
    async with menu(tmp_path) as here:
        assert await here.ask(CURSOR, uri=uri or "x") == []


async def test_places_beyond_the_text_are_places_at_its_end(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        assert await here.ask((900, 900, 9000, 9000))
        assert await here.ask((6, 0, 4, 0))
    async with menu(tmp_path / "empty", text="") as here:
        assert await here.ask((0, 0, 0, 0))


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        {"textDocument": {"uri": "file:///a"}},
        {"textDocument": {"uri": 5}, "range": {}, "context": {}},
    ],
)
async def test_params_of_another_shape_are_refused(tmp_path: Path, params: Any) -> None:
    async with menu(tmp_path) as here:
        answer = await here.client.call("textDocument/codeAction", params)
    assert answer["error"]["code"] == -32602


async def test_many_problems_make_a_short_list(tmp_path: Path) -> None:
    async with menu(tmp_path) as here:
        actions = await here.ask(CURSOR, *[UNUSED] * 500, only=["quickfix"])
        blank = await here.ask(CURSOR, {**UNUSED, "message": " "}, only=["quickfix"])
    assert len(actions) == 20
    assert blank == []


@pytest.mark.parametrize("editor", ["visual-studio-code", "neovim"])
async def test_an_editor_as_it_is_gets_a_menu(tmp_path: Path, editor: str) -> None:
    known = unstructure(client_capabilities(editor))
    async with (
        open_desk(tmp_path, {"app.py": CODE}) as desk,
        connected(desk.session, root=desk.root) as client,
    ):
        client.ask(0, "initialize", {"processId": None, "rootUri": None, "capabilities": known})
        answer = await client.receive()
        here = Menu(client, desk)
        here.open()
        actions = await here.ask(CURSOR, UNUSED)
    offered = answer["result"]["capabilities"]
    assert offered["codeActionProvider"]["resolveProvider"] is True
    assert {*offered["executeCommandProvider"]["commands"]} >= {*commands.COMMANDS}
    assert set(names(actions)) == {*commands.COMMANDS} - {commands.EDIT}
