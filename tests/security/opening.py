"""How is a hostile repository opened? As people do: indexed, asked, by an assistant, for a task."""

import json
import socket
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.e2e.answers import PART
from tests.e2e.assistant import assistant
from tests.e2e.stage import Stage, ended
from tests.security.hostile_repositories import Ground, traps

_ERA = {"protocolVersion": "2025-11-25"}
_COMMAND_S = 180.0
"""Who is watched is slow."""
DIFF = "--- a/orderdesk/money.py\n+++ b/orderdesk/money.py\n@@ -1 +1,2 @@\n+# In cents.\n {first}\n"


def open_repository(stage: Stage, names: Iterable[str], *, tasks: bool = True) -> list[str]:
    """Lay these traps into the stage's workspace, use it, and return what went wrong.

    Args:
        stage: without a daemon yet.
        names: of the traps.
        tasks: let a model work there, too; one that is watched takes minutes to load.
    """
    sprung = stage.home / "sprung.txt"
    stage.put_sample()
    with listening_trap() as (address, calls):
        ground = Ground(stage.root, sprung, address)
        known = traps()
        for name in names:
            known[name](ground, name)
        wrong = _use(stage, tasks=tasks)
        told = sprung.read_text("utf-8").splitlines() if sprung.exists() else []
        return wrong + [f"sprung: {each}" for each in told] + [f"called: {each}" for each in calls]


def _use(stage: Stage, *, tasks: bool) -> list[str]:
    """Do what people do, untrusted: no test command is given."""
    stage.server.answer_with(PART)
    task = ("run", "Take commas.", "--strategy", "weak", "--apply", "--json")
    calls: list[tuple[str, ...]] = [("index",), ("symbols", "parse_amount")]
    calls += [task] if tasks else []
    done = [ended(stage.start(*call), seconds=_COMMAND_S) for call in calls]
    wrong = [f"exit {each.exit_code}: {each.err}" for each in done if each.exit_code]
    if "parse_amount" not in done[1].out:
        wrong.append(f"not found: {done[1].out}{done[1].err}")
    if not _assistant_is_served(stage):
        wrong.append("the assistant was not served")
    first = (stage.root / "orderdesk/money.py").read_text("utf-8").partition("\n")[0]
    with assistant(stage) as client:
        client.propose(DIFF.format(first=first), "the unit")
    hosts = {request.headers.get("host") for request in stage.server.requests}
    if len(hosts) != tasks:
        wrong.append(f"models were asked at {hosts}")
    return wrong


def _assistant_is_served(stage: Stage) -> bool:
    info = {"clientInfo": {"name": "bot", "version": "1"}, "capabilities": {}}
    process = stage.start("mcp", stdin=subprocess.PIPE)
    try:
        _say(process, {"id": 1, "method": "initialize", "params": {**_ERA, **info}})
        _say(process, {"method": "notifications/initialized"})
        _say(process, _tool(2, "map_workspace", {}))
        _say(process, _tool(3, "read_symbols", {"names": ["parse_amount"]}))
        heard = [_hear(process) for _ in range(3)]
    finally:
        ended(process)
    failed = [each for each in heard if each.get("result", {}).get("isError", "error" in each)]
    return not failed and "parse_amount" in str(heard)


def _say(process: "subprocess.Popen[str]", message: dict[str, Any]) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    heard: dict[str, Any] = json.loads(process.stdout.readline())
    return heard


def _tool(identity: int, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    params = {"name": name, "arguments": arguments}
    return {"id": identity, "method": "tools/call", "params": params}


@contextmanager
def listening_trap() -> Iterator[tuple[str, list[str]]]:
    """Listen where nobody should call; gives the address, and who called nevertheless."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.settimeout(2)
                        with suppress(OSError):
                            calls.append(repr(connection.recv(200)))

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def tree_of_home(home: Path) -> set[str]:
    """Return what lies beside the workspace, by names."""
    return {path.name for path in home.iterdir()}
