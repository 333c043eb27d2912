"""How does an assistant that starts a program by its name reach the daemon? Bytes both ways.

Nothing but MCP goes to standard output: it is the daemon's other socket that answers, whole lines
of JSON. Started once by each assistant, so it must be light.
"""

import json
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from pairwright.errors import PairwrightError
from pairwright.protocol.codec import decode
from pairwright.protocol.mcp_messages import HttpEndpoint
from pairwright.protocol.methods import LISTEN_HTTP
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.errors import (
    EXIT_FAILED,
    ConnectionLost,
    DaemonUnavailable,
    RemoteError,
    UsageError,
)
from pairwright_client.workspaces import workspace_root

_CHUNK_BYTES = 65536
_LAST_WORDS_S = 2.0
"""How long the daemon's answers are awaited after the assistant has closed its side."""
_INTERNAL_ERROR = -32603


def forward_lines(workspace: str | None, *, source: int = 0, target: int = 1) -> int:
    """Join two file descriptors and the daemon until either side closes; return the exit code."""
    try:
        peer = _connect(_root(workspace))
    except PairwrightError as error:
        _refuse(source, target, str(error))
        return EXIT_FAILED
    with peer:
        threading.Thread(target=_pump_in, args=(source, peer), daemon=True).start()
        _pump_out(peer, target)
    return 0


def hold_http(workspace: str | None) -> int:
    """Have the daemon listen for HTTP, say where, and stay until interrupted.

    Raises:
        PairwrightError: it cannot.
    """
    with _connect(_root(workspace)) as peer:
        request = {"jsonrpc": "2.0", "id": 1, "method": LISTEN_HTTP}
        peer.sendall(json.dumps(request).encode() + b"\n")
        endpoint = _endpoint(peer.makefile("rb").readline(_CHUNK_BYTES))
        sys.stdout.write(f"{endpoint.url}\n")
        sys.stdout.write(f"its bearer token is in {endpoint.token_file}\n")
        sys.stdout.write("open until you interrupt this\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            peer.recv(1)
            raise ConnectionLost("the daemon has ended")
    return 0


def _root(workspace: str | None) -> Path:
    """Return the workspace; not all that somebody has, only because they are started there."""
    root = workspace_root(workspace)
    if workspace is None and root in (Path(root.anchor), Path.home()):
        raise UsageError(f"{str(root)!r} is no project: start this in one, or say --workspace DIR")
    return root


def _pump_in(source: int, peer: socket.socket) -> None:
    # An OSError: the daemon has closed, which the other direction sees too.
    with suppress(OSError):
        while received := os.read(source, _CHUNK_BYTES):
            peer.sendall(received)
        peer.shutdown(socket.SHUT_WR)
        time.sleep(_LAST_WORDS_S)
        peer.shutdown(socket.SHUT_RD)


def _pump_out(peer: socket.socket, target: int) -> None:
    # An OSError: the assistant no longer reads.
    with suppress(OSError):
        while received := peer.recv(_CHUNK_BYTES):
            view = memoryview(received)
            while view:
                view = view[os.write(target, view) :]


def _connect(root: Path) -> socket.socket:
    rendezvous = Rendezvous.for_workspace(root)
    # Held until we are connected to the other: a daemon without clients may end.
    with discovery.find_or_start(rendezvous):
        peer = discovery.connect_to(rendezvous.mcp_socket)
    if peer is None:
        raise DaemonUnavailable(
            "the daemon that runs here is an older one, without MCP: run 'pairwright stop'"
        )
    return peer


def _endpoint(line: bytes) -> HttpEndpoint:
    try:
        answer: Any = json.loads(line)
    except ValueError:
        raise ConnectionLost("the daemon has ended") from None
    if "error" in answer:
        raise RemoteError(answer["error"]["code"], answer["error"]["message"])
    return decode(HttpEndpoint, answer["result"])


def _refuse(source: int, target: int, reason: str) -> None:
    """Answer the assistant's first request, and say it on standard error, which it may show."""
    sys.stderr.write(f"pairwright: {reason}\n")
    identity = None
    with suppress(ValueError, RecursionError, OSError, AttributeError):
        identity = json.loads(os.read(source, _CHUNK_BYTES).partition(b"\n")[0]).get("id")
    error = {"code": _INTERNAL_ERROR, "message": reason}
    answer = json.dumps({"jsonrpc": "2.0", "id": identity, "error": error})
    with suppress(OSError):
        os.write(target, answer.encode() + b"\n")
