"""Can a plan be marked and run from its document, by lenses, actions and commands?"""

from pathlib import Path
from typing import Any

import pytest

from pairwright.planning.document import read_document
from tests.lsp.plan_editing import (
    CIRCLE,
    FILES,
    MISSING,
    PLAN,
    SET_A,
    SET_B,
    actions,
    count,
    diagnosed,
    get,
    keep,
    shown,
    until_kept,
)
from tests.lsp.reviewing_editor import MODERN, PLAIN, reviewing_editor


def titles(lenses: list[Any]) -> list[tuple[int, str]]:
    return [(each["range"]["start"]["line"], each["command"]["title"]) for each in lenses]


async def test_a_plans_lenses_stand_at_its_steps(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, _ = await shown(editor)
        lenses = titles(await editor.lenses(uri))
        assert lenses[0][1].startswith("Run this plan (about $0.0")
        assert lenses[1:] == [
            (4, "Skip this step"),
            (4, "Use the strong model here"),
            (8, "Run from here"),
            (8, "Skip this step"),
            (8, "Use the strong model here"),
        ]
        editor.type(uri, CIRCLE)
        assert await editor.lenses(uri) == []


@pytest.mark.parametrize("capabilities", [MODERN, PLAIN])
async def test_a_step_is_marked_in_the_editor_and_the_mark_is_kept(
    tmp_path: Path, capabilities: dict[str, Any]
) -> None:
    async with reviewing_editor(tmp_path, FILES, capabilities=capabilities) as editor:
        uri, view = await shown(editor)
        for title in ("Use the strong model here", "Skip this step"):
            (lens,) = (
                each
                for each in await editor.lenses(uri)
                if each["command"]["title"] == title and each["range"]["start"]["line"] == 8
            )
            assert (await editor.run_lens(lens))["isDone"]
        assert editor.texts[uri] == PLAN + "- by: strong\n- skip: yes\n"
        await until_kept(editor, view.plan_id, editor.texts[uri])


async def test_a_virtual_plan_is_marked_where_it_is_kept(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        view = await keep(editor)
        uri = f"pairwright:/plan/{view.plan_id}.md"
        editor.open(uri, await editor.content(uri))
        await diagnosed(editor)
        lens = (await editor.lenses(uri))[1]
        assert (await editor.run_lens(lens))["isDone"]
        assert "- skip: yes" in (await get(editor, view.plan_id)).text
        refreshed = await editor.until_method("workspace/textDocumentContent/refresh")
        assert refreshed == {"uri": uri}
        editor.type(uri, await editor.content(uri))
        await editor.lenses(uri)
        assert editor.asked("workspace/applyEdit") == []
        assert await count(editor) == 1


async def test_a_step_has_actions_wherever_in_it_the_cursor_is(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, _ = await shown(editor)
        for line, number in ((4, 1), (7, 1), (8, 2), (10, 2)):
            assert [each["title"] for each in await actions(editor, uri, line)] == [
                f"Pairwright: Skip this step (step {number})",
                f"Pairwright: Use the strong model here (step {number})",
                f"Pairwright: Approve only this step (step {number})",
            ]
        assert await actions(editor, uri, 1) == []
        assert await actions(editor, uri, 4, only=["source"]) == []
        assert len(await actions(editor, uri, 4, only=["refactor"])) == 3


async def test_only_one_step_is_approved_and_another_one_again(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, _ = await shown(editor)
        only = (await actions(editor, uri, 8))[-1]
        await editor.run_lens(only)
        assert [step.is_skipped for step in steps_of(editor.texts[uri])] == [True, False]
        (approve, *_) = await actions(editor, uri, 4)
        assert "Approve this step" in approve["title"]
        await editor.run_lens(approve)
        assert editor.texts[uri].replace("\n\n\n", "\n\n") == PLAN.replace("\n\n\n", "\n\n")


async def test_an_editor_that_knows_only_commands_gets_commands(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, capabilities=PLAIN) as editor:
        uri, _ = await shown(editor)
        first = (await actions(editor, uri, 4))[0]
        assert first["command"] == "pairwright.markStep"


async def test_a_plan_is_run_and_its_change_waits_for_a_decision(tmp_path: Path) -> None:
    async with reviewing_editor(
        tmp_path, FILES, [SET_A, SET_B], says="Keep all", strategy="plan"
    ) as editor:
        uri, _ = await shown(editor)
        assert (await editor.pick(uri, "Run this plan"))["isDone"]
        await editor.until(lambda _: any("Kept: a.py, b.py" in each for each in editor.messages()))
        assert editor.desk.read("a.py") == "a = 2\n"


async def test_run_from_here_skips_what_is_before(tmp_path: Path) -> None:
    async with reviewing_editor(
        tmp_path, FILES, [SET_B], says="Keep all", strategy="plan"
    ) as editor:
        uri, view = await shown(editor)
        assert (await editor.pick(uri, "Run from here"))["isDone"]
        await editor.until(lambda _: any("Kept: b.py" in each for each in editor.messages()))
        assert editor.desk.read("a.py") == "a = 1\n"
        kept = await get(editor, view.plan_id)
        assert [step.is_skipped for step in kept.steps] == [True, False]


async def test_what_was_just_typed_is_what_runs(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES, strategy="plan") as editor:
        uri, _ = await shown(editor)
        editor.type(uri, MISSING)
        answer = await editor.pick(uri, "Run this plan")
        assert not answer["isDone"]
        assert "while line 11 is wrong: there is no file 'gone.py'" in editor.messages()[-1]


async def test_a_lens_of_an_older_text_is_refused(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, _ = await shown(editor)
        lenses = await editor.lenses(uri)
        editor.type(uri, "# Plan\n\nMore.\n\n## 1. First\n\n## 2. Second\n")
        for lens in lenses:
            assert not (await editor.run_lens(lens))["isDone"]
        assert "was edited since this was offered" in editor.messages()[-1]


async def test_an_editor_that_refuses_the_mark_is_quoted(tmp_path: Path) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        uri, view = await shown(editor)
        editor.refuses = "read-only"
        assert not (await editor.pick(uri, "Run from here"))["isDone"]
        assert "did not mark the step: read-only" in editor.messages()[-1]
        assert (await get(editor, view.plan_id)).text == PLAN


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ({"uri": "file:///etc/passwd", "step": 1, "mark": "skip"}, "no plan's document"),
        ({"uri": "pairwright:/change/x.diff", "step": 1, "mark": "skip"}, "no plan's document"),
        ({"uri": "pairwright:/plan/x.md", "step": 1}, "say which step"),
        ({"uri": "pairwright:/plan/x.md", "step": 1, "mark": "delete"}, "mark"),
        ({"uri": "pairwright:/plan/x.md", "step": "one", "mark": "skip"}, "step"),
        ({"step": 1, "mark": "skip"}, "uri"),
    ],
)
async def test_commands_that_make_no_sense_are_errors(
    tmp_path: Path, argument: dict[str, Any], reason: str
) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        error = (await editor.execute("markStep", argument))["error"]
        assert error["code"] == -32602
        assert reason in error["message"]


@pytest.mark.parametrize(
    ("uri", "step", "reason"),
    [
        ("pairwright:/plan/beef.md", 1, "no plan 'beef'"),
        ("file:///x/mine.pairwright-plan.md", 1, "is not open"),
        ("kept", 9, "no step 9"),
        ("kept", 0, "no step 0"),
        ("kept", -1, "no step -1"),
    ],
)
async def test_what_is_not_there_is_told(tmp_path: Path, uri: str, step: int, reason: str) -> None:
    async with reviewing_editor(tmp_path, FILES) as editor:
        view = await keep(editor)
        uri = f"pairwright:/plan/{view.plan_id}.md" if uri == "kept" else uri
        for name, mark in (("markStep", {"mark": "skip"}), ("runPlan", {})):
            result = (await editor.execute(name, {"uri": uri, "step": step, **mark}))["result"]
            assert not result["isDone"]
            assert reason in result["message"]
        assert (await get(editor)).text == PLAN


def steps_of(text: str) -> Any:
    plan = read_document(text).plan
    assert plan is not None
    return plan.steps
