"""Bytes go through both ways; the editor's own words tell which workspace is meant."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol.framing import frame
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.errors import DaemonUnavailable
from pairwright_client.forwarder import forward
from pairwright_client.framing import FrameParser
from tests.clients.daemon_double import DaemonDouble, Leaves

MOST_OWN_MS = 150
START = "import sys; from pairwright_client.cli import main; sys.exit(main())"


class Editor:
    """The other ends of the forwarder's standard input and output."""

    def __init__(self, workspace: str | None) -> None:
        self._source, self._writing = os.pipe()
        self._reading, self._target = os.pipe()
        self._parser = FrameParser()
        self._workspace = workspace
        self.exit_code: int | None = None
        self._thread = threading.Thread(target=self._forward, daemon=True)
        self._thread.start()

    def _forward(self) -> None:
        self.exit_code = forward(self._workspace, source=self._source, target=self._target)

    def ask(self, method: str, params: Any) -> None:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        os.write(self._writing, frame(json.dumps(request).encode()))

    def answer(self) -> Any:
        while True:
            bodies = self._parser.feed(os.read(self._reading, 65536))
            if bodies:
                return json.loads(bodies[0])

    def leave(self) -> None:
        os.close(self._writing)
        self._writing = -1

    def wait(self) -> None:
        self._thread.join(timeout=5)
        assert not self._thread.is_alive(), "the forwarder did not end"

    def close(self) -> None:
        if self._writing >= 0:
            self.leave()
        self.wait()
        for descriptor in (self._source, self._reading, self._target):
            os.close(descriptor)


@contextmanager
def editor(workspace: str | None = None) -> Iterator[Editor]:
    started = Editor(workspace)
    try:
        yield started
    finally:
        started.close()


def test_an_editors_request_is_answered_by_the_daemon(rendezvous: Rendezvous, root: Path) -> None:
    with DaemonDouble(rendezvous, {}) as daemon, editor(str(root)) as vim:
        vim.ask("initialize", {"capabilities": {}})
        assert vim.answer()["result"]["serverInfo"]["name"] == "pairwright"
        vim.leave()
        vim.wait()
        assert vim.exit_code == 0
    assert daemon.methods() == ["initialize"]


@pytest.mark.parametrize("key", ["workspaceFolders", "rootUri", "rootPath"])
def test_the_workspace_is_the_one_of_which_the_editor_speaks(
    rendezvous: Rendezvous, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    named = {
        "workspaceFolders": [{"uri": root.as_uri(), "name": "project"}],
        "rootUri": root.as_uri(),
        "rootPath": str(root),
    }
    with DaemonDouble(rendezvous, {}) as daemon, editor() as vim:
        vim.ask("initialize", {"capabilities": {}, key: named[key]})
        assert "result" in vim.answer()
    assert daemon.params_of("initialize") == {"capabilities": {}, key: named[key]}


@pytest.mark.parametrize("params", [{"rootUri": "untitled:x"}, {"workspaceFolders": [7]}, None])
def test_without_a_usable_root_it_is_the_current_directory(
    rendezvous: Rendezvous, params: Any
) -> None:
    with DaemonDouble(rendezvous, {}), editor() as vim:
        vim.ask("initialize", params)
        assert "result" in vim.answer()


def test_when_the_daemon_closes_the_forwarder_ends(rendezvous: Rendezvous, root: Path) -> None:
    def leave(*_: Any) -> Any:
        raise Leaves

    with DaemonDouble(rendezvous, {"initialize": leave}), editor(str(root)) as vim:
        vim.ask("initialize", {})
        vim.wait()
        assert vim.exit_code == 0


def take(*_: Any) -> Any:
    return None


@pytest.mark.parametrize(
    ("methods", "exit_code"),
    [(("shutdown", "exit"), 0), (("exit",), 1), (("exit", "shutdown"), 1), ((), 0)],
)
def test_the_exit_code_is_that_of_the_protocol(
    rendezvous: Rendezvous, root: Path, methods: tuple[str, ...], exit_code: int
) -> None:
    with DaemonDouble(rendezvous, {"shutdown": take, "exit": take}), editor(str(root)) as vim:
        vim.ask("initialize", {"capabilities": {}})
        vim.answer()
        for method in methods:
            vim.ask(method, None)
        vim.leave()
        vim.wait()
        assert vim.exit_code == exit_code


def test_a_daemon_that_cannot_be_reached_is_told_to_the_editor(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> Any:
        raise DaemonUnavailable("the daemon's own packages are missing")

    monkeypatch.setattr(discovery, "find_or_start", fail)
    with editor() as vim:
        vim.ask("initialize", {"rootUri": root.as_uri()})
        assert vim.answer()["error"]["message"] == "the daemon's own packages are missing"
        vim.wait()
        assert vim.exit_code == 1
    assert "packages are missing" in capsys.readouterr().err


def test_it_takes_little_time_of_its_own(rendezvous: Rendezvous, root: Path) -> None:
    """Processor time, so that a busy machine makes no difference; the best of some."""
    with DaemonDouble(rendezvous, {}):
        assert min(own_ms(root) for _ in range(3)) < MOST_OWN_MS


def own_ms(root: Path) -> float:
    """Run the forwarder for one request; return the processor time that its process took."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", START, "lsp", "--workspace", str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as forwarder:
        assert forwarder.stdin is not None
        assert forwarder.stdout is not None
        request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}
        forwarder.stdin.write(frame(json.dumps(request).encode()))
        forwarder.stdin.flush()
        assert forwarder.stdout.readline().startswith(b"Content-Length")
        forwarder.stdin.close()
        _, status, used = os.wait4(forwarder.pid, 0)
        forwarder.returncode = os.waitstatus_to_exitcode(status)
    assert forwarder.returncode == 0
    return (used.ru_utime + used.ru_stime) * 1000
