"""A model server on loopback that says of each prompt how much of it was cached, as providers do.

It is told what to answer, model by model. `Blocks` caches every prompt by itself, as OpenAI and
DeepSeek do: the longest beginning that an earlier prompt of the same model had, in whole blocks.
`Marks` caches as Anthropic does: what a mark ends is written, and read when it comes again.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from tests.support.model_server import RecordedRequest, read_request

CHARACTERS_A_TOKEN = 4
_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True)
class Cached:
    """One prompt, in tokens."""

    read: int
    written: int
    whole: int


@dataclass
class Blocks:
    """A cache of whatever was sent."""

    block: int
    least: int
    """Shorter prompts are not cached."""
    _known: list[str] = field(default_factory=list)

    def look_up(self, blocks: list[tuple[str, bool]]) -> Cached:
        """Return how much of a prompt was there, and keep it."""
        prompt = "".join(text for text, _ in blocks)
        common = max((_common(prompt, known) for known in self._known), default=0)
        self._known.append(prompt)
        tokens = common // CHARACTERS_A_TOKEN // self.block * self.block
        whole = len(prompt) // CHARACTERS_A_TOKEN
        return Cached(tokens if tokens >= self.least else 0, 0, whole)


@dataclass
class Marks:
    """A cache of what ends at a mark."""

    least: int
    _known: set[str] = field(default_factory=set)

    def look_up(self, blocks: list[tuple[str, bool]]) -> Cached:
        """Return what of a prompt was there and what is written now, and keep that."""
        text, read, marked = "", 0, 0
        for piece, is_marked in blocks:
            text += piece
            tokens = len(text) // CHARACTERS_A_TOKEN
            if text in self._known:
                read = tokens
            if is_marked and tokens >= self.least:
                marked = tokens
                self._known.add(text)
        return Cached(read, max(0, marked - read), len(text) // CHARACTERS_A_TOKEN)


Cache = Blocks | Marks


class CachingServer:
    """Answers each model from its list, and counts."""

    def __init__(self, answers: Mapping[str, Iterable[str]], caches: Mapping[str, Cache]) -> None:
        self.port = 0
        self.seen: list[tuple[str, Cached]] = []
        """Which model was asked, and what of the prompt was cached, in order."""
        self._answers = {model: list(texts) for model, texts in answers.items()}
        self._caches = caches

    @property
    def address(self) -> str:
        """Without a path."""
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request."""
        request = await read_request(reader)
        model = request.body["model"]
        cached = self._caches[model].look_up(_blocks(request))
        self.seen.append((model, cached))
        text = self._answers[model].pop(0)
        events = (_anthropic if "messages" in request.path else _openai)(text, cached)
        writer.write((_HEAD + "".join(events)).encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serve_cached(
    answers: Mapping[str, Iterable[str]], caches: Mapping[str, Cache]
) -> AsyncIterator[CachingServer]:
    """Serve until the block ends."""
    server = CachingServer(answers, caches)
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def _blocks(request: RecordedRequest) -> list[tuple[str, bool]]:
    """Return the prompt's pieces in order, each with whether a mark ends it."""
    turns = list(request.body["messages"])
    if rules := request.body.get("system"):
        turns.insert(0, {"role": "system", "content": rules})
    blocks = []
    for turn in turns:
        content = turn["content"]
        pieces = [{"text": content}] if isinstance(content, str) else content
        heads = [f"<{turn['role']}>", *[""] * (len(pieces) - 1)]
        blocks += [
            (head + piece["text"], "cache_control" in piece)
            for head, piece in zip(heads, pieces, strict=True)
        ]
    return blocks


def _common(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _openai(text: str, cached: Cached) -> list[str]:
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    output = len(text) // CHARACTERS_A_TOKEN
    usage = {
        "prompt_tokens": cached.whole,
        "completion_tokens": output,
        "total_tokens": cached.whole + output,
        "prompt_tokens_details": {"cached_tokens": cached.read},
    }
    said = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    events = [
        {**head, "choices": [said]},
        {**head, "choices": [end]},
        {**head, "choices": [], "usage": usage},
    ]
    return [*(f"data: {json.dumps(event)}\n\n" for event in events), "data: [DONE]\n\n"]


def _anthropic(text: str, cached: Cached) -> list[str]:
    usage = {
        "input_tokens": cached.whole - cached.read - cached.written,
        "cache_read_input_tokens": cached.read,
        "cache_creation_input_tokens": cached.written,
        "output_tokens": 1,
    }
    message = {"id": "m1", "type": "message", "role": "assistant", "model": "m", "content": []}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**message, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": len(text) // CHARACTERS_A_TOKEN},
        },
        {"type": "message_stop"},
    ]
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
