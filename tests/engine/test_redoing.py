"""How is what was taken back brought back? By entry, file, hunk or task, as undo takes it."""

from pathlib import Path

import pytest

from pairwright.errors import InvalidRequest, StaleChange, UnknownTask
from pairwright.journal.entries import EntryNote
from pairwright.journal.journal import Journal
from pairwright.protocol.history_messages import HistoryEntry, RedoParams
from tests.engine.desks import Desk, open_desk
from tests.journal.changes import undo_together, write
from tests.support.answers import answer, block

LINES = "".join(f"x{number} = {number}\n" for number in range(9))
FILES = {"a.py": LINES, "b.py": "b = 1\n"}
CHANGE = answer(
    block("a.py", "x0 = 0\n", "x0 = 'zero'\n"),
    block("a.py", "x8 = 8\n", "x8 = 'eight'\n"),
    block("b.py", "b = 1\n", "b = 2\n"),
)
STATE = Path("state", "journal")
INSTRUCTION = "Change a.py and b.py."
ZERO, EIGHT = LINES.replace("= 0", "= 'zero'"), LINES.replace("= 8", "= 'eight'")
CHANGED_A = ZERO.replace("= 8", "= 'eight'")


class PowerCut(BaseException):
    """Nothing more happens, not even tidying up."""


async def kept(desk: Desk) -> None:
    await desk.accept((await desk.run(INSTRUCTION)).task_id)


async def kept_in_three(desk: Desk) -> str:
    """Keep the hunks of a task one by one: three entries."""
    task_id = (await desk.run(INSTRUCTION)).task_id
    for hunk_id in ("h2", "h3", "h1"):
        await desk.accept(task_id, hunk_id)
    return task_id


async def only(desk: Desk, name: str) -> HistoryEntry:
    (entry,) = await desk.history(name)
    return entry


async def hunks_of(desk: Desk, name: str) -> list[str]:
    entry = await only(desk, name)
    return [hunk.hunk_id for file in entry.files for hunk in file.hunks]


async def standings(desk: Desk) -> list[tuple[int, str, str]]:
    return [(each.number, each.kind, each.standing) for each in await desk.history()]


def texts(desk: Desk) -> tuple[str, str]:
    return desk.read("a.py"), desk.read("b.py")


