"""What becomes of edits that somebody else wrote, such as an assistant?"""

import asyncio
from pathlib import Path

import pytest

from pairwright.engine.changes.submitting import MOST_CHARACTERS
from pairwright.errors import InvalidRequest, UnknownTask
from pairwright.protocol import messages
from pairwright.protocol.change_messages import (
    ChangeNotice,
    ChangeParams,
    ChangeView,
    ProposeParams,
    ProposeResult,
)
from tests.engine.desks import Desk, open_desk
from tests.support.answers import answer, block
from tests.support.waiting import eventually

FILES = {"a.py": "x = 1\ny = 2\nz = 3\n", "b.py": "from a import x\n"}
DIFF = """\
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@
-x = 1
+x = 10
 y = 2
-z = 3
+z = 30
"""
BLOCK = "### FILE a.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 10\n>>>>>>> REPLACE\n"


async def proposed(desk: Desk, edits: str = DIFF, why: str = "Ten times.") -> ChangeView:
    result = await desk.session.changes.propose(ProposeParams(edits=edits, why=why))
    assert result.change is not None, result.refusals
    return result.change


async def refused(desk: Desk, edits: str, revision: int | None = None) -> tuple[str, ...]:
    params = ProposeParams(edits=edits, why="Because.", revision=revision)
    result = await desk.session.changes.propose(params)
    assert result.change is None
    return tuple(f"{refusal.path}: {refusal.reason}" for refusal in result.refusals)


