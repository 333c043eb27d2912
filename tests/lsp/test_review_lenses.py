"""Can a change be decided by code lenses alone, in an editor that has no extension of ours?"""

from pathlib import Path
from typing import Any

import pytest
from pytest_lsp import client_capabilities

from pairwright.editing.change import FileEditKind
from pairwright.lsp.review.cost_lenses import Receipts
from pairwright.lsp.stream.wire import unstructure
from pairwright.protocol.messages import RunParams
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import given
from tests.lsp.peers import RUN_RESULT, FakeSession
from tests.lsp.reviewing_editor import MODERN, PLAIN, PlainEditor, reviewing_editor
from tests.support.answers import answer, block

LINES = "".join(f"line{number} = {number}\n" for number in range(20))
FILES = {"a.py": LINES, "b.py": "b = 1\n"}
CHANGE = answer(
    block("a.py", "line2 = 2\n", "line2 = 22\n"),
    block("a.py", "line15 = 15\n", "line15 = 150\n"),
    block("b.py", "b = 1\n", "b = 2\n"),
)
KEPT_FIRST = LINES.replace("line2 = 2\n", "line2 = 22\n")
KEPT = KEPT_FIRST.replace("line15 = 15\n", "line15 = 150\n")
REVIEWING = {**MODERN, "experimental": {"pairwright": {"review": True}}}
BUILD = {"Makefile": "all:\n\techo 1\n"}
BUILD_CHANGE = answer(block("Makefile", "\techo 1\n", "\techo 2\n"))


def titles(lenses: list[Any]) -> list[tuple[int, str]]:
    return [(each["range"]["start"]["line"], each["command"]["title"]) for each in lenses]


async def opened(editor: PlainEditor, path: str = "a.py") -> str:
    """Open a file and have the scripted change made; returns the file's URI."""
    uri = editor.uri(path)
    editor.open(uri, editor.desk.read(path))
    await editor.lenses(uri)
    file = {} if path == "a.py" else {"file": path}
    await editor.desk.run("Count differently.", **file)
    return uri


def of_hunk(lenses: list[Any], line: int, title: str) -> Any:
    (found,) = (
        each
        for each in lenses
        if each["range"]["start"]["line"] == line and each["command"]["title"] == title
    )
    return found


async def test_each_hunk_has_lenses_at_its_place_and_the_file_has_some_at_the_top(
    tmp_path: Path,
) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        assert await editor.lenses(await opened(editor)) != []
        assert titles(await editor.lenses(editor.uri("a.py"))) == [
            (0, "Keep file (2 hunks: Count differently.)"),
            (0, "Discard file"),
            (0, "Show diff"),
            (0, "applies ✓ parses ✓ problems – tests –"),
            (2, "Keep"),
            (2, "Discard"),
            (15, "Keep"),
            (15, "Discard"),
        ]


async def test_the_gates_lens_says_why_it_says_so(tmp_path: Path) -> None:
    broken = answer(block("a.py", "line2 = 2\n", "line2 = (\n"))
    async with reviewing_editor(tmp_path, FILES, [broken] * 4) as editor:
        uri = await opened(editor)
        said = await editor.pick(uri, "applies ✓ parses ✗")
        assert said["isDone"]
        assert said["message"].startswith("The gate is not content: applies ✓ parses ✗")
        assert "parses: " in said["message"]
        assert editor.texts[uri] == LINES


