"""When do the tests speak against a change?"""

from dataclasses import replace

import pytest

from pairwright.checks.judging import judged
from pairwright.checks.verdict import Outcome, TestRun


def run(*failing: str, ran: int | None = 3, exit_code: int | None = None) -> TestRun:
    code = exit_code if exit_code is not None else int(bool(failing))
    return TestRun(code, 1, failing, ran, "FAILED here")


STOPPED = replace(run("a"), exit_code=None)


@pytest.mark.parametrize(
    ("after", "before", "counted", "outcome", "detail"),
    [
        (run(), None, (), Outcome.PASSED, ""),
        (run(), run("a"), (), Outcome.PASSED, ""),
        (run(ran=2), run(ran=3), (), Outcome.PASSED, "fewer tests ran than before: 2 instead of 3"),
        (
            replace(run(ran=1), narrowed_to=1),
            run(ran=3),
            (),
            Outcome.PASSED,
            "those of 1 file that the change may reach",
        ),
        (
            run("a"),
            run("a"),
            (),
            Outcome.PASSED,
            "1 test that failed before still fails, "
            "and the change does not reach what is tested there",
        ),
        (run("a"), run(), ("a",), Outcome.FAILED, "all tests passed before this change\n"),
        (run("a"), run("a"), ("a",), Outcome.FAILED, "the same test still fails\n"),
        (
            run("a", "b"),
            run("b"),
            ("a",),
            Outcome.FAILED,
            "tests that passed before fail now: a\n",
        ),
        (
            run("a"),
            run("a", "b"),
            ("a",),
            Outcome.FAILED,
            "1 of the 2 tests that failed before still fail\n",
        ),
        (run(exit_code=2), run(), (), Outcome.FAILED, "all tests passed before this change\n"),
        (run(exit_code=2), None, (), Outcome.FAILED, "FAILED here"),
        (STOPPED, run("a"), (), Outcome.FAILED, "the tests did not end in time\n"),
        (run(ran=0), run(), (), Outcome.FAILED, "the test command ran no test any more"),
        (run(ran=0), run(ran=0), (), Outcome.PASSED, ""),
    ],
)
def test_results_are_held_against_those_before(
    after: TestRun, before: TestRun | None, counted: tuple[str, ...], outcome: Outcome, detail: str
) -> None:
    check = judged(after, before, counted)
    assert check.outcome is outcome
    assert check.detail.startswith(detail)
    assert bool(check.detail) == bool(detail)
