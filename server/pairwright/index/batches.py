"""How are files shared out among workers, and how does what they find come back? Some at a time."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from pairwright.index.outliner import FileReading
from pairwright.workspace.paths import WorkspacePath

OnRead = Callable[[tuple[FileReading, ...]], object]

_MOST_IN_BATCH = 16
_MOST_TOGETHER = 32
_TOGETHER_S = 0.05


class Batches:
    """Files that wait to be read, and what was found out about others, on its way to the caller."""

    def __init__(self, paths: Iterable[WorkspacePath], on_read: OnRead, worker_count: int) -> None:
        """Share out some files.

        Args:
            paths: those files.
            on_read: hears what was found out.
            worker_count: how many read at once.
        """
        self.waiting = deque(paths)
        self._on_read = on_read
        self._worker_count = worker_count
        self._found: list[FileReading] = []
        self._flush_at = 0.0

    @property
    def batch_size(self) -> int:
        """How many files are sent at once: fewer to the end, so that all end together."""
        return max(1, min(_MOST_IN_BATCH, len(self.waiting) // (4 * self._worker_count)))

    def next_batch(self) -> list[WorkspacePath]:
        """Take the files that are sent next; none: all are sent."""
        size = min(self.batch_size, len(self.waiting))
        return [self.waiting.popleft() for _ in range(size)]

    def report(self, readings: Sequence[FileReading]) -> None:
        """Take what was found out, to be told with what is found out soon."""
        now = asyncio.get_running_loop().time()
        if not self._found:
            self._flush_at = now + _TOGETHER_S
        self._found += readings
        if len(self._found) >= _MOST_TOGETHER or now >= self._flush_at:
            self.flush()

    def flush(self) -> None:
        """Tell what was not told yet."""
        found, self._found = tuple(self._found), []
        if found:
            self._on_read(found)
