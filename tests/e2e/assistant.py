"""Who else proposes edits? A second client of the daemon, through a forwarder of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.stage import Stage

NAME = "Assistant"


class Assistant:
    """A client that waits for each of its answers."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        """Speak to a forwarder."""
        self._process = process
        self._asked = 0

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Return the result of a request; an error fails the test."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while (answer := self._receive()).get("id") != self._asked or "method" in answer:
            pass
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def propose(self, edits: str, why: str) -> Any:
        """Propose edits and return the change that waits for review."""
        result = self.ask("pairwright/propose", {"edits": edits, "why": why})
        assert result.get("change"), result
        return result["change"]

    def change(self, task_id: str) -> Any:
        """Return what became of a proposal."""
        return self.ask("pairwright/change", {"taskId": task_id})

    def notify(self, method: str, params: dict[str, Any] | None = None) -> None:
        """Tell what needs no answer."""
        self._send({"method": method, "params": params or {}})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the daemon has closed the connection"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message


@contextmanager
def assistant(stage: Stage, **options: Any) -> Iterator[Assistant]:
    """Connect to the stage's daemon, with such `initializationOptions`."""
    process = subprocess.Popen(
        stage.command("lsp"),
        cwd=stage.root,
        env=stage.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        asking = Assistant(process)
        client = {"clientInfo": {"name": NAME}, "rootUri": stage.root.as_uri()}
        client |= {"initializationOptions": options}
        asking.ask("initialize", {**client, "processId": None, "capabilities": {}})
        asking.notify("initialized")
        yield asking
    finally:
        process.terminate()
        process.communicate()
