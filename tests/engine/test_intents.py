"""Is each kind of task asked in its own words, kept to its place, and judged as it should be?"""

from pathlib import Path
from typing import Any

import pytest

from pairwright.errors import PathOutsideWorkspace, UserError
from pairwright.llm.scripted_provider import ScriptedProvider
from pairwright.protocol import messages
from pairwright.protocol.cost_messages import CostParams
from pairwright.protocol.editor_messages import DiagnosedProblem
from tests.engine.desks import Desk, open_desk
from tests.engine.intents import BAD, CODE, FILES, WRONG, eye, rejections, run
from tests.support.answers import edit


def new_file(path: str, text: str) -> str:
    return f"### FILE {path}\n<<<<<<< WHOLE\n{text}>>>>>>> WHOLE\n### END 1\n"


def label(desk: Desk) -> str:
    (task,) = desk.session.status().tasks
    return task.instruction


async def test_a_problem_is_fixed_in_our_words_with_the_report_in_them(tmp_path: Path) -> None:
    replies = [edit("app.py", "    return x + x\n", "    return 2 * x\n")]
    async with open_desk(tmp_path, FILES, weak=replies) as desk:
        problem = DiagnosedProblem(path="app.py", line=1, message="adds", source="lint")
        result = await run(
            desk, "fix", problems=(problem,), strategy="weak", instruction="Briefly."
        )
        asked, named = desk.prompts(), label(desk)
    assert result.state == "review"
    assert "nobody can tell whether the problem is gone: app.py:2: lint: adds" in result.message
    assert "Fix the problem that is reported here" in asked
    assert "app.py:2: lint: adds\nBriefly." in asked
    assert named == "Fix: adds"


async def test_a_fix_is_tried_again_while_the_problem_is_still_reported(tmp_path: Path) -> None:
    replies = [
        edit("app.py", "b = 2\n", "b = 3\n"),
        edit("app.py", "a = 1  # bad\n", "a = 1\n"),
    ]
    async with open_desk(tmp_path, {"app.py": BAD}, weak=replies) as desk:
        desk.session.attach_diagnosis(eye)
        result = await run(desk, "fix", problems=(WRONG,), strategy="weak")
        asked = desk.prompts()
        mended = [
            (check.outcome, check.detail)
            for event in desk.events
            if isinstance(event, messages.Checked)
            for check in event.verdict.checks
            if check.name == "mended"
        ]
    assert (result.state, result.is_sound) == ("review", True)
    assert result.message.endswith("the reported problem is gone, says the editor")
    still = "the reported problem is still there:\napp.py:1: eye: bad mark 'a' [M1]"
    assert mended == [("failed", still), ("passed", "gone, says the editor")]
    assert still in asked


async def test_a_fix_that_never_takes_the_problem_away_is_not_called_one(tmp_path: Path) -> None:
    replies = [edit("app.py", "b = 2\n", f"b = {number}\n") for number in range(3, 9)]
    async with open_desk(tmp_path, {"app.py": BAD}, weak=replies) as desk:
        desk.session.attach_diagnosis(eye)
        result = await run(desk, "fix", problems=(WRONG,), strategy="weak")
    assert (result.state, result.is_sound) == ("review", False)
    assert result.message.startswith("the reported problem is still there: app.py:1: eye:")


async def test_tests_are_written_into_the_file_of_tests_and_nowhere_else(tmp_path: Path) -> None:
    text = "from app import double\n\n\ndef test_double():\n    assert double(2) == 4\n"
    replies = [
        edit("app.py", "    return x + x\n", "    return 2 * x\n"),
        new_file("test_app.py", text),
    ]
    async with open_desk(tmp_path, FILES, weak=replies) as desk:
        result = await run(desk, "tests", strategy="weak")
        hunks = desk.change_ready().hunks
        refused = rejections(desk)
        asked = desk.prompts()
    assert result.state == "review"
    assert [(hunk.path, hunk.file_change) for hunk in hunks] == [("test_app.py", "create")]
    assert "app.py" in refused[0] or refused
    assert "in the file test_app.py" in asked


async def test_tests_that_are_there_are_shown_and_extended(tmp_path: Path) -> None:
    files = {**FILES, "tests/test_app.py": "def test_nothing():\n    pass\n"}
    replies = [edit("tests/test_app.py", "    pass\n", "    assert True\n")]
    async with open_desk(tmp_path, files, weak=replies) as desk:
        await run(desk, "tests", strategy="weak")
        (hunk,) = desk.change_ready().hunks
        asked = desk.prompts()
    assert hunk.path == "tests/test_app.py"
    assert "File tests/test_app.py:\n" in asked
    assert "File app.py (for reading only):" in asked


async def test_a_plan_for_tests_is_about_their_file(tmp_path: Path) -> None:
    plan = "Goal: test double\n1. test_app.py: call it\n"
    text = "def test_double():\n    assert True\n"
    async with open_desk(
        tmp_path, FILES, weak=[new_file("test_app.py", text)], strong=[plan]
    ) as desk:
        result = await run(desk, "tests", strategy="plan")
        assert isinstance(desk.strong, ScriptedProvider)
        assert 'path ::= "test_app.py"' in (desk.strong.requests[0].grammar or "")
    assert result.state == "review"


async def test_a_plan_for_tests_opens_no_other_file(tmp_path: Path) -> None:
    plan = "Goal: test double\n1. helper.py: make a new file for it\n"
    replies = [new_file("helper.py", "x = 1\n"), new_file("test_app.py", "x = 1\n")]
    async with open_desk(tmp_path, FILES, weak=replies, strong=[plan]) as desk:
        await run(desk, "tests", strategy="plan")
        assert [hunk.path for hunk in desk.change_ready().hunks] == ["test_app.py"]
        assert len(rejections(desk)) == 1


