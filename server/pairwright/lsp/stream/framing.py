"""Where does one message end and the next begin? LSP's base protocol, read without trust.

Header names are matched as in HTTP: case and spacing do not matter. A first line that is no header,
such as a browser's `POST / HTTP/1.1`, is not our protocol and gets no answer at all.
"""

import asyncio
import re

MAX_BODY_BYTES = 64 * 1024 * 1024
_MAX_HEADERS = 16
_HEADER = re.compile(rb"([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?\n")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_CHARSET = re.compile(rb'charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)


class BadFrame(Exception):
    """The bytes cannot be cut into messages any more; the message says why."""


class ForeignProtocol(BadFrame):
    """The peer speaks something else, HTTP or TLS say, and must not be answered."""


async def read_frame(
    reader: asyncio.StreamReader, *, max_body_bytes: int = MAX_BODY_BYTES
) -> bytes | None:
    """Return the next message's body; None when the peer is gone.

    Raises:
        BadFrame: the header makes no sense, or claims more than `max_body_bytes`.
    """
    headers = await _read_headers(reader)
    if headers is None:
        return None
    _check_charset(headers.get(b"content-type", b""))
    if (claimed := headers.get(b"content-length")) is None:
        raise BadFrame("a message has no Content-Length")
    if not _LENGTH.fullmatch(claimed):
        raise BadFrame("a message's Content-Length is no number")
    length = int(claimed)
    if length > max_body_bytes:
        raise BadFrame(f"a message claims {length} bytes, {max_body_bytes} are allowed")
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


async def _read_headers(reader: asyncio.StreamReader) -> dict[bytes, bytes] | None:
    headers: dict[bytes, bytes] = {}
    while True:
        try:
            line = await reader.readline()
        except ValueError:
            raise ForeignProtocol("a header line is too long") from None
        if not line.endswith(b"\n"):
            return None
        if line in (b"\r\n", b"\n"):
            return headers
        if not (match := _HEADER.fullmatch(line)):
            raise ForeignProtocol("a line is no LSP header")
        name, value = match[1].lower(), match[2]
        if headers.setdefault(name, value) != value:
            raise BadFrame("a header comes twice with different values")
        if len(headers) > _MAX_HEADERS:
            raise ForeignProtocol("a message has too many headers")


def _check_charset(content_type: bytes) -> None:
    match = _CHARSET.search(content_type)
    if match and match[1].lower() not in (b"utf-8", b"utf8"):
        raise BadFrame("messages must be UTF-8")
