"""How is an accepted change taken back?"""

from pathlib import Path

import pytest

from pairwright.errors import StaleChange, UnknownTask
from tests.engine.desks import Desk, open_desk
from tests.support.answers import answer, block, edit
from tests.support.waiting import eventually

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
EDIT_B = edit("b.py", "b = 1\n", "b = 2\n")
EDIT_BOTH = answer(block("a.py", "a = 1\n", "a = 2\n"), block("b.py", "b = 1\n", "b = 2\n"))
NAME_BOTH = "Change a.py and b.py."


async def kept(desk: Desk, instruction: str = NAME_BOTH) -> str:
    result = await desk.run(instruction)
    entry_id = (await desk.accept(result.task_id)).entry_id
    assert entry_id is not None
    return entry_id


async def test_the_last_change_is_taken_back_first(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, EDIT_B]) as desk:
        first, second = await kept(desk), await kept(desk)
        undone = await desk.undo()
        assert (undone.entry_id, undone.files) == (second, ("b.py",))
        assert (desk.read("a.py"), desk.read("b.py")) == ("a = 2\n", "b = 1\n")
        assert (await desk.undo()).entry_id == first
        assert desk.read("a.py") == "a = 1\n"
        with pytest.raises(UnknownTask, match="no change to take back"):
            await desk.undo()


async def test_a_change_is_taken_back_by_its_id(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, EDIT_B]) as desk:
        first = await kept(desk)
        await kept(desk)
        assert (await desk.undo(first)).entry_id == first
        assert (desk.read("a.py"), desk.read("b.py")) == ("a = 1\n", "b = 2\n")


async def test_a_change_is_not_taken_back_twice(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        entry_id = await kept(desk)
        await desk.undo(entry_id)
        with pytest.raises(UnknownTask, match="taken back already"):
            await desk.undo(entry_id)


async def test_an_unknown_change_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(UnknownTask, match="no change 'nothing'"):
            await desk.undo("nothing")


async def test_a_file_that_was_edited_since_is_left_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        entry_id = await kept(desk)
        (desk.root / "b.py").write_text("mine\n")
        with pytest.raises(StaleChange, match=r"b\.py"):
            await desk.undo(entry_id)
        assert (desk.read("a.py"), desk.read("b.py")) == ("a = 2\n", "mine\n")


async def test_a_change_can_be_taken_back_after_a_restart(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        entry_id = await kept(desk)
    async with open_desk(tmp_path, {}) as desk:
        assert desk.read("a.py") == "a = 2\n"
        undone = await desk.undo()
        assert (undone.entry_id, undone.files) == (entry_id, ("a.py", "b.py"))
        assert {path: desk.read(path) for path in FILES} == FILES


async def test_the_engine_knows_the_restored_text_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, EDIT_A]) as desk:
        await kept(desk)
        await desk.undo()
        await kept(desk)
        assert desk.read("a.py") == "a = 2\n"


async def test_what_an_editor_applied_is_taken_back_by_the_editor(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run(NAME_BOTH)
        accepted = await desk.accept(result.task_id, editor=editor)
        undone = await desk.undo(accepted.entry_id, editor=editor)
        assert undone.files == ("a.py", "b.py")
        assert editor.buffers == {"a.py": FILES["a.py"]}
        assert {path: desk.read(path) for path in FILES} == FILES


async def test_an_editor_without_files_on_disk_can_undo_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run()
        await desk.accept(result.task_id, editor=editor)
        await desk.undo(editor=editor)
        assert editor.buffers["a.py"] == FILES["a.py"]
        with pytest.raises(UnknownTask):
            await desk.undo(editor=editor)


async def test_what_was_typed_since_is_not_undone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run(NAME_BOTH)
        await desk.accept(result.task_id, editor=editor)
        editor.type("a.py", "a = 22\n")
        with pytest.raises(StaleChange, match=r"a\.py was changed since"):
            await desk.undo(editor=editor)
        assert (editor.buffers["a.py"], desk.read("b.py")) == ("a = 22\n", "b = 2\n")


async def test_a_saved_and_closed_document_is_restored_on_disk(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run()
        await desk.accept(result.task_id, editor=editor)
        (desk.root / "a.py").write_text(editor.buffers["a.py"])
        editor.close("a.py")
        assert (await desk.undo()).files == ("a.py",)
        assert desk.read("a.py") == "a = 1\n"


async def test_a_file_that_was_opened_since_is_restored_by_its_editor(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        await kept(desk)
        editor = desk.editor()
        editor.open("a.py", "a = 2\n")
        await desk.undo(editor=editor)
        assert editor.buffers["a.py"] == "a = 1\n"
        assert (desk.read("a.py"), desk.read("b.py")) == ("a = 2\n", "b = 1\n")


async def test_the_editor_goes_forward_again_when_files_cannot_be_restored(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run(NAME_BOTH)
        await desk.accept(result.task_id, editor=editor)
        (desk.root / "b.py").write_text("mine\n")
        with pytest.raises(StaleChange, match=r"b\.py"):
            await desk.undo(editor=editor)
        assert editor.buffers["a.py"] == "a = 2\n"


async def test_the_watcher_does_not_mistake_our_own_writes_for_edits(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await kept(desk)
        revision = desk.session.status().revision
        (desk.root / "c.py").write_text("c = 1\n")
        # A file is counted when it is seen, and the revision moves when it has been read.
        await eventually(lambda: desk.session.status().revision > revision)
        await eventually(lambda: desk.session.status().pending == 0)
        status = desk.session.status()
        assert (status.files, status.revision) == (3, revision + 1)
