import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from pairwright.checks.sandbox import Sandbox
from pairwright.checks.testing import (
    ScratchTests,
    failures_that_count,
    files_to_run,
    wanted_tests,
)
from pairwright.checks.verdict import TestRun
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import UNITTEST, analysis_of, write_files

WORKSPACE = """\
#- stack.py
def top(items):
    return items[0]
#- queue_.py
def first(items):
    return items[0]
#- tests/__init__.py
#- tests/test_stack.py
import unittest

from stack import top


class StackTest(unittest.TestCase):
    def test_top(self):
        self.assertEqual(top([1, 2]), 2)
#- tests/test_queue.py
import unittest

from queue_ import first


class QueueTest(unittest.TestCase):
    def test_first(self):
        self.assertEqual(first([1, 2]), 1)

    def test_old_failure(self):
        self.fail("since long ago")
"""
FIXED = {WorkspacePath("stack.py"): "def top(items):\n    return items[-1]\n"}
STACK, QUEUE = WorkspacePath("tests/test_stack.py"), WorkspacePath("tests/test_queue.py")
PATHS = (STACK, QUEUE, WorkspacePath("stack.py"), WorkspacePath("queue_.py"))
OLD_FAILURE = "tests.test_queue.QueueTest.test_old_failure"
TOP = "tests.test_stack.StackTest.test_top"

Open = Callable[..., ScratchTests]


@pytest.fixture
async def open_tests(tmp_path: Path) -> AsyncIterator[Open]:
    root = tmp_path / "ws"
    root.mkdir()
    async with AsyncExitStack() as stack:

        def open_tests(command: tuple[str, ...] = UNITTEST) -> ScratchTests:
            analysis = analysis_of(WORKSPACE)
            write_files(analysis, root)
            settings = CheckSettings(test_command=command)
            sandbox = Sandbox(analysis.snapshot, root, settings)
            stack.push_async_callback(sandbox.aclose)
            return ScratchTests(sandbox, settings)

        yield open_tests


def run_of(*failing: str, exit_code: int | None = 1) -> TestRun:
    output = f"FAILED (failures={len(failing)})\n" if failing else "OK\n"
    return TestRun(exit_code if failing else 0, 1, failing, 3, output)


async def test_only_the_chosen_files_of_tests_run(open_tests: Open) -> None:
    tests = open_tests()
    run = await tests.run(FIXED, tests=(STACK,))
    assert (run.is_green, run.ran, run.narrowed_to) == (True, 1, 1)
    run = await tests.run(FIXED)
    assert (run.is_green, run.ran, run.narrowed_to) == (False, 3, None)
    assert run.failing == (OLD_FAILURE,)


async def test_a_command_that_cannot_be_narrowed_runs_all(open_tests: Open, tmp_path: Path) -> None:
    count = tmp_path / "count"
    code = f"open({str(count)!r}, 'a').write('x'); print('Ran 3 tests in 0.1s')"
    tests = open_tests((sys.executable, "-c", code))
    run = await tests.run({}, tests=(STACK,))
    assert (run.ran, run.narrowed_to) == (3, None)
    assert (await tests.run({})) == run
    assert count.read_text() == "x"


async def test_a_narrowed_run_that_tells_nothing_is_followed_by_a_run_of_all(
    open_tests: Open,
) -> None:
    tests = open_tests()
    # Removed, so that there is no such module: that is an error, which names no test of its own.
    gone = {STACK: "", **FIXED}
    run = await tests.run(gone, tests=(STACK,))
    assert (run.narrowed_to, run.failing) == (None, (OLD_FAILURE,))


async def test_equal_runs_are_made_once(open_tests: Open) -> None:
    tests = open_tests()
    first = await tests.run(FIXED, tests=(STACK,))
    assert await tests.run(FIXED, tests=(STACK,)) == first
    assert (await tests.run({}, tests=(STACK,))).failing == (TOP,)


def test_tests_that_failed_before_are_run_with_those_that_are_reached() -> None:
    before = run_of(OLD_FAILURE, TOP)
    assert files_to_run((STACK,), before, PATHS) == (STACK, QUEUE)
    assert files_to_run((STACK,), run_of(), PATHS) == (STACK,)
    assert files_to_run((STACK,), None, PATHS) == (STACK,)
    assert files_to_run(None, before, PATHS) is None
    assert files_to_run((STACK,), run_of("who knows"), PATHS) is None


@pytest.mark.parametrize(
    ("failing", "before", "reached", "counted"),
    [
        pytest.param((OLD_FAILURE,), (OLD_FAILURE, TOP), (STACK,), (), id="failed before, beside"),
        pytest.param((TOP,), (OLD_FAILURE, TOP), (STACK,), (TOP,), id="failed before, reached"),
        pytest.param((OLD_FAILURE,), (), (STACK,), (OLD_FAILURE,), id="passed before, beside"),
        pytest.param((OLD_FAILURE,), (OLD_FAILURE,), None, (OLD_FAILURE,), id="reach unknown"),
        pytest.param(("x y",), ("x y",), (STACK,), ("x y",), id="file unknown"),
        pytest.param((), (OLD_FAILURE,), (STACK,), (), id="green"),
    ],
)
def test_a_failure_counts_unless_it_is_old_and_out_of_reach(
    failing: tuple[str, ...],
    before: tuple[str, ...],
    reached: tuple[WorkspacePath, ...] | None,
    counted: tuple[str, ...],
) -> None:
    assert (
        failures_that_count(run_of(*failing), run_of(*before), reached, PATHS, wanted=()) == counted
    )


def test_what_the_task_is_about_counts_wherever_it_is() -> None:
    run = run_of(OLD_FAILURE)
    assert failures_that_count(run, run, (STACK,), PATHS, wanted=(OLD_FAILURE,)) == (OLD_FAILURE,)
    assert failures_that_count(run, run, (STACK,), PATHS, wanted=()) == ()
    assert failures_that_count(run, run, (STACK,), PATHS) == (OLD_FAILURE,)
    assert failures_that_count(run, None, (STACK,), PATHS, wanted=()) == (OLD_FAILURE,)


@pytest.mark.parametrize(
    ("instruction", "wanted"),
    [
        ("make the tests pass", (OLD_FAILURE, TOP)),
        ("Fix the crash", (OLD_FAILURE, TOP)),
        ("top must return the last item of a stack", (TOP,)),
        ("queues need a priority", (OLD_FAILURE,)),
        ("rename the colour of the banner", ()),
        ("", ()),
    ],
)
def test_which_failures_a_task_is_about_is_told_by_its_words(
    instruction: str, wanted: tuple[str, ...]
) -> None:
    assert wanted_tests(instruction, (OLD_FAILURE, TOP)) == wanted


def test_failures_that_the_output_counts_but_does_not_name_leave_no_doubt_out() -> None:
    before = run_of(OLD_FAILURE)
    for output in ("FAILED (failures=1, errors=1)\n", "boom\n"):
        run = TestRun(1, 1, (OLD_FAILURE,), 3, output)
        assert failures_that_count(run, before, (STACK,), PATHS, wanted=()) == (OLD_FAILURE,)
