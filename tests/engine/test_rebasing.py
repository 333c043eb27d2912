"""What becomes of a proposal when the text moves on while the task runs, or while it is shown?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from pairwright.errors import StaleChange
from pairwright.protocol import messages
from tests.engine.desks import Desk, open_desk
from tests.support.answers import answer, block, edit
from tests.support.waiting import eventually

LINES = "".join(f"x{number} = {number}\n" for number in range(9))
BOTH_ENDS = answer(
    block("a.py", "x0 = 0\n", "x0 = 'zero'\n"), block("a.py", "x8 = 8\n", "x8 = 'eight'\n")
)
INSERTION = edit("a.py", "x4 = 4\n", "x4 = 4\nnew = True\n")


async def run_while(desk: Desk, happens: Callable[[], None]) -> messages.RunResult:
    """Run a task; something happens when its first hunk is found."""
    is_done = False

    async def hear(event: messages.TaskEvent) -> None:
        nonlocal is_done
        await desk.hear(event)
        if isinstance(event, messages.HunkReady) and not is_done:
            is_done = True
            revision = desk.session.status().revision
            happens()
            await eventually(lambda: desk.session.status().revision > revision)

    params = messages.RunParams(instruction="Change a.py.", strategy="weak")
    return await desk.session.run_task(params, hear)


async def test_hunks_move_with_the_text_that_a_person_types(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [BOTH_ENDS]) as desk:
        editor = desk.editor()
        editor.open("a.py", LINES)
        result = await run_while(desk, lambda: editor.type("a.py", f"import y\n\n{LINES}"))
        assert [hunk.old_start for hunk in desk.change_ready().hunks] == [2, 10]
        assert result.is_sound
        await desk.accept(result.task_id, editor=editor)
        changed = LINES.replace("= 0", "= 'zero'").replace("= 8", "= 'eight'")
        assert editor.buffers["a.py"] == f"import y\n\n{changed}"


async def test_a_hunk_whose_lines_were_edited_is_a_conflict_and_the_other_is_not(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [BOTH_ENDS]) as desk:
        mine = LINES.replace("= 8", "= 88")
        result = await run_while(desk, lambda: _write(desk, "a.py", mine))
        ready = desk.change_ready()
        assert [hunk.old_start for hunk in ready.hunks] == [0]
        assert [(c.path, c.reason) for c in ready.conflicts] == [("a.py", "line 9 was changed")]
        assert not result.is_sound
        assert result.message == "the text changed meanwhile: 1 hunk no longer fits"
        await desk.accept(result.task_id)
        assert desk.read("a.py") == mine.replace("= 0", "= 'zero'")


async def test_a_change_of_which_nothing_fits_any_more_is_not_sound(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [BOTH_ENDS]) as desk:
        mine = LINES.replace("= 0", "= 10").replace("= 8", "= 88")
        result = await run_while(desk, lambda: _write(desk, "a.py", mine))
        assert not result.is_sound
        assert result.message == "the text changed meanwhile: 2 hunks no longer fit"


async def test_a_removed_file_is_a_conflict_and_stays_removed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [INSERTION]) as desk:
        result = await run_while(desk, (desk.root / "a.py").unlink)
        ready = desk.change_ready()
        assert (ready.hunks, ready.conflicts[0].reason) == ((), "the file was removed")
        assert (await desk.accept(result.task_id)).entry_id is None
        assert not (desk.root / "a.py").exists()


async def test_a_renamed_file_is_a_conflict_and_keeps_its_new_name(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [INSERTION]) as desk:
        result = await run_while(desk, lambda: _rename(desk, "a.py", "b.py"))
        assert [c.path for c in desk.change_ready().conflicts] == ["a.py"]
        await desk.accept(result.task_id)
        assert [path.name for path in desk.root.iterdir()] == ["b.py"]
        assert desk.read("b.py") == LINES


async def test_an_insertion_follows_text_that_moved_while_it_was_shown(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [INSERTION]) as desk:
        editor = desk.editor()
        editor.open("a.py", LINES)
        result = await desk.run()
        editor.type("a.py", f"# one\n# two\n{LINES}")
        await desk.accept(result.task_id, editor=editor)
        moved = LINES.replace("x4 = 4\n", "x4 = 4\nnew = True\n")
        assert editor.buffers["a.py"] == f"# one\n# two\n{moved}"


async def test_a_hunk_whose_lines_were_edited_while_it_was_shown_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [BOTH_ENDS]) as desk:
        editor = desk.editor()
        editor.open("a.py", LINES)
        result = await desk.run()
        editor.type("a.py", LINES.replace("= 8", "= 88"))
        with pytest.raises(
            StaleChange, match=r"a\.py changed .*line 9 was changed(.|\n)*'eight'(.|\n)*= 88"
        ):
            await desk.accept(result.task_id, editor=editor)
        await desk.accept(result.task_id, "h1", editor=editor)
        assert editor.buffers["a.py"] == LINES.replace("= 0", "= 'zero'").replace("= 8", "= 88")


async def test_a_file_that_was_removed_while_it_was_shown_is_not_made_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [INSERTION]) as desk:
        result = await desk.run()
        (desk.root / "a.py").unlink()
        await eventually(lambda: desk.session.status().files == 0)
        with pytest.raises(StaleChange, match="the file was removed"):
            await desk.accept(result.task_id)
        assert not (desk.root / "a.py").exists()


def _write(desk: Desk, path: str, text: str) -> None:
    (desk.root / path).write_text(text)


def _rename(desk: Desk, old: str, new: str) -> None:
    (desk.root / old).rename(desk.root / new)
