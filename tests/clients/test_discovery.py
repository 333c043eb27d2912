"""A daemon is found, started when there is none, and ended when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pairwright.daemon.lock import sole_daemon
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery, stopping
from pairwright_client.errors import DaemonUnavailable
from pairwright_client.stopping import Ending, stop
from tests.clients.daemon_double import DaemonDouble

LISTENS = """
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
while True:
    listener.accept()
"""

LISTENS_AT_THE_SECOND_START = (
    """
import os, sys
if not os.path.exists(sys.argv[1] + ".first"):
    open(sys.argv[1] + ".first", "w").close()
    sys.exit(0)
"""
    + LISTENS
)

LOCKED = """
import fcntl, os, sys
lock = os.open(os.path.dirname(sys.argv[1]) + "/lock", os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
print("locked", flush=True)
"""

LISTENS_LATE = f"{LOCKED}\nimport time\ntime.sleep(0.3)\n{LISTENS}"

ENDS_SLOWLY = (
    LOCKED
    + """
import signal, time
def end(*_):
    listener.close()
    os.unlink(sys.argv[1])
    time.sleep(0.3)
    open(sys.argv[1] + ".written", "w").close()
    os._exit(0)
signal.signal(signal.SIGTERM, end)
"""
    + LISTENS
)

IGNORES_SIGTERM = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LISTENS


def command(rendezvous: Rendezvous, program: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", program, str(rendezvous.socket)]


def start(rendezvous: Rendezvous, program: str, *, timeout_s: float = 5) -> socket.socket:
    return discovery.find_or_start(
        rendezvous, command=command(rendezvous, program), timeout_s=timeout_s
    )


def test_a_running_daemon_is_found_and_none_is_started(rendezvous: Rendezvous) -> None:
    with DaemonDouble(rendezvous, {}):
        discovery.find_or_start(rendezvous, command=["/nonexistent"]).close()


def test_a_daemon_is_started_in_a_directory_of_ours_and_ended(rendezvous: Rendezvous) -> None:
    start(rendezvous, LISTENS).close()
    assert stop(rendezvous) is Ending.ENDED
    assert discovery.connect(rendezvous) is None


def test_a_daemon_that_is_about_to_end_is_followed_by_a_new_one(rendezvous: Rendezvous) -> None:
    start(rendezvous, LISTENS_AT_THE_SECOND_START).close()
    assert stop(rendezvous) is Ending.ENDED


def test_there_is_nothing_to_stop_where_nothing_runs(rendezvous: Rendezvous) -> None:
    assert stop(rendezvous) is Ending.NOT_RUNNING


def test_a_daemon_that_ends_already_is_waited_for_until_its_last_write(
    rendezvous: Rendezvous,
) -> None:
    start(rendezvous, ENDS_SLOWLY).close()
    first = threading.Thread(target=stop, args=(rendezvous,))
    first.start()
    while (peer := discovery.connect(rendezvous)) is not None:
        peer.close()
    assert stop(rendezvous) is Ending.ENDED
    assert Path(f"{rendezvous.socket}.written").exists()
    first.join(timeout=5)


def test_one_that_has_only_begun_is_ended_as_soon_as_it_listens(rendezvous: Rendezvous) -> None:
    process = subprocess.Popen(command(rendezvous, LISTENS_LATE), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"locked\n"
    assert stop(rendezvous) is Ending.ENDED
    process.communicate(timeout=5)


def test_one_that_neither_listens_nor_ends_is_told(
    rendezvous: Rendezvous, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "STOP_TIMEOUT_S", 0.1)
    with (
        sole_daemon(rendezvous.lock),
        pytest.raises(DaemonUnavailable, match="neither listens nor ends; its log is"),
    ):
        stop(rendezvous)
    assert stop(rendezvous) is Ending.NOT_RUNNING


def test_a_daemon_that_does_not_end_is_made_to(
    rendezvous: Rendezvous, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "STOP_TIMEOUT_S", 0.1)
    start(rendezvous, IGNORES_SIGTERM).close()
    assert stop(rendezvous) is Ending.KILLED
    assert discovery.connect(rendezvous) is None


def test_a_daemon_whose_parent_takes_no_note_of_its_end_is_gone_all_the_same(
    rendezvous: Rendezvous,
) -> None:
    program = (
        "import subprocess, sys\nchild = subprocess.Popen(sys.argv[1:])\nsys.stdin.read()\n"
        "child.returncode = 0"
    )
    parent = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program, *command(rendezvous, LISTENS)],
        stdin=subprocess.PIPE,
    )
    deadline = time.monotonic() + 5
    while (peer := discovery.connect(rendezvous)) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert peer is not None
    peer.close()
    assert stop(rendezvous) is Ending.ENDED
    parent.communicate(timeout=5)


def test_a_daemon_that_fails_is_quoted(rendezvous: Rendezvous) -> None:
    failing = "import sys\nsys.exit('settings.toml: no such option')"
    with pytest.raises(DaemonUnavailable, match=r"exit code 1 \(settings.toml: no such option\)"):
        start(rendezvous, failing)


def test_a_daemon_that_never_listens_is_ended(rendezvous: Rendezvous) -> None:
    sleeps = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)"
    with pytest.raises(DaemonUnavailable, match=r"did not listen within 0.3 s"):
        start(rendezvous, sleeps, timeout_s=0.3)
    with pytest.raises(ProcessLookupError):
        os.kill(int(rendezvous.log.read_text()), 0)


def test_a_program_that_is_not_there_is_an_error(rendezvous: Rendezvous) -> None:
    with pytest.raises(DaemonUnavailable, match="cannot be started: No such file"):
        discovery.find_or_start(rendezvous, command=["/nonexistent"])


def test_an_interrupted_start_leaves_no_process(rendezvous: Rendezvous) -> None:
    sleeps = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)"
    interrupt = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        start(rendezvous, sleeps)
    interrupt.join()
    with pytest.raises(ProcessLookupError):
        os.kill(int(rendezvous.log.read_text()), 0)


def test_a_long_log_begins_anew(rendezvous: Rendezvous) -> None:
    rendezvous.log.write_bytes(b"x" * 2_000_000)
    start(rendezvous, LISTENS).close()
    stop(rendezvous)
    assert rendezvous.log.stat().st_size == 0


def test_the_daemon_cannot_import_what_lies_in_the_workspace(
    rendezvous: Rendezvous, root: Path
) -> None:
    (root / "pairwright").mkdir()
    (root / "pairwright" / "__init__.py").write_text("raise SystemExit('hijacked')")
    program = [*discovery.daemon_command(rendezvous)[:2], "-c", "import pairwright"]
    done = subprocess.run(program, cwd=root, capture_output=True, text=True, timeout=5)
    assert done.stderr == ""
