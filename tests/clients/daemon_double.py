"""What stands in for the daemon? A real Unix socket that answers from a script, in a thread."""

import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self

from pairwright import __version__
from pairwright.protocol.framing import frame
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.framing import FrameParser

Answer = Callable[[Any, "Session"], Any]


class Refusal(Exception):
    """Raised by an answer: the request fails."""

    def __init__(self, message: str, *, code: int = -32803, details: Any = None) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message}
        if details is not None:
            self.error["data"] = details


class Held(Exception):
    """Raised by an answer: it comes when the request is cancelled."""


class Leaves(Exception):
    """Raised by an answer: the daemon closes the connection instead."""


class Session:
    """One client's connection, as an answer sees it."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer

    def send(self, message: Mapping[str, Any]) -> None:
        self.send_raw(frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    def send_raw(self, content: bytes) -> None:
        with suppress(OSError):
            self._peer.sendall(content)

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def progress(self, params: Any, *events: Any) -> None:
        for event in events:
            self.notify("$/progress", {"token": params["partialResultToken"], "value": event})


def greet(_params: Any, _session: Session) -> Any:
    return {"capabilities": {}, "serverInfo": {"name": "pairwright", "version": __version__}}


def report(_params: Any, _session: Session) -> Any:
    counts = dict.fromkeys(
        ("pid", "revision", "files", "unreadable", "symbols", "pending", "clients"), 0
    )
    return {"version": __version__, **counts, "notice": "", "tasks": [], "settingsProblems": []}


class DaemonDouble:
    """Listens at a meeting place while it is entered; keeps what it heard."""

    def __init__(self, rendezvous: Rendezvous, answers: Mapping[str, Answer]) -> None:
        self._rendezvous = rendezvous
        usual = {"initialize": greet, "shutdown": lambda *_: None, "pairwright/status": report}
        self._answers = {**usual, **answers}
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._threads: list[threading.Thread] = []
        self.heard: list[tuple[str, Any]] = []
        self.answered: list[Any] = []
        """Responses of the client to requests of ours."""

    def __enter__(self) -> Self:
        self._listener.bind(os.fspath(self._rendezvous.socket))
        self._listener.listen()
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone does not wake a thread that waits in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)
            assert not thread.is_alive(), "a client did not leave"

    def methods(self) -> list[str]:
        return [method for method, _ in self.heard]

    def params_of(self, method: str) -> Any:
        return next(params for heard, params in self.heard if heard == method)

    def _begin(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self._begin(self._serve, peer)

    def _serve(self, peer: socket.socket) -> None:
        parser = FrameParser()
        session = Session(peer)
        held: set[int] = set()
        with peer, suppress(OSError, Leaves):
            while received := peer.recv(65536):
                for body in parser.feed(received):
                    self._answer(json.loads(body), session, held)

    def _answer(self, message: Any, session: Session, held: set[int]) -> None:
        if "method" not in message:
            self.answered.append(message)
            return
        method, params = message["method"], message.get("params")
        self.heard.append((method, params))
        if method == "$/cancelRequest" and params["id"] in held:
            error = {"code": -32800, "message": "cancelled"}
            session.send({"id": params["id"], "error": error})
        if "id" not in message:
            return
        try:
            result = self._answers[method](params, session)
        except Held:
            held.add(message["id"])
        except Refusal as refusal:
            session.send({"id": message["id"], "error": refusal.error})
        else:
            session.send({"id": message["id"], "result": result})
