"""Is an instruction carried out, accounted for, and taken back, through every room of the house?"""

from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest

from tests.clients.tty import Terminal, terminal
from tests.e2e.answers import (
    NONSENSE,
    PART,
    PLAN,
    REST,
    RIGHT,
    RIGHT_FILES,
    WRONG,
    expected_bytes,
)
from tests.e2e.stage import (
    COMMAND_S,
    INSTRUCTION,
    STRONG,
    TEST_COMMAND,
    WEAK,
    Stage,
    is_subsequence,
)

TASK = ("run", INSTRUCTION, "--test", TEST_COMMAND)


def on_terminal(stage: Stage, *arguments: str) -> AbstractContextManager[Terminal]:
    return terminal(*arguments, environment=stage.environment, directory=stage.root)


def sum_usd(entries: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(entry["cost_picodollars"]) for entry in entries), Decimal(0)) / 10**12


def test_a_ladder_is_climbed_applied_accounted_for_and_taken_back(stage: Stage) -> None:
    before, entries_before = stage.tree(), stage.ledger()
    stage.server.answer_with(WRONG, WRONG, PLAN, RIGHT)

    done = stage.call(*TASK, "--strategy", "ladder", "--apply", "--json")

    assert (done.exit_code, done.err) == (0, "")
    climb = ["testsRun", "taskStarted", "stepStarted", "hunkReady", "testsRun", "checked"]
    climb += ["escalated", "stepStarted", "planDelta", "planReady", "stepStarted", "hunkReady"]
    climb += ["testsRun", "checked", "changeReady", "result"]
    assert is_subsequence(climb, done.kinds), done.kinds
    assert (done.kinds[0], done.kinds[-1]) == ("testsRun", "result")
    result = done.events[-1]
    assert (result["state"], result["isSound"]) == ("review", True)
    assert sorted(result["files"]) == RIGHT_FILES
    after = stage.tree()
    assert {path for path in before | after if before.get(path) != after.get(path)} == {
        *RIGHT_FILES
    }
    assert {path: after[path] for path in RIGHT_FILES} == {
        path: expected_bytes(path) for path in RIGHT_FILES
    }

    entries = stage.ledger()[len(entries_before) :]
    asked = [request.body["model"] for request in stage.server.requests]
    assert [entry["model"].removeprefix("openai/") for entry in entries] == asked
    assert [entry["step"] for entry in entries] == ["edit", "edit", "plan", "edit"]
    assert [entry["outcome"] for entry in entries] == ["done"] * 4
    assert [entry["uncached_input"] for entry in entries] == [1000] * 4
    assert sum_usd(entries) == Decimal(result["receipt"]["costUsd"]) > 0

    table = stage.call("cost", "--by", "model", "--json")
    costs = {row["key"]: row for row in table.events[0]["rows"]}
    assert {STRONG, WEAK} <= set(costs)
    told = sum(Decimal(row["costUsd"]) for row in costs.values())
    assert told == sum_usd(stage.ledger())
    assert f"{STRONG} " in stage.call("cost", "--by", "model").out

    undone = stage.call("undo")
    assert undone.exit_code == 0
    assert f"  2 files: {', '.join(RIGHT_FILES)}\n" in undone.out
    assert stage.tree() == before


def test_progress_is_kept_and_shown_to_a_person(stage: Stage) -> None:
    before = stage.tree()
    stage.server.answer_with(PART, REST)
    done = stage.call(*TASK, "--dry-run")
    assert (done.exit_code, done.err) == (0, "")
    assert "→ kept, the next attempt builds on it: 1 test still fails" in done.out
    assert done.out.endswith("\nNothing was written.\n")
    assert stage.tree() == before


def test_hunks_are_decided_one_by_one_on_a_terminal(stage: Stage) -> None:
    before = stage.tree()
    stage.server.answer_with(RIGHT)
    with on_terminal(stage, *TASK) as person:
        person.read_until("Keep hunk 1 of 2?", seconds=COMMAND_S)
        person.type("y\n")
        person.read_until("Keep hunk 2 of 2?")
        person.type("n\n")
        person.read_until("Wrote 1 file: ")
        assert person.wait() == 0
    after = stage.tree()
    (changed,) = [path for path in before | after if before.get(path) != after.get(path)]
    assert f"Wrote 1 file: {changed}." in person.shown
    assert after[changed] == expected_bytes(changed)
    assert stage.call("undo").exit_code == 0
    assert stage.tree() == before


def test_who_keeps_no_hunk_writes_nothing(stage: Stage) -> None:
    before = stage.tree()
    stage.server.answer_with(RIGHT)
    with on_terminal(stage, *TASK) as person:
        person.read_until("Keep hunk 1 of 2?", seconds=COMMAND_S)
        person.type("q\n")
        person.read_until("Nothing was written.")
        assert person.wait() == 0
    assert stage.tree() == before


@pytest.mark.parametrize("how", ["--apply", "--dry-run"])
def test_what_the_gate_does_not_pass_is_not_written(stage: Stage, how: str) -> None:
    before = stage.tree()
    stage.server.answer_with(WRONG)
    done = stage.call(*TASK, how, "--strategy", "weak")
    assert done.exit_code == 1
    assert "Nothing was written" in done.out
    assert stage.tree() == before


def test_a_model_that_answers_nonsense_is_said_and_nothing_is_written(stage: Stage) -> None:
    before = stage.tree()
    stage.server.answer_with(NONSENSE)
    done = stage.call(*TASK, "--strategy", "weak", "--apply")
    assert (done.exit_code, done.err) == (1, "")
    assert done.out.endswith(
        "\nNo attempt gave a change that can be applied; nothing was written.\n"
    )
    assert stage.tree() == before


def test_a_change_can_be_taken_back_after_the_daemon_has_ended(stage: Stage) -> None:
    before = stage.tree()
    stage.server.answer_with(RIGHT)
    assert stage.call(*TASK, "--apply").exit_code == 0
    stopped = stage.call("stop")
    assert (stopped.exit_code, stopped.out) == (0, "The daemon has ended.\n")
    assert stage.processes() == []
    assert stage.call("stop").out == "No daemon runs for this workspace.\n"
    assert stage.call("status").out.startswith("No daemon runs for this workspace")
    assert stage.call("undo").exit_code == 0
    assert stage.tree() == before
    status = stage.call("status")
    assert status.exit_code == 0
    assert str(stage.root) in status.out
    assert "12 files" in status.out
