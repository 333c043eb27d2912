"""Can an editor read a change, a plan and a receipt as documents, and nothing else that way?"""

import stat
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.lsp.documents.virtual import (
    ChangeDocument,
    NamedDocument,
    VirtualName,
    read_uri,
    to_uri,
)
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.protocol import messages, plan_messages
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import given
from tests.lsp.reviewing_editor import MODERN, PLAIN, PlainEditor, reviewing_editor
from tests.support.answers import answer, block

FILES = {"a.py": "a = 1\n", "sub dir/b.py": "b = 1\nc = 1\n"}
CHANGE = answer(block("a.py", "a = 1\n", "a = 2\n"), block("sub dir/b.py", "b = 1\n", "b = 2\n"))
PLAN = "# Plan\n\nCount.\n\n## 1. Set a\n\n- files: `a.py`\n"


def change_uri(result: messages.RunResult, tail: str) -> str:
    return f"pairwright:/change/{result.task_id}{tail}"


@pytest.mark.parametrize(
    "name",
    [
        ChangeDocument("ab12"),
        ChangeDocument("ab12", "diff", WorkspacePath("sub dir/ä#.py")),
        ChangeDocument("ab12", "proposed", WorkspacePath("a.diff")),
        NamedDocument("plan", "ab12"),
        NamedDocument("receipt", "ab12"),
    ],
)
def test_a_name_survives_its_uri(name: VirtualName) -> None:
    assert read_uri(to_uri(name)) == name


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "pairwright:",
        "pairwright:/",
        "pairwright:change/t1.diff",
        "pairwright://host/change/t1.diff",
        "pairwright:/change/t1.diff?x=1",
        "pairwright:/change/t1.diff#x",
        "pairwright:/change/../t1.diff",
        "pairwright:/change/t1/proposed/",
        "pairwright:/change/t1/proposed/../../etc/passwd",
        "pairwright:/change/t1/proposed/%2e%2e/secret",
        "pairwright:/change/t1/proposed//etc/passwd",
        "pairwright:/change/t1/proposed/%2Fetc%2Fpasswd",
        "pairwright:/change/t1/proposed/a%00.py",
        "pairwright:/change/t1/written/a.py",
        "pairwright:/change/t1/diff/a.py",
        "pairwright:/plan/t1",
        "pairwright:/plan/../change/t1.md",
        "pairwright:/plan/T1.md",
        "pairwright:/secret/t1.md",
        "file:///etc/passwd",
        "http://127.0.0.1/change/t1.diff",
        "pairwright:/plan/" + "a" * 100 + ".md",
        "pairwright:/change/t1/proposed/" + "a/" * 9000,
        "//[",
    ],
)
async def test_other_names_are_refused(uri: str, tmp_path: Path) -> None:
    with pytest.raises(ProtocolError):
        read_uri(uri)


async def test_a_refused_name_is_an_error_with_its_name_and_no_path(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        for uri in ("file:///etc/passwd", "pairwright:/change/t1/proposed/../../../x"):
            error = (await editor.call("workspace/textDocumentContent", {"uri": uri}))["error"]
            assert error["code"] == -32602
            assert "is no document of Pairwright" in error["message"]
            assert str(tmp_path) not in error["message"]


@pytest.mark.parametrize("params", [None, {}, {"uri": 3}, {"uri": None}, [], "x"])
async def test_params_of_a_wrong_type_are_refused(tmp_path: Path, params: Any) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        answer = await editor.call("workspace/textDocumentContent", params)
        assert answer["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("pairwright:/change/beef.diff", "no task 'beef'"),
        ("pairwright:/change/beef/proposed/a.py", "no task 'beef'"),
        ("pairwright:/plan/beef.md", "no plan 'beef'"),
        ("pairwright:/receipt/beef.md", "nothing was spent on a task 'beef'"),
        ("pairwright:/text/beef.md", "no text 'beef'"),
    ],
)
async def test_what_does_not_exist_is_said(tmp_path: Path, uri: str, reason: str) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        error = (await editor.call("workspace/textDocumentContent", {"uri": uri}))["error"]
        assert error["code"] == -32803
        assert reason in error["message"]


