from pairwright.checks.evidence import describe_failure
from pairwright.checks.verdict import TestRun
from tests.checks.support import analysis_of

WORKSPACE = """\
#- tests/test_a.py
def test_sum():
    assert 1 + 1 == 3
#- tests/test_b.py
def test_sum():
    assert 2 + 2 == 5
"""
OUTPUT = """\
=================================== FAILURES ===================================
___________________________________ test_sum ___________________________________

    def test_sum():
>       assert 2 + 2 == 5
E       assert 4 == 5

tests/test_b.py:2: AssertionError
=========================== short test summary info ============================
FAILED tests/test_b.py::test_sum - assert 4 == 5
"""


def check_described(run: TestRun, expected: str) -> None:
    assert describe_failure(analysis_of(WORKSPACE), run) == expected


def test_the_failing_test_is_shown_from_its_own_file() -> None:
    run = TestRun(1, 5, ("tests/test_b.py::test_sum",), 2, OUTPUT)
    check_described(
        run,
        "def test_sum():\n    assert 2 + 2 == 5\n\n"
        "It fails at: assert 2 + 2 == 5\nwith: assert 4 == 5",
    )


def test_a_test_that_cannot_be_found_leaves_where_it_fails() -> None:
    run = TestRun(1, 5, ("tests/gone.py::test_gone",), 2, OUTPUT)
    check_described(run, "It fails at: assert 2 + 2 == 5\nwith: assert 4 == 5")


def test_a_run_that_was_stopped_says_so_and_a_green_one_nothing() -> None:
    check_described(TestRun(None, 5, (), None, "busy\n"), "The tests did not end in time.\nbusy")
    check_described(TestRun(0, 5, (), 2, ""), "")


def test_a_secret_in_a_test_is_not_shown() -> None:
    analysis = analysis_of("#- .env.py\ndef test_key():\n    assert 'x'\n")
    run = TestRun(1, 5, (".env.py::test_key",), 1, "boom\n")
    assert describe_failure(analysis, run) == "boom"
