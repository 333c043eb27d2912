"""How does a task go on while nobody waits for it? As a job, known by its task's id.

For clients whose requests must be short: they begin a task, ask how it stands, and come back.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from pairwright.engine.background import in_background
from pairwright.errors import InvalidRequest
from pairwright.protocol.messages import ChangeReady, RunResult, TaskEvent

MOST_JOBS = 50
MOST_RUNNING = 4
"""Of one client: an assistant that repeats itself should not spend as often."""

Emit = Callable[[TaskEvent], Awaitable[None]]
AfterTask = Callable[[RunResult], Awaitable[None]]
Work = Callable[[str, Emit], Awaitable[RunResult]]
"""Carries out a task under an id; its events go to the emitter."""


@dataclass(slots=True, eq=False)
class Job:
    """A task that goes on by itself."""

    task_id: str
    client: str
    events: int = 0
    latest: TaskEvent | None = None
    ready: ChangeReady | None = None
    """The proposal, once there is one."""
    result: RunResult | None = None
    error: Exception | None = None
    """Why there is no result."""
    is_cancelled: bool = False
    _work: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end."""
        return self.result is not None or self.error is not None or self.is_cancelled

    async def wait(self, seconds: float) -> None:
        """Return at the next event, at the end, or when the time is over."""
        if self.is_over:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def cancel(self) -> None:
        """End it; returns when it has cleaned up."""
        if self._work is not None and not self.is_over:
            self._work.cancel()
            await asyncio.wait([self._work])

    async def carry_out(self, work: Work) -> None:
        """Do the work, and keep what came of it."""
        try:
            self.result = await work(self.task_id, self._hear)
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise
        except Exception as error:
            self.error = error
        finally:
            self._tell()

    async def _hear(self, event: TaskEvent) -> None:
        self.events += 1
        self.latest = event
        if isinstance(event, ChangeReady):
            self.ready = event
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Jobs:
    """The jobs of a workspace, the newest last."""

    def __init__(self) -> None:
        """Begin with none."""
        self._jobs: dict[str, Job] = {}

    def begin(self, client: str, work: Work) -> Job:
        """Begin a task that goes on by itself.

        Raises:
            InvalidRequest: the client has too many already.
        """
        running = self.running(client)
        if len(running) >= MOST_RUNNING:
            raise InvalidRequest(
                f"{len(running)} of your tasks run already: wait for one (change_status), or "
                "cancel one"
            )
        job = Job(secrets.token_hex(16), client)
        self._jobs[job.task_id] = job
        resting = [key for key, each in self._jobs.items() if each.is_over]
        for key in resting[: max(0, len(self._jobs) - MOST_JOBS)]:
            del self._jobs[key]
        job._work = in_background(job.carry_out(work), f"task {job.task_id}")
        return job

    def running(self, client: str) -> tuple[Job, ...]:
        """Return the jobs of a client that have not come to their end."""
        return tuple(job for job in self._jobs.values() if job.client == client and not job.is_over)

    def find(self, task_id: str) -> Job | None:
        """Return the job of a task; None when it is none, or no longer remembered."""
        return self._jobs.get(task_id)

    async def end_all(self) -> None:
        """End every job."""
        for job in tuple(self._jobs.values()):
            await job.cancel()
