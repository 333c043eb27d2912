"""An OpenAI-compatible server on loopback that answers from a list, for the real client to ask.

It speaks just enough HTTP to be faulty on purpose: it cuts streams, hangs, echoes a key.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

USAGE: Mapping[str, Any] = MappingProxyType({"prompt_tokens": 10, "completion_tokens": 5})


@dataclass(frozen=True)
class Answer:
    """A streamed answer; `usage` or `finish_reason` None leaves that chunk out."""

    text: str = "hello world"
    finish_reason: str | None = "stop"
    usage: Mapping[str, Any] | None = field(default_factory=lambda: USAGE)
    ends_with_done: bool = True


@dataclass(frozen=True)
class Drop:
    """The text, then the connection breaks inside the body."""

    text: str = "hel"


@dataclass(frozen=True)
class Hang:
    """Nothing more after the text; with no text not even headers."""

    text: str = ""


@dataclass(frozen=True)
class Failure:
    """A plain HTTP error; `{key}` in the body becomes the key that was sent."""

    status: int
    body: str = '{"error": {"message": "no"}}'
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Garbage:
    """A body that is no event stream's JSON."""

    body: str = "data: {not json\n\n"


@dataclass(frozen=True)
class Raw:
    """A body as a provider of another kind sends it, whole."""

    body: bytes
    content_type: str = "text/event-stream"


@dataclass(frozen=True)
class Wire:
    """Bytes as they are, head and body, each piece for itself."""

    pieces: tuple[bytes, ...] = ()
    is_reset: bool = False
    """Whether the connection then breaks, instead of being closed."""


Behaviour = Answer | Drop | Hang | Failure | Garbage | Raw | Wire


@dataclass
class RecordedRequest:
    """One request as it came; `gone` is set when its connection ends."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class ModelServer:
    """Answers chat requests from `behaviours`, the last one again and again."""

    def __init__(self, behaviours: Sequence[Behaviour], models: Sequence[str]) -> None:
        self.requests: list[RecordedRequest] = []
        self.port = 0
        self._behaviours = list(behaviours)
        self._models = models

    @property
    def api_base(self) -> str:
        """What a client is configured with."""
        return f"http://127.0.0.1:{self.port}/v1"

    def answer_with(self, *behaviours: Behaviour) -> None:
        """Behave like that from now on, and forget the requests."""
        self.requests = []
        self._behaviours = list(behaviours or (Answer(),))

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, one request."""
        request: RecordedRequest | None = None
        try:
            request = await read_request(reader)
            if request.path.endswith("/models"):
                listed = [{"id": name, "object": "model"} for name in self._models]
                _write_plain(writer, 200, json.dumps({"object": "list", "data": listed}), {})
            elif request.path.endswith("/health"):
                _write_plain(writer, 200, '{"status": "ok"}', {})
            else:
                self.requests.append(request)
                await self._behave(request, reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            if request is not None:
                request.gone.set()
            writer.close()

    async def _behave(
        self,
        request: RecordedRequest,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        behaviour = self._behaviours[0]
        if len(self._behaviours) > 1:
            self._behaviours.pop(0)
        match behaviour:
            case Failure(status, body, headers):
                key = request.headers.get("authorization", "").removeprefix("Bearer ")
                _write_plain(writer, status, body.replace("{key}", key), headers)
            case Garbage(body):
                _write_stream_head(writer)
                _write_chunk(writer, body)
                writer.write(b"0\r\n\r\n")
            case Raw(raw, content_type):
                head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close"
                writer.write(f"{head}\r\ncontent-length: {len(raw)}\r\n\r\n".encode() + raw)
            case Answer():
                _write_stream_head(writer)
                for event in _events(behaviour):
                    _write_chunk(writer, event)
                    await writer.drain()
                writer.write(b"0\r\n\r\n")
            case Drop(text):
                _write_stream_head(writer)
                _write_chunk(writer, _event({"delta": {"role": "assistant", "content": text}}))
                await writer.drain()
                writer.transport.abort()
            case Wire(pieces, is_reset):
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                if is_reset:
                    writer.transport.abort()
            case Hang(text):
                if text:
                    _write_stream_head(writer)
                    _write_chunk(writer, _event({"delta": {"role": "assistant", "content": text}}))
                    await writer.drain()
                await reader.read()


@asynccontextmanager
async def serve_model(
    *behaviours: Behaviour, models: Sequence[str] = ("tiny",)
) -> AsyncIterator[ModelServer]:
    """Serve the behaviours in order until the block ends."""
    server = ModelServer(behaviours or (Answer(),), models)
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


async def read_request(reader: asyncio.StreamReader) -> RecordedRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    path = head[0].split(" ")[1]
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    return RecordedRequest(path, headers, json.loads(raw) if raw else {})


def _write_plain(
    writer: asyncio.StreamWriter, status: int, body: str, headers: Mapping[str, str]
) -> None:
    raw = body.encode()
    lines = [f"HTTP/1.1 {status} X", "content-type: application/json", "connection: close"]
    lines += [
        f"content-length: {len(raw)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)


def _write_stream_head(writer: asyncio.StreamWriter) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
        b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    )


def _write_chunk(writer: asyncio.StreamWriter, text: str) -> None:
    raw = text.encode()
    writer.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")


def _event(choice: Mapping[str, Any] | None, **more: Any) -> str:
    choices = [] if choice is None else [{"index": 0, "finish_reason": None, **choice}]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    return f"data: {json.dumps({**head, 'choices': choices, **more})}\n\n"


def _events(answer: Answer) -> list[str]:
    pieces = [answer.text[at : at + 3] for at in range(0, len(answer.text), 3)]
    events = [_event({"delta": {"role": "assistant", "content": piece}}) for piece in pieces]
    if answer.finish_reason is not None:
        events.append(_event({"delta": {}, "finish_reason": answer.finish_reason}))
    if answer.usage is not None:
        total = answer.usage["prompt_tokens"] + answer.usage["completion_tokens"]
        events.append(_event(None, usage={"total_tokens": total, **answer.usage}))
    if answer.ends_with_done:
        events.append("data: [DONE]\n\n")
    return events
