"""Is this process the workspace's one daemon? An exclusive `flock`, which ends with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process is this workspace's daemon."""


@contextmanager
def sole_daemon(path: Path) -> Iterator[None]:
    """Hold the lock; the file stays, since removing it would let two processes hold "the" lock.

    Raises:
        AlreadyRunning: another process holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield
    finally:
        os.close(descriptor)
