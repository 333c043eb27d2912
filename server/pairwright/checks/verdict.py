"""What did the gate find? Every field says what was run, or that it was not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pairwright.checks.dependents import Affected
from pairwright.workspace.paths import WorkspacePath


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
CheckName = Literal["applies", "protected", "size", "parses", "problems", "mended", "tests"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A place where a file is broken; `line` is zero-based."""

    path: str
    line: int
    message: str
    rule: str = ""
    """The name that the tool gives to this kind of problem; empty when it gives none."""
    tool: str = ""
    """Who says so; empty for the parser of the file's language."""

    @property
    def in_words(self) -> str:
        """The problem as one line, with a one-based line number."""
        rule = f" [{self.rule}]" if self.rule else ""
        tool = f"{self.tool}: " if self.tool else ""
        return f"{self.path}:{self.line + 1}: {tool}{self.message}{rule}"


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
    narrowed_to: int | None = None
    """To how many files of tests the run was narrowed; None: it was of all."""

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
    """Of the syntax, or of linters and type checkers, that were not there before."""
    tests: Check = NOT_RUN
    test_run: TestRun | None = None
    protected: Check = NOT_RUN
    """Whether every path may be touched; a path that never may is refused, so nothing applies."""
    problems: Check = NOT_RUN
    """What linters, type checkers and the editor say, before and after."""
    mended: Check | None = None
    """Whether the reported problems that the task is about are gone; None: it is about none."""
    needs_approval: tuple[WorkspacePath, ...] = ()
    """Files that are written only when a person says yes to each of them."""
    may_break: tuple[Affected, ...] = ()
    """Places elsewhere that may not work any more, the certain first; a reason to look there."""
    notes: tuple[str, ...] = ()
    """What a person should know about how the checks were run."""

    @property
    def checks(self) -> tuple[tuple[CheckName, Check], ...]:
        """Every check with its name, in the order in which they are made."""
        return (
            ("applies", self.applies),
            ("protected", self.protected),
            ("size", self.size),
            ("parses", self.parses),
            ("problems", self.problems),
            *((("mended", self.mended),) if self.mended is not None else ()),
            ("tests", self.tests),
        )

    @property
    def is_sound(self) -> bool:
        """Nothing that was run failed, and it could be applied."""
        return self.applies.outcome is Outcome.PASSED and not self._failed

    @property
    def score(self) -> int:
        """How many checks passed, and among changes that break tests, how few: higher is better."""
        passed = sum(check.outcome is Outcome.PASSED for _, check in self.checks)
        failing = len(self.test_run.failing) if self.test_run else 0
        return passed * 1000 - min(failing, 999)

    @property
    def evidence(self) -> str:
        """Return the first failure, worded for the model that must mend it; empty when sound.

        Failing tests come before new problems, of which two lines are enough then: an unused import
        must not hide why the task is not done.
        """
        name, first = next(((name, check.detail) for name, check in self._failed), ("", ""))
        if name != "problems" or self.tests.outcome is not Outcome.FAILED:
            return first
        beside = [_shortened(each.in_words) for each in self.new_problems[:_MOST_BESIDE_TESTS]]
        return "\n".join(filter(None, (self.tests.detail, *beside)))

    @property
    def badge(self) -> str:
        """The verdict in a few words, such as `applies ✓ parses ✓ 0 new problems 3/3 tests`."""
        if self.applies.outcome is not Outcome.PASSED:
            return "applies ✗"
        parts = ["applies ✓"]
        parts += ["size ✗"] if self.size.outcome is Outcome.FAILED else []
        parts.append(f"parses {_SIGNS[self.parses.outcome]}")
        parts.append(self._problems_in_words())
        if self.mended is not None:
            # Asked, and nobody can tell: that is not what was not asked.
            is_unknown = self.mended.outcome is Outcome.NOT_RUN
            parts.append(f"mended {'?' if is_unknown else _SIGNS[self.mended.outcome]}")
        parts.append(self._tests_in_words())
        if self.needs_approval:
            parts.append(f"needs a yes for {', '.join(self.needs_approval)}")
        return " ".join(parts)

    @property
    def _failed(self) -> tuple[tuple[CheckName, Check], ...]:
        return tuple(each for each in self.checks if each[1].outcome is Outcome.FAILED)

    def _problems_in_words(self) -> str:
        if self.problems.outcome is Outcome.NOT_RUN:
            return "problems –"
        count = sum(bool(problem.tool) for problem in self.new_problems)
        sign = " ✗" if self.problems.outcome is Outcome.FAILED else ""
        return f"{count} new problem{'' if count == 1 else 's'}{sign}"

    def _tests_in_words(self) -> str:
        run = self.test_run
        sign = _SIGNS[self.tests.outcome]
        if run is None or run.ran is None or not (run.is_green or run.failing):
            return f"tests {sign}"
        counts = f"{max(run.ran - len(run.failing), 0)}/{run.ran} tests"
        return counts if self.tests.outcome is Outcome.PASSED else f"{counts} {sign}"


def _shortened(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= _MOST_LINE else f"{line[:_MOST_LINE]}…"


_MOST_BESIDE_TESTS = 2
_MOST_LINE = 160
_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_RUN: "–"}
