"""When does `change_status` end its wait? As soon as there is what its assistant does not know."""

import asyncio
from pathlib import Path

import pytest

from pairwright.llm.scripted_provider import Reply
from tests.mcp.assistants import assisted, joined
from tests.mcp.slow_model import SlowModel
from tests.support.answers import edit
from tests.support.engines import USAGE
from tests.support.waiting import eventually, within

FILES = {"a.py": "a = 1\n"}
DIFF = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"
LINES = {"a.py": "".join(f"line_{number} = {number}\n" for number in range(30))}
THREE_HUNKS = "--- a/a.py\n+++ b/a.py\n" + "".join(
    f"@@ -{number + 1} +{number + 1} @@\n-line_{number} = {number}\n+line_{number} = {number}00\n"
    for number in (1, 12, 25)
)
LONG_S = 30
"""Waited in full, a test here would fail."""


async def test_it_ends_with_a_decision_though_others_are_still_to_come(tmp_path: Path) -> None:
    async with assisted(tmp_path, LINES) as bot:
        proposed = await bot.call("propose_change", edits=THREE_HUNKS, why="Hundreds.")
        change_id = proposed["change_id"]
        asking = asyncio.create_task(bot.call("change_status", change_id=change_id, wait_s=LONG_S))
        await asyncio.sleep(0.2)
        assert not asking.done()
        await bot.desk.reject(change_id, "h2")
        async with within():
            told = await asking
        assert [hunk["state"] for hunk in told["hunks"]] == ["pending", "rejected", "pending"]
        assert told["state"] == "review"


async def test_who_decides_one_after_the_other_is_told_of_once(tmp_path: Path) -> None:
    async with assisted(tmp_path, LINES) as bot:
        proposed = await bot.call("propose_change", edits=THREE_HUNKS, why="Hundreds.")
        change_id = proposed["change_id"]
        asking = asyncio.create_task(bot.call("change_status", change_id=change_id, wait_s=LONG_S))
        for hunk_id in ("h1", "h2", "h3"):
            await asyncio.sleep(0.1)
            assert not asking.done()
            await bot.desk.accept(change_id, hunk_id)
        async with within(2):
            told = await asking
        assert [hunk["state"] for hunk in told["hunks"]] == ["kept"] * 3


async def test_what_was_decided_between_two_questions_is_told_without_much_ado(
    tmp_path: Path,
) -> None:
    async with assisted(tmp_path, LINES) as bot:
        proposed = await bot.call("propose_change", edits=THREE_HUNKS, why="Hundreds.")
        asked = {"change_id": proposed["change_id"], "wait_s": LONG_S}
        await bot.desk.accept(proposed["change_id"], "h1")
        async with within():
            told = await bot.call("change_status", **asked)
        assert [hunk["state"] for hunk in told["hunks"]] == ["kept", "pending", "pending"]
        asking = asyncio.create_task(bot.call("change_status", **asked))
        await asyncio.sleep(0.2)
        assert not asking.done()
        await bot.desk.reject(proposed["change_id"])
        async with within():
            await asking


async def test_a_client_that_knows_nothing_of_a_change_is_told_at_once(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot, joined(bot.desk, "bot") as again:
        proposed = await bot.call("propose_change", edits=DIFF, why="Two.")
        async with within(2):
            told = await again.call("change_status", change_id=proposed["change_id"], wait_s=LONG_S)
        assert told["state"] == "review"


@pytest.mark.parametrize("end", ["kept", "rejected", "withdrawn"])
async def test_what_is_over_is_not_waited_for(tmp_path: Path, end: str) -> None:
    async with assisted(tmp_path, FILES) as bot:
        change_id = (await bot.call("propose_change", edits=DIFF, why="Two."))["change_id"]
        if end == "kept":
            await bot.desk.accept(change_id)
        elif end == "rejected":
            await bot.desk.reject(change_id)
        else:
            await bot.call("change_status", change_id=change_id, cancel=True)
        async with within(2):
            for _ in range(2):
                told = await bot.call("change_status", change_id=change_id, wait_s=LONG_S)
        assert told["state"] == ("cancelled" if end == "withdrawn" else "done")


async def test_what_fits_the_text_nowhere_any_more_is_not_waited_for(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot:
        change_id = (await bot.call("propose_change", edits=DIFF, why="Two."))["change_id"]
        bot.desk.editor().open("a.py", "nothing = 'of the kind'\n")
        async with within(2):
            for _ in range(2):
                told = await bot.call("change_status", change_id=change_id, wait_s=LONG_S)
        assert (told["state"], len(told["conflicts"])) == ("review", 1)
        assert "read it anew" in told["next"]


async def test_a_persons_own_task_is_waited_for_until_its_proposal_is_there(
    tmp_path: Path,
) -> None:
    weak = SlowModel([Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)])
    async with assisted(tmp_path, FILES, weak=weak) as bot:
        running = asyncio.create_task(bot.desk.run())
        await eventually(lambda: bool(bot.desk.session.status().tasks))
        (task,) = bot.desk.session.status().tasks
        told = await bot.call("change_status", change_id=task.task_id)
        assert (told["state"], "wait_s" in told["next"]) == ("running", True)
        asking = asyncio.create_task(
            bot.call("change_status", change_id=task.task_id, wait_s=LONG_S)
        )
        await asyncio.sleep(0.1)
        weak.may_answer.set()
        async with within():
            await running
            told = await asking
        assert told["state"] == "review"
