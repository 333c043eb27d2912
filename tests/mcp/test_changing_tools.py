"""What becomes of changes that assistants want? A person, or a grant, decides; answers say so."""

import asyncio
from pathlib import Path

import pytest

from pairwright.llm.scripted_provider import Hang, Reply
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import BudgetParams
from tests.engine.desks import Desk
from tests.mcp.assistants import ERAS, Assistant, assisted, joined, links_of, text_of
from tests.support.answers import edit
from tests.support.engines import USAGE
from tests.support.fake_editor import FakeEditor
from tests.support.waiting import eventually

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
THREE = {"a.py": "".join(f"line_{number} = {number}\n" for number in range(30))}
THOUGHT = "Goal: count from two.\n1. a.py: set a to 2.\n   expect: value a == 2\n"
PLAN = "# Plan\n\nCount from two.\n\n## 1. Set a to 2\n\n- files: `a.py`\n"
EDIT = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
BREAKING = Reply(edit("a.py", "a = 1\n", "a = (2\n"), usage=USAGE)
DIFF = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"
THREE_HUNKS = "--- a/a.py\n+++ b/a.py\n" + "".join(
    f"@@ -{number + 1} +{number + 1} @@\n-line_{number} = {number}\n+line_{number} = {number}00\n"
    for number in (1, 12, 25)
)


@pytest.mark.parametrize("era", ERAS)
async def test_a_person_keeps_two_hunks_and_rejects_one_with_a_remark_and_the_answer_says_so(
    tmp_path: Path, era: str
) -> None:
    async with assisted(tmp_path, THREE, era=era) as bot:
        editor = FakeEditor(bot.desk.engine.open_session("vim"))
        editor.open("a.py", THREE["a.py"])
        deciding = asyncio.create_task(_decide(editor))
        result = await bot.result("propose_change", edits=THREE_HUNKS, why="Hundreds.")
        await deciding
        text, told = text_of(result), result.structured_content
        assert told is not None
        assert told["state"] == "done"
        assert [hunk["state"] for hunk in told["hunks"]] == ["kept", "rejected", "kept"]
        assert told["hunks"][1]["remark"] == "twelve is sacred"
        assert "kept: h1 a.py, h3 a.py" in text
        assert "vim on h2: twelve is sacred" in text
        assert "line_1 = 100" in editor.buffers["a.py"]
        assert "line_12 = 12\n" in editor.buffers["a.py"]
        await bot.desk.undo()
        await eventually(lambda: editor.buffers["a.py"] == THREE["a.py"])


async def _decide(editor: FakeEditor) -> None:
    await eventually(lambda: bool(editor.session.changes.waiting().changes))
    (change,) = editor.session.changes.waiting().changes
    kept = messages.AcceptParams(task_id=change.task_id, hunk_ids=("h1", "h3"))
    await editor.session.accept(kept)
    rejected = messages.RejectParams(
        task_id=change.task_id, hunk_ids=("h2",), remark="twelve is sacred"
    )
    await editor.session.reject(rejected)


