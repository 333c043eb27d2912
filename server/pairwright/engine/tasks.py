"""What is a task? Work that costs money: pinned to a revision, never cancelled by typing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pairwright.errors import UnknownTask
from pairwright.index.analysis import Analysis
from pairwright.strategies.base import Proposal
from pairwright.text.diff import Hunk
from pairwright.workspace.paths import WorkspacePath


class TaskState(StrEnum):
    """Where a task stands."""

    QUEUED = "queued"
    RUNNING = "running"
    REVIEW = "review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReviewHunk:
    """A hunk that a person may keep or discard, against the text it was shown on."""

    path: WorkspacePath
    hunk: Hunk


@dataclass(slots=True)
class Task:
    """One run of a strategy; mutable, owned by the event loop."""

    instruction: str
    analysis: Analysis
    """What the task is pinned to."""
    task_id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: TaskState = TaskState.QUEUED
    proposal: Proposal | None = None
    review: Mapping[str, ReviewHunk] = field(default_factory=dict)
    """The proposal's hunks by id, while the state is REVIEW."""


class TaskBook:
    """The tasks of this daemon, newest last; ended ones are forgotten past a bound."""

    _MOST = 100

    def __init__(self) -> None:
        """Begin empty."""
        self._tasks: dict[str, Task] = {}

    def add(self, task: Task) -> None:
        """Remember a task."""
        self._tasks[task.task_id] = task
        ended = [
            task_id
            for task_id, other in self._tasks.items()
            if other.state in {TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED}
        ]
        for task_id in ended[: max(0, len(self._tasks) - self._MOST)]:
            del self._tasks[task_id]

    def find(self, task_id: str) -> Task:
        """Return a task.

        Raises:
            UnknownTask: there is none of that id.
        """
        try:
            return self._tasks[task_id]
        except KeyError:
            raise UnknownTask(f"there is no task {task_id!r} in this workspace") from None

    def all(self) -> tuple[Task, ...]:
        """Return every task, oldest first."""
        return tuple(self._tasks.values())
