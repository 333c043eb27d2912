"""Answers as providers of several kinds send them, with their usage; the shapes are theirs."""

import binascii
import json
import struct
from typing import Any

from tests.support.model_server import Raw

JSON_LINES = "application/x-ndjson"
EVENT_STREAM = "application/vnd.amazon.eventstream"


def chat_chunks(usage: dict[str, Any] | None, *, finish: str | None = "stop", **more: Any) -> Raw:
    """What OpenAI sends, and whoever speaks like it: usage in a last chunk without choices."""
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", **more}
    said = {"index": 0, "delta": {"role": "assistant", "content": "hello"}, "finish_reason": None}
    events: list[dict[str, Any]] = [{**head, "choices": [said]}]
    if finish:
        end = {"index": 0, "delta": {}, "finish_reason": finish}
        events.append({**head, "choices": [end]})
    if usage is not None:
        events.append({**head, "choices": [], "usage": usage})
    body = server_sent(*events)
    return Raw(body + (b"data: [DONE]\n\n" if finish else b""))


def anthropic_events(start: dict[str, Any], end: dict[str, Any] | None) -> Raw:
    """Usage at the start; at the end what was written. None: the stream breaks off before."""
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "m",
        "stop_reason": None,
        "stop_sequence": None,
        "usage": start,
    }
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": "hello"},
        },
    ]
    if end is not None:
        stop = {"stop_reason": "end_turn", "stop_sequence": None}
        events += [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": stop, "usage": end},
            {"type": "message_stop"},
        ]
    named = (f"event: {event['type']}\n".encode() + server_sent(event) for event in events)
    return Raw(b"".join(named))


def gemini_chunks(*usages: dict[str, Any], finish: str | None = "STOP") -> Raw:
    """Usage in every chunk, growing; the last is the sum. Without a reason, it breaks off."""
    chunks = []
    for number, usage in enumerate(usages, 1):
        candidate: dict[str, Any] = {
            "content": {"parts": [{"text": "hello"}], "role": "model"},
            "index": 0,
        }
        if finish and number == len(usages):
            candidate["finishReason"] = finish
        chunks.append({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m"})
    return Raw(server_sent(*chunks))


def ollama_lines(end: dict[str, Any] | None) -> Raw:
    """One JSON value a line; counts in the last. None: the stream breaks off before."""
    head = {"model": "m", "created_at": "2026-01-01T00:00:00Z"}
    lines = [
        {**head, "message": {"role": "assistant", "content": "hello"}, "done": False},
    ]
    if end is not None:
        said = {"role": "assistant", "content": ""}
        lines.append({**head, "message": said, "done": True, **end})
    return Raw("".join(f"{json.dumps(line)}\n" for line in lines).encode(), JSON_LINES)


def bedrock_frames(usage: dict[str, Any] | None) -> Raw:
    """Amazon's binary event stream, usage in a `metadata` frame at the end; None: it breaks off."""
    frames: tuple[tuple[str, dict[str, Any]], ...] = (
        ("messageStart", {"role": "assistant"}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "hello"}}),
    )
    if usage is not None:
        frames += (
            ("contentBlockStop", {"contentBlockIndex": 0}),
            ("messageStop", {"stopReason": "end_turn"}),
            ("metadata", {"usage": usage, "metrics": {"latencyMs": 100}}),
        )
    return Raw(b"".join(_frame(name, payload) for name, payload in frames), EVENT_STREAM)


def server_sent(*events: dict[str, Any]) -> bytes:
    """Return the events as a server sends them."""
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()


def _frame(event: str, payload: dict[str, Any]) -> bytes:
    headers = b"".join(
        bytes([len(name)])
        + name.encode()
        + b"\x07"
        + struct.pack(">H", len(value))
        + value.encode()
        for name, value in (
            (":event-type", event),
            (":content-type", "application/json"),
            (":message-type", "event"),
        )
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", len(headers) + len(body) + 16, len(headers))
    head = prelude + struct.pack(">I", binascii.crc32(prelude)) + headers + body
    return head + struct.pack(">I", binascii.crc32(head))