async def test_a_change_is_read_as_diff_and_as_both_texts(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        result = await editor.desk.run("Count from two.")
        whole = await editor.content(change_uri(result, ".diff"))
        assert whole.startswith("# Count from two.\n")
        assert "-a = 1\n+a = 2\n" in whole
        assert "-b = 1\n+b = 2\n" in whole
        path = "/sub%20dir/b.py"
        of_file = await editor.content(change_uri(result, f"/diff{path}.diff"))
        assert "-b = 1\n+b = 2\n" in of_file
        assert "a = 2" not in of_file
        assert await editor.content(change_uri(result, f"/original{path}")) == "b = 1\nc = 1\n"
        assert await editor.content(change_uri(result, f"/proposed{path}")) == "b = 2\nc = 1\n"
        other = await editor.call(
            "workspace/textDocumentContent", {"uri": change_uri(result, "/proposed/c.py")}
        )
        assert "nothing of 'c.py' waits" in other["error"]["message"]


async def test_the_texts_follow_what_is_typed(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        result = await editor.desk.run("Count from two.")
        editor.open(editor.uri("sub dir/b.py"), FILES["sub dir/b.py"])
        editor.type(editor.uri("sub dir/b.py"), "# new\nb = 1\nc = 1\n")
        proposed = change_uri(result, "/proposed/sub%20dir/b.py")
        assert await editor.content(proposed) == "# new\nb = 2\nc = 1\n"
        editor.type(editor.uri("sub dir/b.py"), "b = 9\nc = 1\n")
        whole = await editor.content(change_uri(result, ".diff"))
        assert "# left out, sub dir/b.py: " in whole


@pytest.mark.parametrize(
    ("kind", "path", "new_path", "texts"),
    [
        (FileEditKind.CREATE, "new.py", None, ("", "x = 1\n")),
        (FileEditKind.DELETE, "a.py", None, ("a = 1\n", "")),
        (FileEditKind.RENAME, "a.py", "z.py", ("a = 1\n", "a = 1\n")),
    ],
)
async def test_files_that_come_go_and_move_have_two_texts_and_a_diff(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: FileEditKind,
    path: str,
    new_path: str | None,
    texts: tuple[str, str],
) -> None:
    given(monkeypatch, kind, path, "x = 1\n" if kind is FileEditKind.CREATE else "", new_path)
    async with reviewing_editor(tmp_path, FILES) as editor:
        result = await editor.desk.run("Do it.", strategy="given")
        for name in filter(None, (path, new_path)):
            found = [
                await editor.content(change_uri(result, f"/{side}/{name}"))
                for side in ("original", "proposed")
            ]
            assert tuple(found) == texts
        assert f"{new_path or path}" in await editor.content(change_uri(result, ".diff"))


async def test_what_is_decided_has_nothing_left_to_show(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        result = await editor.desk.run("Count from two.")
        uri = change_uri(result, ".diff")
        await editor.content(uri)
        await editor.desk.accept(result.task_id)
        assert await editor.until_method("workspace/textDocumentContent/refresh") == {"uri": uri}
        error = (await editor.call("workspace/textDocumentContent", {"uri": uri}))["error"]
        assert "nothing of it is left to show" in error["message"]


async def test_a_plan_and_a_receipt_are_documents(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE]) as editor:
        plans = editor.desk.session.plans
        view = await plans.update(plan_messages.PlanUpdateParams(text=PLAN))
        assert await editor.content(f"pairwright:/plan/{view.plan_id}.md") == PLAN
        result = await editor.desk.run("Count from two.")
        receipt = await editor.content(f"pairwright:/receipt/{result.task_id}.md")
        assert "| weak | scripted/weak | 1 |" in receipt


async def test_an_editor_of_our_days_is_shown_a_virtual_diff(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities=MODERN) as editor:
        result = await editor.desk.run("Count from two.")
        said = (await editor.execute("showDiff", {"taskId": result.task_id}))["result"]
        (shown,) = editor.asked("window/showDocument")
        assert said["uri"] == shown["uri"] == change_uri(result, ".diff")


async def test_an_older_editor_is_shown_a_file_that_goes_with_the_decision(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities=PLAIN) as editor:
        result = await editor.desk.run("Count from two.")
        await editor.execute("showDiff", {"taskId": result.task_id})
        file = shown_file(editor)
        assert "-a = 1\n+a = 2\n" in file.read_text("utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert editor.desk.root not in file.parents
        await editor.desk.reject(result.task_id)
        assert not file.exists()


async def test_no_diff_outlives_the_daemon(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities=PLAIN) as editor:
        result = await editor.desk.run("Count from two.")
        await editor.execute("showDiff", {"taskId": result.task_id})
        file = shown_file(editor)
        assert file.exists()
    assert not file.exists()


async def test_an_editor_that_shows_nothing_finds_the_uri_in_the_answer(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, [CHANGE], capabilities={}) as editor:
        result = await editor.desk.run("Count from two.")
        said = (await editor.execute("showDiff", {"taskId": result.task_id}))["result"]
        assert said["isDone"]
        assert said["uri"].endswith(".diff")
        assert editor.asked("window/showDocument") == []


def shown_file(editor: PlainEditor) -> Path:
    (shown,) = editor.asked("window/showDocument")
    return Path(unquote(urlsplit(shown["uri"]).path))
