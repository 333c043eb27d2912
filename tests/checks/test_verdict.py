"""What does a person see of a verdict, and what does a model?"""

import pytest

from pairwright.checks.verdict import NOT_RUN, Check, Outcome, Problem, TestRun, Verdict
from pairwright.workspace.paths import WorkspacePath

PASSED, FAILED = Check(Outcome.PASSED), Check(Outcome.FAILED, "why")
UNUSED = Problem("a.py", 2, "unused", "F401", "ruff")


def run(ran: int | None, *failing: str, exit_code: int | None = 0) -> TestRun:
    return TestRun(exit_code, 1, failing, ran, "")


@pytest.mark.parametrize(
    ("verdict", "badge"),
    [
        (Verdict(FAILED), "applies ✗"),
        (Verdict(PASSED, size=FAILED), "applies ✓ size ✗ parses – problems – tests –"),
        (Verdict(PASSED, PASSED, FAILED), "applies ✓ parses ✗ problems – tests –"),
        (
            Verdict(PASSED, PASSED, PASSED, problems=PASSED, tests=PASSED, test_run=run(3)),
            "applies ✓ parses ✓ 0 new problems 3/3 tests",
        ),
        (
            Verdict(
                PASSED,
                PASSED,
                PASSED,
                (UNUSED,),
                problems=FAILED,
                tests=FAILED,
                test_run=run(3, "test_a", exit_code=1),
            ),
            "applies ✓ parses ✓ 1 new problem ✗ 2/3 tests ✗",
        ),
        (
            Verdict(PASSED, PASSED, PASSED, tests=FAILED, test_run=run(None, exit_code=None)),
            "applies ✓ parses ✓ problems – tests ✗",
        ),
        (
            Verdict(PASSED, PASSED, PASSED, tests=FAILED, test_run=run(3, exit_code=2)),
            "applies ✓ parses ✓ problems – tests ✗",
        ),
        (
            Verdict(PASSED, PASSED, PASSED, needs_approval=(WorkspacePath("setup.py"),)),
            "applies ✓ parses ✓ problems – tests – needs a yes for setup.py",
        ),
    ],
)
def test_the_badge_says_all_in_a_few_words(verdict: Verdict, badge: str) -> None:
    assert verdict.badge == badge


def test_the_evidence_is_the_first_failure() -> None:
    parses, problems = Check(Outcome.FAILED, "broken"), Check(Outcome.FAILED, "unused")
    assert Verdict(PASSED, parses=parses, problems=problems, tests=FAILED).evidence == "broken"
    assert Verdict(PASSED, problems=problems, tests=PASSED).evidence == "unused"
    assert Verdict(PASSED, problems=PASSED, tests=FAILED).evidence == "why"
    assert Verdict(PASSED, protected=PASSED, problems=PASSED).evidence == ""


def test_failing_tests_are_not_hidden_by_an_unused_import() -> None:
    problems, tests = Check(Outcome.FAILED, "new problems"), Check(Outcome.FAILED, "1 != 2")
    verdict = Verdict(PASSED, new_problems=(UNUSED,), problems=problems, tests=tests)
    assert verdict.evidence == "1 != 2\na.py:3: ruff: unused [F401]"


def test_beside_failing_tests_stand_two_lines_of_problems_at_most() -> None:
    long = Problem("a.py", 0, "wrong\nhere " * 1000, tool="mypy")
    verdict = Verdict(PASSED, new_problems=(long, UNUSED, UNUSED), problems=FAILED, tests=FAILED)
    tests, first, second = verdict.evidence.split("\n")
    assert (tests, second) == ("why", UNUSED.in_words)
    assert first.startswith("a.py:1: mypy: wrong here wrong")
    assert first.endswith("…")
    assert len(first) < 200


def test_tests_that_failed_and_said_nothing_leave_the_problems() -> None:
    silent = Check(Outcome.FAILED)
    verdict = Verdict(PASSED, new_problems=(UNUSED,), problems=FAILED, tests=silent)
    assert verdict.evidence == UNUSED.in_words


@pytest.mark.parametrize("name", ["size", "parses", "protected", "problems", "tests"])
def test_no_check_may_fail_in_a_sound_change(name: str) -> None:
    assert Verdict(PASSED, **{name: PASSED}).is_sound  # type: ignore[arg-type]
    assert not Verdict(PASSED, **{name: FAILED}).is_sound  # type: ignore[arg-type]


def test_what_was_not_even_applied_is_not_sound() -> None:
    assert not Verdict(NOT_RUN).is_sound


def test_a_problem_is_one_line_for_a_person() -> None:
    assert UNUSED.in_words == "a.py:3: ruff: unused [F401]"
    assert Problem("a.py", 0, "bad").in_words == "a.py:1: bad"
