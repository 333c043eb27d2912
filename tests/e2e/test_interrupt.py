"""What is left when a person presses Ctrl-C? Nothing half done, and the ledger says `cancelled`."""

import re
import signal
import subprocess
import time

import pytest

from tests.clients.tty import terminal
from tests.e2e.answers import RIGHT
from tests.e2e.stage import (
    COMMAND_S,
    INSTRUCTION,
    TEST_COMMAND,
    Ended,
    Stage,
    check_demo_left_its_accounts_only,
    ended,
    wait_for,
)
from tests.support.model_server import Hang

PATIENCE_S = 5.0
RUN = ("run", INSTRUCTION, "--apply")
SLEEPS = "python -c 'import time; time.sleep(600)'"
SLEEPS_ONCE_MENDED = (
    "python -c 'import time; from orderdesk.money import parse_amount;"
    ' parse_amount("1,250"); time.sleep(600)\''
)


def interrupt(process: "subprocess.Popen[str]") -> Ended:
    process.send_signal(signal.SIGINT)
    return ended(process, seconds=PATIENCE_S)


def check_cancelled(stage: Stage, cancelled: Ended, *, daemons: int, began: float) -> None:
    """Check what must be true within five seconds of Ctrl-C."""
    assert cancelled.exit_code == 130
    assert re.fullmatch(r"pairwright: cancelled(; 'pairwright continue' .*)?\n", cancelled.err)
    wait_for(
        lambda: len(stage.processes()) == daemons == len(stage.daemons()),
        what=f"{daemons} daemons and nothing else: {stage.processes()}",
        seconds=began + PATIENCE_S - time.monotonic(),
    )
    wait_for(
        lambda: not any(stage.temporary.iterdir()),
        what=f"no temporary file: {[each.name for each in stage.temporary.iterdir()]}",
    )


def outcomes(stage: Stage, *, after: int) -> list[str]:
    return [entry["outcome"] for entry in stage.ledger()[after:]]


def test_while_the_daemon_starts(fresh_stage: Stage) -> None:
    fresh_stage.put_sample()
    before = fresh_stage.tree()
    process = fresh_stage.start(*RUN)
    wait_for(fresh_stage.daemons, what="a daemon", seconds=COMMAND_S)
    began = time.monotonic()
    cancelled = interrupt(process)
    check_cancelled(fresh_stage, cancelled, daemons=len(fresh_stage.daemons()), began=began)
    assert (fresh_stage.tree(), fresh_stage.ledger()) == (before, [])
    assert fresh_stage.call("status").exit_code == 0


@pytest.mark.parametrize("seen", ["", "### FILE orderdesk/money.py\n<<<<<<< SEARCH\n    cle"])
@pytest.mark.parametrize("strategy", ["weak", "plan"])
def test_while_a_model_answers(stage: Stage, strategy: str, seen: str) -> None:
    before, entries = stage.tree(), len(stage.ledger())
    stage.server.answer_with(Hang(seen))
    process = stage.start(*RUN, "--strategy", strategy)
    wait_for(lambda: stage.server.requests, what="a request", seconds=COMMAND_S)
    assert outcomes(stage, after=entries) == ["reserved"]
    began = time.monotonic()
    cancelled = interrupt(process)
    check_cancelled(stage, cancelled, daemons=1, began=began)
    assert outcomes(stage, after=entries) == ["cancelled"]
    (request,) = stage.server.requests
    wait_for(request.gone.is_set, what="the model server is no longer waited for")
    assert stage.tree() == before


@pytest.mark.parametrize(
    ("tests", "asked"), [(SLEEPS, 0), (SLEEPS_ONCE_MENDED, 1)], ids=["before", "after"]
)
def test_while_the_tests_run(stage: Stage, tests: str, asked: int) -> None:
    before, entries = stage.tree(), len(stage.ledger())
    stage.server.answer_with(RIGHT)
    process = stage.start(*RUN, "--test", tests)

    def is_sleeping() -> bool:
        others = (each.cmdline() for each in stage.processes() if each.pid != process.pid)
        is_running = any("time.sleep(600)" in " ".join(command) for command in others)
        return is_running and len(stage.server.requests) == asked

    wait_for(is_sleeping, what="the tests run", seconds=COMMAND_S)
    began = time.monotonic()
    cancelled = interrupt(process)
    check_cancelled(stage, cancelled, daemons=1, began=began)
    assert outcomes(stage, after=entries) == ["done"] * asked
    assert stage.tree() == before


def test_while_a_person_is_asked(stage: Stage) -> None:
    before = stage.tree()
    stage.server.answer_with(RIGHT)
    arguments = ("run", INSTRUCTION, "--test", TEST_COMMAND)
    with terminal(*arguments, environment=stage.environment, directory=stage.root) as person:
        person.read_until("Keep hunk 1 of 2?", seconds=COMMAND_S)
        person.type("y\n")
        person.read_until("Keep hunk 2 of 2?")
        person.interrupt()
        person.read_until("pairwright: cancelled")
        assert person.wait() == 130
    assert stage.tree() == before
    wait_for(lambda: len(stage.processes()) == 1 == len(stage.daemons()), what="the daemon alone")


def test_in_the_demo_nothing_is_left_but_what_it_may_have_cost(fresh_stage: Stage) -> None:
    fresh_stage.server.answer_with(Hang("Goal:"))
    process = fresh_stage.start("demo", "--yes")
    wait_for(lambda: fresh_stage.server.requests, what="a request", seconds=COMMAND_S)
    began = time.monotonic()
    check_cancelled(fresh_stage, interrupt(process), daemons=0, began=began)
    check_demo_left_its_accounts_only(fresh_stage)
    assert outcomes(fresh_stage, after=0) == ["cancelled"]
