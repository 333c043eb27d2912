"""What does a client that sends anything at all get? Random messages, and what must come of each.

Told by rules of our own, from the bytes as they are sent: a request is answered once under its id,
what cannot be read once under no id, and nothing else at all.
"""

import asyncio
import json
import logging
import random
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pairwright.lsp.code.switches import FEATURES
from pairwright.lsp.stream.framing import read_frame
from pairwright.protocol import methods
from pairwright.protocol.framing import frame
from tests.lsp.peers import RawClient
from tests.lsp.typed_messages import NOTIFICATIONS, TypedMessages
from tests.support.waiting import eventually

PROBE_EVERY = 500
_NOT_ASKED = {
    # They spend, wait for something that never comes, or end the session.
    *(methods.RUN, methods.CONTINUE, methods.INDEX, methods.CHANGE, methods.UNDO, methods.REDO),
    methods.DIAGNOSE,
}
_OURS = sorted(
    value
    for name, value in vars(methods).items()
    if name.isupper() and isinstance(value, str) and value not in _NOT_ASKED
)
_STANDARD = sorted(method for feature in FEATURES for method in feature.methods)
_NOTIFICATIONS = (
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didSave",
    "$/cancelRequest",
    "$/setTrace",
    "workspace/didChangeConfiguration",
)
_OUTSIDE = re.compile(r"(?<![\w.:/])/(?:etc|home|root|usr|tmp|work|var)/[^\s'\"]*")


@dataclass
class Outcome:
    """What came of the messages."""

    sent: int = 0
    bad: int = 0
    """Of them, those that were no right request or notification."""
    expected: Counter[str] = field(default_factory=Counter)
    """By the id as JSON; `null` for what could not be read."""
    answered: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    """How often each of the specification's was said."""
    probe_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Errors that say too much, or have no code."""
    incidents: list[str] = field(default_factory=list)

    @property
    def mismatched(self) -> dict[str, tuple[int, int]]:
        """Return the ids that were not answered as often as they must be."""
        return {
            name: (self.expected[name], self.answered[name])
            for name in {*self.expected, *self.answered}
            if self.expected[name] != self.answered[name]
        }


class LogLines(logging.Handler):
    """Counts what a daemon's log would hold."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines = 0
        self.bytes = 0
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        self.lines += 1
        self.bytes += len(text)
        self.texts.append(text)


