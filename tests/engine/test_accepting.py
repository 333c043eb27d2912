"""What happens to the files when a person keeps hunks, and when it cannot be done?"""

import asyncio
import os
from pathlib import Path

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.errors import InvalidRequest, StaleChange, UnknownTask
from pairwright.llm.scripted_provider import Hang
from pairwright.protocol import messages
from tests.engine.desks import given, open_desk
from tests.support.answers import answer, block, edit
from tests.support.waiting import eventually

LINES = "".join(f"x{number} = {number}\n" for number in range(9))
TWO_HUNKS = answer(
    block("a.py", "x0 = 0\n", "x0 = 'zero'\n"), block("a.py", "x8 = 8\n", "x8 = 'eight'\n")
)


async def check_accept(directory: Path, kept: tuple[str, ...] | None, expected: str) -> None:
    async with open_desk(directory, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        accepted = await desk.session.accept(_params(result.task_id, kept), None)
        assert desk.read("a.py") == expected
        assert desk.task_state() == "done"
        assert (accepted.entry_id is None) is (expected == LINES)


def _params(task_id: str, kept: tuple[str, ...] | None) -> messages.AcceptParams:
    return messages.AcceptParams(task_id=task_id, hunk_ids=kept)


async def test_all_hunks_can_be_kept(tmp_path: Path) -> None:
    both = LINES.replace("= 0", "= 'zero'").replace("= 8", "= 'eight'")
    await check_accept(tmp_path, None, both)


async def test_some_hunks_can_be_kept(tmp_path: Path) -> None:
    await check_accept(tmp_path, ("h2",), LINES.replace("= 8", "= 'eight'"))


async def test_a_hunk_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    await check_accept(tmp_path, ("h2", "h2"), LINES.replace("= 8", "= 'eight'"))


async def test_keeping_no_hunk_discards_the_change(tmp_path: Path) -> None:
    await check_accept(tmp_path, (), LINES)


async def test_a_change_is_decided_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        await desk.accept(result.task_id, "h1")
        with pytest.raises(UnknownTask, match="is done: nothing to decide"):
            await desk.accept(result.task_id, "h2")
        assert desk.read("a.py") == LINES.replace("= 0", "= 'zero'")


async def test_two_decisions_at_once_are_one_decision(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        task_id = (await desk.run()).task_id
        outcomes = await asyncio.gather(
            desk.accept(task_id, "h1"), desk.accept(task_id, "h2"), return_exceptions=True
        )
        assert [type(outcome).__name__ for outcome in outcomes] == ["AcceptResult", "UnknownTask"]


async def test_an_unknown_hunk_keeps_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        with pytest.raises(UnknownTask, match="no hunk 'h9'"):
            await desk.accept(result.task_id, "h1", "h9")
        assert desk.read("a.py") == LINES
        assert desk.task_state() == "review"


async def test_an_unknown_task_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}) as desk:
        with pytest.raises(UnknownTask, match="no task 'nobody'"):
            await desk.accept("nobody")


async def test_a_running_task_has_nothing_to_decide(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [Hang()]) as desk:
        running = asyncio.ensure_future(desk.run())
        await eventually(lambda: desk.session.status().tasks)
        task_id = desk.session.status().tasks[0].task_id
        with pytest.raises(UnknownTask, match="is running"):
            await desk.accept(task_id)
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"a = 1\r\nb = 2\r\n", b"a = 'one'\r\nb = 2\r\n", id="line ends"),
        pytest.param(
            b"\xef\xbb\xbfa = 1\nb = 2\n", b"\xef\xbb\xbfa = 'one'\nb = 2\n", id="byte order mark"
        ),
        pytest.param(
            "# coding: latin-1\na = 1\nc = 'é'\n".encode("latin-1"),
            "# coding: latin-1\na = 'one'\nc = 'é'\n".encode("latin-1"),
            id="encoding",
        ),
        pytest.param(b"b = 2\na = 1", b"b = 2\na = 'one'", id="no last line end"),
    ],
)
async def test_bytes_that_no_hunk_touches_stay(tmp_path: Path, before: bytes, after: bytes) -> None:
    replies = [edit("a.py", "a = 1\n", "a = 'one'\n")]
    async with open_desk(tmp_path, {"a.py": before}, replies) as desk:
        (desk.root / "a.py").chmod(0o750)
        result = await desk.run()
        await desk.accept(result.task_id)
        assert (desk.root / "a.py").read_bytes() == after
        assert (desk.root / "a.py").stat().st_mode & 0o777 == 0o750