async def test_without_an_editor_a_proposal_waits_under_a_handle(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot:
        told = await bot.call("propose_change", edits=DIFF, why="Two.")
        assert told["state"] == "review"
        assert f"pairwright review {told['change_id']}" in told["next"]
        assert bot.desk.read("a.py") == "a = 1\n"
        asked = asyncio.create_task(
            bot.call("change_status", change_id=told["change_id"], wait_s=30)
        )
        await asyncio.sleep(0)
        await bot.desk.accept(told["change_id"])
        async with asyncio.timeout(5):
            told = await asked
        assert (told["state"], told["hunks"][0]["state"]) == ("done", "kept")
        assert bot.desk.read("a.py") == "a = 2\n"


async def test_edits_that_cannot_be_placed_are_told_all_at_once(tmp_path: Path) -> None:
    edits = DIFF.replace("-a = 1", "-z = 1") + DIFF.replace("a.py", "../c.py")
    async with assisted(tmp_path, FILES) as bot:
        message = await bot.failure("propose_change", edits=edits, why="Two.")
        assert "mend all of these" in message
        assert "a.py: " in message
        assert "../c.py: " in message


async def test_what_a_person_changed_since_it_was_read_is_not_written_over(tmp_path: Path) -> None:
    """Keeps a part of T11."""
    whole = "### FILE a.py\n<<<<<<< WHOLE\na = 100\n>>>>>>> WHOLE\n"
    async with assisted(tmp_path, FILES) as bot:
        revision = (await bot.call("find_symbols", query="a"))["revision"]
        bot.desk.editor().open("a.py", "a = 'typed meanwhile'\n")
        message = await bot.failure("propose_change", edits=whole, why="Two.", revision=revision)
        assert "changed since you read it" in message


async def test_a_hunk_where_a_person_types_is_marked_for_everybody(tmp_path: Path) -> None:
    async with assisted(tmp_path, {"a.py": "def count():\n    a = 1\n    return a\n"}) as bot:
        editor = FakeEditor(bot.desk.engine.open_session("vim"), refusal="not now")
        editor.open("a.py", "def count():\n    a = 1\n    return a\n")
        editor.type("a.py", "def count():\n    a = 1\n    return a + 0\n")
        await bot.call("find_symbols", query="count")
        diff = "--- a/a.py\n+++ b/a.py\n@@ -2 +2 @@\n-    a = 1\n+    a = 2\n"
        proposing = asyncio.create_task(bot.text("propose_change", edits=diff, why="Two."))
        await eventually(lambda: bool(bot.desk.session.changes.waiting().changes))
        (change,) = bot.desk.session.changes.waiting().changes
        assert [(each.hunk_id, each.client, each.where) for each in change.in_use] == [
            ("h1", "vim", "count")
        ]
        status = await bot.text("change_status", change_id=change.task_id)
        assert "h1: the person is typing in count (vim)" in status
        await bot.desk.reject(change.task_id)
        await proposing


async def test_a_plan_is_made_shown_and_edits_nothing(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, strong=[Reply(THOUGHT, usage=USAGE)]) as bot:
        bot.grant("spend")
        told = await bot.call("plan_change", instruction="Count from two.", scope="a.py")
        assert [step["files"] for step in told["steps"]] == [["a.py"]]
        assert told["plan_id"] in told["next"]
        assert bot.desk.read("a.py") == "a = 1\n"
        plan = await bot.client.read_resource(f"pairwright://plan/{told['plan_id']}")
        assert "count from two" in plan.model_dump_json().lower()


@pytest.mark.parametrize("era", ERAS)
async def test_an_assistants_plan_is_written_by_the_weak_model_and_waits_for_the_person(
    tmp_path: Path, era: str
) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT], era=era) as bot:
        bot.grant("spend")
        told = await bot.call("implement_plan", plan=PLAN)
        assert told["state"] == "review"
        assert told["verdict"].startswith("sound")
        assert "+a = 2" in told["diff"]
        assert told["cost_usd"] == "0.0012"
        assert bot.desk.read("a.py") == "a = 1\n"
        assert any("weak model" in message for message in bot.progress)
        (change,) = bot.desk.session.changes.waiting().changes
        assert change.proposer == "bot"


async def test_auto_writes_a_sound_change_and_undo_takes_it_back(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT]) as bot:
        bot.grant("spend", "write")
        told = await bot.call("implement_plan", plan=PLAN, review="auto")
        assert (told["state"], bot.desk.read("a.py")) == ("done", "a = 2\n")
        (entry,) = await bot.desk.history()
        assert entry.client == "bot"
        undone = await bot.call("change_status", change_id=told["change_id"], undo=True)
        assert "undone: a.py" in undone["notes"]
        assert bot.desk.read("a.py") == "a = 1\n"


async def test_auto_leaves_what_is_not_sound_to_the_person(tmp_path: Path) -> None:
    weak = strong = [BREAKING] * 12
    async with assisted(tmp_path, FILES, weak=weak, strong=strong) as bot:
        bot.grant("spend", "write")
        result = await bot.result("implement_plan", plan=PLAN, review="auto")
        assert bot.desk.read("a.py") == "a = 1\n"
        told = result.structured_content
        assert told is not None
        assert told["state"] in ("review", "failed")


async def test_auto_leaves_a_place_where_a_person_types_to_them(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT]) as bot:
        bot.grant("spend", "write")
        editor = bot.desk.editor()
        editor.open("a.py", "a = 1\n")
        editor.type("a.py", "a = 1\n# typing\n")
        told = await bot.call("implement_plan", plan=PLAN, review="auto")
        assert told["state"] == "review"
        assert any("the person is typing" in note for note in told["notes"])
        assert editor.buffers["a.py"] == "a = 1\n# typing\n"


