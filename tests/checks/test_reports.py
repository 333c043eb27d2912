import pytest

from pairwright.checks.reports import (
    compact_failure,
    count_of_failures,
    count_of_tests,
    failing_tests,
    failure_point,
    file_of_test,
    plain_text,
)
from pairwright.workspace.paths import WorkspacePath

UNITTEST = """\
.FE
======================================================================
FAIL: test_pop (tests.test_stack.StackTest.test_pop)
Takes from the top.
----------------------------------------------------------------------
Traceback (most recent call last):
  File "tests/test_stack.py", line 9, in test_pop
    self.assertEqual(Stack([1, 2]).pop(), 2)
    ~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^^^^^
AssertionError: 1 != 2

======================================================================
ERROR: test_old_style (tests.test_stack.StackTest)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "tests/test_stack.py", line 12, in test_old_style
    raise ValueError
ValueError

======================================================================
ERROR: tests.test_gone (unittest.loader._FailedTest.tests.test_gone)
----------------------------------------------------------------------
ImportError: Failed to import test module

----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1, errors=2)
"""

PYTEST = """\
F.E                                                                      [100%]
=================================== FAILURES ===================================
___________________________________ test_add ___________________________________

    def test_add():
>       assert add(1, 2) == 3
E       assert -1 == 3
E        +  where -1 = add(1, 2)

tests/test_math.py:5: AssertionError
=========================== short test summary info ============================
FAILED tests/test_math.py::test_add[1 - 2] - assert -1 == 3
ERROR tests/test_other.py - ImportError: nope
========== 1 failed, 1 passed, 2 skipped, 1 warning, 1 error in 0.03s ==========
"""


def test_unittest_names_are_whole_and_come_once() -> None:
    assert failing_tests(UNITTEST) == (
        "tests.test_stack.StackTest.test_pop",
        "tests.test_stack.StackTest.test_old_style",
        "tests.test_gone",
    )
    assert failing_tests(UNITTEST * 2) == failing_tests(UNITTEST)


def test_pytest_names_are_node_ids() -> None:
    names = failing_tests(PYTEST)
    assert names[0].startswith("tests/test_math.py::test_add[1")
    assert names[1] == "tests/test_other.py"


def test_tests_that_ran_are_counted() -> None:
    assert count_of_tests(UNITTEST) == 3
    assert count_of_tests(PYTEST) == 3
    assert count_of_tests("1 passed in 0.01s\n") == 1
    assert count_of_tests("===== no tests ran in 0.01s =====\n") == 0
    assert count_of_tests("Ran 0 tests in 0.000s\n") == 0


def test_other_output_tells_nothing() -> None:
    assert failing_tests("boom\n") == ()
    assert count_of_tests("boom\n") is None
    assert compact_failure("boom\n") == "boom"
    assert compact_failure("") == ""


def test_the_first_failure_is_what_a_model_reads() -> None:
    assert compact_failure(UNITTEST) == (
        "FAIL: test_pop (tests.test_stack.StackTest.test_pop)\n"
        "Takes from the top.\n"
        "Traceback (most recent call last):\n"
        '  File "tests/test_stack.py", line 9, in test_pop\n'
        "    self.assertEqual(Stack([1, 2]).pop(), 2)\n"
        "AssertionError: 1 != 2"
    )
    assert compact_failure(PYTEST).splitlines()[0] == "test_add"
    assert compact_failure(PYTEST).splitlines()[-1] == "tests/test_math.py:5: AssertionError"


def test_the_point_of_failure_is_the_test_s_line_and_the_error() -> None:
    assert failure_point(UNITTEST) == (
        "It fails at: self.assertEqual(Stack([1, 2]).pop(), 2)\nwith: AssertionError: 1 != 2"
    )
    assert failure_point(PYTEST) == "It fails at: assert add(1, 2) == 3\nwith: assert -1 == 3"


def test_an_error_below_the_test_is_told_at_the_test_s_line() -> None:
    output = UNITTEST.replace(
        "    ~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^^^^^\n",
        '  File "stack.py", line 3, in pop\n    return self._items[9]\n',
    ).replace("AssertionError: 1 != 2", "IndexError: list index out of range")
    assert failure_point(output) == (
        "It fails at: self.assertEqual(Stack([1, 2]).pop(), 2)\n"
        "with: IndexError: list index out of range"
    )


