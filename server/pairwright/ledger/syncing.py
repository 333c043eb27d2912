"""When does the disk hold what was reserved? Asked of it in a thread, one question for many.

A request may leave only then: otherwise a power cut could lose the row of an attempt that was
made. Whoever reserved prepares the request meanwhile, so that it waits for little of it.
"""

import asyncio
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pairwright.errors import UserError


class DiskSync:
    """Has the disk hold what a database in WAL mode has committed."""

    def __init__(self, database: Path) -> None:
        """Remember the file; a thread begins with the first question."""
        # Not the database's own file: closing a second handle of that would drop SQLite's locks.
        self._log = database.with_name(f"{database.name}-wal")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger-sync")
        self._next: Future[None] | None = None

    def begin(self) -> asyncio.Future[None]:
        """Return what is done once the disk holds all that is committed by now.

        It fails with a `UserError` when the disk does not.
        """
        if self._next is None or self._next.running() or self._next.done():
            self._next = self._thread.submit(self._sync)
        # One that did not begin yet will see our commit as well.
        synced = asyncio.wrap_future(self._next)
        synced.add_done_callback(_note_failure)
        return synced

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False)

    def _sync(self) -> None:
        try:
            file = os.open(self._log, os.O_RDWR | os.O_CLOEXEC)
            try:
                os.fsync(file)
            finally:
                os.close(file)
        except FileNotFoundError:
            return  # without a log of its own, the database synced its file
        except OSError as error:
            raise UserError(
                f"the disk did not take what the ledger wrote: {error.strerror or error}; no "
                "model is asked until it does, since the cost could be lost"
            ) from error


def failure_of(synced: asyncio.Future[None]) -> BaseException | None:
    """Return why a record is not on the disk; None when it is, or is on its way."""
    return synced.exception() if synced.done() and not synced.cancelled() else None


def _note_failure(synced: asyncio.Future[None]) -> None:
    # Whoever asks a model that is no server does not wait for it, and settling fails soon enough.
    failure_of(synced)
