"""What was written, by whom, and what of it still stands? Across clients and restarts."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairwright.errors import InvalidRequest, StaleChange, UnknownTask, UserError
from pairwright.protocol.history_messages import HistoryParams, RedoParams, UndoParams
from pairwright.text.diff import apply_hunks, diff_texts
from tests.engine.desks import Desk, open_desk
from tests.support.answers import answer, block, edit

LINES = "".join(f"x{number} = {number}\n" for number in range(9))
FILES = {"a.py": LINES, "b.py": "b = 1\n"}
CHANGE = answer(
    block("a.py", "x0 = 0\n", "x0 = 'zero'\n"),
    block("a.py", "x8 = 8\n", "x8 = 'eight'\nx9 = 9\n"),
    block("b.py", "b = 1\n", "b = 2\n"),
)
INSTRUCTION = "Change a.py and b.py."
CHANGED_A = LINES.replace("= 0", "= 'zero'").replace("= 8", "= 'eight'\nx9 = 9")


async def kept(desk: Desk) -> str:
    accepted = await desk.accept((await desk.run(INSTRUCTION)).task_id)
    assert accepted.entry_id is not None
    return accepted.entry_id


async def standings(desk: Desk) -> list[tuple[str, str]]:
    return [(entry.kind, entry.standing) for entry in await desk.history()]


async def test_an_entry_says_what_was_done_by_whom_and_how_it_stands(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        entry_id = await kept(desk)
        (entry,) = await desk.history()
        assert (entry.entry_id, entry.number, entry.kind) == (entry_id, 1, "change")
        assert (entry.label, entry.client, entry.standing) == (INSTRUCTION, "person", "standing")
        files = [(f.path, f.file_change, f.added, f.removed, f.in_editor) for f in entry.files]
        assert files == [("a.py", "modify", 3, 2, False), ("b.py", "modify", 1, 1, False)]
        assert entry.files[0].hunks == ()


async def test_one_entry_is_told_with_its_hunks(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        entry_id = await kept(desk)
        for name in (entry_id, "1", "000001"):
            (entry,) = await desk.history(name)
            first, second = entry.files[0].hunks
            assert "-x0 = 0\n+x0 = 'zero'\n" in first.unified
            assert (second.old_start, second.new_lines) == (8, ("x8 = 'eight'\n", "x9 = 9\n"))


async def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        assert await desk.history() == ()
        for name in ("7", "nothing", "", "²"):
            with pytest.raises(UnknownTask, match="'pairwright history' lists"):
                await desk.history(name)
        for limit in (0, -1, 501):
            with pytest.raises(InvalidRequest, match="from 1 to 500"):
                await desk.session.history(HistoryParams(limit=limit))
        with pytest.raises(UnknownTask, match="no undo to take back"):
            await desk.redo()


async def test_undo_and_redo_and_undo(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        entry_id = await kept(desk)
        undone = await desk.undo()
        assert (undone.entry_id, undone.number, undone.label) == (entry_id, 1, INSTRUCTION)
        assert desk.read("a.py") == LINES
        redone = await desk.redo()
        assert (redone.entry_id, redone.files) == (entry_id, ("a.py", "b.py"))
        assert (desk.read("a.py"), desk.read("b.py")) == (CHANGED_A, "b = 2\n")
        assert (await desk.undo()).entry_id == entry_id
        assert desk.read("a.py") == LINES
        assert await standings(desk) == [
            ("undo", "standing"),
            ("redo", "standing"),
            ("undo", "undone"),
            ("change", "undone"),
        ]


async def test_a_change_is_brought_back_by_its_own_number(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        with pytest.raises(UnknownTask, match="is not taken back"):
            await desk.redo("1")
        await desk.undo("1")
        with pytest.raises(UnknownTask, match="'pairwright redo 1' brings it back"):
            await desk.undo("1")
        assert (await desk.redo("1")).number == 1
        assert desk.read("a.py") == CHANGED_A


async def test_one_file_of_a_change_is_taken_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        undone = await desk.undo(paths=("b.py",))
        assert (undone.files, undone.is_part) == (("b.py",), True)
        assert (desk.read("a.py"), desk.read("b.py")) == (CHANGED_A, "b = 1\n")
        assert await standings(desk) == [("undo", "standing"), ("change", "partly")]
        rest = await desk.undo()
        assert (rest.number, rest.files) == (1, ("a.py",))
        assert await standings(desk) == [
            ("undo", "standing"),
            ("undo", "standing"),
            ("change", "undone"),
        ]


async def test_one_hunk_is_taken_back_without_saying_whose_it_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        (entry,) = await desk.history("1")
        hunk_id = entry.files[0].hunks[1].hunk_id
        await desk.undo(hunk_ids=(hunk_id,))
        assert desk.read("a.py") == LINES.replace("= 0", "= 'zero'")
        (entry,) = await desk.history("1")
        assert entry.standing == "partly"
        assert entry.files[0].undone_hunks == (hunk_id,)


async def test_all_that_was_kept_of_a_task_is_taken_back_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = (await desk.run(INSTRUCTION)).task_id
        for hunk_id in ("h2", "h3", "h1"):
            await desk.accept(task_id, hunk_id)
        (desk.root / "a.py").write_text(f"# mine\n{CHANGED_A}")
        undone = await desk.undo(task_id=task_id)
        assert undone.files == ("a.py", "b.py")
        assert (desk.read("a.py"), desk.read("b.py")) == (f"# mine\n{LINES}", "b = 1\n")
        with pytest.raises(UnknownTask, match="was taken back already"):
            await desk.undo(task_id=task_id)
        with pytest.raises(UnknownTask, match="wrote nothing here"):
            await desk.undo(task_id="another")


async def test_a_task_of_which_one_part_conflicts_stays_whole(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = (await desk.run(INSTRUCTION)).task_id
        await desk.accept(task_id, "h1")
        await desk.accept(task_id, "h3")
        (desk.root / "b.py").write_text("mine\n")
        with pytest.raises(StaleChange, match=r"b\.py.*nothing was taken back"):
            await desk.undo(task_id=task_id)
        assert desk.read("a.py") == LINES.replace("= 0", "= 'zero'")


@pytest.mark.parametrize(
    ("part", "error", "reason"),
    [
        ({"entry_id": "1", "task_id": "t"}, InvalidRequest, "not both"),
        ({"task_id": "t", "paths": ("a.py",)}, InvalidRequest, "as a whole"),
        ({"paths": ()}, InvalidRequest, "no file is named"),
        ({"hunk_ids": ()}, InvalidRequest, "no hunk is named"),
        ({"paths": ("c.py",)}, UnknownTask, "has no file 'c.py'"),
        ({"hunk_ids": ("000000000000",)}, UnknownTask, "no change has a hunk"),
        ({"entry_id": "1", "hunk_ids": ("0",)}, UnknownTask, "has no hunk '0'"),
        ({"paths": ("../a.py",)}, Exception, "not a path in the workspace"),
    ],
)
async def test_what_cannot_be_taken_back_is_refused(
    tmp_path: Path, part: dict[str, object], error: type[Exception], reason: str
) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        with pytest.raises(error, match=reason):
            await desk.session.undo(UndoParams(**part))  # type: ignore[arg-type]
        assert desk.read("a.py") == CHANGED_A


async def test_what_an_editor_did_is_undone_after_a_restart_by_another_client(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        editor = desk.editor()
        editor.open("a.py", LINES)
        await kept(desk)
        (desk.root / "a.py").write_text(editor.buffers["a.py"])
        (entry,) = await desk.history()
        assert [file.in_editor for file in entry.files] == [True, False]
    async with open_desk(tmp_path, {}) as desk:
        editor = desk.editor()
        editor.open("b.py", "b = 2\n")
        undone = await desk.undo()
        assert undone.files == ("a.py", "b.py")
        assert desk.read("a.py") == LINES
        assert editor.buffers["b.py"] == "b = 1\n"
        assert desk.read("b.py") == "b = 2\n"
        assert await standings(desk) == [("undo", "standing"), ("change", "undone")]
    async with open_desk(tmp_path, {}) as desk:
        await desk.session.redo(RedoParams())
        assert desk.read("a.py") == CHANGED_A


async def test_what_never_reached_the_disk_needs_no_undo_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    replies = [edit("b.py", "b = 1\n", "b = 2\n"), edit("a.py", "x0 = 0\n", "x0 = 1\n")]
    async with open_desk(tmp_path, FILES, replies) as desk:
        await kept(desk)
        editor = desk.editor()
        editor.open("a.py", LINES)
        await kept(desk)
        editor.close("a.py")
        undone = await desk.undo()
        assert (undone.number, undone.files) == (2, ())
        assert (await desk.undo()).number == 1
        assert desk.read("b.py") == "b = 1\n"


async def test_a_new_file_comes_and_goes_with_its_directory(tmp_path: Path) -> None:
    new = answer("### FILE pkg/new.py\n<<<<<<< WHOLE\nn = 1\n>>>>>>> WHOLE\n")
    async with open_desk(tmp_path, FILES, [new]) as desk:
        accepted = await desk.accept((await desk.run("Add pkg/new.py with n = 1.")).task_id)
        assert desk.read("pkg/new.py") == "n = 1\n"
        await desk.undo(accepted.entry_id)
        assert not (desk.root / "pkg").exists()
        await desk.redo()
        assert desk.read("pkg/new.py") == "n = 1\n"


texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\r\n", "\n"]), max_size=8).map("".join)


@given(texts, texts, texts)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_redo_after_undo_is_as_if_nothing_had_been(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, mine: str
) -> None:
    """Undo and redo around a person's line, above and below, leave every byte of it."""
    before = f"first\n{old}last\n"
    after = f"first\n{new}last\n"
    if before == after:
        return
    hunks = diff_texts(before, after)
    blocks = block("a.py", before, apply_hunks(before, hunks))
    async with open_desk(
        tmp_path_factory.mktemp("desk"), {"a.py": before}, [answer(blocks)] * 3
    ) as desk:
        result = await desk.run()
        if result.state == "failed":
            return
        await desk.accept(result.task_id)
        after = desk.read("a.py")
        (desk.root / "a.py").write_bytes(f"{after}# {mine!r}\n".encode())
        await desk.undo()
        assert desk.read("a.py") == f"{before}# {mine!r}\n"
        await desk.redo()
        assert desk.read("a.py") == f"{after}# {mine!r}\n"


