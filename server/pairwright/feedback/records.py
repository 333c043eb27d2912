"""What is remembered of a task? Its attempts, and what became of what was proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pairwright.llm.model import Message, Tier

EDIT = "edit"
"""The step that is to change files; any other, such as a plan, only says something."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer of one model, and what the gate said of it where it should have been an edit."""

    task_id: str
    strategy: str
    tier: Tier
    model: str
    edit_format: str
    question: tuple[Message, ...]
    """As it left the machine."""
    answer: str
    is_applied: bool
    """Every block of it found its place."""
    is_sound: bool | None
    """What the gate said; None when it was not asked."""
    checks: Mapping[str, str]
    """How each of the gate's checks ended: "passed", "failed", "not_run"."""
    step: str = EDIT
    """What was asked for; where it is no edit, the gate was not asked."""
    attempt_id: int = 0
    """Given by the store."""

    @property
    def passes_tests(self) -> bool | None:
        """What the tests say: None when they were not run and nothing kept them from it.

        An answer that cannot be applied, or that broke something before the tests, fails them.
        """
        tests = self.checks.get("tests", "not_run")
        if tests == "passed" and self.is_sound:
            return True
        return False if tests == "failed" or not self.is_applied or self.is_sound is False else None


class Decision(StrEnum):
    """What became of a proposed hunk."""

    KEPT = "kept"
    REJECTED = "rejected"
    EDITED = "edited"
    """Kept, and changed by hand afterwards."""
    UNDONE = "undone"
    """Kept, and taken back."""


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text that the models saw."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class TaskRun:
    """By what a task was done, and how well."""

    strategy: str
    is_sound: bool
    """The gate was content with one of its attempts."""


@dataclass(frozen=True, slots=True)
class RememberedTask:
    """A task that was worked on."""

    task_id: str
    instruction: str
    shown: tuple[ShownText, ...]
    attempt_ids: tuple[int, ...]
    """The attempts that the proposal is made of; none where nothing was proposed."""
    diff: str
    """The proposal, as a unified diff."""
    decisions: Mapping[Decision, int]
    """How many hunks came to what."""
    difficulty: float = 0.0
    """How much it asked for, 0 to 1, as it was told beforehand."""

    @property
    def is_kept(self) -> bool | None:
        """What people say of the whole: None when they kept a part of it, or did not decide."""
        return is_kept(self.decisions)


def is_kept(decisions: Mapping[Decision, int]) -> bool | None:
    """Return what people say of a whole change; see `RememberedTask.is_kept`."""
    against = sum(
        decisions.get(decision, 0)
        for decision in (Decision.REJECTED, Decision.EDITED, Decision.UNDONE)
    )
    kept = decisions.get(Decision.KEPT, 0)
    if kept and not against:
        return True
    gone = decisions.get(Decision.REJECTED, 0) + decisions.get(Decision.UNDONE, 0)
    if gone and decisions.get(Decision.UNDONE, 0) >= kept:
        return False
    return None
