"""What is a plan? Typed steps that a person can read and edit, and that a machine can follow."""

from dataclasses import dataclass
from enum import StrEnum

from pairwright.llm.model import Tier


class ExpectationKind(StrEnum):
    """By what one sees that a step is done."""

    TEST = "test"
    """A test passes; named as its runner names it."""
    DIAGNOSTIC = "diagnostic"
    """A problem that a linter, type checker or editor reports is gone."""
    VALUE = "value"
    """An expression has a value, such as `total([2, 3]) == 5`."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is to be seen once a step is done."""

    kind: ExpectationKind
    text: str
    """The test's name, the problem, or the expression: one line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    intent: str
    """What to do, in one sentence."""
    files: tuple[str, ...] = ()
    """Workspace paths that the step may edit; empty when the planner named none."""
    symbols: tuple[str, ...] = ()
    """Qualified names of the definitions it is about, such as `Timer.tick`."""
    expectation: Expectation | None = None
    tier: Tier = Tier.WEAK
    """Which model writes it."""
    weight: float = 1.0
    """How much work it is beside the other steps; above zero."""
    after: tuple[int, ...] = ()
    """The numbers, from 1, of steps that must be done before."""
    is_skipped: bool = False
    """A person decided against it: it stays in the document, and is not done."""
    detail: str = ""
    """What else is said of it: any lines, without surrounding blank ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done."""

    goal: str
    steps: tuple[Step, ...]
