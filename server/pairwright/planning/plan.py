"""What is a plan? Typed steps that a person can read and edit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    intent: str
    """What to do, in one sentence."""
    files: tuple[str, ...] = ()
    """Workspace paths that the step may edit; empty when the planner named none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in order."""

    goal: str
    steps: tuple[Step, ...]
