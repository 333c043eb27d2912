"""Lines go through both ways; nothing but MCP is said to an assistant."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.errors import ConnectionLost, DaemonUnavailable, RemoteError
from pairwright_client.mcp_forwarder import forward_lines, hold_http
from tests.clients.daemon_double import DaemonDouble

HELLO = {"jsonrpc": "2.0", "id": 3, "method": "initialize", "params": {}}


class Assistant:
    """The other ends of the forwarder's standard input and output."""

    def __init__(self, workspace: str | None) -> None:
        self._source, self._writing = os.pipe()
        self._reading, self._target = os.pipe()
        self._output = os.fdopen(self._reading, "rb")
        self.exit_code: int | None = None
        self._workspace = workspace
        self._thread = threading.Thread(target=self._forward, daemon=True)
        self._thread.start()

    def _forward(self) -> None:
        self.exit_code = forward_lines(self._workspace, source=self._source, target=self._target)
        os.close(self._target)

    def say(self, message: Any) -> None:
        os.write(self._writing, json.dumps(message).encode() + b"\n")

    def hear(self) -> Any:
        return json.loads(self._output.readline())

    def leave(self) -> None:
        if self._writing >= 0:
            os.close(self._writing)
            self._writing = -1

    def ended(self) -> int | None:
        self._thread.join(timeout=5)
        assert not self._thread.is_alive(), "the forwarder did not end"
        return self.exit_code

    def close(self) -> None:
        self.leave()
        self.ended()
        self._output.close()
        os.close(self._source)


@contextmanager
def assistant(workspace: str | None) -> Iterator[Assistant]:
    started = Assistant(workspace)
    try:
        yield started
    finally:
        started.close()


@contextmanager
def echoing(path: Path, answer: bytes | None = None) -> Iterator[list[bytes]]:
    """Answer each line on a socket with itself, or with an answer."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve() -> None:
            peer, _ = listening.accept()
            with peer, peer.makefile("rb") as lines:
                for line in lines:
                    heard.append(line)
                    peer.sendall(line if answer is None else answer)
                    if answer is not None:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield heard
        thread.join(timeout=5)


def test_lines_go_through_both_ways_until_the_assistant_leaves(
    rendezvous: Rendezvous, root: Path
) -> None:
    with (
        DaemonDouble(rendezvous, {}),
        echoing(rendezvous.mcp_socket) as heard,
        assistant(str(root)) as claude,
    ):
        claude.say(HELLO)
        assert claude.hear() == HELLO
        claude.leave()
        assert claude.ended() == 0
    assert [json.loads(line) for line in heard] == [HELLO]


def test_the_workspace_is_the_repository_around_us(
    rendezvous: Rendezvous, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / ".git").mkdir(exist_ok=True)
    (root / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(root / "deep" / "down")
    with (
        DaemonDouble(rendezvous, {}),
        echoing(rendezvous.mcp_socket),
        assistant(None) as claude,
    ):
        claude.say(HELLO)
        assert claude.hear() == HELLO


@pytest.mark.parametrize("place", ["home", "top"])
def test_a_whole_home_is_no_workspace_unless_it_is_named(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path if place == "home" else "/")
    with assistant(None) as claude:
        claude.say(HELLO)
        refused = claude.hear()
        assert claude.ended() == 1
    assert refused["id"] == 3
    assert "is no project" in refused["error"]["message"]


def test_a_daemon_that_cannot_be_reached_is_told_to_the_assistant(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> Any:
        raise DaemonUnavailable("it is ill")

    monkeypatch.setattr(discovery, "find_or_start", fail)
    with assistant(str(root)) as claude:
        claude.say(HELLO)
        assert claude.hear()["error"]["message"] == "it is ill"
        assert claude.ended() == 1
    assert capsys.readouterr().err == "pairwright: it is ill\n"


def test_an_older_daemon_without_mcp_is_told(rendezvous: Rendezvous, root: Path) -> None:
    with DaemonDouble(rendezvous, {}), assistant(str(root)) as claude:
        claude.say(HELLO)
        assert "pairwright stop" in claude.hear()["error"]["message"]


def test_where_http_listens_is_said_and_held_open(
    rendezvous: Rendezvous, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = {"url": "http://127.0.0.1:1/mcp", "tokenFile": "/run/token"}
    answer = json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}).encode() + b"\n"
    with (
        DaemonDouble(rendezvous, {}),
        echoing(rendezvous.mcp_socket, answer) as heard,
        pytest.raises(ConnectionLost),
    ):
        hold_http(str(root))
    assert json.loads(heard[0])["method"] == "pairwright/listenHttp"
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["http://127.0.0.1:1/mcp", "its bearer token is in /run/token"]


def test_why_http_does_not_listen_is_told(rendezvous: Rendezvous, root: Path) -> None:
    error = {"code": -32603, "message": "no room"}
    answer = json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode() + b"\n"
    with (
        DaemonDouble(rendezvous, {}),
        echoing(rendezvous.mcp_socket, answer),
        pytest.raises(RemoteError, match="no room"),
    ):
        hold_http(str(root))
