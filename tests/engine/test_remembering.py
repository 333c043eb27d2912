"""What is remembered of tasks, and what later ones get of it."""

from pathlib import Path

import pytest

from pairwright.errors import PairwrightError
from pairwright.feedback.records import Attempt, Decision, RememberedTask
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.model import Tier
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit

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
