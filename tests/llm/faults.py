"""What can go wrong between us and a provider? Each fault, with how a call that meets it ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from pairwright.errors import (
    Authentication,
    ContextOverflow,
    ModelError,
    OutOfCredit,
    RateLimited,
    Refused,
    Rejected,
    Truncated,
    Unavailable,
)
from tests.support.model_server import Behaviour, Failure, Hang, Wire

Bill = Literal["nothing", "as said", "counted by us"]
ELSEWHERE = "{elsewhere}"


@dataclass(frozen=True)
class Ending:
    """How a call ends."""

    served: tuple[Behaviour, ...]
    error: type[ModelError] | None = None
    """None: an answer comes."""
    text: str = ""
    """What was heard of it."""
    bill: Bill = "counted by us"
    is_tried_again: bool = False

    def behaviours(self, elsewhere: str) -> tuple[Behaviour, ...]:
        """Return what the server does; a redirect leads to another."""
        return tuple(
            Failure(each.status, each.body, {"location": f"{elsewhere}/chat/completions"})
            if isinstance(each, Failure) and ELSEWHERE in each.headers.get("location", "")
            else each
            for each in self.served
        )

    @property
    def hangs(self) -> bool:
        """Whether the server falls silent."""
        return any(isinstance(each, Hang) for each in self.served)

    def requests(self, attempts: int) -> int:
        """Return how many requests it takes."""
        return attempts if self.is_tried_again else 1


@dataclass(frozen=True)
class Fault:
    """One fault, for a model that streams and for one that does not."""

    name: str
    streamed: Ending
    whole: Ending


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n"
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


def event(delta: Mapping[str, Any] | None = None, reason: str | None = None, **more: Any) -> bytes:
    """Return one event of a stream; without delta and reason it has no choices."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": reason}
    choices = [] if delta is None and reason is None else [choice]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    line = json.dumps({**head, "choices": choices, **more}, ensure_ascii=False)
    return f"data: {line}\n\n".encode()


HELLO = event({"role": "assistant", "content": "hello "})
WORLD = event({"content": "wörld"})
STOP = event(reason="stop")
COUNT = event(usage=USAGE)
DONE = b"data: [DONE]\n\n"


def stream(*pieces: bytes, head: bytes = HEAD, is_reset: bool = False) -> Wire:
    """Return a stream's answer, each piece in a packet of its own."""
    return Wire((head + b"\r\n", *pieces), is_reset)


def body(raw: bytes, content_type: str = "application/json", *more: str) -> Wire:
    """Return a whole answer."""
    lines = ["HTTP/1.1 200 OK", f"content-type: {content_type}", "connection: close", *more]
    head = "\r\n".join([*lines, f"content-length: {len(raw)}"]).encode()
    return Wire((head + b"\r\n\r\n" + raw,))


def answer(
    text: str | None = "hello wörld",
    reason: str | None = "stop",
    usage: Mapping[str, Any] | None = USAGE,
    **message: Any,
) -> Wire:
    """Return a whole answer as JSON."""
    said = {"role": "assistant", "content": text, **message}
    value: dict[str, Any] = {"id": "c1", "object": "chat.completion", "created": 1, "model": "tiny"}
    value["choices"] = [{"index": 0, "finish_reason": reason, "message": said}]
    if usage is not None:
        value["usage"] = usage
    return body(json.dumps(value, ensure_ascii=False).encode())


def _both(name: str, served: Behaviour, error: type[ModelError], bill: Bill, again: bool) -> Fault:
    ending = Ending((served,), error, bill=bill, is_tried_again=again)
    return Fault(name, ending, ending)


def _said_no(name: str, served: Failure, error: type[ModelError], again: bool = False) -> Fault:
    return _both(name, served, error, "nothing", again)


def _failed(name: str, served: Behaviour) -> Fault:
    return _both(name, served, Unavailable, "counted by us", True)


def _told(text: str) -> str:
    return json.dumps({"error": {"message": text}})


def _two(name: str, streamed: Ending, whole: Ending) -> Fault:
    return Fault(name, streamed, whole)


def _comes(served: Behaviour, text: str = "hello wörld", bill: Bill = "as said") -> Ending:
    return Ending((served,), text=text, bill=bill)


def _out(served: Behaviour, text: str = "") -> Ending:
    """An outage: tried again, unless some of the answer was handed on."""
    return Ending((served,), Unavailable, text=text, is_tried_again=not text)


_HTML = "<html><body>502 Bad Gateway</body></html>"
_ABSURD = {"prompt_tokens": 10**12, "completion_tokens": 10**12, "total_tokens": 2 * 10**12}
_NEGATIVE = {"prompt_tokens": -10, "completion_tokens": -5, "total_tokens": -15}
_SPLIT = WORLD.index("ö".encode()) + 1
_FLOOD = "x" * 200_000
_CALL = [{"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": "{"}}]

