"""Do the tests speak against a change? Their results after it, held against those before it."""

from collections.abc import Sequence

from pairwright.checks.reports import failure_point
from pairwright.checks.verdict import Check, Outcome, TestRun

_MOST_NAMED = 5


def judged(run: TestRun, before: TestRun | None, counted: Sequence[str]) -> Check:
    """Return what a run of the tests says of a change.

    Args:
        run: on the changed workspace.
        before: on the unchanged one; None: not run.
        counted: the failing tests that speak against the change.
    """
    if run.exit_code is None:
        return _failed("the tests did not end in time", run)
    if not run.is_green and (counted or not run.failing):
        return _failed(_compared(run, before, counted), run)
    if not run.is_green:
        one = len(run.failing) == 1
        who = "1 test" if one else f"{len(run.failing)} tests"
        return Check(
            Outcome.PASSED,
            f"{who} that failed before still {'fails' if one else 'fail'}, "
            "and the change does not reach what is tested there",
        )
    if run.ran == 0 and (before is None or before.ran != 0):
        return Check(Outcome.FAILED, "the test command ran no test any more")
    return Check(Outcome.PASSED, _fewer(run, before))


def _failed(reason: str, run: TestRun) -> Check:
    parts = [reason, failure_point(run.output)]
    return Check(Outcome.FAILED, "\n".join(part for part in parts if part))


def _compared(run: TestRun, before: TestRun | None, counted: Sequence[str]) -> str:
    if before is None or before.is_green or not before.failing or not run.failing:
        is_broken = before is not None and before.is_green
        return "all tests passed before this change" if is_broken else ""
    old, new = set(before.failing), set(run.failing)
    if old == new:
        same = "test still fails" if len(new) == 1 else f"{len(new)} tests still fail"
        return f"the same {same}"
    broken = [name for name in counted if name not in old]
    if broken:
        return f"tests that passed before fail now: {', '.join(broken[:_MOST_NAMED])}"
    return f"{len(new)} of the {len(old)} tests that failed before still fail"


def _fewer(run: TestRun, before: TestRun | None) -> str:
    if run.narrowed_to is not None:
        files = "1 file" if run.narrowed_to == 1 else f"{run.narrowed_to} files"
        return f"those of {files} that the change may reach"
    if before is None or before.ran is None or run.ran is None or run.ran >= before.ran:
        return ""
    return f"fewer tests ran than before: {run.ran} instead of {before.ran}"
