"""Who removes a file that an editor has open? Its editor, once its text is saved."""

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.errors import PairwrightError, StaleChange
from tests.engine.desks import Desk, given, open_desk
from tests.support.fake_editor import FakeEditor

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}


@asynccontextmanager
async def removal(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Desk, FakeEditor, str]]:
    """Give an editor that has b.py open, and the task that proposes to remove it."""
    given(monkeypatch, FileEditKind.DELETE, "b.py")
    async with open_desk(directory, FILES) as desk:
        (desk.root / "b.py").chmod(0o755)
        result = await desk.run(strategy="given")
        editor = desk.editor()
        editor.open("b.py", FILES["b.py"], version=3)
        yield desk, editor, result.task_id


def check_nothing_done(desk: Desk) -> None:
    assert {path: desk.read(path) for path in FILES} == FILES
    assert stat.S_IMODE((desk.root / "b.py").stat().st_mode) == 0o755
    assert desk.task_state() == "review"


async def test_an_open_file_is_removed_by_its_editor_and_comes_back_by_undo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with removal(tmp_path, monkeypatch) as (desk, editor, task_id):
        accepted = await desk.accept(task_id, editor=editor)
        ((asked,),) = editor.asked
        assert (asked.path, asked.version, asked.is_removed) == ("b.py", 3, True)
        assert (editor.buffers, (desk.root / "b.py").exists()) == ({}, False)
        (entry,) = await desk.history(accepted.entry_id)
        assert [(file.path, file.in_editor) for file in entry.files] == [("b.py", True)]
        await desk.undo(accepted.entry_id)
        assert desk.read("b.py") == FILES["b.py"]
        assert stat.S_IMODE((desk.root / "b.py").stat().st_mode) == 0o755


async def test_an_open_file_with_unsaved_text_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.DELETE, "b.py")
    async with open_desk(tmp_path, FILES) as desk:
        editor = desk.editor()
        editor.open("b.py", "b = 'unsaved'\n")
        result = await desk.run(strategy="given")
        with pytest.raises(StaleChange, match=r"text of b\.py that is not saved: save it"):
            await desk.accept(result.task_id, editor=editor)
        assert (editor.asked, desk.read("b.py")) == ([], FILES["b.py"])


async def test_an_editor_that_refuses_to_remove_a_file_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with removal(tmp_path, monkeypatch) as (desk, editor, task_id):
        editor.refusal = "it removes no files"
        with pytest.raises(StaleChange, match="it removes no files"):
            await desk.accept(task_id, editor=editor)
        check_nothing_done(desk)


@pytest.mark.parametrize(
    ("kept", "said"), [("buffer", "still has it open"), ("file", "did not remove it")]
)
async def test_an_editor_that_removes_by_half_is_found_out_and_the_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str, said: str
) -> None:
    """T9: what an editor says is looked at, and nothing is lost."""
    async with removal(tmp_path, monkeypatch) as (desk, editor, task_id):
        editor.keeps = kept
        with pytest.raises(StaleChange, match=said):
            await desk.accept(task_id, editor=editor)
        check_nothing_done(desk)


async def test_a_file_that_two_editors_have_open_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with removal(tmp_path, monkeypatch) as (desk, editor, task_id):
        desk.editor().open("b.py", FILES["b.py"])
        with pytest.raises(StaleChange, match="in more than one editor"):
            await desk.accept(task_id, editor=editor)
        check_nothing_done(desk)


async def test_a_removed_file_is_put_back_when_the_rest_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.RENAME, "b.py", "# moved\n", "c.py")
    async with open_desk(tmp_path, FILES) as desk:
        result = await desk.run(strategy="given")
        editor = desk.editor()
        editor.open("b.py", FILES["b.py"])
        editor.meanwhile = lambda: (desk.root / "c.py").mkdir()
        with pytest.raises(PairwrightError, match=r"c\.py"):
            await desk.accept(result.task_id, editor=editor)
        assert desk.read("b.py") == FILES["b.py"]


async def test_an_open_file_that_a_change_made_goes_away_by_undo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.CREATE, "c.py", "c = 1\n")
    async with open_desk(tmp_path, FILES) as desk:
        result = await desk.run(strategy="given")
        accepted = await desk.accept(result.task_id)
        editor = desk.editor()
        editor.open("c.py", "c = 1\n")
        await desk.undo(accepted.entry_id, editor=editor)
        assert (editor.buffers, (desk.root / "c.py").exists()) == ({}, False)