async def test_lenses_move_with_what_is_typed(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        editor.type(uri, LINES.replace("line9", "# one\n# two\nline9"))
        places = [line for line, title in titles(await editor.lenses(uri)) if title == "Keep"]
        assert places == [2, 17]


async def test_a_hunk_that_no_longer_fits_has_no_lens_and_is_counted(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        editor.type(uri, LINES.replace("line2 = 2\n", "other = 2\n"))
        shown = titles(await editor.lenses(uri))
        assert [line for line, title in shown if title == "Keep"] == [15]
        assert "1 hunk no longer fit" in shown[0][1]
        kept = await editor.pick(uri, "Keep what fits")
        assert kept["isDone"]
        assert "line15 = 150\n" in editor.texts[uri]


async def test_keeping_a_hunk_of_an_open_file_is_an_edit_of_that_version(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        kept = await editor.run_lens(of_hunk(await editor.lenses(uri), 2, "Keep"))
        assert kept["isDone"]
        assert kept["pending"] == 2
        assert editor.texts[uri] == KEPT_FIRST
        (asked,) = editor.asked("workspace/applyEdit")
        (part,) = asked["edit"]["documentChanges"]
        assert part["textDocument"] == {"uri": uri, "version": 1}
        (annotation,) = asked["edit"]["changeAnnotations"].values()
        assert annotation == {"label": "Pairwright: Count differently.", "needsConfirmation": False}
        assert {each["annotationId"] for each in part["edits"]} == set(
            asked["edit"]["changeAnnotations"]
        )
        shown = titles(await editor.lenses(uri))
        assert shown[0] == (0, "Keep file (1 hunk: Count differently.)")
        assert editor.desk.read("b.py") == "b = 1\n"


async def test_keeping_a_file_keeps_all_of_it_and_nothing_else(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        await editor.pick(uri, "Keep file")
        assert editor.texts[uri] == KEPT
        assert editor.desk.read("b.py") == "b = 1\n"
        assert await editor.lenses(uri) == []


async def test_discarding_decides_and_writes_nothing(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        discarded = await editor.run_lens(of_hunk(await editor.lenses(uri), 15, "Discard"))
        assert discarded == {"isDone": True, "message": "", "pending": 2}
        assert (await editor.pick(uri, "Discard file"))["pending"] == 1
        assert await editor.lenses(uri) == []
        assert editor.texts[uri] == LINES
        assert editor.asked("workspace/applyEdit") == []


async def test_the_editor_is_told_to_ask_anew(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        await editor.until_method("workspace/codeLens/refresh")
        await editor.pick(uri, "Discard file")
        await editor.until_method("workspace/codeLens/refresh")


async def test_an_editor_that_cannot_is_not_told(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities=PLAIN) as editor:
        uri = await opened(editor)
        await editor.pick(uri, "Keep file")
        (asked,) = editor.asked("workspace/applyEdit")
        assert "changeAnnotations" not in asked["edit"]
        assert list(asked["edit"]["changes"]) == [uri]
        assert editor.asked("workspace/codeLens/refresh") == []


@pytest.mark.parametrize("name", ["visual-studio-code", "neovim"])
async def test_an_editor_as_it_is_decides_by_lenses(tmp_path: Path, name: str) -> None:
    known = unstructure(client_capabilities(name))
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities=known) as editor:
        uri = await opened(editor)
        await editor.run_lens(of_hunk(await editor.lenses(uri), 15, "Discard"))
        await editor.pick(uri, "Show diff")
        assert len(editor.asked("window/showDocument")) == 1
        assert (await editor.pick(uri, "Keep file"))["isDone"]
        assert editor.texts[uri] == KEPT_FIRST


async def test_an_editor_with_a_review_of_its_own_gets_no_lenses(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities=REVIEWING) as editor:
        assert await editor.lenses(await opened(editor)) == []


@pytest.mark.parametrize("capabilities", [MODERN, REVIEWING])
async def test_a_doubtful_change_is_confirmed_once_where_it_is_reviewed_or_where_it_is_made(
    tmp_path: Path, capabilities: dict[str, Any]
) -> None:
    broken = answer(block("a.py", "line2 = 2\n", "line2 = (\n"))
    async with reviewing_editor(tmp_path, FILES, [broken] * 4, capabilities=capabilities) as editor:
        uri = await opened(editor)
        (change,) = editor.desk.session.changes.waiting().changes
        await editor.result("pairwright/accept", {"taskId": change.task_id})
        assert "line2 = (\n" in editor.texts[uri]
        (asked,) = editor.asked("workspace/applyEdit")
        (annotation,) = asked["edit"]["changeAnnotations"].values()
        assert annotation["needsConfirmation"] == (capabilities is MODERN)
        assert annotation["description"] == "the gate is not content with this change"


async def test_a_refused_edit_gets_its_reason_and_stays_to_be_decided(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        editor.refuses = "the buffer is read-only"
        kept = await editor.pick(uri, "Keep file")
        assert not kept["isDone"]
        assert "the buffer is read-only" in kept["message"]
        assert "the buffer is read-only" in editor.messages()[-1]
        assert titles(await editor.lenses(uri))[0][1].startswith("Keep file (2 hunks")


async def test_a_stale_lens_says_what_was_decided_before(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        uri = await opened(editor)
        lenses = await editor.lenses(uri)
        await editor.run_lens(of_hunk(lenses, 2, "Keep"))
        again = await editor.run_lens(of_hunk(lenses, 2, "Discard"))
        assert not again["isDone"]
        assert "is kept already" in editor.messages()[-1]
        await editor.pick(uri, "Discard file")
        after = await editor.run_lens(of_hunk(lenses, 0, "Discard file"))
        assert "nothing of 'a.py' waits" in after["message"]
        assert editor.texts[uri] == KEPT_FIRST


@pytest.mark.parametrize("says", ["Keep it too", "Leave it out", None])
async def test_a_protected_file_is_kept_only_with_a_yes_by_its_name(
    tmp_path: Path, says: str | None
) -> None:
    async with reviewing_editor(tmp_path, BUILD, [BUILD_CHANGE], says=says) as editor:
        uri = await opened(editor, "Makefile")
        kept = await editor.pick(uri, "Keep file")
        (question,) = editor.asked("window/showMessageRequest")
        assert "Makefile" in question["message"]
        assert kept["isDone"] == (says == "Keep it too")
        assert (editor.texts[uri] != BUILD["Makefile"]) == (says == "Keep it too")
        for asked in editor.asked("workspace/applyEdit"):
            (annotation,) = asked["edit"]["changeAnnotations"].values()
            assert annotation["needsConfirmation"]
            assert "Makefile" in annotation["description"]


async def test_an_editor_that_cannot_ask_keeps_no_protected_file(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, BUILD, [BUILD_CHANGE], capabilities=PLAIN) as editor:
        uri = await opened(editor, "Makefile")
        kept = await editor.pick(uri, "Keep file")
        assert not kept["isDone"]
        assert "Makefile is kept only with your yes" in editor.messages()[-1]


async def test_a_file_that_does_not_exist_yet_is_decided_on_its_virtual_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.CREATE, "new.py", "x = 1\n")
    async with reviewing_editor(tmp_path, FILES) as editor:
        result = await editor.desk.run("Make it.", strategy="given")
        uri = f"pairwright:/change/{result.task_id}/proposed/new.py"
        editor.open(uri, await editor.content(uri))
        await editor.pick(uri, "Keep file")
        assert editor.desk.read("new.py") == "x = 1\n"


async def test_a_whole_change_is_decided_on_its_diff(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        result = await editor.desk.run("Count differently.")
        await editor.pick(f"pairwright:/change/{result.task_id}.diff", "Keep all (3 hunks)")
        assert editor.desk.read("a.py") == KEPT
        assert editor.desk.read("b.py") == "b = 2\n"


@pytest.mark.parametrize("uri", ["untitled:x", "file:///etc/passwd", "pairwright:/x", "a.py", ""])
async def test_no_lenses_elsewhere(tmp_path: Path, uri: str) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        await opened(editor)
        answer = await editor.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
        assert answer.get("result", []) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [{}],
        [None],
        ["t1"],
        [{"taskId": "t1"}],
        [{"taskId": "t1", "hunkIds": []}],
        [{"taskId": 3, "hunkIds": ["h1"]}],
        [{"taskId": "t1", "hunkIds": "h1"}],
        [{"taskId": "t1", "hunkIds": ["h1"], "other": 1}],
        [{"taskId": "t1", "hunkIds": ["h1"]}, {"taskId": "t1", "hunkIds": ["h1"]}],
    ],
)
async def test_arguments_that_make_no_sense_are_an_error(
    tmp_path: Path, arguments: list[Any]
) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        for name in ("keepHunk", "discardHunk"):
            answer = await editor.execute(name, *arguments)
            assert answer["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("command", "argument", "reason"),
    [
        ("keepHunk", {"taskId": "beef", "hunkIds": ["h1"]}, "no task 'beef'"),
        ("discardFile", {"taskId": "beef", "path": "a.py"}, "no task 'beef'"),
        ("keepFile", {"taskId": "beef", "path": "../a.py"}, "../a.py"),
        ("showDiff", {"taskId": "beef"}, "no task 'beef'"),
        ("showVerdict", {"taskId": "beef"}, "no task 'beef'"),
        ("showReceipt", {"taskId": "beef"}, "nothing was spent"),
        ("showPlan", {"planId": "beef"}, "no plan 'beef'"),
    ],
)
async def test_what_is_not_there_is_told_to_the_person(
    tmp_path: Path, command: str, argument: dict[str, Any], reason: str
) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        answer = (await editor.execute(command, argument))["result"]
        assert not answer["isDone"]
        assert reason in answer["message"]
        assert reason in editor.messages()[-1]


async def test_a_hunk_of_another_change_is_none_of_this_one(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        result = await editor.desk.run("Count differently.")
        argument = {"taskId": result.task_id, "hunkIds": ["h9"]}
        answer = (await editor.execute("keepHunk", argument))["result"]
        assert "no hunk 'h9'" in answer["message"]
        assert editor.desk.read("a.py") == LINES


async def test_after_a_task_its_receipt_stands_at_the_focus(tmp_path: Path) -> None:
    change = answer(block("a.py", "line5 = 5\n", "line5 = 55\n"))
    async with reviewing_editor(tmp_path, FILES, [change]) as editor:
        uri = editor.uri("a.py")
        editor.open(uri, LINES)
        await editor.lenses(uri)
        focus = {"file": "a.py", "firstLine": 4, "lastLine": 6}
        await editor.result("pairwright/run", {"instruction": "Go.", "strategy": "weak", **focus})
        (receipt,) = (each for each in await editor.lenses(uri) if "$" in each["command"]["title"])
        assert receipt["range"]["start"]["line"] == 4
        shown = await editor.run_lens(receipt)
        receipt_text = await editor.content(shown["uri"])
        assert "| weak | scripted/weak | 1 |" in receipt_text
        assert "\n\nthe gate found nothing wrong; no tests were run.\n\n" in receipt_text


def test_a_receipt_is_shown_for_a_while_and_within_the_text() -> None:
    now = 0.0
    receipts = Receipts(FakeSession(), lambda: now)
    receipts.ended(RunParams(instruction="x", file="a.py", first_line=9), RUN_RESULT)
    path = WorkspacePath("a.py")
    assert [each.range.start.line for each in receipts.lenses(path, 3)] == [3]
    assert list(receipts.lenses(WorkspacePath("b.py"), 3)) == []
    now = 301.0
    assert list(receipts.lenses(path, 3)) == []
