"""Does each command do its task in the background, and is the person asked what becomes of it?"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from pairwright.errors import UserError
from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.protocol import messages
from tests.engine.desks import open_desk
from tests.lsp.peers import FakeSession, NoOutline, OnEvent, connected
from tests.lsp.plain_editor import (
    ASKS,
    BELOW,
    CODE,
    CURSOR,
    MULTIPLIED,
    MULTIPLY,
    PLAN,
    SHOWS,
    Editor,
    call,
    editing,
)
from tests.support.answers import answer, block, edit


async def test_the_comment_above_is_the_instruction_and_goes_with_the_change(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path, [MULTIPLY], says="Keep all") as editor:
        answered = await editor.execute("edit")
        assert answered["result"] is None
        assert await editor.told() == "Pairwright: Kept: app.py"
        assert editor.desk.read("app.py") == MULTIPLIED
        (question,) = editor.questions()
        asked = editor.desk.prompts()
    assert "Task: multiply\n(This is about lines 5 to 6 of app.py.)" in asked
    assert question["message"].startswith("Pairwright: multiply – 2 hunks in 1 file: ")
    assert "It cost $0.0" in question["message"]
    assert [action["title"] for action in question["actions"]] == ["Keep all", "Discard"]


async def test_an_argument_says_it_before_the_comment_which_stays(tmp_path: Path) -> None:
    async with editing(tmp_path, [MULTIPLY], says="Keep all") as editor:
        await editor.execute("editWeak", instruction="Use the operator.")
        await editor.told()
        assert "# pw: multiply\n" in editor.desk.read("app.py")
        assert "Task: Use the operator." in editor.desk.prompts()


async def test_the_strong_model_plans_and_edits_where_the_command_says_so(tmp_path: Path) -> None:
    async with editing(tmp_path, [MULTIPLY], [PLAN, MULTIPLY], says="Discard") as editor:
        await editor.execute("planAndEdit")
        await editor.until(lambda each: each.get("method") == "window/showMessageRequest")
        await editor.execute("editStrong")
        await editor.until(lambda each: each.get("method") == "window/showMessageRequest")
        strong, weak = editor.desk.strong, editor.desk.weak
        assert (len(strong.requests), len(weak.requests)) == (2, 1)  # type: ignore[attr-defined]


async def test_a_discarded_change_is_gone(tmp_path: Path) -> None:
    async with editing(tmp_path, [MULTIPLY], says="Discard") as editor:
        await editor.execute("edit")
        await editor.until(lambda each: each.get("method") == "window/showMessageRequest")
        await editor.client.call("pairwright/status")
        assert editor.desk.session.changes.waiting().changes == ()
        assert editor.desk.read("app.py") == CODE


@pytest.mark.parametrize("says", [None, "Whatever"])
async def test_a_question_without_an_answer_leaves_the_change_waiting(
    tmp_path: Path, says: str | None
) -> None:
    async with editing(tmp_path, [MULTIPLY], says=says) as editor:
        await editor.execute("edit")
        await editor.until(lambda each: each.get("method") == "window/showMessageRequest")
        await editor.client.call("pairwright/status")
        assert len(editor.desk.session.changes.waiting().changes) == 1
        assert editor.desk.read("app.py") == CODE


async def test_a_client_that_cannot_ask_is_told_that_a_change_waits(tmp_path: Path) -> None:
    async with editing(tmp_path, [MULTIPLY], window={}) as editor:
        await editor.execute("edit")
        assert (await editor.told()).endswith("It waits for a decision.")
        assert editor.questions() == []


async def test_a_client_that_reviews_by_itself_is_not_asked(tmp_path: Path) -> None:
    ours = {"pairwright": {"review": True}}
    async with editing(tmp_path, [MULTIPLY, "So."], experimental=ours, window=ASKS) as editor:
        await editor.execute("edit")
        await editor.until(lambda each: each.get("method") == "pairwright/change")
        await editor.execute("explain")
        await editor.told()
        assert editor.questions() == []
        assert len(editor.desk.session.changes.waiting().changes) == 1


@pytest.mark.parametrize(
    ("says", "kept"), [("Keep all; Keep it too", "false"), ("Keep all; Leave it out", "true")]
)
async def test_a_file_that_can_run_code_is_asked_for_by_name(
    tmp_path: Path, says: str, kept: str
) -> None:
    files = {"app.py": CODE, "Makefile": "all:\n\ttrue\n"}
    both = answer(
        block("app.py", "    return x + x\n", "    return 2 * x\n"),
        block("Makefile", "\ttrue\n", "\tfalse\n"),
    )
    async with editing(tmp_path, [both], files=files, says=says) as editor:
        uri = (editor.desk.root / "Makefile").as_uri()
        await editor.execute("edit", uri=uri, instruction="Change app.py, too.")
        await editor.told()
        assert editor.desk.read("Makefile") == f"all:\n\t{kept}\n"
        assert "2 * x" in editor.desk.read("app.py")
        assert "obey Makefile" in editor.questions()[1]["message"]


async def test_an_instruction_that_is_missing_is_told_with_the_way_to_give_one(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path) as editor:
        for command in ("edit", "editWeak", "editStrong", "planAndEdit", "refactor"):
            assert (await editor.execute(command, range=BELOW))["result"] is None
            message = editor.heard[-1]["params"]
            assert message["type"] == 1
            assert "`pw: make this async`" in message["message"]
        assert editor.desk.session.status().tasks == ()


async def test_progress_is_shown_under_a_token_of_ours_from_begin_to_end(tmp_path: Path) -> None:
    async with editing(tmp_path, [MULTIPLY], window=SHOWS) as editor:
        await editor.execute("edit")
        await editor.told()
        created = next(each for each in editor.heard if "create" in each["method"])
        shown = editor.progress()
    assert {each["token"] for each in shown} == {created["params"]["token"]}
    kinds = [each["value"]["kind"] for each in shown]
    assert (kinds[0], kinds[-1]) == ("begin", "end")
    assert set(kinds[1:-1]) == {"report"}
    assert shown[0]["value"] == {"kind": "begin", "title": "Edit", "cancellable": True}
    assert not any("return 2" in str(each) for each in shown)


def kind_of(message: Any) -> Any:
    value = message.get("params", {}).get("value")
    return value.get("kind") if isinstance(value, dict) else None


async def test_a_client_that_refuses_the_token_is_shown_nothing() -> None:
    async def script(on_event: OnEvent) -> messages.RunResult:
        await on_event(messages.ProgressMade(step="load", done=1))
        raise UserError("that is all")

    async with connected(FakeSession(script=script)) as client:
        await client.initialize(window=SHOWS)
        uri = "file:///workspace/a.py"
        document = {"uri": uri, "languageId": "p", "version": 1, "text": "a\n"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.ask(1, "workspace/executeCommand", call("edit", [{"uri": uri, "instruction": "x"}]))
        first = [await client.receive() for _ in range(2)]
        (create,) = [each for each in first if "method" in each]
        error = {"code": -32601, "message": "no"}
        client.send({"jsonrpc": "2.0", "id": create["id"], "error": error})
        shown = await client.receive()
    assert shown["params"]["message"] == "Pairwright: Edit: that is all"


async def endless(on_event: OnEvent) -> messages.RunResult:
    await asyncio.Event().wait()
    raise AssertionError


async def test_pressing_its_end_cancels_the_task_and_no_other(tmp_path: Path) -> None:
    session = FakeSession(script=endless, queries=NoOutline(), texts={})
    async with connected(session) as client:
        await client.initialize(window=SHOWS)
        editor = Editor(client, desk=None)  # type: ignore[arg-type]
        document = {"uri": "file:///workspace/a.py", "languageId": "p", "version": 1, "text": "a\n"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        passed = [{"uri": document["uri"], "instruction": "x"}]
        client.ask(1, "workspace/executeCommand", call("edit", passed))
        begun = await editor.until(lambda each: kind_of(each) == "begin")
        for token in ("other", 5, None, {"a": 1}):
            client.notify("window/workDoneProgress/cancel", {"token": token})
        client.notify("window/workDoneProgress/cancel", [])
        client.notify("window/workDoneProgress/cancel", {"token": begun["params"]["token"]})
        ended = await editor.until(lambda each: kind_of(each) == "end")
        client.notify("window/workDoneProgress/cancel", {"token": begun["params"]["token"]})
        assert (await client.call("pairwright/status"))["result"]["clients"] == 1
    assert ended["params"]["value"]["message"] == "cancelled"
    assert session.was_cancelled


async def test_a_client_that_leaves_takes_its_tasks_along() -> None:
    session = FakeSession(script=endless, queries=NoOutline())
    async with connected(session) as client:
        await client.initialize()
        document = {"uri": "file:///workspace/a.py", "languageId": "p", "version": 1, "text": "a\n"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        passed = [{"uri": document["uri"], "instruction": "x"}]
        assert (await client.call("workspace/executeCommand", call("edit", passed)))["id"] == 7
        assert (await client.call("pairwright/status"))["id"] == 7
    assert session.was_cancelled


async def test_too_many_tasks_at_once_are_refused() -> None:
    session = FakeSession(script=endless, queries=NoOutline())
    async with connected(session) as client:
        await client.initialize()
        document = {"uri": "file:///workspace/a.py", "languageId": "p", "version": 1, "text": "a\n"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        passed = [{"uri": document["uri"], "instruction": "x"}]
        for _ in range(8):
            await client.call("workspace/executeCommand", call("edit", passed))
        refused = await client.call("workspace/executeCommand", call("edit", passed))
    assert "8 tasks are running" in refused["params"]["message"]
    assert len(session.runs) == 8


async def test_a_question_that_nobody_answers_keeps_no_task_from_running(tmp_path: Path) -> None:
    ready = [edit("app.py", "y = 1\n", f"y = {number}\n") for number in range(2, 11)]
    async with editing(tmp_path, ready) as editor:
        editor.replies = False
        for number in range(9):
            await editor.execute("edit", instruction="x")
            await editor.until(lambda each: each.get("method") == "window/showMessageRequest")
            assert len(editor.questions()) == number + 1


async def test_a_failure_is_told_since_the_request_was_answered_long_ago(tmp_path: Path) -> None:
    async with editing(tmp_path, ["nothing of use"] * 30) as editor:
        await editor.execute("edit")
        assert "nothing was written" in await editor.told()
        await editor.execute("explain", uri=(editor.desk.root / "gone.py").as_uri())
    async with connected(FakeSession(error=KeyError("/secret"))) as client:
        await client.initialize()
        uri = "file:///workspace/a.py"
        document = {"uri": uri, "languageId": "p", "version": 1, "text": "a\n"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.ask(1, "workspace/executeCommand", call("edit", [{"uri": uri, "instruction": "x"}]))
        shown = [await client.receive() for _ in range(2)]
    (message,) = [each for each in shown if "params" in each]
    assert "incident" in message["params"]["message"]
    assert "secret" not in str(shown)


async def test_an_explanation_is_shown_and_nothing_asked(tmp_path: Path) -> None:
    async with editing(tmp_path, ["It **doubles**."]) as editor:
        await editor.execute("explain")
        assert await editor.told() == "Pairwright: Explain: app.py\n\nIt **doubles**."
        assert editor.questions() == []
        assert editor.desk.read("app.py") == CODE


async def test_problems_reach_the_models(tmp_path: Path) -> None:
    fixed = edit("app.py", "import os\n", "")
    problem = {"path": "app.py", "line": 0, "message": "unused import", "rule": "F401"}
    async with editing(tmp_path, [fixed], says="Keep all") as editor:
        await editor.execute("fix", problems=[problem])
        await editor.told()
        assert editor.desk.read("app.py").startswith("\n\n# pw: multiply\n")
        assert "app.py:1: unused import [F401]" in editor.desk.prompts()


async def test_the_last_change_is_taken_back(tmp_path: Path) -> None:
    async with editing(tmp_path, [MULTIPLY], says="Keep all") as editor:
        await editor.execute("edit")
        await editor.told()
        await editor.execute("undo")
        assert editor.heard[-1]["params"]["message"] == "Pairwright: Taken back: app.py"
        assert editor.desk.read("app.py") == CODE
        nothing = await editor.execute("undo")
    assert nothing["error"]["code"] == -32803


@pytest.mark.parametrize(
    ("command", "passed"),
    [
        ("pairwright.nothing", []),
        ("", []),
        ("edit", []),
        ("edit", None),
        ("edit", [None]),
        ("edit", [5]),
        ("edit", [{}]),
        ("edit", [{"uri": 5}]),
        ("edit", [{"uri": "file:///elsewhere/a.py"}]),
        ("edit", [{"uri": "untitled:1"}]),
        ("edit", [{"uri": "APP", "unknown": 1}]),
        ("edit", [{"uri": "APP", "budgetUsd": 0.5}]),
        ("edit", [{"uri": "APP", "range": {"start": {"line": 0}}}]),
        ("edit", [{"uri": "APP", "range": 5}]),
        ("edit", [{"uri": "APP"}, {"uri": "APP"}]),
        ("fix", [{"uri": "APP", "problems": [{"line": 1}]}]),
        ("undo", [{"uri": "APP"}]),
    ],
)
async def test_arguments_of_another_shape_are_refused(
    tmp_path: Path, command: str, passed: Any
) -> None:
    async with editing(tmp_path) as editor:
        for each in passed or []:
            if isinstance(each, dict) and each.get("uri") == "APP":
                each["uri"] = (editor.desk.root / "app.py").as_uri()
        answered = await editor.client.call("workspace/executeCommand", call(command, passed))
        assert answered["error"]["code"] == -32602
        assert editor.desk.session.status().tasks == ()


@pytest.mark.parametrize("params", [None, [], {}, {"command": 5}, {"command": "x", "arguments": 5}])
async def test_params_of_another_shape_are_refused(tmp_path: Path, params: Any) -> None:
    async with editing(tmp_path) as editor:
        answered = await editor.client.call("workspace/executeCommand", params)
    assert answered["error"]["code"] == -32602


async def test_a_file_that_is_not_there_is_told_and_a_range_beyond_the_text_is_its_end(
    tmp_path: Path,
) -> None:
    far = {"start": {"line": 900, "character": 9}, "end": {"line": 999, "character": 9}}
    async with editing(tmp_path, [MULTIPLY], says="Discard") as editor:
        gone = await editor.execute("edit", uri=(editor.desk.root / "gone.py").as_uri())
        assert gone["error"]["code"] == -32803
        await editor.execute("edit", range=far, instruction="x")
        await editor.until(lambda each: each.get("method") == "window/showMessageRequest")
        assert "(This is about lines" in editor.desk.prompts()


@pytest.mark.parametrize("editor_name", ["visual-studio-code", "neovim"])
async def test_an_editor_as_it_is_picks_runs_keeps_and_takes_back(
    tmp_path: Path, editor_name: str
) -> None:
    known = unstructure(client_capabilities(editor_name))
    async with (
        open_desk(tmp_path, {"app.py": CODE}, [MULTIPLY], strategy="weak") as desk,
        connected(desk.session, root=desk.root) as client,
    ):
        client.ask(0, "initialize", {"processId": None, "rootUri": None, "capabilities": known})
        offered = (await client.receive())["result"]["capabilities"]
        assert structure(types.ServerCapabilities, offered).execute_command_provider
        client.notify("initialized", {})
        editor = Editor(client, desk, says="Keep all")
        uri = (desk.root / "app.py").as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": CODE}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.ask(
            1,
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": CURSOR,
                "context": {"diagnostics": [], "triggerKind": 1, "only": ["refactor"]},
            },
        )
        menu = (await editor.until(lambda each: each.get("id") == 1))["result"]
        (picked,) = (each for each in menu if "weak model" in each["title"])
        command = picked["command"]
        client.ask(7, "workspace/executeCommand", {k: command[k] for k in ("command", "arguments")})
        applied = await editor.until(lambda each: each.get("method") == "workspace/applyEdit")
        assert "Kept: app.py" in await editor.told()
        assert (await editor.execute("undo"))["result"] is None
    assert "Taken back: app.py" in editor.heard[-1]["params"]["message"]
    assert uri in str(applied["params"]["edit"])
    begun = [each["value"]["kind"] for each in editor.progress()]
    assert (begun[0], begun[-1]) == ("begin", "end")
