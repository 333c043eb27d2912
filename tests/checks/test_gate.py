import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from pairwright.checks.evidence import describe_failure
from pairwright.checks.gate import Gate
from pairwright.checks.verdict import NOT_RUN, Outcome, Verdict
from pairwright.errors import UserError
from pairwright.index.analysis import Analysis
from pairwright.settings import CheckSettings
from tests.checks.support import UNITTEST, analysis_of, rewritten, write_files
from tests.support.outlines import outlined_here
from tests.support.waiting import eventually, within

WORKSPACE = """\
#- stack.py
class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop(0)
#- tests/__init__.py
#- tests/test_stack.py
import unittest

from stack import Stack


class StackTest(unittest.TestCase):
    def test_pop(self):
        stack = Stack()
        stack.push(1)
        stack.push(2)
        self.assertEqual(stack.pop(), 2)

    def test_push(self):
        stack = Stack()
        stack.push(1)
        self.assertEqual(stack.items, [1])
"""
WRONG = "class Stack:\n    def __init__(self):\n        self.items = []\n\n"
PUSH = "    def push(self, item):\n        self.items.append(item)\n\n"
FIXED = f"{WRONG}{PUSH}    def pop(self):\n        return self.items.pop()\n"
NO_BETTER = f"{WRONG}{PUSH}    def pop(self):\n        return self.items[0]\n"
BREAKS_MORE = f"{WRONG}    push = None\n"
LONG = "#- long.py\n" + "".join(f"x{number} = {number}\n" for number in range(40))

Open = Callable[..., "tuple[Gate, Analysis]"]


@pytest.fixture
async def open_gate(tmp_path: Path) -> AsyncIterator[Open]:
    root = tmp_path / "ws"
    root.mkdir()
    async with AsyncExitStack() as stack:

        def open_gate(
            workspace: str = WORKSPACE,
            command: tuple[str, ...] = (),
            unreadable: dict[str, str] | None = None,
            instruction: str | None = None,
            **settings: int,
        ) -> tuple[Gate, Analysis]:
            analysis = analysis_of(workspace, unreadable)
            write_files(analysis, root)
            checks = CheckSettings(test_command=command, **settings)
            gate = Gate(analysis, root, checks, outline=outlined_here, instruction=instruction)
            stack.push_async_callback(gate.aclose)
            return gate, analysis

        yield open_gate


async def check(open_gate: Open, texts: dict[str, str | None], **options: object) -> Verdict:
    gate, analysis = open_gate(**options)
    return await gate.check(rewritten(analysis, texts))


async def test_without_a_test_command_it_is_said_that_no_test_ran(open_gate: Open) -> None:
    verdict = await check(open_gate, {"stack.py": FIXED})
    assert verdict.is_sound
    assert verdict.tests.outcome is Outcome.NOT_RUN
    assert verdict.tests.detail == "no test command is set"


async def test_a_right_change_passes_the_tests(open_gate: Open) -> None:
    gate, analysis = open_gate(command=UNITTEST)
    before = await gate.baseline()
    assert before is not None
    assert (before.failing, before.ran) == (("tests.test_stack.StackTest.test_pop",), 2)
    verdict = await gate.check(rewritten(analysis, {"stack.py": FIXED}))
    assert verdict.is_sound
    assert verdict.tests.outcome is Outcome.PASSED
    assert verdict.evidence == ""


async def test_a_wrong_change_is_told_what_still_fails(open_gate: Open) -> None:
    gate, analysis = open_gate(command=UNITTEST)
    await gate.baseline()
    verdict = await gate.check(rewritten(analysis, {"stack.py": NO_BETTER}))
    assert not verdict.is_sound
    assert "the same test still fails" in verdict.evidence
    assert "AssertionError: 1 != 2" in verdict.evidence
    assert "self.assertEqual(stack.pop(), 2)" in verdict.evidence
    assert "pairwright-check" not in verdict.evidence


async def test_a_change_that_breaks_more_is_told_what_it_broke(open_gate: Open) -> None:
    gate, analysis = open_gate(command=UNITTEST)
    await gate.baseline()
    verdict = await gate.check(rewritten(analysis, {"stack.py": BREAKS_MORE}))
    assert "tests that passed before fail now: tests.test_stack.StackTest.test_push" in (
        verdict.evidence
    )


async def test_a_change_after_which_no_test_runs_fails(open_gate: Open) -> None:
    gate, analysis = open_gate(command=(sys.executable, "-c", "print('Ran 0 tests in 0.0s')"))
    verdict = await gate.check(rewritten(analysis, {"stack.py": FIXED}))
    assert "no test" in verdict.evidence