async def test_what_is_gone_already_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        entry_id = await kept(desk)
        (entry,) = await desk.history(entry_id)
        await desk.undo(entry_id, hunk_ids=(entry.files[0].hunks[0].hunk_id,))
        # Right where that hunk was.
        mine = desk.read("a.py").replace("x0 = 0\nx1 = 1", "x0 = 'mine'\nx1 = 1")
        (desk.root / "a.py").write_text(mine)
        assert (await desk.undo()).files == ("a.py", "b.py")
        assert desk.read("a.py") == LINES.replace("x0 = 0", "x0 = 'mine'")
        assert await standings(desk) == [
            ("undo", "standing"),
            ("undo", "standing"),
            ("change", "undone"),
        ]


async def test_what_is_gone_of_a_task_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        result = await desk.run(INSTRUCTION)
        first = await desk.accept(result.task_id, "h1", "h2")
        await desk.accept(result.task_id)
        (entry,) = await desk.history(first.entry_id)
        await desk.undo(first.entry_id, hunk_ids=(entry.files[0].hunks[0].hunk_id,))
        (desk.root / "a.py").write_text(desk.read("a.py").replace("x0 = 0", "x0 = 'mine'"))
        await desk.session.undo(UndoParams(task_id=result.task_id))
        assert desk.read("a.py") == LINES.replace("x0 = 0", "x0 = 'mine'")
        assert desk.read("b.py") == FILES["b.py"]