async def test_one_file_is_brought_back_and_then_the_rest(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        await desk.undo()
        redone = await desk.redo(paths=("b.py",))
        assert (redone.number, redone.files, redone.is_part) == (1, ("b.py",), True)
        assert texts(desk) == (LINES, "b = 2\n")
        rest = await desk.redo("1")
        assert (rest.files, rest.is_part) == (("a.py",), True)
        assert texts(desk) == (CHANGED_A, "b = 2\n")
        assert [standing for _, _, standing in await standings(desk)][-2:] == ["undone", "standing"]


@pytest.mark.parametrize(("of", "names"), [("2", "2"), ("1", "1"), ("2", None), ("1", None)])
async def test_one_hunk_is_brought_back_by_the_undos_id_or_the_changes(
    tmp_path: Path, of: str, names: str | None
) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        await desk.undo()
        (desk.root / "a.py").write_text(f"# mine\n{LINES}")
        hunk_ids = await hunks_of(desk, of)
        await desk.redo(names, hunk_ids=(hunk_ids[1],))
        assert texts(desk) == (f"# mine\n{EIGHT}", "b = 1\n")
        change = await only(desk, "1")
        assert change.standing == "partly"
        (first, second), (third,) = [[hunk.hunk_id for hunk in file.hunks] for file in change.files]
        undone = [hunk_id for file in change.files for hunk_id in file.undone_hunks]
        assert undone == [first, third]
        with pytest.raises(UnknownTask, match=r"that part of the change .* is not taken back"):
            await desk.redo(names, hunk_ids=(hunk_ids[1],))
        # What was brought back can be taken back again, alone.
        await desk.undo("1", hunk_ids=(second,))
        assert desk.read("a.py") == f"# mine\n{LINES}"
        assert (await only(desk, "1")).standing == "undone"


async def test_a_change_that_was_taken_back_in_parts_comes_back_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        await desk.undo("1", paths=("b.py",))
        await desk.undo("1")
        assert texts(desk) == (LINES, "b = 1\n")
        redone = await desk.redo("1")
        assert (redone.files, redone.numbers) == (("a.py", "b.py"), (1,))
        assert texts(desk) == (CHANGED_A, "b = 2\n")
        assert await standings(desk) == [
            (4, "redo", "standing"),
            (3, "undo", "undone"),
            (2, "undo", "undone"),
            (1, "change", "standing"),
        ]


async def test_a_task_is_taken_back_and_brought_back_as_one_entry(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = await kept_in_three(desk)
        (desk.root / "a.py").write_text(f"# mine\n{CHANGED_A}")
        undone = await desk.undo(task_id=task_id)
        assert (undone.number, undone.numbers, undone.is_part) == (3, (1, 2, 3), False)
        assert texts(desk) == (f"# mine\n{LINES}", "b = 1\n")
        undo, *changes = await desk.history()
        assert (undo.kind, undo.change_number, undo.change_numbers) == ("undo", 3, (1, 2, 3))
        assert [undo.reverts, *undo.also_reverts] == [change.entry_id for change in changes]
        assert [change.standing for change in changes] == ["undone"] * 3
    # After a restart, and for another client.
    async with open_desk(tmp_path, {}) as desk:
        redone = await desk.redo()
        assert (redone.numbers, redone.files) == ((1, 2, 3), ("a.py", "b.py"))
        assert texts(desk) == (f"# mine\n{CHANGED_A}", "b = 2\n")
        redo, undo, *changes = await desk.history()
        assert (redo.kind, redo.change_numbers, undo.standing) == ("redo", (1, 2, 3), "undone")
        assert [change.standing for change in changes] == ["standing"] * 3
        assert (await desk.undo(task_id=task_id)).numbers == (1, 2, 3)
        assert texts(desk) == (f"# mine\n{LINES}", "b = 1\n")


async def test_what_was_taken_back_of_a_task_one_by_one_comes_back_as_one(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = await kept_in_three(desk)
        await desk.undo("1")
        await desk.undo("3")
        redone = await desk.redo(task_id=task_id)
        assert (redone.numbers, len(await desk.history())) == ((1, 3), 6)
        assert texts(desk) == (CHANGED_A, "b = 2\n")
        with pytest.raises(UnknownTask, match="is not taken back"):
            await desk.redo(task_id=task_id)
        with pytest.raises(UnknownTask, match="wrote nothing here"):
            await desk.redo(task_id="another")


async def test_one_change_of_a_task_that_was_taken_back_as_one_comes_back_alone(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = await kept_in_three(desk)
        await desk.undo(task_id=task_id)
        redone = await desk.redo("1")
        assert texts(desk) == (EIGHT, "b = 1\n")
        assert redone.is_part
        assert [standing for *_, standing in await standings(desk)] == [
            "standing",
            "partly",
            "undone",
            "undone",
            "standing",
        ]
        await desk.redo(task_id=task_id)
        assert texts(desk) == (CHANGED_A, "b = 2\n")


async def test_a_hunk_whose_place_was_edited_since_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        await desk.undo()
        *_, hunk = await hunks_of(desk, "1")
        (desk.root / "b.py").write_text("b = 'mine'\n")
        with pytest.raises(StaleChange, match=r"b\.py.*nothing was taken back"):
            await desk.redo("1", hunk_ids=(hunk,))
        assert texts(desk) == (LINES, "b = 'mine'\n")


async def test_a_hunk_that_an_undo_merged_with_another_is_refused_with_a_way_out(
    tmp_path: Path,
) -> None:
    lines = answer(block("b.py", "b = 1\n", "b = 2\n"), block("b.py", "c = 1\n", "c = 2\n"))
    async with open_desk(tmp_path, {"b.py": "b = 1\nx\nc = 1\n"}, [lines]) as desk:
        task_id = (await desk.run("Change b.py.")).task_id
        await desk.accept(task_id, "h1")
        await desk.accept(task_id)
        # With what stood between them gone, the two are one hunk of the undo.
        (desk.root / "b.py").write_text("b = 2\nc = 2\n")
        before = len(await desk.history())
        await desk.undo(task_id=task_id)
        assert desk.read("b.py") == "b = 1\nc = 1\n"
        with pytest.raises(InvalidRequest, match=r"together .*'pairwright redo 3' brings all"):
            await desk.redo("1")
        assert len(await desk.history()) == before + 1
        await desk.redo("3")
        assert desk.read("b.py") == "b = 2\nc = 2\n"


async def test_a_conflict_in_one_undo_of_a_task_brings_nothing_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = await kept_in_three(desk)
        await desk.undo(task_id=task_id)
        (desk.root / "b.py").write_text("mine\n")
        told = await desk.history()
        with pytest.raises(StaleChange, match=r"b\.py"):
            await desk.redo(task_id=task_id)
        assert texts(desk) == (LINES, "mine\n")
        assert await desk.history() == told


async def test_a_conflict_in_one_change_of_a_task_writes_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        task_id = await kept_in_three(desk)
        mine = CHANGED_A.replace("'zero'", "'mine'")
        (desk.root / "a.py").write_text(mine)
        told = await desk.history()
        with pytest.raises(StaleChange, match=r"a\.py.*nothing was taken back"):
            await desk.undo(task_id=task_id)
        assert texts(desk) == (mine, "b = 2\n")
        assert await desk.history() == told


def made_executable(directory: Path, journal: Journal) -> None:
    """Write two changes of a task, before an engine is there; one of them is of a mode, too."""
    root = directory / "workspace"
    root.mkdir()
    (root / "a.sh").write_bytes(b"1\n")
    (root / "b.py").write_bytes(b"1\n")
    (root / "a.sh").chmod(0o644)
    note = EntryNote("Make it run.", task_id="t")
    journal.commit([write(root, "a.sh", b"2\n", mode=0o755)], note)
    journal.commit([write(root, "a.sh", b"3\n"), write(root, "b.py", b"2\n")], note)


@pytest.mark.parametrize(("now", "after"), [(0o755, 0o644), (0o700, 0o700)])
async def test_only_a_mode_that_the_user_left_alone_is_taken_back_with_a_task(
    tmp_path: Path, now: int, after: int
) -> None:
    made_executable(tmp_path, Journal(tmp_path / STATE, tmp_path / "workspace"))
    async with open_desk(tmp_path, {}) as desk:
        script = desk.root / "a.sh"
        script.chmod(now)
        await desk.undo(task_id="t")
        assert (script.read_bytes(), script.stat().st_mode & 0o777) == (b"1\n", after)
        await desk.redo(task_id="t")
        assert (script.read_bytes(), script.stat().st_mode & 0o777) == (b"3\n", now)


async def test_a_task_whose_undo_was_cut_between_two_files_is_undone_at_the_next_start(
    tmp_path: Path,
) -> None:
    """T6: one decision for all changes of the task."""

    def cut(step: str) -> None:
        if step == "rename b.py":
            raise PowerCut

    root = tmp_path / "workspace"
    journal = Journal(tmp_path / STATE, root)
    made_executable(tmp_path, journal)
    with pytest.raises(PowerCut):
        undo_together(Journal(tmp_path / STATE, root, on_step=cut), journal.entries())
    assert [(root / name).read_bytes() for name in ("a.sh", "b.py")] == [b"1\n", b"2\n"]
    async with open_desk(tmp_path, {}) as desk:
        assert (desk.read("a.sh"), desk.read("b.py")) == ("1\n", "1\n")
        assert await standings(desk) == [
            (3, "undo", "standing"),
            (2, "change", "undone"),
            (1, "change", "undone"),
        ]
        assert (await desk.redo()).numbers == (1, 2)
        assert (desk.read("a.sh"), desk.read("b.py")) == ("3\n", "2\n")


async def test_a_task_whose_files_an_editor_has_open_is_taken_back_and_forth(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        editor = desk.editor()
        editor.open("a.py", LINES)
        task_id = await kept_in_three(desk)
        assert editor.buffers["a.py"] == CHANGED_A
        await desk.undo(task_id=task_id)
        assert (editor.buffers["a.py"], desk.read("b.py")) == (LINES, "b = 1\n")
        await desk.redo(task_id=task_id)
        assert (editor.buffers["a.py"], texts(desk)) == (CHANGED_A, (LINES, "b = 2\n"))


@pytest.mark.parametrize(
    ("part", "error", "reason"),
    [
        ({"entry_id": "1", "task_id": "t"}, InvalidRequest, "not both"),
        ({"task_id": "t", "paths": ("a.py",)}, InvalidRequest, "as a whole"),
        ({"task_id": "t", "hunk_ids": ("0",)}, InvalidRequest, "as a whole"),
        ({"paths": ()}, InvalidRequest, "no file is named"),
        ({"hunk_ids": ()}, InvalidRequest, "no hunk is named"),
        ({"paths": ("c.py",)}, UnknownTask, "has no file 'c.py'"),
        ({"entry_id": "1", "paths": ("c.py",)}, UnknownTask, "has no file 'c.py'"),
        ({"hunk_ids": ("000000000000",)}, UnknownTask, "no change has a hunk"),
        ({"entry_id": "1", "hunk_ids": ("0",)}, UnknownTask, "has no hunk '0'"),
        ({"entry_id": "2", "hunk_ids": ("0",)}, UnknownTask, "has no hunk '0'"),
        ({"entry_id": "7"}, UnknownTask, "no change '7'"),
        ({"paths": ("../a.py",)}, Exception, "not a path in the workspace"),
    ],
)
async def test_what_cannot_be_brought_back_is_refused(
    tmp_path: Path, part: dict[str, object], error: type[Exception], reason: str
) -> None:
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        await kept(desk)
        await desk.undo()
        with pytest.raises(error, match=reason):
            await desk.session.redo(RedoParams(**part))  # type: ignore[arg-type]
        assert texts(desk) == (LINES, "b = 1\n")
