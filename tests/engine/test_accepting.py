"""What happens to the files when a person keeps hunks, and when it cannot be done?"""

import asyncio
import os
from pathlib import Path

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.errors import InvalidRequest, ProtectedPath, StaleChange, UnknownTask
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
        params = messages.AcceptParams(task_id=result.task_id, hunk_ids=kept)
        accepted = await desk.session.accept(params)
        assert desk.read("a.py") == expected
        assert accepted.entry_id is not None
        left = tuple(hunk.hunk_id for hunk in accepted.pending)
        assert left == tuple(each for each in ("h1", "h2") if kept and each not in kept)
        assert desk.task_state() == ("review" if left else "done")


async def test_all_hunks_can_be_kept(tmp_path: Path) -> None:
    both = LINES.replace("= 0", "= 'zero'").replace("= 8", "= 'eight'")
    await check_accept(tmp_path, None, both)


async def test_some_hunks_can_be_kept(tmp_path: Path) -> None:
    await check_accept(tmp_path, ("h2",), LINES.replace("= 8", "= 'eight'"))


async def test_a_hunk_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    await check_accept(tmp_path, ("h2", "h2"), LINES.replace("= 8", "= 'eight'"))


async def test_naming_no_hunk_decides_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        params = messages.AcceptParams(task_id=result.task_id, hunk_ids=())
        with pytest.raises(InvalidRequest, match="no hunk is named"):
            await desk.session.accept(params)
        assert (desk.read("a.py"), desk.task_state()) == (LINES, "review")


async def test_hunks_are_kept_one_after_the_other_each_as_an_entry_of_its_own(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        first = await desk.accept(result.task_id, "h1")
        second = await desk.accept(result.task_id, "h2")
        both = LINES.replace("= 0", "= 'zero'").replace("= 8", "= 'eight'")
        assert desk.read("a.py") == both
        assert [entry.entry_id for entry in await desk.history()] == [
            second.entry_id,
            first.entry_id,
        ]
        assert {entry.task_id for entry in await desk.history()} == {result.task_id}


async def test_a_hunk_is_decided_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        await desk.accept(result.task_id, "h1")
        with pytest.raises(InvalidRequest, match="'h1' is kept already"):
            await desk.accept(result.task_id, "h1")
        await desk.reject(result.task_id, "h2")
        with pytest.raises(UnknownTask, match="is done: nothing to decide"):
            await desk.accept(result.task_id, "h2")
        assert desk.read("a.py") == LINES.replace("= 0", "= 'zero'")


async def test_rejecting_all_touches_what_is_pending_only(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        await desk.accept(result.task_id, "h1")
        rejected = await desk.reject(result.task_id)
        assert (rejected.rejected, rejected.pending) == (("h2",), ())
        assert desk.task_state() == "done"
        assert desk.read("a.py") == LINES.replace("= 0", "= 'zero'")


async def test_rejecting_writes_nothing_and_says_what_is_left(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        result = await desk.run()
        rejected = await desk.reject(result.task_id, "h1")
        assert [hunk.hunk_id for hunk in rejected.pending] == ["h2"]
        assert (desk.read("a.py"), desk.task_state()) == (LINES, "review")
        assert await desk.history() == ()


async def test_two_decisions_at_once_come_one_after_the_other(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": LINES}, [TWO_HUNKS]) as desk:
        task_id = (await desk.run()).task_id
        outcomes = await asyncio.gather(
            desk.accept(task_id, "h1"), desk.accept(task_id, "h1"), return_exceptions=True
        )
        assert [type(each).__name__ for each in outcomes] == ["AcceptResult", "InvalidRequest"]


async def test_what_is_left_is_shown_on_the_text_as_it_is_then(tmp_path: Path) -> None:
    longer = answer(
        block("a.py", "x0 = 0\n", "x0 = 0\nnew = True\n"), block("a.py", "x8 = 8\n", "")
    )
    async with open_desk(tmp_path, {"a.py": LINES}, [longer]) as desk:
        result = await desk.run()
        accepted = await desk.accept(result.task_id, "h1")
        (left,) = accepted.pending
        assert left.old_start == 9
        assert "-x8 = 8" in left.unified


async def test_a_subset_that_does_not_parse_says_so_and_is_written(tmp_path: Path) -> None:
    whole = "def f():\n    return 1\n\n\nx = 1\n"
    broken = answer(
        block("a.py", "def f():\n", "def f(\n"),
        block("a.py", "x = 1\n", "):\n    pass\n"),
    )
    async with open_desk(tmp_path, {"a.py": whole}, [broken] * 9, strong=[broken] * 9) as desk:
        result = await desk.run()
        check = messages.AcceptParams(task_id=result.task_id, hunk_ids=("h1",), check_only=True)
        checked = await desk.session.accept(check)
        assert checked.notes == ("a.py does not parse with only these hunks (line 1)",)
        assert (checked.files, desk.read("a.py")) == (("a.py",), whole)
        assert desk.task_state() == "review"
        accepted = await desk.accept(result.task_id, "h1")
        assert accepted.notes == checked.notes
        assert desk.read("a.py").startswith("def f(\n")


async def test_a_file_that_needs_a_yes_is_written_only_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.MODIFY, "setup.py", "# new\n")
    async with open_desk(tmp_path, {"a.py": "", "setup.py": "s = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        (hunk,) = desk.change_ready().hunks
        assert hunk.needs_approval
        for approved in ((), ("other.py",)):
            with pytest.raises(InvalidRequest, match=r"obey setup\.py: nothing was written"):
                await desk.session.accept(
                    messages.AcceptParams(task_id=result.task_id, approved_paths=approved)
                )
        assert (desk.read("setup.py"), desk.task_state()) == ("s = 1\n", "review")
        yes = messages.AcceptParams(task_id=result.task_id, approved_paths=("setup.py",))
        assert (await desk.session.accept(yes)).files == ("setup.py",)
        assert desk.read("setup.py") == "# new\ns = 1\n"
        await desk.undo()
        assert desk.read("setup.py") == "s = 1\n"


async def test_a_file_that_is_never_written_is_not_written_with_a_yes_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.MODIFY, "sitecustomize.py", "# new\n")
    async with open_desk(tmp_path, {"a.py": "", "sitecustomize.py": "s = 1\n"}) as desk:
        result = await desk.run(strategy="given")
        yes = messages.AcceptParams(task_id=result.task_id, approved_paths=("sitecustomize.py",))
        with pytest.raises(ProtectedPath):
            await desk.session.accept(yes)
        assert desk.read("sitecustomize.py") == "s = 1\n"


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
