"""How does a daemon end that is told to? By a signal, and it is waited for until it is gone."""

import fcntl
import os
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path

from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.discovery import connect
from pairwright_client.errors import DaemonUnavailable

STOP_TIMEOUT_S = 8.0
_POLL_S = 0.01


class Ending(Enum):
    """How a daemon ended that was told to."""

    NOT_RUNNING = auto()
    """There was none."""
    ENDED = auto()
    """By itself: all that it had to write is written."""
    KILLED = auto()
    """It did not in time, so the system ended it; its journal is made for that."""


def stop(rendezvous: Rendezvous) -> Ending:
    """End the workspace's daemon and wait until its process is gone, and with it its last write.

    One that ends already, or has only begun, is waited for: it does not listen, but holds the lock.

    Raises:
        DaemonUnavailable: it cannot be told which process to end, or that process does not end.
    """
    was_there = False
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while (peer := connect(rendezvous)) is None and _is_held(rendezvous.lock):
        was_there = True
        if time.monotonic() >= deadline:
            raise DaemonUnavailable(
                f"the daemon neither listens nor ends; its log is {str(rendezvous.log)!r}"
            )
        time.sleep(_POLL_S)
    if peer is None:
        return Ending.ENDED if was_there else Ending.NOT_RUNNING
    with peer:
        pid = _listening_process(peer)
    for number, ending in ((signal.SIGTERM, Ending.ENDED), (signal.SIGKILL, Ending.KILLED)):
        _signal(pid, number)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while time.monotonic() < deadline:
            if _is_gone(pid):
                return ending
            time.sleep(_POLL_S)
    raise DaemonUnavailable(f"the daemon, process {pid}, does not end")


def _is_held(lock: Path) -> bool:
    """Tell whether a process holds the workspace's lock, as its daemon does until its very end."""
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _listening_process(peer: socket.socket) -> int:
    """Return the id of the process on the other end: the system's word, not a file's."""
    if sys.platform == "darwin":
        sol_local, local_peerpid = 0, 2
        return int(struct.unpack("i", peer.getsockopt(sol_local, local_peerpid, 4))[0])
    if not hasattr(socket, "SO_PEERCRED"):
        raise DaemonUnavailable("this system does not tell which process listens on a socket")
    credentials = struct.Struct("3i")
    packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, credentials.size)
    return int(credentials.unpack(packed)[0])


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_gone(pid: int) -> bool:
    """Tell whether a process has ended; one that we started ourselves is laid to rest."""
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    try:
        if sys.platform != "linux":
            os.kill(pid, 0)
            return False
        # Readable once the process has ended, even while its parent has not taken note of it.
        watch = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], 0)[0])
    finally:
        os.close(watch)
