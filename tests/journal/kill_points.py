"""Kills itself at every call that changes a file, also while it recovers; prints what was left.

Run as a program, since it forks: `python -m tests.journal.kill_points DIRECTORY [STRIDE]`.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from itertools import count
from pathlib import Path

from pairwright.errors import UserError
from pairwright.journal.calls import OnStep
from pairwright.journal.journal import Journal
from tests.journal.changes import leftovers, tree_of, undo
from tests.journal.scenarios import SCENARIOS, Prepared, Scenario, prepare

CHANGING = frozenset({"open", "write", "chmod", "fsync", "rename", "unlink", "mkdir", "rmdir"})
_KILLED = 9
_MANY = 20
"""Changes of more steps than this are killed at every so many of them only."""


def killed_at(number: int) -> OnStep:
    """Die before the call of that number; only those count that change a file."""
    calls = count(1)

    def on_step(step: str) -> None:
        if step.partition(" ")[0] in CHANGING and next(calls) == number:
            os._exit(_KILLED)

    return on_step


def in_child(action: Callable[[], object]) -> bool:
    """Run in a forked child; tell whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            with suppress(UserError):  # a refusal is an end as well
                action()
        except BaseException:  # whatever it is, the parent has to hear of it
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, _KILLED):
        raise AssertionError(f"the child failed with {code}")
    return code == _KILLED


def kill_everywhere(base: Path, scenario: Scenario, action: str, stride: int) -> dict[str, int]:
    """Kill an action at every step, and its recovery at one; return how often what was left."""
    left = {"old": 0, "new": 0, "recoveries": 0}
    steps = _steps_of(base, scenario, action)
    for number in range(1, steps + 1, stride if steps > _MANY else 1):
        prepared = prepare(scenario, action, base)
        at = number
        if not in_child(lambda: prepared.act(_journal(prepared, at))):  # noqa: B023
            raise AssertionError(f"{scenario.name}, {action}: nothing was killed at {number}")
        # Each recovery is killed somewhere else, and now and then the one after it as well.
        for again in (1 + number % 13, 1 + number % 7)[: 1 if number % 4 else 2]:
            left["recoveries"] += in_child(
                lambda: _journal(prepared, again).recover()  # noqa: B023
            )
        where = f"{scenario.name}, {action} killed at {number}"
        state = _recovered(prepared, where, is_refused=scenario.is_refused)
        left[state] += 1
    return left


def _recovered(prepared: Prepared, where: str, *, is_refused: bool) -> str:
    """Recover twice, and undo or redo what is there; return which tree it was."""
    journal = Journal(prepared.state_dir, prepared.root)
    journal.recover()
    state = prepared.state()
    _require(state in ("old", "new"), f"{where}: {state}")
    found = leftovers(prepared.root, prepared.state_dir)
    _require(not found, f"{where}: left {found}")
    known = journal.entries()
    journal.recover()
    _require((prepared.state(), journal.entries()) == (state, known), f"{where}: not idempotent")
    if is_refused:
        return state
    if state == "new":
        undo(journal, journal.entries()[-1])
        _require(prepared.state() == "old", f"{where}: undo does not work")
    else:
        prepared.act(journal)
        _require(prepared.state() == "new", f"{where}: it cannot be done again")
    return state


def _steps_of(base: Path, scenario: Scenario, action: str) -> int:
    prepared = prepare(scenario, action, base)
    steps: list[str] = []
    with suppress(UserError) if scenario.is_refused else nullcontext():
        prepared.act(Journal(prepared.state_dir, prepared.root, on_step=steps.append))
    _require(tree_of(prepared.root) == prepared.new, f"{scenario.name}: {action} does not work")
    return sum(step.partition(" ")[0] in CHANGING for step in steps)


def _journal(prepared: Prepared, number: int) -> Journal:
    return Journal(prepared.state_dir, prepared.root, on_step=killed_at(number))


def _require(is_kept: bool, message: str) -> None:
    if not is_kept:
        raise AssertionError(message)


def main() -> None:
    """Print what was left, by scenario and action."""
    os.umask(0o022)
    where = Path(sys.argv[1]) / "base"
    stride = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(  # noqa: T201
        json.dumps(
            {
                f"{scenario.name}: {action}": kill_everywhere(where, scenario, action, stride)
                for scenario in SCENARIOS
                for action in scenario.actions
            }
        )
    )


if __name__ == "__main__":
    main()
