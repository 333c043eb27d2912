"""Does a stopped task go on, through real processes, without one answer being paid twice?"""

import os
import signal

from tests.e2e.answers import RIGHT, RIGHT_FILES, WRONG, expected_bytes
from tests.e2e.stage import INSTRUCTION, TEST_COMMAND, Stage, wait_for
from tests.support.model_server import Hang

TASK = ("run", INSTRUCTION, "--test", TEST_COMMAND, "--strategy", "weak")
NO_ROOM = "0.0012"
"""For one call to gpt-4o-mini, and not for another."""


def check_written(stage: Stage) -> None:
    after = stage.tree()
    assert {path: after[path] for path in RIGHT_FILES} == {
        path: expected_bytes(path) for path in RIGHT_FILES
    }


def test_at_its_budget_a_task_stops_and_goes_on_with_a_raised_one(stage: Stage) -> None:
    stage.server.answer_with(WRONG, RIGHT)
    known = len(stage.ledger())
    stopped = stage.call(*TASK, "--apply", "--budget", NO_ROOM)
    assert stopped.exit_code == 1
    assert "Estimate: weak alone about $" in stopped.out
    assert "it was stopped: the next call could cost" in stopped.out
    assert "--budget USD' then goes on" in stopped.out

    done = stage.call("continue", "--budget", "0.4", "--apply")
    assert (done.exit_code, done.err) == (0, "")
    assert "1 answer was there from before and cost nothing again." in done.out
    assert "Wrote 2 files" in done.out
    assert len(stage.server.requests) == len(stage.ledger()) - known == 2
    check_written(stage)

    again = stage.call("continue", "--dry-run")
    assert again.exit_code == 2
    assert "no task to continue" in again.err


def test_after_the_daemon_was_killed_a_task_goes_on(stage: Stage) -> None:
    """T14: what the killed daemon paid for is not paid again."""
    stage.server.answer_with(WRONG, Hang("thinking"), RIGHT)
    known = len(stage.ledger())
    running = stage.start(*TASK, "--apply", "--json")
    wait_for(lambda: len(stage.server.requests) == 2, what="the second question", seconds=30)
    for daemon in stage.daemons():
        os.kill(daemon.pid, signal.SIGKILL)
    running.communicate(timeout=30)

    done = stage.call("continue", "--apply", "--json")
    assert (done.exit_code, done.err) == (0, "")
    assert done.events[-1]["receipt"]["replayedCalls"] == 1
    assert len(stage.server.requests) == len(stage.ledger()) - known == 3
    check_written(stage)


def test_budgets_are_shown(stage: Stage) -> None:
    shown = stage.call("budget")
    assert shown.exit_code == 0
    assert "Workspace" in shown.out
    assert ", no cap" in shown.out
    refused = stage.call("budget", "0.1")
    assert (refused.exit_code, refused.out) == (2, "")
    assert "no task runs" in refused.err
