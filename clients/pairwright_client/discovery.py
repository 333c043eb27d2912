"""Where is this workspace's daemon? Finds it, or starts it.

Nothing here is asynchronous: the forwarder needs no event loop, and Ctrl-C during a start is heard
at once.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.errors import DaemonUnavailable

START_TIMEOUT_S = 10.0
_POLL_S = 0.01
_RESTART_S = 0.5
_MAX_LOG_BYTES = 1_000_000


def daemon_command(rendezvous: Rendezvous) -> list[str]:
    """Return what starts a workspace's daemon.

    `-P` keeps Python from importing modules of the directory in which it is started.
    """
    program = [sys.executable, "-P", "-m", "pairwright", "daemon"]
    return [*program, "--workspace", str(rendezvous.root)]


def connect(rendezvous: Rendezvous) -> socket.socket | None:
    """Return a socket to the daemon; None when there is none."""
    return connect_to(rendezvous.socket)


def connect_to(path: Path) -> socket.socket | None:
    """Return a connection to the socket at a path; None when nobody listens there."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        peer.connect(os.fspath(path))
    except OSError:
        peer.close()
        return None
    return peer


def find_or_start(
    rendezvous: Rendezvous,
    *,
    command: Sequence[str] | None = None,
    options: Sequence[str] = (),
    timeout_s: float = START_TIMEOUT_S,
) -> socket.socket:
    """Return a socket to the workspace's daemon, started when there is none.

    Of many that start at once the daemons themselves leave one: the others end with exit code 0.
    The command that starts one is `daemon_command` by default; the options are added to it.

    Raises:
        DaemonUnavailable: it cannot be started; the message says why, or where to read it.
    """
    peer = connect(rendezvous)
    if peer is not None:
        return peer
    if command is None and find_spec("pygls") is None:
        raise DaemonUnavailable(
            "the daemon's own packages are missing: pip install 'pairwright[server]'"
        )
    command = [*(command or daemon_command(rendezvous)), *options]
    process = _start(rendezvous, command)
    try:
        deadline = time.monotonic() + timeout_s
        restart_at = None
        while time.monotonic() < deadline:
            peer = connect(rendezvous)
            if peer is not None:
                # It outlives us by design; Popen would complain that nobody waited for it.
                process.returncode = process.returncode or 0
                return peer
            if process.poll():
                break
            if process.returncode == 0:
                # The one that was there before may have been about to end: then nobody listens.
                restart_at = restart_at or time.monotonic() + _RESTART_S
                if time.monotonic() >= restart_at:
                    process, restart_at = _start(rendezvous, command), None
            time.sleep(_POLL_S)
    except BaseException:
        process.kill()
        process.wait()
        raise
    raise _not_started(rendezvous, process, timeout_s)


def _start(rendezvous: Rendezvous, command: Sequence[str]) -> "subprocess.Popen[bytes]":
    log = rendezvous.log
    is_large = log.exists() and log.stat().st_size > _MAX_LOG_BYTES
    with log.open("wb" if is_large else "ab") as output:
        try:
            return subprocess.Popen(
                list(command),
                cwd=rendezvous.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except OSError as error:
            raise DaemonUnavailable(f"the daemon cannot be started: {error.strerror}") from None


def _not_started(
    rendezvous: Rendezvous, process: "subprocess.Popen[bytes]", timeout_s: float
) -> DaemonUnavailable:
    if process.poll() is None:
        process.kill()
        process.wait()
        what = f"the daemon did not listen within {timeout_s:g} s"
    else:
        what = f"the daemon ended at once with exit code {process.returncode}"
    written = rendezvous.log.read_text("utf-8", "replace").splitlines()[-1:]
    last = f" ({written[0].strip()[:300]})" if written else ""
    return DaemonUnavailable(f"{what}{last}; its log is {str(rendezvous.log)!r}")