async def test_an_explanation_is_markdown_and_is_paid_for(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, weak=["It **doubles**."]) as desk:
        result = await run(desk, "explain", first_line=0, last_line=1)
        rows = desk.session.costs(CostParams(by="strategy")).rows
        state, asked = desk.task_state(), desk.prompts()
    assert (result.state, result.answer) == ("answered", "It **doubles**.")
    assert (state, desk.read("app.py")) == ("done", CODE)
    assert [(row.key, row.calls) for row in rows] == [("explaining", 1)]
    assert result.receipt.cost_usd == sum(row.cost_usd or 0 for row in rows) > 0
    assert "lines 1 to 2 of app.py" in asked


async def test_the_strong_model_explains_when_it_is_wished(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=["Well."]) as desk:
        result = await run(desk, "explain", strategy="strong", instruction="Why?")
        asked = desk.prompts()
    assert result.answer == "Well."
    assert "Explain this code.\nWhy?" in asked


async def test_an_explanation_runs_no_tests(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, weak=["So."], tests=("no-such-program",)) as desk:
        assert (await run(desk, "explain")).answer == "So."


async def test_a_refactoring_and_a_documentation_have_words_of_their_own(tmp_path: Path) -> None:
    replies = [
        edit("app.py", "    return x + x\n", "    return 2 * x\n"),
        edit("app.py", "def double(x):\n", 'def double(x):\n    """Twice x."""\n'),
    ]
    async with open_desk(tmp_path, FILES, weak=replies) as desk:
        await run(desk, "refactor", instruction="Cost $5 less", strategy="weak")
        await run(desk, "document", strategy="weak")
        asked = desk.prompts()
    assert "without changing what it does: Cost $5 less" in asked
    assert "Change only comments and documentation" in asked


async def test_a_person_s_own_words_are_asked(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts" / "intents"
    prompts.mkdir(parents=True)
    (prompts / "explain.md").write_text("Explain it like I am five.\n")
    async with open_desk(tmp_path, FILES, weak=["So."]) as desk:
        await run(desk, "explain")
        assert "like I am five" in desk.prompts()


async def test_the_comment_that_holds_the_instruction_goes_with_the_change(tmp_path: Path) -> None:
    comment = "# pw: double by multiplying\n# and be brief\n"
    replies = [edit("app.py", "    return x + x\n", "    return 2 * x\n")]
    async with open_desk(tmp_path, {"app.py": "import os\n" + comment + CODE}, replies) as desk:
        given = {"file": "app.py", "instruction_comment": comment}
        result = await desk.run("Double by multiplying.", **given)
        await desk.accept(result.task_id)
        assert desk.read("app.py") == "import os\ndef double(x):\n    return 2 * x\n"


@pytest.mark.parametrize("comment", ["# pw: x", "pw: x\n", "# pw: gone\n", "x\n"])
async def test_a_comment_that_is_not_just_there_stays(tmp_path: Path, comment: str) -> None:
    text = f"# pw: x\n{CODE}# pw: x\n"
    replies = [edit("app.py", "    return x + x\n", "    return 2 * x\n")]
    async with open_desk(tmp_path, {"app.py": text}, replies) as desk:
        result = await desk.run("Do.", file="app.py", instruction_comment=comment)
        await desk.accept(result.task_id)
        assert desk.read("app.py").count("# pw: x\n") == 2


@pytest.mark.parametrize(
    ("kind", "params", "reason"),
    [
        ("fix", {}, "nothing to fix"),
        ("fix_all", {}, "nothing to fix"),
        ("fix", {"problems": (WRONG,) * 201}, "too many"),
        ("fix", {"problems": (WRONG,), "file": None}, "about a file"),
        ("explain", {"file": None}, "about a file"),
        ("edit", {"instruction": "x", "instruction_comment": "#", "file": None}, "about a file"),
        ("document", {"problems": (WRONG,)}, "mends no problems"),
        ("document", {"plan": "# P"}, "leave out the kind"),
        ("explain", {"plan_first": True}, "no plan"),
        ("tests", {"plan_first": True}, "no plan"),
        ("explain", {"strategy": "ladder"}, "one model"),
        ("fix_all", {"problems": (WRONG,), "strategy": "weak"}, "leave out the strategy"),
        ("refactor", {}, "the instruction is empty"),
        ("edit", {}, "the instruction is empty"),
        ("tests", {"file": "notes.txt"}, "where tests"),
        ("tests", {"file": "data.json"}, "where tests"),
        (
            "fix",
            {"problems": (DiagnosedProblem(path="a.py", line=-1, message="x"),)},
            "a problem has a line",
        ),
        (
            "fix",
            {"problems": (DiagnosedProblem(path="a.py", line=1, message=" "),)},
            "a problem has a line",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused_before_anything_is_spent(
    tmp_path: Path, kind: str, params: dict[str, Any], reason: str
) -> None:
    files = {**FILES, "notes.txt": "x\n", "data.json": "{}\n"}
    async with open_desk(tmp_path, files) as desk:
        with pytest.raises(UserError, match=reason):
            await run(desk, kind, **params)
        assert desk.prompts() == ""


async def test_a_problem_outside_the_workspace_is_refused(tmp_path: Path) -> None:
    problem = DiagnosedProblem(path="../a.py", line=1, message="x")
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(PathOutsideWorkspace):
            await run(desk, "fix", problems=(problem,))
