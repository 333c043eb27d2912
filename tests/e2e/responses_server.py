"""What does an assistant's own model say? A script, over OpenAI's Responses API on loopback."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_USAGE = {
    "input_tokens": 10,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 5,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 15,
}


@dataclass(frozen=True)
class ToolCall:
    """The model wants a tool called."""

    name: str
    arguments: dict[str, Any]


class ResponsesServer(ThreadingHTTPServer):
    """Answers each request with the next call, and then says that it is done."""

    daemon_threads = True

    def __init__(self, calls: Sequence[ToolCall]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._calls = list(calls)
        self.requests: list[dict[str, Any]] = []
        """What was asked, in order."""

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def tools(self) -> dict[str, str]:
        """Return the tools that the model was offered, and the namespace of each, if any."""
        found = {}
        for tool in self.requests[0]["tools"]:
            inner = tool.get("tools")
            for each in inner or [tool]:
                name = each.get("name")
                if name:
                    found[name] = tool["name"] if inner else ""
        return found

    def outputs(self) -> list[str]:
        """Return what the tools answered, as the model was told."""
        said = self.requests[-1]["input"]
        return [str(item["output"]) for item in said if item["type"] == "function_call_output"]

    def next_item(self) -> dict[str, Any]:
        answered = sum(item["type"] == "function_call_output" for item in self._said())
        if answered >= len(self._calls):
            done = [{"type": "output_text", "text": "done"}]
            return {"type": "message", "id": "m1", "role": "assistant", "content": done}
        call = self._calls[answered]
        named: dict[str, Any] = {"name": call.name, "arguments": json.dumps(call.arguments)}
        if namespace := self.tools().get(call.name):
            named["namespace"] = namespace
        number = f"{answered}"
        return {"type": "function_call", "id": f"f{number}", "call_id": f"c{number}", **named}

    def _said(self) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = self.requests[-1]["input"]
        return said


class _Handler(BaseHTTPRequestHandler):
    server: ResponsesServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer("application/json", b'{"object":"list","data":[],"models":[]}')

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.requests.append(json.loads(self.rfile.read(length)))
        item = self.server.next_item()
        response = {"id": "r1", "usage": _USAGE}
        events: list[dict[str, Any]] = [
            {"type": "response.created", "response": {"id": "r1"}},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": response},
        ]
        body = "".join(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in events)
        self._answer("text/event-stream", body.encode())

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serve_responses(*calls: ToolCall) -> Iterator[ResponsesServer]:
    """Serve from a thread."""
    server = ResponsesServer(calls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
