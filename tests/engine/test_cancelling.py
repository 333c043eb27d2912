"""What is left of a task that is cancelled? Its entry in the ledger, and nothing else."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Completion, ModelRequest, OnProgress, TextDelta
from pairwright.llm.scripted_provider import Hang
from pairwright.protocol import cost_messages, messages
from pairwright.protocol.index_messages import IndexParams
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import EvenProvider, price_of_role, scripted_model
from tests.support.waiting import eventually, within

EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
CHECK = """\
import pathlib, sys, time
from a import a
if a == int(sys.argv[1]):
    pathlib.Path(sys.argv[2]).touch()
    time.sleep(60)
"""


class Watched(EvenProvider):
    """Counts the streams that were opened and closed; may never become ready."""

    never_ready = False
    is_preparing = False
    opened = 0
    closed = 0

    async def prepare(self, on_progress: OnProgress) -> None:
        self.is_preparing = True
        if self.never_ready:
            await asyncio.Event().wait()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        self.opened += 1
        try:
            async with aclosing(super().stream(request)) as items:
                async for item in items:
                    yield item
        finally:
            self.closed += 1


def watched(*replies: str | Hang) -> Watched:
    return Watched("scripted/weak", replies, price=price_of_role("weak"), accepts_grammar=True)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory in which scratch copies are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def check_cancelled(
    desk: Desk, scratch: Path, is_there: Callable[[], object], *, calls: int
) -> None:
    """Cancel a task once it is where the test wants it, and look what is left."""
    await desk.session.queries.index_report(IndexParams(), lambda _: None)
    before = asyncio.all_tasks()
    running = asyncio.ensure_future(desk.run())
    await eventually(is_there)
    running.cancel()
    async with within():
        with pytest.raises(asyncio.CancelledError):
            await running
    assert desk.task_state() == "cancelled"
    assert os.listdir(scratch) == []
    await eventually(lambda: asyncio.all_tasks() == before, what="no task is left behind")
    report = desk.session.costs(cost_messages.CostParams(by="task"))
    assert sum(row.calls for row in report.rows) == calls
    assert desk.read("a.py") == "a = 1\n"


async def test_while_a_model_becomes_ready(tmp_path: Path, scratch: Path) -> None:
    weak = watched(EDIT_A)
    weak.never_ready = True
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}, weak) as desk:
        await check_cancelled(desk, scratch, lambda: weak.is_preparing, calls=0)
        assert weak.opened == 0


async def test_while_the_tests_run_on_the_text_as_it_is(tmp_path: Path, scratch: Path) -> None:
    files, tests, started = checked(tmp_path, "1")
    weak = watched(EDIT_A)
    async with open_desk(tmp_path, files, weak, tests=tests) as desk:
        await check_cancelled(desk, scratch, started.exists, calls=0)
        assert weak.opened == 0


async def test_while_a_model_writes(tmp_path: Path, scratch: Path) -> None:
    weak = watched(Hang("### FILE a.py\n<<<<<<< SEARCH\n"))
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}, weak) as desk:
        await check_cancelled(desk, scratch, lambda: weak.opened, calls=1)
        assert weak.closed == 1
        assert ledger_outcomes(tmp_path) == ["cancelled"]


async def test_while_the_gate_runs_the_tests(tmp_path: Path, scratch: Path) -> None:
    files, tests, started = checked(tmp_path, "2")
    weak = watched(EDIT_A)
    async with open_desk(tmp_path, files, weak, tests=tests) as desk:
        await check_cancelled(desk, scratch, started.exists, calls=1)
        assert (weak.opened, weak.closed) == (1, 1)
        assert ledger_outcomes(tmp_path) == ["done"]


async def test_while_the_client_takes_the_last_event(tmp_path: Path, scratch: Path) -> None:
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}, [EDIT_A]) as desk:

        async def hang_at_the_end(event: messages.TaskEvent) -> None:
            await desk.hear(event)
            if isinstance(event, messages.ChangeReady):
                await asyncio.Event().wait()

        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        running = asyncio.ensure_future(desk.session.run_task(params, hang_at_the_end))
        await eventually(lambda: desk_is_ready(desk))
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        assert desk.task_state() == "cancelled"


async def test_closing_the_session_cancels_its_tasks_and_no_others(
    tmp_path: Path, scratch: Path
) -> None:
    weak = watched(Hang(), Hang())
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}, weak) as desk:
        other = desk.engine.open_session("other")
        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        mine = asyncio.ensure_future(desk.run())
        theirs = asyncio.ensure_future(other.run_task(params, desk.hear))
        await eventually(lambda: weak.opened == 2)
        await desk.session.close()
        assert [task.state for task in other.status().tasks].count("cancelled") == 1
        await asyncio.wait([mine])
        assert (mine.cancelled(), theirs.done()) == (True, False)
        theirs.cancel()
        await asyncio.wait([theirs])


async def test_closing_the_engine_cancels_what_runs_and_settles_the_ledger(
    tmp_path: Path, scratch: Path
) -> None:
    weak = watched(Hang())
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}, weak) as desk:
        running = asyncio.ensure_future(desk.run())
        await eventually(lambda: weak.opened)
    await asyncio.wait([running])
    assert running.cancelled()
    assert (weak.closed, weak.is_closed) == (1, True)
    assert ledger_outcomes(tmp_path) == ["cancelled"]


async def test_a_failure_of_the_client_ends_the_task_as_failed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": "a = 1\n"}, scripted_model("weak", [EDIT_A])) as desk:

        async def fail(event: messages.TaskEvent) -> None:
            raise ConnectionError("the client is gone")

        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        with pytest.raises(ConnectionError, match="the client is gone"):
            await desk.session.run_task(params, fail)
        assert desk.task_state() == "failed"


def checked(tmp_path: Path, hangs_at: str) -> tuple[dict[str, str], tuple[str, ...], Path]:
    """Return files, a test command that hangs when `a` has that value, and what it then makes."""
    started = tmp_path / "started"
    tests = (sys.executable, "-S", "check.py", hangs_at, str(started))
    return {"a.py": "a = 1\n", "check.py": CHECK}, tests, started


def desk_is_ready(desk: Desk) -> bool:
    return any(isinstance(event, messages.ChangeReady) for event in desk.events)


def ledger_outcomes(tmp_path: Path) -> list[str]:
    """Return how each call of the ledger ended."""
    store = LedgerStore(tmp_path / "state" / "ledger.sqlite3")
    try:
        return [entry.outcome.value for entry in store.entries()]
    finally:
        store.close()
