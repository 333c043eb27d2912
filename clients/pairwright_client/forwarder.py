"""How does an editor that starts a program by its name reach the daemon? Bytes through, both ways.

Started once by each editor window, so it must be light: no event loop, no message models.
"""

import argparse
import json
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pairwright.errors import PairwrightError
from pairwright.protocol.framing import frame
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery, loopback
from pairwright_client.errors import EXIT_FAILED
from pairwright_client.framing import FrameParser

_CHUNK_BYTES = 65536
_MOST_FAREWELL_BYTES = 500
"""Of `shutdown` and `exit`: longer messages are something else, and not looked into."""
_LAST_WORDS_S = 2.0
"""How long the daemon's answers are awaited after the editor has closed its side."""


def lsp(args: argparse.Namespace) -> int:
    """Serve an editor over standard input and output."""
    return forward(args.workspace, tcp_file=args.tcp_file)


def forward(
    workspace: str | None, *, tcp_file: Path | None = None, source: int = 0, target: int = 1
) -> int:
    """Join two file descriptors and the daemon until either side closes; return the exit code.

    Without a workspace the editor's own `initialize` tells it, else the current directory. With a
    `tcp_file`, which a daemon wrote, that one is meant. The code is that of LSP 3.17, "Exit
    Notification": 1 when `exit` comes without `shutdown`.
    """
    farewell = _Farewell()
    first = b"" if workspace else _read_first_message(source)
    request = _first_request(first)
    try:
        if tcp_file is not None:
            peer = loopback.connect(tcp_file)
        else:
            rendezvous = Rendezvous.for_workspace(workspace or _root_of(request) or os.getcwd())
            peer = discovery.find_or_start(rendezvous)
    except PairwrightError as error:
        _refuse(target, request, str(error))
        return EXIT_FAILED
    with peer, suppress(OSError):  # The daemon has gone: the editor sees the end of its input.
        farewell.hear(first)
        peer.sendall(first)
        threading.Thread(target=_pump_in, args=(source, peer, farewell), daemon=True).start()
        _pump_out(peer, target)
    return farewell.exit_code


class _Farewell:
    """How an editor takes its leave; only looked for, whatever else goes by."""

    def __init__(self) -> None:
        self.exit_code = 0
        self._parser: FrameParser | None = FrameParser()
        self._is_shut_down = False

    def hear(self, received: bytes) -> None:
        """Take what the editor sent."""
        if self._parser is None:
            return
        try:
            bodies = self._parser.feed(received)
        except PairwrightError:
            self._parser = None  # The daemon answers what is no message.
            return
        for body in bodies:
            if len(body) <= _MOST_FAREWELL_BYTES:
                self._note(_method_of(body))

    def _note(self, method: object) -> None:
        if method == "shutdown":
            self._is_shut_down = True
        elif method == "exit":
            self.exit_code = 0 if self._is_shut_down else EXIT_FAILED


def _method_of(body: bytes) -> object:
    with suppress(ValueError, RecursionError):
        message = json.loads(body)
        return message.get("method") if isinstance(message, dict) else None
    return None


def _pump_in(source: int, peer: socket.socket, farewell: _Farewell) -> None:
    # An OSError: the daemon has closed, which the other direction sees too.
    with suppress(OSError):
        while received := os.read(source, _CHUNK_BYTES):
            farewell.hear(received)
            peer.sendall(received)
        peer.shutdown(socket.SHUT_WR)
        time.sleep(_LAST_WORDS_S)
        peer.shutdown(socket.SHUT_RD)


def _pump_out(peer: socket.socket, target: int) -> None:
    # An OSError: the editor no longer reads.
    with suppress(OSError):
        while received := peer.recv(_CHUNK_BYTES):
            _write_all(target, received)


def _write_all(target: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(target, view) :]


def _read_first_message(source: int) -> bytes:
    """Return what was read until the first message was whole, or as much as there was."""
    received = b""
    parser = FrameParser()
    with suppress(PairwrightError):  # The daemon answers what is no message; we only look.
        while chunk := os.read(source, _CHUNK_BYTES):
            received += chunk
            if parser.feed(chunk):
                break
    return received


def _first_request(received: bytes) -> dict[str, Any]:
    with suppress(PairwrightError, ValueError, RecursionError):
        for body in FrameParser().feed(received)[:1]:
            request = json.loads(body)
            if isinstance(request, dict):
                return request
    return {}


def _root_of(request: dict[str, Any]) -> str | None:
    """Return the path of an `initialize` request's first folder."""
    params = request.get("params")
    if not isinstance(params, dict):
        return None
    folders = params.get("workspaceFolders")
    first = folders[0] if isinstance(folders, list) and folders else None
    uri = first.get("uri") if isinstance(first, dict) else params.get("rootUri")
    if not isinstance(uri, str):
        path = params.get("rootPath")
        return path if isinstance(path, str) and path else None
    parts = urlsplit(uri)
    return unquote(parts.path) if parts.scheme == "file" and parts.path else None


def _refuse(target: int, request: dict[str, Any], reason: str) -> None:
    """Answer the editor, which may show it, and say it on standard error, which it may log."""
    sys.stderr.write(f"pairwright: {reason}\n")
    if "id" in request:
        error = {"code": -32603, "message": reason}
        body = json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": error})
        with suppress(OSError):
            _write_all(target, frame(body.encode()))