async def test_a_diff_becomes_hunks_that_wait_and_nothing_is_written(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await proposed(desk)
        assert [hunk.path for hunk in change.pending] == ["a.py", "a.py"]
        assert (change.state, change.label, change.decisions) == ("review", "Ten times.", 0)
        assert change.verdict is not None
        assert change.verdict.is_sound
        assert desk.read("a.py") == FILES["a.py"]


async def test_blocks_need_no_last_line_that_counts_them(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        assert len((await proposed(desk, BLOCK)).pending) == 1
        assert len((await proposed(desk, f"{BLOCK}### END 1")).pending) == 1


async def test_what_is_kept_and_rejected_is_told_with_who_said_it_and_why(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await proposed(desk)
        person = desk.engine.open_session("vim")
        await person.accept(messages.AcceptParams(task_id=change.task_id, hunk_ids=("h1",)))
        await person.reject(
            messages.RejectParams(task_id=change.task_id, hunk_ids=("h2",), remark="z is taken")
        )
        told = await desk.session.changes.change(ChangeParams(task_id=change.task_id))
        assert [(hunk.state, hunk.by, hunk.remark) for hunk in told.hunks] == [
            ("kept", "vim", ""),
            ("rejected", "vim", "z is taken"),
        ]
        assert (told.state, told.decisions, len(told.entry_ids)) == ("done", 2, 1)
        assert desk.read("a.py") == "x = 10\ny = 2\nz = 3\n"


async def test_whoever_waits_hears_of_the_next_decision_and_only_of_that(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await proposed(desk)
        params = ChangeParams(task_id=change.task_id, wait_s=60.0)
        waiting = asyncio.create_task(desk.session.changes.change(params))
        await asyncio.sleep(0)
        assert not waiting.done()
        await desk.accept(change.task_id, "h2")
        async with asyncio.timeout(5):
            told = await waiting
        assert [hunk.state for hunk in told.hunks] == ["pending", "kept"]
        assert len(told.entry_ids) == 1


async def test_waiting_ends_by_itself_and_tells_how_it_stands(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await proposed(desk)
        for wait_s in (0.0, -1.0, 0.01):
            params = ChangeParams(task_id=change.task_id, wait_s=wait_s)
            told = await desk.session.changes.change(params)
            assert (told.state, told.decisions) == ("review", 0)


async def test_every_client_is_told_of_a_change_and_of_each_decision(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        heard: list[ChangeNotice] = []
        desk.engine.open_session("vim").listen_to_changes(heard.append)
        change = await proposed(desk)
        await desk.accept(change.task_id, "h1")
        await desk.reject(change.task_id)
        assert [(each.state, each.pending, each.decisions) for each in heard] == [
            ("review", 2, 0),
            ("review", 1, 1),
            ("done", 0, 2),
        ]
        assert {each.task_id for each in heard} == {change.task_id}


async def test_a_change_stays_to_be_decided_when_its_proposer_leaves(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        assistant = desk.engine.open_session("assistant")
        result = await assistant.changes.propose(ProposeParams(edits=DIFF, why="Ten times."))
        assert result.change is not None
        await assistant.close()
        (waiting,) = desk.session.changes.waiting().changes
        assert (waiting.task_id, waiting.proposer) == (result.change.task_id, "assistant")
        await desk.accept(waiting.task_id)
        assert desk.read("a.py") == "x = 10\ny = 2\nz = 30\n"
        assert desk.session.changes.waiting().changes == ()


async def test_the_first_decision_of_a_hunk_counts(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await proposed(desk)
        await desk.reject(change.task_id, "h1")
        with pytest.raises(InvalidRequest, match="rejected already"):
            await desk.accept(change.task_id, "h1")
        assert desk.read("a.py") == FILES["a.py"]


async def test_all_that_is_wrong_with_edits_is_told_at_once(tmp_path: Path) -> None:
    edits = BLOCK + BLOCK.replace("a.py", "../x.py") + BLOCK.replace("x = 1\n", "gone()\n", 1)
    async with open_desk(tmp_path, FILES) as desk:
        reasons = await refused(desk, edits)
        assert len(reasons) == 2
        assert reasons[0].startswith("../x.py: ")
        assert reasons[1].startswith("a.py: ")
        assert desk.session.changes.waiting().changes == ()


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ("please make it better", "no edit"),
        ("### FILE a.py\n<<<<<<< SEARCH\nx = 1\n", "inside a block"),
        (f"{BLOCK}### END 2\n", "announces 2 blocks"),
        (BLOCK.replace("a.py", ".git/config"), ".git/config"),
        (BLOCK.replace("x = 10", "x = 1"), "are the same"),
        (f"{BLOCK}{BLOCK.replace('x = 10', 'x = 11')}", "same lines"),
    ],
)
async def test_edits_that_make_no_change_are_refused_with_the_reason(
    tmp_path: Path, edits: str, reason: str
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        (refusal,) = await refused(desk, edits)
        assert reason in refusal
        assert desk.read("a.py") == FILES["a.py"]


@pytest.mark.parametrize(
    ("edits", "why", "message"),
    [
        (DIFF, " ", "what the change is for"),
        ("\n", "Because.", "no edits"),
        ("x" * (MOST_CHARACTERS + 1), "Because.", "in parts"),
    ],
)
async def test_a_request_without_sense_is_an_error(
    tmp_path: Path, edits: str, why: str, message: str
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest, match=message):
            await desk.session.changes.propose(ProposeParams(edits=edits, why=why))


async def test_an_unknown_change_is_an_error(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(UnknownTask):
            await desk.session.changes.change(ChangeParams(task_id="none"))


async def test_a_change_that_breaks_the_syntax_waits_with_the_verdict_that_says_so(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        change = await proposed(desk, BLOCK.replace("x = 10", "x = (10"))
        assert change.verdict is not None
        assert not change.verdict.is_sound


async def test_tests_judge_an_assistants_change_like_any_other(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, tests=("false",)) as desk:
        change = await proposed(desk)
        assert change.verdict is not None
        assert "tests" in {check.name for check in change.verdict.checks}
        assert not change.verdict.is_sound


async def test_what_changed_since_it_was_read_is_not_written_over(tmp_path: Path) -> None:
    whole = "### FILE a.py\n<<<<<<< WHOLE\nx = 100\n>>>>>>> WHOLE\n"
    async with open_desk(tmp_path, FILES) as desk:
        await eventually(lambda: desk.session.status().revision > 0)
        read = desk.session.changes.read_revision()
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"].replace("y = 2", "y = 22"))
        (refusal,) = await refused(desk, whole, revision=read)
        assert "changed since you read it" in refusal
        result = await desk.session.changes.propose(
            ProposeParams(edits=BLOCK, why="Ten.", revision=read)
        )
        assert isinstance(result, ProposeResult)
        assert result.change is not None


async def test_a_revision_that_nobody_was_told_of_is_an_error(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest, match="read the files again"):
            await desk.session.changes.propose(
                ProposeParams(edits=DIFF, why="Because.", revision=10**6)
            )


async def test_edits_may_name_a_file_that_needs_a_yes_and_may_create_files(tmp_path: Path) -> None:
    edits = answer(block("package.json", "{}\n", '{"a": 1}\n'), block("new.py", "", "x = 1\n"))
    async with open_desk(tmp_path, {"package.json": "{}\n"}) as desk:
        change = await proposed(desk, edits)
        assert [hunk.needs_approval for hunk in change.pending] == [True, False]
        with pytest.raises(InvalidRequest, match="say yes"):
            await desk.accept(change.task_id)
        assert desk.read("package.json") == "{}\n"