async def test_the_same_wrong_edit_is_not_tested_twice(open_gate: Open, tmp_path: Path) -> None:
    count = f"open({str(tmp_path / 'count')!r}, 'a').write('x')"
    gate, analysis = open_gate(command=(sys.executable, "-c", count))
    change = rewritten(analysis, {"stack.py": FIXED})
    assert (await gate.check(change)).is_sound
    assert (await gate.check(change)).is_sound
    await gate.check(rewritten(analysis, {"stack.py": NO_BETTER}))
    assert (tmp_path / "count").read_text() == "xx"


async def test_a_test_run_that_hangs_fails_in_time(open_gate: Open) -> None:
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    async with within():
        verdict = await check(open_gate, {"stack.py": FIXED}, command=command, test_timeout_s=1)
    assert "did not end in time" in verdict.evidence


async def test_the_tests_of_the_workspace_itself_are_never_touched(
    open_gate: Open, tmp_path: Path
) -> None:
    code = "open('made-by-test', 'w').write('x'); open('stack.py', 'w').write('x')"
    await check(open_gate, {"stack.py": FIXED}, command=(sys.executable, "-c", code))
    assert (tmp_path / "ws" / "stack.py").read_text().endswith("pop(0)\n")
    assert not (tmp_path / "ws" / "made-by-test").exists()


async def test_a_program_of_the_workspace_is_found_though_it_is_not_copied(
    open_gate: Open, tmp_path: Path
) -> None:
    gate, analysis = open_gate(command=(".venv/bin/python", "-c", "print('Ran 1 test in 0s')"))
    (tmp_path / "ws" / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "ws" / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert (await gate.check(rewritten(analysis, {"stack.py": FIXED}))).is_sound


async def test_a_missing_test_program_is_told_to_the_user(open_gate: Open) -> None:
    gate, _ = open_gate(command=("no-such-program",))
    with pytest.raises(UserError, match=r"no-such-program.*checks\.test_command"):
        await gate.baseline()


async def test_no_test_command_means_no_baseline(open_gate: Open) -> None:
    gate, _ = open_gate()
    assert await gate.baseline() is None


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({}, "changes nothing"),
        ({"stack.py": WORKSPACE.split("#- tests")[0].removeprefix("#- stack.py\n")}, "nothing"),
        ({".git/config": "x"}, "never changed"),
        ({"../x.py": "x"}, "x.py"),
        ({"stack.py": "s = '\ud800'\n"}, "cannot express"),
        ({"image.png": "text"}, "already"),
    ],
)
async def test_a_change_that_cannot_be_applied_fails_first(
    open_gate: Open, texts: dict[str, str | None], reason: str
) -> None:
    verdict = await check(open_gate, texts, unreadable={"image.png": "binary"})
    assert verdict.applies.outcome is Outcome.FAILED
    assert reason in verdict.evidence
    assert verdict.size == verdict.parses == verdict.problems == verdict.tests == NOT_RUN
    assert verdict.badge == "applies ✗"


async def test_a_change_of_too_many_files_or_lines_fails(open_gate: Open) -> None:
    verdict = await check(open_gate, {"a.py": "1\n", "b.py": "2\n"}, max_files=1)
    assert "touches 2 files; at most 1" in verdict.evidence
    verdict = await check(open_gate, {"a.py": "x\n" * 11}, max_changed_lines=10)
    assert "adds and removes 11 lines" in verdict.evidence


async def test_a_change_that_deletes_most_of_a_file_fails(open_gate: Open) -> None:
    verdict = await check(open_gate, {"long.py": "x = 1\n"}, workspace=LONG)
    assert verdict.size.outcome is Outcome.FAILED
    assert "39 of 40 lines" in verdict.evidence
    assert (await check(open_gate, {"long.py": None}, workspace=LONG)).is_sound


async def test_text_that_does_not_parse_fails_and_is_not_tested(open_gate: Open) -> None:
    verdict = await check(open_gate, {"stack.py": "def f(:\n"}, command=("no-such-program",))
    assert verdict.parses.outcome is Outcome.FAILED
    assert verdict.new_problems[0].path == "stack.py"
    assert "stack.py:1: " in verdict.evidence


async def test_problems_that_were_there_before_are_not_held_against_a_change(
    open_gate: Open,
) -> None:
    broken = "#- a.py\ndef f(:\n    pass\n\n\ndef g():\n    pass\n"
    new = "import os\n\n\ndef f(:\n    pass\n\n\ndef g():\n    return os\n"
    assert (await check(open_gate, {"a.py": new}, workspace=broken)).is_sound


