"""Is the process that made a reservation still alive? A lock file a writer tells.

A writer holds an exclusive lock on a file of its own for as long as it lives; the kernel lets go
of it however the process ends, so neither a reused process id nor a restart can mislead.
"""

import fcntl
import os
import secrets
from pathlib import Path


class WriterLock:
    """This writer's sign of life; its id stands in every reservation it makes."""

    def __init__(self, folder: Path) -> None:
        """Take a fresh id and hold its lock; the folder is made when it is missing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        while True:
            self.writer_id = secrets.token_hex(8)
            self._file = os.open(_lock_path(folder, self.writer_id), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            # A sweep may have removed the file between its creation and the lock.
            if os.fstat(self._file).st_nlink:
                return
            os.close(self._file)

    def release(self) -> None:
        """Say goodbye, once: whatever this writer left reserved is nobody's from now on."""
        if self._file < 0:
            return
        _lock_path(self._folder, self.writer_id).unlink(missing_ok=True)
        os.close(self._file)
        self._file = -1


def is_alive(folder: Path, writer_id: str) -> bool:
    """Tell whether that writer still holds its lock."""
    try:
        file = os.open(_lock_path(folder, writer_id), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def remove_dead(folder: Path) -> None:
    """Remove the lock files of writers that are gone."""
    for path in folder.glob("*.lock"):
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
        except BlockingIOError:
            continue
        finally:
            os.close(file)


def _lock_path(folder: Path, writer_id: str) -> Path:
    return folder / f"{writer_id}.lock"
