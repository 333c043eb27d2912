"""How is a worker process reached? Started, asked, waited for with a bound, and ended.

What a worker owes is known to whoever asked; here it is only alive or not.
"""

import asyncio
import os
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path

from pairwright.index.frames import HEADER, OPEN, READY, frame, pack_open

_COMMAND = (sys.executable, "-P", "-m", "pairwright.index.worker")
"""Without the present directory in the path of its imports: it may be somebody's workspace."""
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH")
"""Of the environment: a worker has no use for anybody's keys."""
_START_TIMEOUT_S = 30.0
_END_TIMEOUT_S = 5.0
_BUFFER_BYTES = 1 << 20
_NICENESS = 5
"""As the system counts it: a process without it has three quarters of a processor beside one."""


class WorkerDied(Exception):
    """A worker ended, or was ended because it did not answer; the message says how."""


class Child:
    """One worker process."""

    def __init__(self, process: asyncio.subprocess.Process, *, stall_s: float) -> None:
        """Use `start`."""
        self._process = process
        self._stall_s = stall_s
        self._header: tuple[int, int] | None = None

    @classmethod
    async def start(
        cls, root: Path, cache: Path, *, max_memory_bytes: int, stall_s: float
    ) -> "Child":
        """Start a worker.

        Args:
            root: the workspace that it reads.
            cache: the database in which it looks texts up.
            max_memory_bytes: what it may take above what it starts with.
            stall_s: seconds without an answer after which it is ended.

        Raises:
            WorkerDied: it did not start.
        """
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *_COMMAND,
                stdin=pipe,
                stdout=pipe,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_BUFFER_BYTES,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            )
        except OSError as error:
            raise WorkerDied(error.strerror or str(error)) from error
        child = cls(process, stall_s=_START_TIMEOUT_S)
        try:
            child.send(OPEN, pack_open(root, cache, max_memory_bytes=max_memory_bytes))
            await child.receive(READY)
        except BaseException:
            child.kill()
            raise
        child._stall_s = stall_s
        return child

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process.returncode is None

    def send(self, kind: int, *parts: bytes) -> None:
        """Ask something; returns at once. If it died, the next `receive` says so."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(OSError):
            self._process.stdin.write(frame(kind, *parts))

    async def receive(self, expected_kind: int) -> bytes:
        """Wait for the next answer; after a cancellation it can be waited for again.

        Raises:
            WorkerDied: it ended before, it said something else, or was silent for too long.
        """
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            async with asyncio.timeout(self._stall_s):
                if self._header is None:
                    header = await self._process.stdout.readexactly(HEADER.size)
                    self._header = HEADER.unpack(header)
                length, kind = self._header
                body = await self._process.stdout.readexactly(length)
        except TimeoutError:
            self.kill()
            raise WorkerDied(f"gave no answer for {self._stall_s:g} s") from None
        except (asyncio.IncompleteReadError, OSError, struct.error):
            raise WorkerDied(await self._ending()) from None
        self._header = None
        if kind != expected_kind:
            self.kill()
            raise WorkerDied("said something that was not asked for")
        return body

    def defer_to_others(self) -> None:
        """Let whatever a person waits for have the processors first."""
        if sys.platform != "win32":
            with suppress(OSError):
                now = os.getpriority(os.PRIO_PROCESS, self.pid)
                os.setpriority(os.PRIO_PROCESS, self.pid, now + _NICENESS)

    def kill(self) -> None:
        """End it at once: it holds nothing that could be lost."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def gone(self) -> None:
        """Wait until the process is no more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_TIMEOUT_S):
                await self._process.wait()

    async def _ending(self) -> str:
        """Return how the process ended."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_TIMEOUT_S):
                code = await self._process.wait()
                if code >= 0:
                    return f"ended with code {code}"
                return signal.strsignal(-code) or f"was ended by signal {-code}"
        self.kill()
        return "closed its output"
