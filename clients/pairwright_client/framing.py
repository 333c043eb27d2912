"""Where does one message of the LSP base protocol end? Pure: bytes in, bodies out."""

import re

from pairwright_client.errors import ConnectionLost

MAX_HEADER_BYTES = 4096
MAX_BODY_BYTES = 64 * 1024 * 1024
_HEADER_END = re.compile(rb"\r?\n\r?\n")
"""Some clients write bare line feeds; the daemon reads them as well."""


class FrameParser:
    """Takes bytes as they come and gives whole bodies."""

    def __init__(self) -> None:
        """Begin before the first header."""
        self._buffer = bytearray()
        self._length: int | None = None

    def feed(self, received: bytes) -> list[bytes]:
        """Return the bodies that are now whole.

        Raises:
            ConnectionLost: a header has no usable length, or something is too long.
        """
        self._buffer += received
        bodies = []
        while (body := self._next()) is not None:
            bodies.append(body)
        return bodies

    def _next(self) -> bytes | None:
        if self._length is None:
            found = _HEADER_END.search(self._buffer)
            end = found.start() if found else -1
            if max(end, len(self._buffer) if end < 0 else 0) > MAX_HEADER_BYTES:
                raise ConnectionLost(f"a message's header is longer than {MAX_HEADER_BYTES} bytes")
            if found is None:
                return None
            self._length = _content_length(bytes(self._buffer[:end]))
            del self._buffer[: found.end()]
        if len(self._buffer) < self._length:
            return None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        self._length = None
        return body


def _content_length(header: bytes) -> int:
    for line in header.split(b"\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            digits = value.strip()
            if digits.isdigit() and len(digits) < 12 and int(digits) <= MAX_BODY_BYTES:
                return int(digits)
            raise ConnectionLost(f"not a length of a message: {digits[:40]!r}")
    raise ConnectionLost("a message's header has no Content-Length")
