"""Is a plan a document of any editor: kept as it is typed, judged by its lines, marked and run?"""

import os
from pathlib import Path

import pytest

from pairwright.lsp.plans.documents import is_plan, named_id
from pairwright.protocol import plan_messages
from tests.lsp.plan_editing import (
    CIRCLE,
    FILES,
    MISSING,
    PLAN,
    actions,
    count,
    diagnosed,
    file_of,
    get,
    keep,
    shown,
    until_kept,
)
from tests.lsp.reviewing_editor import reviewing_editor


@pytest.mark.parametrize(
    ("uri", "plan_id"),
    [
        ("file:///x/0a1b2c3d.pairwright-plan.md", "0a1b2c3d"),
        ("file:///x/mine.pairwright-plan.md", None),
        ("file:///x/%30a1b2c3d.pairwright-plan.md", "0a1b2c3d"),
        ("file:///x/..%2F0a1b2c3d.pairwright-plan.md", "0a1b2c3d"),
        ("untitled:my.pairwright-plan.md", None),
        ("pairwright:/plan/0a1b2c3d.md", "0a1b2c3d"),
    ],
)
def test_a_plan_is_known_by_its_name(uri: str, plan_id: str | None) -> None:
    assert is_plan(uri)
    assert named_id(uri) == plan_id


@pytest.mark.parametrize(
    "uri", ["", "file:///x/plan.md", "pairwright:/plan/../x.md", "pairwright:/receipt/ab.md"]
)
def test_other_names_are_none(uri: str) -> None:
    assert not is_plan(uri)


@pytest.mark.parametrize(
    ("text", "line", "said", "severity"),
    [
        (MISSING, 10, "there is no file 'gone.py'", 1),
        (CIRCLE, 7, "wait for one another in a circle", 1),
        (PLAN.replace("## 2.", "## two"), 8, "a step's heading is", 1),
        ("", 0, "the plan has no goal", 1),
    ],
)
async def test_what_is_wrong_stands_at_its_line(
    tmp_path: Path, text: str, line: int, said: str, severity: int
) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        view = await keep(editor, text)
        editor.open(f"file:///x/{view.plan_id}.pairwright-plan.md", text)
        found = await diagnosed(editor)
        assert any(each[0] == line and said in each[1] and each[2] == severity for each in found)


async def test_a_step_beyond_the_budget_is_a_warning(tmp_path: Path) -> None:
    dear = PLAN.replace("- files: `b.py`", "- files: `b.py`\n- by: strong\n- weight: 100")
    async with reviewing_editor(tmp_path, FILES) as editor:
        view = await keep(editor, dear)
        editor.open(f"file:///x/{view.plan_id}.pairwright-plan.md", dear)
        ((line, said, severity),) = await diagnosed(editor)
        assert (line, severity) == (8, 2)
        assert "may be spent" in said


async def test_what_is_typed_is_kept_and_judged(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        editor.type(uri, PLAN + "-")
        editor.type(uri, MISSING)
        (problem,) = await diagnosed(editor)
        assert "gone.py" in problem[1]
        kept = await get(editor, view.plan_id)
        assert (kept.text, kept.version) == (MISSING, 2)


async def test_a_text_that_is_no_plan_is_kept_all_the_same(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        editor.type(uri, "thoughts\n")
        editor.save(uri)
        assert await diagnosed(editor) != []
        assert (await get(editor, view.plan_id)).text == "thoughts\n"


async def test_what_was_typed_last_is_kept_when_the_document_is_closed(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        editor.type(uri, MISSING)
        editor.close(uri)
        assert await diagnosed(editor) == []
        await until_kept(editor, view.plan_id, MISSING)


async def test_an_editor_that_dies_loses_nothing_that_was_typed(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        editor.type(uri, MISSING)
        await editor.client.writer.drain()
        editor.client.writer.close()
        await until_kept(editor, view.plan_id, MISSING)


async def test_a_plan_that_was_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        theirs = PLAN.replace("two", "three")
        await editor.desk.session.plans.update(
            plan_messages.PlanUpdateParams(text=theirs, plan_id=view.plan_id, base_version=1)
        )
        editor.type(uri, MISSING)
        await diagnosed(editor)
        assert (await get(editor, view.plan_id)).text == theirs
        latest = await get(editor)
        assert latest.text == MISSING
        assert latest.plan_id != view.plan_id
        assert f"kept as the plan {latest.plan_id}" in editor.messages()[-1]
        editor.type(uri, MISSING + "\nmore\n")
        await diagnosed(editor)
        assert (await get(editor, latest.plan_id)).text == MISSING + "\nmore\n"
        assert await count(editor) == 2


async def test_an_old_copy_of_a_plan_becomes_a_plan_of_its_own_when_written_in(
    tmp_path: Path,
) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        view = await keep(editor)
        uri = f"file:///x/{view.plan_id}.pairwright-plan.md"
        editor.open(uri, MISSING)
        assert any("is another text by now" in each[1] for each in await diagnosed(editor))
        assert await count(editor) == 1
        editor.type(uri, MISSING + "\nmore\n")
        await diagnosed(editor)
        assert (await get(editor, view.plan_id)).text == PLAN
        assert (await get(editor)).text == MISSING + "\nmore\n"


async def test_a_persons_own_file_becomes_a_plan_when_it_is_saved_and_only_once(
    tmp_path: Path,
) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri = editor.uri("mine.pairwright-plan.md")
        editor.open(uri, MISSING)
        assert "gone.py" in (await diagnosed(editor))[0][1]
        assert await count(editor) == 0
        editor.type(uri, PLAN)
        assert await diagnosed(editor) == []
        assert await count(editor) == 0
        editor.save(uri)
        assert await diagnosed(editor) == []
        assert (await get(editor)).text == PLAN
        editor.close(uri)
        editor.open(uri, PLAN)
        editor.save(uri)
        await editor.lenses(uri)
        assert await count(editor) == 1


async def test_a_text_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        editor.type(uri, PLAN + "x" * 300_000)
        ((line, said, severity),) = await diagnosed(editor)
        assert (line, severity) == (0, 1)
        assert "this text is not kept: the plan has" in said
        assert (await get(editor, view.plan_id)).text == PLAN
        assert await editor.lenses(uri) == []
        assert await actions(editor, uri, 4) == []


async def test_a_plan_shown_again_holds_what_its_file_was_given_meanwhile(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        view = await keep(editor)
        uri = (await editor.execute("showPlan", {"planId": view.plan_id}))["result"]["uri"]
        file_of(uri).write_text("offline\n", "utf-8")
        later = file_of(uri).stat().st_mtime + 60
        os.utime(file_of(uri), (later, later))
        await editor.execute("showPlan", {"planId": view.plan_id})
        assert file_of(uri).read_text("utf-8") == PLAN
        assert (await get(editor)).text == "offline\n"
        assert "was edited and not kept" in editor.messages()[-1]