class Fuzz:
    """One client that sends what comes to its mind, and notes what it gets."""

    def __init__(self, client: RawClient, root: Path, seed: int) -> None:
        self._client = client
        self._root = root
        self._chance = random.Random(seed)
        self._typed = TypedMessages(
            self._chance,
            (
                *((root / name).as_uri() for name in ("stack.py", "shape.ts", "nix.py", "../x.py")),
                *("pairwright:/plan/1.md", "untitled:Untitled-1", "file:///etc/passwd"),
            ),
        )
        self._number = 0
        self._probes: dict[str, asyncio.Future[None]] = {}
        self.outcome = Outcome()

    async def run(self, messages: int, probe: Mapping[str, Any]) -> Outcome:
        """Send so many messages; ask `probe`, a hover, now and then how long an answer takes."""
        hearing = asyncio.ensure_future(self._hear())
        try:
            for number in range(messages):
                self._send(self._body())
                await self._client.writer.drain()
                if number % PROBE_EVERY == PROBE_EVERY - 1:
                    await self._settled()
                    await self._probe(probe)
            await self._settled()
        finally:
            hearing.cancel()
        return self.outcome

    async def _settled(self) -> None:
        """Wait until all is answered; what never is shows as mismatched."""
        try:
            await eventually(
                lambda: self.outcome.answered.total() >= self.outcome.expected.total(), seconds=20
            )
        except AssertionError:
            self.outcome.wrong.append(f"not answered: {self.outcome.mismatched}")

    async def _probe(self, params: Mapping[str, Any]) -> None:
        identity = f"probe-{self._number}"
        self._number += 1
        answered = self._probes[json.dumps(identity)] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._client.ask(identity, "textDocument/hover", dict(params))
        await asyncio.wait_for(answered, 10)
        self.outcome.probe_ms.append((time.perf_counter() - began) * 1000)

    def _send(self, body: bytes) -> None:
        self.outcome.sent += 1
        identity, is_bad = expected_answer(body)
        self.outcome.bad += is_bad
        if identity is not None:
            self.outcome.expected[identity] += 1
        self._client.send_bytes(frame(body))

    async def _hear(self) -> None:
        while (body := await read_frame(self._client.reader)) is not None:
            said = json.loads(body)
            if "method" in said:
                continue
            identity = json.dumps(said.get("id"))
            if identity in self._probes:
                self._probes.pop(identity).set_result(None)
                continue
            self.outcome.answered[identity] += 1
            if "error" in said:
                self._check(said["error"])

    def _check(self, error: Any) -> None:
        """T30: an error has a code, and neither a traceback nor a path outside the workspace."""
        text = json.dumps(error).replace(str(self._root), "")
        found = _OUTSIDE.search(text)
        if not isinstance(error.get("code"), int) or "Traceback" in text or found:
            self.outcome.wrong.append(text[:300])
        if error.get("code") == -32603:
            self.outcome.incidents.append(error["message"])

    def _body(self) -> bytes:
        kind = self._chance.random()
        if kind < 0.25:
            body = self._request(self._wrong())
        elif kind < 0.35:
            body = self._request(self._right())
        elif kind < 0.5:
            body = self._notification()
        elif kind < 0.55:
            body = self._odd()
        elif kind < 0.85:
            body = self._of_the_model()
        else:
            right = self._chance.choice((self._of_the_model, self._right_request))()
            return self._flipped(right)
        return json.dumps(body).encode()

    def _of_the_model(self) -> Any:
        """Return a message of the specification: right, spoiled, or said in the wrong way."""
        method = self._typed.method()
        is_right = self._chance.random() < 0.5
        params = self._typed.params(method) if is_right else self._typed.spoiled(method)
        self.outcome.methods[method] += 1
        is_request = (method not in NOTIFICATIONS) != (self._chance.random() < 0.1)
        said: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
        if is_request:
            self._number += 1
            said["id"] = self._number
        return said if params is None else {**said, "params": params}

    def _right_request(self) -> Any:
        return self._request(self._right())

    def _request(self, params: Any) -> Any:
        self._number += 1
        method = self._chance.choice((*_OURS, *_STANDARD, *_NOTIFICATIONS, "nix", "", "$/nix"))
        identity: Any = self._chance.choice((self._number, f"r{self._number}", -self._number))
        return {"jsonrpc": "2.0", "id": identity, "method": method, "params": params}

    def _notification(self) -> Any:
        method = self._chance.choice((*_NOTIFICATIONS, "nix"))
        return {"jsonrpc": "2.0", "method": method, "params": self._wrong()}

    def _odd(self) -> Any:
        """Return what is JSON and no message, or has a hostile id."""
        hostile: tuple[Any, ...] = (None, 1.5, True, {}, [], "x" * 5000, 2**70, "\ud800", "")
        odd: tuple[Any, ...] = (
            *([], {}, 5, "text", None, [{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]),
            *({"jsonrpc": "2.0", "id": identity, "method": "nix"} for identity in hostile),
            {"jsonrpc": "1.0", "id": "old", "method": "nix"},
            {"jsonrpc": "2.0", "id": "neither"},
            {"jsonrpc": "2.0", "id": "nobody", "result": 1},
            {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "x"}},
            {"jsonrpc": "2.0", "id": "both", "result": 1, "error": {}},
        )
        return self._chance.choice(odd)

    def _right(self) -> Any:
        name = self._chance.choice(("stack.py", "nix.py", "../x.py"))
        place = {"line": self._chance.randrange(40), "character": self._chance.randrange(40)}
        return {
            "textDocument": {"uri": (self._root / name).as_uri()},
            "position": place,
            "positions": [place],
            "context": {"includeDeclaration": True},
            "query": "push",
        }

    def _wrong(self) -> Any:
        wrong: tuple[Any, ...] = (
            *(
                None,
                [],
                {},
                "text",
                5,
                {"textDocument": 5},
                {"textDocument": {"uri": "file:///etc/passwd"}},
            ),
            {"textDocument": {"uri": "file:///\0"}, "position": {"line": -1, "character": -1}},
            {"textDocument": {"uri": "x" * 20_000}, "position": None},
            {"query": ["x"]},
            {"query": "y" * 20_000},
            {"name": "\ud800", "text": "[" * 500, "isRegex": True},
            {"jsonrpc": "2.0", "id": 1, "method": "exit"},
            {"item": {"name": "x", "kind": 1, "uri": "file:///etc/passwd", "data": {}}},
            {"id": self._chance.choice((1, "r1", None, {}))},
            _nested(self._chance.choice((5, 300))),
            {"taskId": "x", "hunkIds": self._chance.choice((5, "h", [None], {}))},
        )
        return self._chance.choice(wrong)

    def _flipped(self, body: Any) -> bytes:
        flipped = bytearray(json.dumps(body).encode())
        for _ in range(self._chance.randrange(1, 6)):
            flipped[self._chance.randrange(len(flipped))] = self._chance.randrange(256)
        return bytes(flipped)


def expected_answer(body: bytes) -> tuple[str | None, bool]:
    """Return the id under which an answer must come, as JSON, and whether the message is bad."""
    try:
        said = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return "null", True
    if not isinstance(said, dict):
        return "null", True
    identity = said.get("id")
    is_id = isinstance(identity, str | int) and not isinstance(identity, bool)
    if "id" in said and not is_id:
        return (None if "method" not in said else "null"), True
    name = json.dumps(identity)
    if said.get("jsonrpc") != "2.0":
        return name, True
    if "method" in said:
        is_bad = not isinstance(said["method"], str) or not isinstance(
            said.get("params"), dict | list | None
        )
        return (name if is_bad or is_id else None), True
    if not is_id or ("result" in said) == ("error" in said):
        return name, True
    return None, False


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"textDocument": value}
    return value