async def test_a_cancelled_check_leaves_no_copy_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "ws").mkdir()
    started = tmp_path / "started"
    code = f"import time; open({str(started)!r}, 'w'); time.sleep(60)"
    settings = CheckSettings(test_command=(sys.executable, "-c", code))

    async def run() -> None:
        async with Gate.opened(
            analysis_of(WORKSPACE), tmp_path / "ws", settings, outline=outlined_here
        ) as gate:
            await gate.baseline()

    call = asyncio.ensure_future(run())
    await eventually(started.exists)
    call.cancel()
    async with within():
        with pytest.raises(asyncio.CancelledError):
            await call
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_what_fails_before_any_change_is_described_with_its_test(open_gate: Open) -> None:
    gate, analysis = open_gate(command=UNITTEST)
    before = await gate.baseline()
    assert before is not None
    text = describe_failure(analysis, before)
    assert text.startswith("def test_pop(self)")
    assert "stack.push(2)" in text
    assert text.endswith("\nwith: AssertionError: 1 != 2")
    assert "Traceback" not in text


async def test_what_may_break_elsewhere_is_told_and_fails_nothing(open_gate: Open) -> None:
    workspace = "#- a.py\ndef f(x):\n    return x\n#- b.py\nfrom a import f\n\ny = f(1)\n"
    verdict = await check(
        open_gate, {"a.py": "def f(x, z):\n    return x + z\n"}, workspace=workspace
    )
    assert verdict.is_sound
    assert [(place.path, place.line) for place in verdict.may_break] == [("b.py", 2)]


async def test_tests_cannot_reach_the_network(open_gate: Open) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    verdict = await check(open_gate, {"stack.py": FIXED}, command=(sys.executable, "-c", code))
    if verdict.notes:
        pytest.skip(verdict.notes[0])
    assert "Network is unreachable" in verdict.evidence


async def test_tests_cannot_write_the_workspace_by_its_own_path(
    open_gate: Open, tmp_path: Path
) -> None:
    code = f"open({str(tmp_path / 'ws' / 'stack.py')!r}, 'w')"
    verdict = await check(open_gate, {"stack.py": FIXED}, command=(sys.executable, "-c", code))
    if verdict.notes:
        pytest.skip(verdict.notes[0])
    assert "Read-only file system" in verdict.evidence
    assert (tmp_path / "ws" / "stack.py").read_text().endswith("pop(0)\n")


async def test_linters_and_tests_both_speak(open_gate: Open) -> None:
    broken = f"import os\n\n\n{FIXED}".replace("pop()\n", "pop(0)\n")
    workspace = f"{WORKSPACE}#- ruff.toml\nlint.select = ['F']\n"
    verdict = await check(open_gate, {"stack.py": broken}, workspace=workspace, command=UNITTEST)
    assert verdict.badge == "applies ✓ parses ✓ 1 new problem ✗ 1/2 tests ✗"
    *tests, problem = verdict.evidence.splitlines()
    assert tests[-1] == "with: AssertionError: 1 != 2"
    assert problem.startswith("stack.py:1: ruff:")


OTHER = """\
#- other.py
def one():
    return 1
#- tests/test_other.py
import unittest

from other import one


class OtherTest(unittest.TestCase):
    def test_one(self):
        self.assertEqual(one(), 2)
"""


async def test_what_failed_before_and_is_not_reached_is_not_held_against_a_change(
    open_gate: Open,
) -> None:
    gate, analysis = open_gate(
        workspace=f"{WORKSPACE}{OTHER}",
        command=UNITTEST,
        instruction="a stack must give the last item first",
    )
    before = await gate.baseline()
    assert before is not None
    assert len(before.failing) == 2
    verdict = await gate.check(rewritten(analysis, {"stack.py": FIXED}))
    assert verdict.is_sound, verdict.evidence
    assert verdict.badge == "applies ✓ parses ✓ problems – 2/3 tests"
    assert "1 test that failed before still fails" in verdict.tests.detail


@pytest.mark.parametrize("instruction", [None, "sort pop and total", "make the tests pass"])
async def test_a_part_of_what_the_task_is_about_is_not_the_whole(
    open_gate: Open, instruction: str | None
) -> None:
    workspace = f"{WORKSPACE}{OTHER}".replace("one", "total")
    gate, analysis = open_gate(workspace=workspace, command=UNITTEST, instruction=instruction)
    await gate.baseline()
    verdict = await gate.check(rewritten(analysis, {"stack.py": FIXED}))
    assert not verdict.is_sound
    assert "1 of the 2 tests that failed before still fail" in verdict.evidence


async def test_only_tests_that_a_change_may_reach_are_run(open_gate: Open) -> None:
    workspace = f"{WORKSPACE}{OTHER}".replace("one(), 2", "one(), 1")
    gate, analysis = open_gate(workspace=workspace, command=UNITTEST)
    await gate.baseline()
    verdict = await gate.check(rewritten(analysis, {"stack.py": FIXED}))
    assert verdict.badge == "applies ✓ parses ✓ problems – 2/2 tests"
    assert verdict.tests.detail == "those of 1 file that the change may reach"
