"""What does a model hub look like to a download? One file on loopback, faulty on demand."""

import http.server
import re
from typing import Any


class Hub(http.server.ThreadingHTTPServer):
    """A model hub with one file; it can cut, ignore ranges, or hold something else."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.content = content
        self.cuts_after: int | None = None
        self.honours_ranges = True
        self.status: int | None = None
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class HubHandler(http.server.BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.ranges.append(asked)
        known = self.path == "/someone/tiny/resolve/main/tiny.gguf"
        if self.server.status is not None or not known:
            self.send_error(self.server.status or 404)
            return
        found = re.fullmatch(r"bytes=(\d+)-", asked)
        start = int(found[1]) if found and self.server.honours_ranges else 0
        body = self.server.content[start:]
        self.send_response(206 if self.server.honours_ranges else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cuts_after])

    def log_message(self, *arguments: Any) -> None:
        pass