def test_without_a_known_point_the_end_of_the_output_is_told() -> None:
    assert failure_point("boom\n") == "boom"
    gone = UNITTEST[UNITTEST.index("ERROR: tests.test_gone") - 71 :]
    assert "ImportError: Failed to import test module" in failure_point(gone)


def test_a_long_failure_keeps_its_beginning_and_its_end() -> None:
    lines = [f"line {number}" for number in range(500)]
    shown = compact_failure("\n".join(lines)).splitlines()
    assert len(shown) <= 31
    assert (shown[0], shown[-1]) == ("line 0", "line 499")
    assert "470 lines left out" in "\n".join(shown)


def test_colours_are_taken_out() -> None:
    assert plain_text("\x1b[31mFAILED\x1b[0m a\r\n") == "FAILED a\n"


GO = """\
=== RUN   TestAdd
--- PASS: TestAdd (0.00s)
=== RUN   TestSub
    sub_test.go:9: got 1
--- FAIL: TestSub (0.00s)
FAIL
FAIL\texample.com/m/sub\t0.002s
"""
CARGO = """\
running 2 tests
test stack::push ... ok
test stack::pop ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
"""
JEST = """\
 FAIL  src/sum.test.js
  ● adds
Tests:       1 failed, 1 skipped, 2 passed, 4 total
"""
VITEST = """\
 FAIL  src/sum.test.ts > adds two
AssertionError: expected 3 to be 4
 Test Files  1 failed (1)
      Tests  1 failed | 3 passed (4)
"""
MOCHA = """\
  2 passing (5ms)
  1 failing

  1) Stack
       pops:
     AssertionError
"""
RSPEC = """\
Finished in 0.01 seconds
3 examples, 1 failure, 1 pending

rspec ./spec/stack_spec.rb:9 # Stack pops
"""
PHPUNIT = """\
1) Tests\\StackTest::testPop
Failed asserting that 1 matches 2.

Tests: 3, Assertions: 3, Failures: 1.
"""


@pytest.mark.parametrize(
    ("output", "ran", "failing"),
    [
        (GO, 2, ("TestSub",)),
        (CARGO, 2, ("stack::pop",)),
        (JEST, 3, ("src/sum.test.js",)),
        (VITEST, 4, ("src/sum.test.ts > adds two",)),
        (MOCHA, 3, ("Stack",)),
        (RSPEC, 2, ("./spec/stack_spec.rb:9",)),
        (PHPUNIT, 3, ("Tests\\StackTest::testPop",)),
        ("OK (5 tests, 9 assertions)\n", 5, ()),
        ("ok  \texample.com/m\t0.01s\n", None, ()),
    ],
)
def test_other_runners_tell_how_many_ran_and_which_failed(
    output: str, ran: int | None, failing: tuple[str, ...]
) -> None:
    assert count_of_tests(output) == ran
    assert failing_tests(output) == failing


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("tests/test_a.py::TestA::test_x[1-2]", "tests/test_a.py"),
        ("tests/test_a.py", "tests/test_a.py"),
        ("tests.test_a.TestA.test_x", "tests/test_a.py"),
        ("test_a.TestA.test_x", "tests/test_a.py"),
        ("src/a.test.ts > adds", "src/a.test.ts"),
        ("./spec/a_spec.rb:9", "spec/a_spec.rb"),
        ("test_same.Case.test_x", None),
        ("TestSub", None),
        ("", None),
    ],
)
def test_the_file_of_a_failing_test_is_found_by_its_name(name: str, path: str | None) -> None:
    paths = {"tests/test_a.py", "src/a.test.ts", "spec/a_spec.rb"}
    paths |= {"one/test_same.py", "two/test_same.py"}
    assert file_of_test(name, {WorkspacePath(each) for each in paths}) == path


def test_failures_are_counted_as_the_last_words_say() -> None:
    assert count_of_failures(UNITTEST) == 3
    assert count_of_failures(PYTEST) == 2
    assert count_of_failures("OK\n1 passed in 0.01s\n") is None
    assert count_of_failures(GO) is None
