"""`status` and `stop`, as a person and as a program sees them."""

import json
import sys
from dataclasses import replace
from typing import Any

import pytest

from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.cli import main
from tests.clients.daemon_double import DaemonDouble, Refusal

STATUS = messages.StatusResult(
    version="0.1.0",
    pid=4321,
    revision=7,
    files=120,
    unreadable=2,
    symbols=1,
    pending=0,
    notice="",
    clients=1,
    tasks=(messages.TaskView(task_id="t1", instruction="multiply\nplease", state="running"),),
    settings_problems=("budget.task_usd: not a number",),
)


def ask(rendezvous: Rendezvous, method: str, answer: Any, *arguments: str) -> DaemonDouble:
    with DaemonDouble(rendezvous, {method: lambda *_: answer}) as daemon:
        assert main(list(arguments)) == 0
    return daemon


def test_an_undo_that_is_refused_is_one_sentence(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> Any:
        raise Refusal("there is nothing to undo", details={"exitCode": 2})

    with DaemonDouble(rendezvous, {"pairwright/undo": refuse}):
        assert main(["undo"]) == 2
    assert capsys.readouterr().err == "pairwright: there is nothing to undo\n"


def test_status_is_a_few_lines(rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]) -> None:
    ask(rendezvous, "pairwright/status", encode(STATUS), "status")
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == f"Workspace   {rendezvous.root}"
    assert lines == [
        "Daemon      version 0.1.0, process 4321",
        "Index       120 files (2 more are not text), 1 symbol, revision 7",
        "            complete: every file is read",
        "Clients     1",
        "Task        t1 running: multiply",
        "Settings    ✗ budget.task_usd: not a number",
    ]


def test_status_tells_what_is_missing_and_how_files_are_watched(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    building = replace(STATUS, pending=1, unreadable=0, notice="files are polled: \x1b[2J")
    ask(rendezvous, "pairwright/status", encode(building), "status")
    lines = capsys.readouterr().out.splitlines()[2:5]
    assert lines == [
        "Index       120 files, 1 symbol, revision 7",
        "            still building: 1 file not read yet",
        "Watching    ! files are polled: \\x1b[2J",
    ]


def test_status_for_a_program(rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]) -> None:
    ask(rendezvous, "pairwright/status", encode(STATUS), "status", "--json")
    assert json.loads(capsys.readouterr().out) == encode(STATUS)


def test_asking_for_the_status_starts_no_daemon(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status"]) == 0
    assert capsys.readouterr().out.startswith("No daemon runs for this workspace")
    assert main(["status", "--json"]) == 0
    assert capsys.readouterr().out == "null\n"
    assert not rendezvous.log.exists()


def test_stop_ends_the_daemon_and_says_when_there_is_none(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    program = (
        "import socket, sys, time\nlistener = socket.socket(socket.AF_UNIX)\n"
        "listener.bind(sys.argv[1])\nlistener.listen()\ntime.sleep(60)"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(rendezvous.socket)]
    discovery.find_or_start(rendezvous, command=command).close()
    assert main(["stop"]) == 0
    assert main(["stop"]) == 0
    assert capsys.readouterr().out == (
        "The daemon has ended.\nNo daemon runs for this workspace.\n"
    )
