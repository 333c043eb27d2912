"""What would a model send if it cost nothing to think? A script, from a process of its own."""

import asyncio
import json
import os

from pairwright.bench.children import hear, say

_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\nconnection: keep-alive\r\n\r\n"
)
_END = b"0\r\n\r\n"


def main() -> None:
    """Serve until whoever started this process goes away."""
    asyncio.run(_serve(hear()["pieces"]))


def pieces_of(count: int) -> list[str]:
    """Return the pieces of the answer; litellm ends one that repeats itself."""
    return [f"word {number} " for number in range(count)]


async def _serve(pieces: int) -> None:
    answer = _HEAD + b"".join(_framed(event) for event in _events(pieces)) + _END

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    await asyncio.to_thread(hear)
    # The client keeps its connections; each of them would be a task to end.
    os._exit(0)


def _events(pieces: int) -> list[str]:
    deltas = [_event({"index": 0, "delta": {"content": piece}}) for piece in pieces_of(pieces)]
    end = _event({"index": 0, "delta": {}, "finish_reason": "stop"})
    usage = {"prompt_tokens": 100, "completion_tokens": pieces, "total_tokens": 100 + pieces}
    return [*deltas, end, _event(None, usage=usage), "[DONE]"]


def _event(choice: dict[str, object] | None, **more: object) -> str:
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return json.dumps({**head, "choices": [] if choice is None else [choice], **more})


def _framed(event: str) -> bytes:
    data = f"data: {event}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(data), data)


if __name__ == "__main__":
    main()