async def test_none_gives_the_diff_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT]) as bot:
        bot.grant("spend")
        told = await bot.call("implement_plan", plan=PLAN, review="none")
        assert told["state"] == "cancelled"
        assert "+a = 2" in told["diff"]
        assert bot.desk.read("a.py") == "a = 1\n"
        assert bot.desk.session.changes.waiting().changes == ()


async def test_a_long_diff_is_linked_and_not_told(tmp_path: Path) -> None:
    new = "".join(f"more_{number} = {number}\n" for number in range(900))
    reply = Reply(edit("a.py", "a = 1\n", f"a = 2\n{new}"), usage=USAGE)
    async with assisted(tmp_path, FILES, weak=[reply]) as bot:
        bot.grant("spend")
        result = await bot.result("implement_plan", plan=PLAN)
        assert "more_899" not in result.model_dump_json()
        (link,) = links_of(result)
        diff = await bot.client.read_resource(link)
        assert "more_899" in diff.model_dump_json()


@pytest.mark.parametrize(
    ("tool", "arguments", "granted", "missing"),
    [
        ("plan_change", {"instruction": "x"}, (), "spend"),
        ("implement_plan", {"plan": PLAN}, (), "spend"),
        ("implement_plan", {"plan": PLAN}, ("write",), "spend"),
        ("implement_plan", {"plan": PLAN, "review": "auto"}, ("spend",), "write"),
    ],
)
async def test_what_is_not_granted_is_refused_with_the_command_that_grants_it(
    tmp_path: Path, tool: str, arguments: dict[str, str], granted: tuple[str, ...], missing: str
) -> None:
    """Keeps a part of T20: a name has what was granted to it, and nothing else."""
    async with assisted(tmp_path, FILES, weak=[EDIT]) as bot:
        bot.grant(*granted)  # type: ignore[arg-type]
        bot.grant("spend", "write", client="another bot")
        message = await bot.failure(tool, **arguments)
        assert f"pairwright grant bot {missing}" in message
        assert bot.desk.read("a.py") == "a = 1\n"
        assert bot.desk.prompts() == ""