FAULTS = (
    _said_no("400", Failure(400), Rejected),
    _said_no("400, context", Failure(400, _told("maximum context length is 9")), ContextOverflow),
    _said_no("401 with the key", Failure(401, _told("wrong key {key}")), Authentication),
    _said_no("402", Failure(402), OutOfCredit),
    _said_no("403", Failure(403), Authentication),
    _said_no("404", Failure(404), Rejected),
    _failed("408", Failure(408)),
    _failed("409", Failure(409)),
    _said_no("413", Failure(413), Rejected),
    _said_no("422", Failure(422), Rejected),
    _said_no("429", Failure(429), RateLimited, again=True),
    _said_no("429, in 7 s", Failure(429, headers={"Retry-After": "7"}), RateLimited, again=True),
    _said_no(
        "429, at a date that is over",
        Failure(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        RateLimited,
        again=True,
    ),
    _said_no("429, in a year", Failure(429, headers={"Retry-After": "31536000"}), RateLimited),
    _said_no("429, quota", Failure(429, _told("insufficient_quota")), OutOfCredit),
    _failed("500", Failure(500)),
    _failed("500, a page", Failure(500, _HTML)),
    _failed("502, a page", Failure(502, _HTML)),
    _failed("503, in 1 s", Failure(503, headers={"Retry-After": "1"})),
    _failed("504", Failure(504)),
    _failed("529", Failure(529)),
    _said_no("redirect", Failure(307, headers={"location": ELSEWHERE}), Rejected),
    _said_no("moved", Failure(302, headers={"location": ELSEWHERE}), Rejected),
    _failed("closed before headers", Wire()),
    _failed("reset before headers", Wire(is_reset=True)),
    _failed("no HTTP", Wire((b"SSH-2.0-OpenSSH_9.6\r\n",))),
    _failed("status that is none", Wire((b"HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n",))),
    _failed("no headers in time", Hang()),
    _failed("empty body", body(b"", "text/event-stream")),
    _failed("a page", body(_HTML.encode(), "text/html")),
    _failed(
        "gzip that is none",
        body(b"\x1f\x8b\x08\x00 no", "text/event-stream", "content-encoding: gzip"),
    ),
    _two("not JSON", _out(stream(b"data: {not json\n\n", DONE)), _out(body(b"{not json"))),
    _two(
        "reset after headers",
        _out(stream(is_reset=True)),
        _out(Wire((HEAD + b"content-length: 99\r\n\r\n",), is_reset=True)),
    ),
    _two(
        "dropped within",
        _out(stream(HELLO, head=HEAD + b"content-length: 9999\r\n"), "hello "),
        _out(Wire((HEAD + b"content-length: 9999\r\n\r\n", b'{"id": "c1", '), is_reset=True)),
    ),
    _two(
        "cut within an event",
        Ending((stream(HELLO, WORLD[:30]),), Truncated, "hello "),
        _out(body(b'{"id": "c1", "choices": [{"index"')),
    ),
    _two(
        "no end",
        Ending((stream(HELLO, WORLD),), Truncated, "hello wörld"),
        _comes(answer(reason=None)),
    ),
    _two("no [DONE]", _comes(stream(HELLO, WORLD, STOP, COUNT)), _comes(answer())),
    _two(
        "error within",
        _out(
            stream(HELLO, b'data: {"error": {"message": "overloaded", "code": 500}}\n\n'), "hello "
        ),
        Ending((body(_told("overloaded").encode()),), Rejected, bill="nothing"),
    ),
    _two("stall within", _out(Hang("hel"), "hel"), _out(Hang("hel"))),
    _two(
        "no choices",
        _out(stream(event(), DONE)),
        _out(body(b'{"id": "c1", "object": "chat.completion", "choices": []}')),
    ),
    _two(
        "null content",
        _comes(stream(event({"content": None}), STOP, COUNT, DONE), ""),
        _comes(answer(None), ""),
    ),
    _two(
        "no usage",
        _comes(stream(HELLO, WORLD, STOP, DONE), bill="counted by us"),
        _comes(answer(usage=None), bill="counted by us"),
    ),
    _two(
        "negative usage",
        _comes(stream(HELLO, WORLD, STOP, event(usage=_NEGATIVE), DONE), bill="counted by us"),
        _comes(answer(usage=_NEGATIVE), bill="counted by us"),
    ),
    _two(
        "absurd usage",
        _comes(stream(HELLO, WORLD, STOP, event(usage=_ABSURD), DONE), bill="counted by us"),
        _comes(answer(usage=_ABSURD), bill="counted by us"),
    ),
    _two(
        "another type",
        _comes(
            stream(HELLO, WORLD, STOP, COUNT, DONE, head=HEAD.replace(b"event-stream", b"plain"))
        ),
        _comes(answer()),
    ),
    _two(
        "without an end of its own",
        Ending((stream(event({"content": _FLOOD}), STOP, COUNT, DONE),), Truncated),
        Ending((answer(_FLOOD),), Truncated),
    ),
    _two(
        "events twice",
        _comes(stream(HELLO, HELLO, WORLD, STOP, STOP, COUNT, COUNT, DONE), "hello hello wörld"),
        _comes(answer()),
    ),
    _two(
        "a letter in two packets",
        _comes(stream(HELLO, WORLD[:_SPLIT], WORLD[_SPLIT:], STOP, COUNT, DONE)),
        _comes(answer()),
    ),
    _two(
        "content filter",
        Ending(
            (stream(HELLO, event(reason="content_filter"), COUNT, DONE),),
            Refused,
            "hello ",
            "as said",
        ),
        Ending((answer("hello ", "content_filter"),), Refused, "hello ", "as said"),
    ),
    _two(
        "length",
        _comes(stream(HELLO, event(reason="length"), COUNT, DONE), "hello "),
        _comes(answer("hello ", "length"), "hello "),
    ),
    _two(
        "a tool instead",
        _comes(stream(event({"tool_calls": _CALL}), event(reason="tool_calls"), COUNT, DONE), ""),
        _comes(answer(None, "tool_calls", tool_calls=[{**_CALL[0]}]), ""),
    ),
)


@asynccontextmanager
async def reaches_nobody(scheme: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Give an address where no request can be made, and what was understood there."""
    seen: list[bytes] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.read(16)
        if head.startswith(b"POST"):
            seen.append(head)
        writer.close()

    listener = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    if scheme == "http":
        listener.close()
    try:
        yield f"{scheme}://127.0.0.1:{port}/v1", seen
    finally:
        listener.close()