async def test_a_task_of_which_one_part_cannot_be_written_stays_whole(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        result = await desk.run(INSTRUCTION)
        await desk.accept(result.task_id, "h1", "h2")
        await desk.accept(result.task_id)
        # What is one file under two names is not replaced; the newer part, b.py, comes first.
        (desk.root / "twin.py").hardlink_to(desk.root / "a.py")
        with pytest.raises(UserError, match=r"a\.py.*nothing was written"):
            await desk.session.undo(UndoParams(task_id=result.task_id))
        assert (desk.read("a.py"), desk.read("b.py")) == (CHANGED_A, "b = 2\n")
        standing = [standing for kind, standing in await standings(desk) if kind == "change"]
        assert standing == ["standing", "standing"]
        (desk.root / "twin.py").unlink()
        await desk.session.undo(UndoParams(task_id=result.task_id))
        assert {path: desk.read(path) for path in FILES} == FILES


async def test_a_part_is_not_taken_back_twice(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        entry_id = await kept(desk)
        await desk.undo(entry_id, paths=("b.py",))
        (entry,) = await desk.history(entry_id)
        (hunk,) = entry.files[1].hunks
        for part in ({"paths": ("b.py",)}, {"hunk_ids": (hunk.hunk_id,)}):
            with pytest.raises(UnknownTask, match=r"that part of the change .* already"):
                await desk.undo(entry_id, **part)
        assert len(await desk.history()) == 2