async def test_undo_needs_the_scope_to_write_even_of_ones_own_change(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot:
        change_id = (await bot.call("propose_change", edits=DIFF, why="Two."))["change_id"]
        await bot.desk.accept(change_id)
        message = await bot.failure("change_status", change_id=change_id, undo=True)
        assert "pairwright grant bot write" in message
        assert bot.desk.read("a.py") == "a = 2\n"


async def test_nobody_ends_or_undoes_what_another_client_proposed(tmp_path: Path) -> None:
    """Keeps a part of T20: a foreign handle may be looked at, and nothing more."""
    async with assisted(tmp_path, FILES) as bot, joined(bot.desk, "other bot") as other:
        other.grant("spend", "write", client="other bot")
        change_id = (await bot.call("propose_change", edits=DIFF, why="Two."))["change_id"]
        assert (await other.call("change_status", change_id=change_id))["state"] == "review"
        message = await other.failure("change_status", change_id=change_id, cancel=True)
        assert "another client" in message
        await bot.desk.accept(change_id)
        message = await other.failure("change_status", change_id=change_id, undo=True)
        assert "another client" in message
        assert bot.desk.read("a.py") == "a = 2\n"


async def test_a_proposal_can_be_withdrawn_by_who_made_it(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot:
        change_id = (await bot.call("propose_change", edits=DIFF, why="Two."))["change_id"]
        told = await bot.call("change_status", change_id=change_id, cancel=True)
        assert told["state"] == "cancelled"
        assert bot.desk.session.changes.waiting().changes == ()
        message = await bot.failure("change_status", change_id=change_id, cancel=True)
        assert "nothing waits" in message


async def test_a_long_task_goes_on_under_its_handle_and_can_be_cancelled(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, weak=[Hang()], patience_s=0.2) as bot:
        bot.grant("spend")
        told = await bot.call("implement_plan", plan=PLAN)
        assert told["state"] == "running"
        change_id = told["change_id"]
        assert change_id in " ".join((await bot.call("workspace_status"))["tasks"])
        again = await bot.call("change_status", change_id=change_id, wait_s=0.1)
        assert again["state"] == "running"
        ended = await bot.call("change_status", change_id=change_id, cancel=True)
        assert ended["state"] == "cancelled"
        assert bot.desk.task_state(change_id) == "cancelled"
        assert bot.desk.session.budget(BudgetParams()).task_id is None


async def test_nobody_cancels_another_clients_task(tmp_path: Path) -> None:
    async with (
        assisted(tmp_path, FILES, weak=[Hang()], patience_s=0.2) as bot,
        joined(bot.desk, "other bot") as other,
    ):
        bot.grant("spend")
        change_id = (await bot.call("implement_plan", plan=PLAN))["change_id"]
        message = await other.failure("change_status", change_id=change_id, cancel=True)
        assert "another client" in message
        assert bot.desk.task_state(change_id) == "running"


async def test_a_task_that_fails_says_why(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, task_usd="0.0001") as bot:
        bot.grant("spend")
        assert "0.0001" in await bot.failure("implement_plan", plan=PLAN)


async def test_a_budget_lowers_the_cap_and_makes_no_sense_below_zero(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT]) as bot:
        bot.grant("spend")
        for amount in ("0", "-1", "much", "NaN", "Infinity", 0):
            message = await bot.failure("implement_plan", plan=PLAN, budget_usd=amount)
            assert "above zero" in message
        assert "0.0001" in await bot.failure("implement_plan", plan=PLAN, budget_usd=0.0001)
        assert bot.desk.prompts() == ""


async def test_a_plan_with_errors_is_told_by_line_and_costs_nothing(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot:
        bot.grant("spend")
        broken = PLAN.replace("- files: `a.py`", "- by: me")
        message = await bot.failure("implement_plan", plan=broken)
        assert "line 7" in message
        assert bot.desk.prompts() == ""


async def test_an_assistant_that_leaves_ends_its_tasks_and_its_proposals_stay(
    tmp_path: Path,
) -> None:
    async with assisted(tmp_path, FILES, weak=[Hang()], patience_s=0.2) as bot:
        bot.grant("spend", client="guest")
        async with joined(bot.desk, "guest", patience_s=0.2) as guest:
            proposed = await guest.call("propose_change", edits=DIFF, why="Two.")
            running = await guest.call("implement_plan", plan=PLAN)
        assert bot.desk.task_state(running["change_id"]) == "cancelled"
        assert _waiting(bot.desk) == [proposed["change_id"]]
        told = await bot.call("change_status", change_id=proposed["change_id"])
        assert told["state"] == "review"


async def test_two_assistants_in_one_file_one_wins_and_the_other_hears_of_it(
    tmp_path: Path,
) -> None:
    """Keeps a part of T11: never a merge of halves."""
    async with assisted(tmp_path, FILES) as bot, joined(bot.desk, "other") as other:
        first = await bot.call("propose_change", edits=DIFF, why="Two.")
        second = await other.call("propose_change", edits=DIFF.replace("= 2", "= 3"), why="Three.")
        await bot.desk.accept(first["change_id"])
        told = await other.call("change_status", change_id=second["change_id"])
        assert told["state"] == "review"
        assert told["conflicts"]
        assert bot.desk.read("a.py") == "a = 2\n"


def _waiting(desk: Desk) -> list[str]:
    return [change.task_id for change in desk.session.changes.waiting().changes]


async def test_thirty_two_clients_of_both_eras_get_each_their_own_answer(tmp_path: Path) -> None:
    """Keeps a part of T11: no answer goes to another."""
    files = {f"f{number}.py": f"def only_{number:02}(): ...\n" for number in range(32)}
    async with assisted(tmp_path, files) as bot:

        async def ask(number: int) -> None:
            async with joined(bot.desk, f"bot {number}", era=ERAS[number % 2]) as own:
                await _check_own(own, number)

        async with asyncio.TaskGroup() as group:
            for number in range(32):
                group.create_task(ask(number))


async def _check_own(own: Assistant, number: int) -> None:
    found = await own.call("find_symbols", query=f"only_{number:02}", limit=1)
    assert [each["name"] for each in found["symbols"]] == [f"only_{number:02}"]
    read = await own.call("read_symbols", names=[f"only_{number:02}"])
    assert read["symbols"][0]["path"] == f"f{number}.py"
