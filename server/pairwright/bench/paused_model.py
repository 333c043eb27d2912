"""When did the model write its first edit's last token? A script on loopback that notes it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

PAUSE_S = 0.25
"""Between the first edit and the rest, which so cannot be what is waited for."""
_PIECE = 12
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
)


class PausedModel:
    """Answers every request with the same two texts, one after the other."""

    def __init__(self, first: str, rest: str) -> None:
        """Use `serving`."""
        self._first = first
        self._rest = rest
        self.port = 0
        self.first_sent_at: list[float] = []
        """When the last piece of each answer's first text was sent, on the performance clock."""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
            writer.write(_HEAD)
            for text in (self._first, self._rest):
                for start in range(0, len(text), _PIECE):
                    writer.write(_event({"content": text[start : start + _PIECE]}))
                    await writer.drain()
                if text is self._first:
                    self.first_sent_at.append(time.perf_counter())
                    await asyncio.sleep(PAUSE_S)
            writer.write(_event({}, finish_reason="stop") + _chunk("[DONE]") + b"0\r\n\r\n")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(model: PausedModel) -> AsyncIterator[PausedModel]:
    """Serve a model on a port that the system chooses."""
    server = await asyncio.start_server(model.handle, "127.0.0.1", 0)
    model.port = server.sockets[0].getsockname()[1]
    try:
        yield model
    finally:
        server.close()


def _event(delta: dict[str, str], **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, **more}
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return _chunk(json.dumps({**head, "choices": [choice]}))


def _chunk(event: str) -> bytes:
    data = f"data: {event}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(data), data)
