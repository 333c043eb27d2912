"""What is remembered of tasks, and what later ones get of it."""

from pathlib import Path

import pytest

from pairwright.engine.engine import Engine
from pairwright.errors import PairwrightError
from pairwright.feedback.records import Attempt, Decision, RememberedTask
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.model import Tier
from pairwright.protocol.messages import AcceptParams, RunParams
from pairwright.settings import FeedbackSettings, Settings
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import ScriptedModels, scripted_model, write_files

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
KEPT, REJECTED, EDITED, UNDONE = Decision


def remembered(tmp_path: Path) -> tuple[tuple[Attempt, ...], tuple[RememberedTask, ...]]:
    store = FeedbackStore(tmp_path / "state" / "feedback.sqlite3")
    try:
        return store.attempts(), store.tasks()
    finally:
        store.close()


async def kept(desk: Desk) -> str:
    result = await desk.run()
    await desk.accept(result.task_id)
    return result.task_id


async def test_every_attempt_is_remembered_with_what_the_gate_said(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, ["nonsense", EDIT_A]) as desk:
        task_id = await kept(desk)
    (failed, applied), (task,) = remembered(tmp_path)
    assert (failed.is_applied, failed.is_sound, failed.checks) == (False, None, {})
    assert (applied.is_applied, applied.is_sound) == (True, True)
    assert applied.checks["parses"] == "passed"
    assert (applied.tier, applied.strategy, applied.answer) == (Tier.WEAK, "weak", EDIT_A)
    assert "a = 1" in applied.question[-1].content
    assert (task.task_id, task.instruction) == (task_id, "Change a.py.")
    assert task.attempt_ids == (applied.attempt_id,)
    assert "+a = 2" in task.diff
    assert "a.py" in [shown.path for shown in task.shown]
    assert task.decisions == {KEPT: 1}


async def test_a_rejected_change_is_remembered_as_such(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        result = await desk.run()
        await desk.reject(result.task_id)
    assert remembered(tmp_path)[1][0].decisions == {REJECTED: 1}


async def test_a_change_that_is_taken_back_is_remembered_as_such(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await kept(desk)
        await desk.undo()
    (task,) = remembered(tmp_path)[1]
    assert task.decisions == {KEPT: 1, UNDONE: 1}
    assert task.is_kept is False


async def test_a_kept_change_that_is_edited_by_hand_is_remembered_as_such(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, "nonsense"]) as desk:
        await kept(desk)
        desk.editor().open("a.py", "a = 3\n")
        with pytest.raises(PairwrightError):
            await desk.run("Change b.py.")
    assert remembered(tmp_path)[1][0].decisions == {KEPT: 1, EDITED: 1}


async def test_an_edit_elsewhere_in_the_file_says_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, "nonsense"]) as desk:
        await kept(desk)
        desk.editor().open("a.py", "# new\na = 2\n")
        with pytest.raises(PairwrightError):
            await desk.run("Change b.py.")
    assert remembered(tmp_path)[1][0].decisions == {KEPT: 1}


async def test_a_task_that_came_to_nothing_is_remembered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, ["nonsense"] * 10) as desk:
        assert (await desk.run()).state == "failed"
    attempts, (task,) = remembered(tmp_path)
    assert len(attempts) == 10
    assert (task.attempt_ids, task.diff, task.is_kept) == ((), "", None)


async def test_a_kept_change_is_an_example_for_the_next_task(tmp_path: Path) -> None:
    edit_b = edit("b.py", "b = 1\n", "b = 2\n")
    async with open_desk(tmp_path, FILES, [EDIT_A, edit_b]) as desk:
        await kept(desk)
        await desk.run("Change b.py.", strategy="few_shot")
        assert "Task: Change a.py." in desk.prompts()
        assert "+a = 2" in desk.prompts()


async def test_a_summary_of_the_repository_is_made_once(tmp_path: Path) -> None:
    strong = ["A small workspace."]
    async with open_desk(tmp_path, FILES, [EDIT_A, EDIT_A], strong) as desk:
        for _ in range(2):
            result = await desk.run(strategy="repo_summary")
            assert result.state == "review"
        assert desk.prompts().count("A small workspace.") == 2
    assert len(list((tmp_path / "state" / "notes").iterdir())) == 1


async def test_a_task_goes_on_when_it_cannot_be_remembered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state" / "feedback.sqlite3").mkdir(parents=True)
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await kept(desk)
        assert desk.read("a.py") == "a = 2\n"
    assert "the feedback 'feedback.sqlite3' cannot be used" in caplog.text


async def test_what_a_later_task_changes_is_nobodys_edit_by_hand(tmp_path: Path) -> None:
    again = edit("a.py", "a = 2\n", "a = 3\n")
    async with open_desk(tmp_path, FILES, [EDIT_A, again]) as desk:
        await kept(desk)
        await kept(desk)
        assert desk.read("a.py") == "a = 3\n"
    assert [task.decisions for task in remembered(tmp_path)[1]] == [{KEPT: 1}, {KEPT: 1}]


TWO = edit("a.py", "a = 1\n", "a = 2\n").replace("### END 1\n", "") + edit(
    "a.py", "c = 1\n", "c = 2\n"
).replace("### END 1", "### END 2")


async def test_hunks_that_are_kept_one_by_one_are_all_watched(tmp_path: Path) -> None:
    files = {**FILES, "a.py": "a = 1\n# -\n# --\n# -\n# --\nc = 1\n"}
    async with open_desk(tmp_path, files, [TWO, "nonsense"]) as desk:
        result = await desk.run()
        first, second = [hunk.hunk_id for hunk in desk.change_ready().hunks]
        await desk.accept(result.task_id, first)
        await desk.accept(result.task_id, second)
        desk.editor().open("a.py", desk.read("a.py").replace("a = 2", "a = 7"))
        with pytest.raises(PairwrightError):
            await desk.run("Change b.py.")
    assert remembered(tmp_path)[1][0].decisions == {KEPT: 2, EDITED: 1}


async def test_nothing_is_remembered_where_that_is_switched_off(tmp_path: Path) -> None:
    settings = Settings(strategy="weak", feedback=FeedbackSettings(keep=False))
    write_files(tmp_path / "workspace", FILES)
    weak = scripted_model("weak", [EDIT_A])
    models = ScriptedModels(scripted_model("strong"), weak)
    engine = await Engine.open(
        tmp_path / "workspace", settings, state_dir=tmp_path / "state", env={}, models=models
    )
    session = engine.open_session("test")
    result = await session.run_task(RunParams(instruction="Change a.py."), _in_silence)
    await session.accept(AcceptParams(task_id=result.task_id))
    await engine.close()
    assert (tmp_path / "workspace" / "a.py").read_text() == "a = 2\n"
    assert not (tmp_path / "state" / "feedback.sqlite3").exists()


async def _in_silence(event: object) -> None:
    """Nobody listens."""


async def test_half_a_character_in_an_instruction_costs_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        result = await desk.run("Change a.py \ud83d.")
        assert result.state == "review"


async def test_a_plan_is_remembered_with_its_question_before_the_edits_that_follow_it(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A], ["1. In a.py make it 2."]) as desk:
        await desk.run(strategy="plan")
    store = FeedbackStore(tmp_path / "state" / "feedback.sqlite3")
    plan, edited = store.answers()
    store.close()
    assert (plan.step, plan.tier, plan.strategy) == ("plan", Tier.STRONG, "plan")
    assert plan.answer == "1. In a.py make it 2."
    assert "Change a.py." in plan.question[-1].content
    assert (edited.step, edited.is_sound) == ("edit", True)
