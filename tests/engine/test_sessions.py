"""What can a client ask besides a task, and what does it leave behind?"""

import asyncio
import os
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright import __version__
from pairwright.errors import PairwrightError, Unavailable, UnknownStrategy
from pairwright.llm.model import OnProgress, Progress
from pairwright.llm.scripted_provider import Hang, Reply, ScriptedProvider
from pairwright.protocol import cost_messages, messages
from pairwright.settings import Settings
from tests.engine.desks import open_desk
from tests.support.answers import edit
from tests.support.engines import (
    USAGE,
    EvenProvider,
    ScriptedModels,
    opened_engine,
    price_of_role,
    scripted_model,
    write_files,
)
from tests.support.waiting import eventually

FILES = {"a.py": "a = 1\n\n\ndef f():\n    return a\n"}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
REPLY = Reply(EDIT_A, usage=USAGE)


async def test_closing_drops_what_was_unsaved_and_can_be_repeated(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        editor = desk.editor()
        editor.open("a.py", "unsaved = 1\n")
        assert desk.session.status().clients == 2
        await editor.session.close()
        await editor.session.close()
        assert desk.session.status().clients == 1
        await desk.run()
        assert "unsaved" not in desk.prompts()


async def test_the_status_says_what_there_is(tmp_path: Path) -> None:
    files = FILES | {"picture.png": b"\x89PNG\0"}
    async with open_desk(tmp_path, files, [EDIT_A]) as desk:
        result = await desk.run()
        status = desk.session.status()
        assert (status.version, status.pid) == (__version__, os.getpid())
        assert (status.files, status.unreadable, status.clients) == (1, 1, 1)
        assert status.symbols >= 1
        (task,) = status.tasks
        assert (task.task_id, task.instruction) == (result.task_id, "Change a.py.")


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("role", ["weak"]),
        ("model", ["scripted/weak"]),
        ("strategy", ["weak"]),
    ],
)
async def test_costs_are_grouped_as_asked(
    tmp_path: Path, by: cost_messages.CostGroup, keys: list[str]
) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        await desk.run()
        report = desk.session.costs(cost_messages.CostParams(by=by))
        assert [row.key for row in report.rows] == keys
        assert report.total.cost_usd == report.day_usd == Decimal("0.0012")
        assert report.day_cap_usd == 5


async def test_costs_outlive_the_engine(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [REPLY]) as desk:
        await desk.run()
    async with open_desk(tmp_path, {}) as desk:
        assert desk.session.costs(cost_messages.CostParams()).total.cost_usd == Decimal("0.0012")