async def test_two_files_are_written_or_none(tmp_path: Path) -> None:
    files = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
    both = answer(block("a.py", "a = 1\n", "a = 2\n"), block("b.py", "b = 1\n", "b = 2\n"))
    async with open_desk(tmp_path, files, [both]) as desk:
        result = await desk.run("Change a.py and b.py.")
        # Sooner than the watcher can tell: only the journal sees it.
        (desk.root / "b.py").write_text("b = 'mine'\n")
        with pytest.raises(StaleChange, match=r"b\.py"):
            await desk.accept(result.task_id)
        assert (desk.read("a.py"), desk.read("b.py")) == ("a = 1\n", "b = 'mine'\n")
        assert desk.task_state() == "review"


async def test_a_new_file_is_created_with_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.CREATE, "pkg/new/b.py", "b = 'é'\n")
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        (hunk,) = desk.change_ready().hunks
        assert "/dev/null" in hunk.unified
        accepted = await desk.accept(result.task_id)
        assert desk.read("pkg/new/b.py") == "b = 'é'\n"
        await desk.undo(accepted.entry_id)
        assert os.listdir(desk.root) == ["a.py"]


async def test_a_file_that_somebody_created_first_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.CREATE, "b.py", "b = 1\n")
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        (desk.root / "b.py").write_text("mine\n")
        with pytest.raises(StaleChange):
            await desk.accept(result.task_id)
        assert desk.read("b.py") == "mine\n"


async def test_a_removed_file_is_removed_and_not_only_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.DELETE, "b.py")
    async with open_desk(tmp_path, {"a.py": "a = 1\n", "b.py": "b = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        accepted = await desk.accept(result.task_id)
        assert os.listdir(desk.root) == ["a.py"]
        await desk.undo(accepted.entry_id)
        assert desk.read("b.py") == "b = 1\n"


async def test_an_open_file_is_not_removed_under_its_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.DELETE, "b.py")
    async with open_desk(tmp_path, {"a.py": "a = 1\n", "b.py": "b = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        editor = desk.editor()
        editor.open("b.py", "b = 1\n")
        with pytest.raises(StaleChange, match="close it there"):
            await desk.accept(result.task_id, editor=editor)
        assert desk.read("b.py") == "b = 1\n"


async def test_a_renamed_file_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, FileEditKind.RENAME, "b.py", "# moved\n", "c.py")
    async with open_desk(tmp_path, {"a.py": "a = 1\n", "b.py": "b = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        await desk.accept(result.task_id)
        assert sorted(os.listdir(desk.root)) == ["a.py", "c.py"]
        assert desk.read("c.py") == "# moved\nb = 1\n"


async def test_what_the_encoding_cannot_express_is_refused_with_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.MODIFY, "a.py", "# €\n")
    before = "# coding: latin-1\na = 1\nc = 'é'\n".encode("latin-1")
    async with open_desk(tmp_path, {"a.py": before}) as desk:
        result = await desk.run(strategy="given")
        assert not result.is_sound
        with pytest.raises(InvalidRequest, match="cannot express"):
            await desk.accept(result.task_id)
        assert (desk.root / "a.py").read_bytes() == before


async def test_a_decision_that_is_cancelled_while_files_are_written_is_whole(
    tmp_path: Path,
) -> None:
    replies = [edit("a.py", "x0 = 0\n", "x0 = 'zero'\n")]
    async with open_desk(tmp_path, {"a.py": LINES}, replies) as desk:
        task_id = (await desk.run()).task_id
        deciding = asyncio.ensure_future(desk.accept(task_id))
        for _ in range(3):  # into the thread that writes
            await asyncio.sleep(0)
        assert not deciding.done()
        deciding.cancel()
        await asyncio.wait([deciding])
        assert deciding.cancelled()
        assert desk.read("a.py") == LINES.replace("= 0", "= 'zero'")
        assert desk.task_state() == "done"
        await desk.undo()
        assert desk.read("a.py") == LINES


async def test_a_decision_that_is_cancelled_before_it_begins_changes_nothing(
    tmp_path: Path,
) -> None:
    replies = [edit("a.py", "x0 = 0\n", "x0 = 'zero'\n")]
    async with open_desk(tmp_path, {"a.py": LINES}, replies) as desk:
        deciding = asyncio.ensure_future(desk.accept((await desk.run()).task_id))
        deciding.cancel()
        await asyncio.wait([deciding])
        assert (desk.read("a.py"), desk.task_state()) == (LINES, "review")
