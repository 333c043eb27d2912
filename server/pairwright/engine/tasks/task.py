"""What is a task? Work that costs money: pinned to a revision, never cancelled by typing."""

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from pairwright.engine.changes.review import HunkState, Review
from pairwright.errors import UnknownTask
from pairwright.protocol.messages import VerdictView
from pairwright.workspace.paths import WorkspacePath

END_TIMEOUT_S = 5.0
"""Seconds that a cancelled call may take to clean up behind itself."""

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


class TaskState(StrEnum):
    """Where a task stands."""

    RUNNING = "running"
    REVIEW = "review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OVER = (TaskState.FAILED, TaskState.CANCELLED, TaskState.DONE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody said of hunks."""

    hunk_ids: tuple[str, ...]
    state: HunkState
    client: str
    remark: str = ""
    """Why they were rejected, in a person's words."""


@dataclass(slots=True)
class Task:
    """One run of a strategy, or a change that somebody else wrote; owned by the event loop.

    It is remembered long after its end, so it holds no workspace: whoever carries it out does.
    """

    instruction: str
    """Of a change that somebody else wrote: what it is for."""
    proposer: str = ""
    """The client that asked for it, or wrote it."""
    task_id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: TaskState = TaskState.RUNNING
    review: Review = field(default_factory=Review)
    """The proposal's hunks and what is decided of them, while the state is REVIEW."""
    proposed: tuple[tuple[str, WorkspacePath], ...] = ()
    """The id and the file of every hunk that was ever to be reviewed."""
    verdict: VerdictView | None = None
    """What the gate said of the proposal."""
    diff: str = ""
    """The proposal as a unified diff; empty when it is too long to be remembered."""
    decisions: tuple[Decision, ...] = ()
    entry_ids: tuple[str, ...] = ()
    """What was written of it, as the journal calls it."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def decided(self, decision: Decision) -> None:
        """Note what somebody said of hunks."""
        self.decisions += (decision,)
        self.moved()

    def moved(self) -> None:
        """Wake whoever waits for news of the task."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self) -> None:
        """Return at the next decision, or when the state changes."""
        await self._news.wait()

    def end(self, state: TaskState) -> None:
        """Come to rest for good, and let go of the texts that were to be reviewed."""
        self.state = state
        self.review = Review()
        self.moved()


class TaskBook:
    """The tasks of this daemon, newest last; past a bound the oldest that rest are forgotten."""

    _MOST = 100

    def __init__(self) -> None:
        """Begin empty."""
        self._tasks: dict[str, Task] = {}

    def add(self, task: Task) -> None:
        """Remember a task; what still waits for a decision is forgotten last."""
        self._tasks[task.task_id] = task
        resting = [
            task_id
            for state in (*_OVER, TaskState.REVIEW)
            for task_id, other in self._tasks.items()
            if other.state is state
        ]
        for task_id in resting[: max(0, len(self._tasks) - self._MOST)]:
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


class Calls:
    """What one client waits for, so that it can be ended when the client leaves."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._under_way: dict[asyncio.Event, asyncio.Task[Any]] = {}

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Count the call that runs the block as under way."""
        caller, is_over = asyncio.current_task(), asyncio.Event()
        if caller is None:
            raise RuntimeError("a call runs in a task of the event loop")
        self._under_way[is_over] = caller
        try:
            yield
        finally:
            del self._under_way[is_over]
            is_over.set()

    async def end_all(self) -> None:
        """Cancel every call and wait until each has cleaned up; one that hangs is left."""
        ends = tuple(self._under_way)
        for caller in self._under_way.values():
            caller.cancel()
        try:
            async with asyncio.timeout(END_TIMEOUT_S):
                for is_over in ends:
                    await is_over.wait()
        except TimeoutError:
            _log.warning("a cancelled call did not end in %s s", END_TIMEOUT_S)


async def to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what the work returns; a cancellation counts once the work is over.

    For what must not be left half done.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
