"""What did the gate find? Every field says what was run, or that it was not."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how it ended, and what a person or a model should know about it."""

    outcome: Outcome
    detail: str = ""


NOT_RUN = Check(Outcome.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Problem:
    """A place where a file is broken; `line` is zero-based."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class TestRun:
    """One run of the test command."""

    __test__ = False

    exit_code: int | None
    """None when it was stopped at its time limit."""
    duration_ms: int
    failing: tuple[str, ...]
    """The names of the tests that failed, where the output tells."""
    ran: int | None
    """How many tests ran, None where the output does not tell."""
    output: str
    """The end of what it printed, bounded."""

    @property
    def is_green(self) -> bool:
        """Whether the command said that all is well."""
        return self.exit_code == 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a whole change."""

    applies: Check
    size: Check = NOT_RUN
    parses: Check = NOT_RUN
    new_problems: tuple[Problem, ...] = ()
    tests: Check = NOT_RUN
    test_run: TestRun | None = None

    @property
    def is_sound(self) -> bool:
        """Nothing that was run failed, and it could be applied."""
        checks = (self.applies, self.size, self.parses, self.tests)
        return self.applies.outcome is Outcome.PASSED and all(
            check.outcome is not Outcome.FAILED for check in checks
        )

    @property
    def score(self) -> int:
        """How many checks passed, and among changes that break tests, how few: higher is better."""
        passed = sum(
            check.outcome is Outcome.PASSED
            for check in (self.applies, self.size, self.parses, self.tests)
        )
        failing = len(self.test_run.failing) if self.test_run else 0
        return passed * 1000 - min(failing, 999)

    @property
    def evidence(self) -> str:
        """Return the first failure, worded for the model that must mend it; empty when sound."""
        for check in (self.applies, self.size, self.parses, self.tests):
            if check.outcome is Outcome.FAILED:
                return check.detail
        return ""
