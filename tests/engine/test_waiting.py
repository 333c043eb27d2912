"""What waits for a person survives the daemon: as it was proposed, on the text as it is then."""

import stat
from pathlib import Path

import pytest

from pairwright.engine.changes.waiting import MOST_WAITING, Waiting
from pairwright.engine.tasks.task import TaskState
from pairwright.protocol import messages
from pairwright.protocol.change_messages import ChangeParams, ChangeView, ProposeParams
from tests.engine.desks import Desk, open_desk
from tests.support.answers import answer, block

FILES = {"a.py": "x = 1\ny = 2\nz = 3\n", "gone.py": "old = 1\n"}
DIFF = "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n-x = 1\n+x = 10\n y = 2\n-z = 3\n+z = 30\n"


async def propose(desk: Desk, edits: str = DIFF) -> ChangeView:
    result = await desk.session.changes.propose(ProposeParams(edits=edits, why="Ten times."))
    assert result.change is not None, result.refusals
    return result.change


async def test_a_change_waits_also_for_the_next_daemon(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        before = await propose(desk)
        await desk.session.reject(
            messages.RejectParams(task_id=before.task_id, hunk_ids=("h2",), remark="z is taken")
        )
        before = await desk.session.changes.change(ChangeParams(task_id=before.task_id))
    async with open_desk(tmp_path, FILES) as desk:
        (after,) = desk.session.changes.waiting().changes
        assert after == before
        assert (after.proposer, after.label) == ("person", "Ten times.")
        assert after.hunks[1].remark == "z is taken"
        await desk.accept(after.task_id)
        assert desk.read("a.py") == "x = 10\ny = 2\nz = 3\n"
        await desk.undo()
        assert desk.read("a.py") == FILES["a.py"]


async def test_hunks_are_carried_onto_a_text_that_moved_on_or_shown_as_conflicts(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES):
        pass
    async with open_desk(tmp_path, FILES) as desk:
        await propose(desk)
    moved = {"a.py": "# new\nx = 1\ny = 2\nz = 'another'\n", "gone.py": FILES["gone.py"]}
    async with open_desk(tmp_path, moved) as desk:
        (change,) = desk.session.changes.waiting().changes
        assert [hunk.hunk_id for hunk in change.pending] == ["h1"]
        assert [conflict.hunk_id for conflict in change.conflicts] == ["h2"]
        await desk.accept(change.task_id, "h1")
        assert desk.read("a.py") == "# new\nx = 10\ny = 2\nz = 'another'\n"


async def test_created_removed_and_renamed_files_wait_too(tmp_path: Path) -> None:
    edits = answer(block("new.py", "", "n = 1\n"), "### DELETE gone.py\n")
    async with open_desk(tmp_path, FILES) as desk:
        before = await propose(desk, edits)
    async with open_desk(tmp_path, FILES) as desk:
        (after,) = desk.session.changes.waiting().changes
        assert after == before
        await desk.accept(after.task_id)
        assert desk.read("new.py") == "n = 1\n"
        assert not (desk.root / "gone.py").exists()


async def test_what_is_decided_or_withdrawn_waits_no_more(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        first, second = await propose(desk), await propose(desk)
        await desk.reject(first.task_id)
        desk.session.changes.withdraw(second.task_id)
    assert list((tmp_path / "state").glob("waiting/*")) == []
    async with open_desk(tmp_path, FILES) as desk:
        assert desk.session.changes.waiting().changes == ()


async def test_only_the_user_can_read_what_waits(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        await propose(desk)
    folder = tmp_path / "state" / "waiting"
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[" * 99_999,
        lambda text: text.replace('"base": 0', '"base": 7'),
        lambda text: text.replace('"path": "a.py"', '"path": "../../a.py"'),
        lambda text: text.replace('"taskId": "', '"taskId": "0'),
        lambda text: text.replace('"kind": "modify"', '"kind": "run"'),
        lambda text: text.replace('"oldStart"', '"unknown"'),
    ],
)
async def test_a_damaged_note_is_left_out_and_the_others_are_not(
    tmp_path: Path,
    damage: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        first, second = await propose(desk), await propose(desk)
    note = tmp_path / "state" / "waiting" / f"{first.task_id}.txt"
    damaged = damage(note.read_text())  # type: ignore[operator]
    assert damaged != note.read_text()
    note.write_text(damaged)
    async with open_desk(tmp_path, FILES) as desk:
        waiting = [each.task_id for each in desk.session.changes.waiting().changes]
        assert waiting == [second.task_id]
    assert "is damaged" in caplog.text


async def test_only_so_many_are_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await propose(desk)
        task = desk.engine._state.tasks.find(change.task_id)
        waiting = Waiting(tmp_path / "other")
        for number in range(MOST_WAITING + 5):
            task.task_id = f"{number:032}"
            waiting.note(task)
        await waiting.close()
        found = waiting.recall()
        assert len(found) == MOST_WAITING
        assert all(each.state is TaskState.REVIEW for each in found)
