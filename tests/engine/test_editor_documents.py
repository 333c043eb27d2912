"""Who changes a document that an editor has open? Its editor, and nobody else."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.engine.editors.editors import DocumentEdit
from pairwright.errors import InvalidRequest, StaleChange
from pairwright.text.edits import apply_edits
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import parse_path
from tests.engine.desks import Desk, given, open_desk
from tests.support.answers import answer, block, edit
from tests.support.fake_editor import FakeEditor

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
EDIT_BOTH = answer(block("a.py", "a = 1\n", "a = 2\n"), block("b.py", "b = 1\n", "b = 2\n"))


async def test_a_document_that_an_editor_has_open_is_never_written(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("a.py", "# unsaved\na = 1\n", version=7)
        before = (desk.root / "a.py").stat()
        result = await desk.run()
        accepted = await desk.accept(result.task_id, editor=editor)
        assert accepted.files == ("a.py",)
        assert editor.buffers["a.py"] == "# unsaved\na = 2\n"
        after = (desk.root / "a.py").stat()
        assert desk.read("a.py") == "a = 1\n"
        assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


async def test_an_editor_is_asked_for_the_least_edits_at_its_version(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("a.py", "# unsaved\na = 1\n# end\n", version=7)
        result = await desk.run()
        await desk.accept(result.task_id, editor=editor)
        ((asked,),) = editor.asked
        assert (asked.path, asked.version) == ("a.py", 7)
        (text_edit,) = asked.edits
        assert (text_edit.range, text_edit.new_text) == (TextRange(10, 16), "a = 2\n")


async def test_a_mixed_change_goes_to_the_editor_and_to_the_disk(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run("Change a.py and b.py.")
        await desk.accept(result.task_id, editor=editor)
        assert (editor.buffers["a.py"], desk.read("a.py")) == ("a = 2\n", "a = 1\n")
        assert desk.read("b.py") == "b = 2\n"


async def test_nothing_is_written_when_the_editor_refuses(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        editor.refusal = "the person said no"
        result = await desk.run("Change a.py and b.py.")
        with pytest.raises(StaleChange, match="the person said no"):
            await desk.accept(result.task_id, editor=editor)
        check_untouched(desk, editor)
        editor.refusal = None
        await desk.accept(result.task_id, editor=editor)
        assert desk.read("b.py") == "b = 2\n"


async def test_the_editor_goes_back_when_the_files_cannot_be_written(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run("Change a.py and b.py.")
        editor.meanwhile = write_mine(desk)
        with pytest.raises(StaleChange, match=r"b\.py"):
            await desk.accept(result.task_id, editor=editor)
        assert [len(batch) for batch in editor.asked] == [1, 1]
        assert editor.buffers["a.py"] == FILES["a.py"]
        assert desk.read("b.py") == "mine\n"
        assert desk.task_state() == "review"


async def test_an_editor_that_tells_its_text_late_goes_back_all_the_same(tmp_path: Path) -> None:
    class Late(FakeEditor):
        async def apply(self, edits: tuple[DocumentEdit, ...]) -> str | None:
            self.asked.append(edits)
            for each in edits:
                text = apply_edits(self.buffers[each.path], each.edits)
                asyncio.get_running_loop().call_later(0.05, self.type, each.path, text)
            self.meanwhile()
            return None

    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = Late(desk.engine.open_session("late"))
        editor.open("a.py", FILES["a.py"])
        result = await desk.run("Change a.py and b.py.")
        editor.meanwhile = write_mine(desk)
        with pytest.raises(StaleChange, match=r"b\.py is not what it was"):
            await desk.accept(result.task_id, editor=editor)
        assert editor.buffers["a.py"] == FILES["a.py"]
        assert len(editor.asked) == 2


async def test_an_editor_that_will_not_go_back_is_named(tmp_path: Path) -> None:
    class Stubborn(FakeEditor):
        async def apply(self, edits: tuple[DocumentEdit, ...]) -> str | None:
            outcome = await super().apply(edits)
            self.refusal = "not again"
            return outcome

    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = Stubborn(desk.engine.open_session("stubborn"))
        editor.open("a.py", FILES["a.py"])
        result = await desk.run("Change a.py and b.py.")
        editor.meanwhile = write_mine(desk)
        with pytest.raises(StaleChange, match=r"undo a\.py there"):
            await desk.accept(result.task_id, editor=editor)


async def test_a_file_opened_while_the_editor_was_asked_is_not_written(tmp_path: Path) -> None:
    class Curious(FakeEditor):
        async def apply(self, edits: tuple[DocumentEdit, ...]) -> str | None:
            if "b.py" not in self.buffers:
                self.open("b.py", FILES["b.py"])
            return await super().apply(edits)

    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = Curious(desk.engine.open_session("curious"))
        editor.open("a.py", FILES["a.py"])
        result = await desk.run("Change a.py and b.py.")
        with pytest.raises(StaleChange, match="opened in an editor meanwhile"):
            await desk.accept(result.task_id, editor=editor)
        check_untouched(desk, editor)


async def test_whoever_decides_the_editor_that_has_it_open_is_asked(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        result = await desk.run("Change a.py and b.py.")
        await desk.accept(result.task_id)
        assert (editor.buffers["a.py"], desk.read("a.py")) == ("a = 2\n", "a = 1\n")
        assert desk.read("b.py") == "b = 2\n"


async def test_what_is_open_where_no_edit_is_taken_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        viewer = desk.engine.open_session("viewer")
        viewer.document_opened(parse_path("a.py"), FILES["a.py"], 1)
        result = await desk.run("Change a.py and b.py.")
        with pytest.raises(StaleChange, match=r"takes no edits has a\.py open: save and close"):
            await desk.accept(result.task_id)
        assert {path: desk.read(path) for path in FILES} == FILES


async def test_two_editors_each_change_what_they_have_open_or_neither_does(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_BOTH]) as desk:
        first, second = desk.editor(), desk.editor()
        first.open("a.py", FILES["a.py"])
        second.open("b.py", FILES["b.py"])
        second.refusal = "read-only"
        result = await desk.run("Change a.py and b.py.")
        with pytest.raises(StaleChange, match="read-only"):
            await desk.accept(result.task_id)
        check_untouched(desk, first)
        second.refusal = None
        await desk.accept(result.task_id)
        assert (first.buffers["a.py"], second.buffers["b.py"]) == ("a = 2\n", "b = 2\n")


async def test_the_editor_that_typed_last_is_asked(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        first, second = desk.editor(), desk.editor()
        first.open("a.py", FILES["a.py"])
        second.open("a.py", FILES["a.py"])
        second.type("a.py", "# second\na = 1\n")
        result = await desk.run()
        await desk.accept(result.task_id, editor=first)
        assert first.buffers["a.py"] == "a = 1\n"
        assert second.buffers["a.py"] == "# second\na = 2\n"


async def check_shown(desk: Desk, *expected: str) -> None:
    """Check what the models would see of a.py."""
    before = desk.prompts()
    result = await desk.run()
    assert result.state == "review"
    shown = desk.prompts().removeprefix(before)
    assert all(text in shown for text in expected)


async def test_the_other_editor_counts_again_when_one_lets_go(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A, EDIT_A, EDIT_A]) as desk:
        first, second = desk.editor(), desk.editor()
        first.open("a.py", "# first\na = 1\n", version=9)
        second.open("a.py", "# second\na = 1\n", version=1)
        await check_shown(desk, "# second")
        second.close("a.py")
        await check_shown(desk, "# first")
        first.type("a.py", "# typed\na = 1\n")
        await check_shown(desk, "# typed")


async def test_closing_a_session_leaves_other_editors_documents_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        first, second = desk.editor(), desk.editor()
        first.open("a.py", "# first\na = 1\n")
        second.open("a.py", "a = 1\n")
        await second.session.close()
        await check_shown(desk, "# first")


async def test_a_document_that_is_opened_twice_begins_anew(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("a.py", "a = 1\n", version=5)
        editor.open("a.py", "# again\na = 1\n", version=1)
        await check_shown(desk, "# again")


async def test_an_old_version_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        editor = desk.editor()
        editor.open("a.py", "a = 1\n", version=5)
        with pytest.raises(StaleChange, match="version 5"):
            editor.session.document_changed(parse_path("a.py"), "a = 3\n", 5)


async def test_what_is_not_open_cannot_be_changed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest, match="not open"):
            desk.session.document_changed(parse_path("a.py"), "a = 3\n", 5)
        desk.session.document_closed(parse_path("a.py"))


async def test_an_unsaved_new_document_can_be_changed_by_its_editor(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [edit("new.py", "n = 1\n", "n = 2\n")]) as desk:
        editor = desk.editor()
        editor.open("new.py", "n = 1\n")
        result = await desk.run("Change new.py.")
        await desk.accept(result.task_id, editor=editor)
        assert editor.buffers["new.py"] == "n = 2\n"
        assert not (desk.root / "new.py").exists()


async def test_an_editor_is_not_asked_for_what_it_could_not_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.MODIFY, "a.py", "# €\n")
    text = "# coding: latin-1\na = 1\nc = 'é'\n"
    async with open_desk(tmp_path, {"a.py": text.encode("latin-1")}) as desk:
        editor = desk.editor()
        editor.open("a.py", text)
        result = await desk.run(strategy="given")
        with pytest.raises(InvalidRequest, match="cannot express"):
            await desk.accept(result.task_id, editor=editor)
        assert editor.asked == []


def write_mine(desk: Desk) -> Callable[[], None]:
    def write() -> None:
        (desk.root / "b.py").write_text("mine\n")

    return write


def check_untouched(desk: Desk, editor: FakeEditor) -> None:
    assert {path: desk.read(path) for path in FILES} == FILES
    assert all(text == FILES[path] for path, text in editor.buffers.items())
    assert desk.task_state() == "review"