async def test_the_pair_is_told_with_an_estimate(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        pair = await desk.session.models(messages.ModelsParams())
        assert (pair.strong.name, pair.weak.name) == ("scripted/strong", "scripted/weak")
        assert (pair.strong.tier, pair.weak.tier) == ("strong", "weak")
        assert pair.weak.is_local
        assert pair.estimate_usd is not None
        assert pair.estimate_usd > 0


async def test_there_is_no_estimate_when_a_price_is_unknown(tmp_path: Path) -> None:
    strong = ScriptedProvider("scripted/strong", [])
    async with open_desk(tmp_path, FILES, strong=strong) as desk:
        pair = await desk.session.models(messages.ModelsParams())
        assert pair.estimate_usd is None


async def test_it_is_told_of_each_model_whether_code_leaves_this_machine(tmp_path: Path) -> None:
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    models.remote = frozenset({"scripted/strong"})
    write_files(tmp_path / "workspace", FILES)
    async with opened_engine(tmp_path, models, Settings()) as engine:
        pair = await engine.open_session("person").models(messages.ModelsParams())
    assert (pair.strong.is_local, pair.weak.is_local) == (False, True)


async def test_one_model_in_both_parts_is_opened_and_made_ready_once(tmp_path: Path) -> None:
    class Counting(EvenProvider):
        prepared = 0

        async def prepare(self, on_progress: OnProgress) -> None:
            self.prepared += 1
            await super().prepare(on_progress)

    only = Counting("scripted/only", [EDIT_A], price=price_of_role("weak"), accepts_grammar=True)
    models = ScriptedModels(only, only)
    write_files(tmp_path / "workspace", FILES)
    async with opened_engine(tmp_path, models, Settings()) as engine:
        session = engine.open_session("person")
        prepared: list[int] = []

        async def hear(event: messages.TaskEvent) -> None:
            if isinstance(event, messages.StepStarted):
                prepared.append(only.prepared)

        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        await session.run_task(params, hear)
    assert models.opened == ["scripted/only"]
    assert prepared == [1]
    assert only.is_closed


async def test_a_model_that_cannot_be_made_ready_fails_as_itself(tmp_path: Path) -> None:
    class Broken(EvenProvider):
        async def prepare(self, on_progress: OnProgress) -> None:
            raise Unavailable("the server did not start")

    weak = Broken("scripted/weak", [EDIT_A], price=price_of_role("weak"))
    async with open_desk(tmp_path, FILES, weak) as desk:
        with pytest.raises(Unavailable, match="did not start"):
            await desk.run()
        assert desk.task_state() == "failed"


async def test_a_models_start_is_told_as_progress(tmp_path: Path) -> None:
    class Slow(EvenProvider):
        async def prepare(self, on_progress: OnProgress) -> None:
            on_progress(Progress("download", 5, 10, "bytes"))

    weak = Slow("scripted/weak", [EDIT_A], price=price_of_role("weak"), accepts_grammar=True)
    async with open_desk(tmp_path, FILES, weak) as desk:
        await desk.run()
        assert messages.ProgressMade(step="download", done=5, total=10, unit="bytes") in desk.events


async def test_an_unknown_strategy_is_refused_before_anything_begins(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(UnknownStrategy, match="choose ladder, "):
            await desk.run(strategy="clever")
        assert desk.session.status().tasks == ()


async def test_a_model_that_closes_badly_does_not_keep_the_others_open(
    tmp_path: Path,
) -> None:
    class Stuck(EvenProvider):
        async def aclose(self) -> None:
            raise OSError("stuck")

    strong = scripted_model("strong")
    weak = Stuck("scripted/weak", [], price=price_of_role("weak"))
    async with open_desk(tmp_path, FILES, weak, strong) as desk:
        await desk.session.models(messages.ModelsParams())
    assert strong.is_closed


async def test_old_tasks_are_forgotten_but_not_running_ones(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [Hang()]) as desk:
        running = asyncio.ensure_future(desk.run("Change a.py, slowly."))
        await eventually(lambda: desk.prompts())
        for _ in range(102):
            with pytest.raises(PairwrightError):
                await desk.run(file="missing.py")
        tasks = desk.session.status().tasks
        assert len(tasks) == 100
        assert tasks[0].instruction == "Change a.py, slowly."
        running.cancel()
        await asyncio.wait([running])


async def test_hunks_of_one_attempt_have_names_of_their_own(tmp_path: Path) -> None:
    lines = "".join(f"x{number} = {number}\n" for number in range(9))
    both = edit("a.py", "x0 = 0\n", "x0 = 1\n").replace("### END 1\n", "") + edit(
        "a.py", "x8 = 8\n", "x8 = 9\n"
    ).replace("END 1", "END 2")
    async with open_desk(tmp_path, {"a.py": lines}, [both]) as desk:
        await desk.run()
        found = [e.hunk.hunk_id for e in desk.events if isinstance(e, messages.HunkReady)]
        assert len(found) == len(set(found)) == 2


async def test_models_are_loaded_once_and_only_for_whom_tasks_are_expected(tmp_path: Path) -> None:
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    (tmp_path / "workspace").mkdir()
    async with opened_engine(tmp_path, models, Settings()) as engine:
        engine.open_session("terminal")
        await asyncio.sleep(0)
        assert models.warmed == 0
        engine.expect_tasks(after_s=0)
        engine.expect_tasks(after_s=0)
        await eventually(lambda: models.warmed == 1)


async def test_an_engine_that_closes_before_models_are_loaded_waits_for_nothing(
    tmp_path: Path,
) -> None:
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    (tmp_path / "workspace").mkdir()
    async with opened_engine(tmp_path, models, Settings()) as engine:
        engine.expect_tasks(after_s=60)
    assert models.warmed == 0
