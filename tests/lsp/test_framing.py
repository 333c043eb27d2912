"""Are messages cut as the base protocol says?"""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.lsp.stream.framing import BadFrame, ForeignProtocol, read_frame
from pairwright.protocol.framing import frame

PIECES = (
    *(b"Content-Length: 2\r\n\r\n{}", b"Content-Length: 2\n\n{}", b"content-length :", b"\r\n"),
    *(b"Content-Length: 99\r\n", b"Content-Length: 9" + b"9" * 30 + b"\r\n\r\n", b"\n", b"\0"),
    *(b"Content-Type: a/b; charset=", b"X: " + b"y" * 2000, b"POST / HTTP/1.1\r\n"),
)


async def read(*parts: bytes, max_body_bytes: int = 100) -> bytes | None:
    """Read one frame of a stream that ends after the parts."""
    reader = asyncio.StreamReader(limit=1024)
    reader.feed_data(b"".join(parts))
    reader.feed_eof()
    return await read_frame(reader, max_body_bytes=max_body_bytes)


async def test_what_is_framed_is_read_back() -> None:
    assert await read(frame("ä{}".encode())) == "ä{}".encode()


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length: 2\r\n\r\n",
        b"CONTENT-LENGTH:2\r\n\r\n",
        b"Content-Length :   2  \r\n\r\n",
        b"Content-Length: 2\n\n",
        b"Content-Length: 002\r\n\r\n",
        b"X-Trace: 1\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b'Content-Type: application/vscode-jsonrpc; charset="UTF8"\r\nContent-Length: 2\r\n\r\n',
    ],
)
async def test_header_variants_are_accepted(header: bytes) -> None:
    assert await read(header, b"{}") == b"{}"


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: a/b\r\n\r\n",
        b"\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: two\r\n\r\n",
        b"Content-Length: 1.5\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"Content-Length: 101\r\n\r\n",
        b"Content-Length: 10000000000\r\n\r\n",
        b"Content-Length: 99999999999999999999999\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
        b"Content-Length: 2\r\nContent-Type: a/b; charset=latin-1\r\n\r\n",
    ],
)
async def test_senseless_headers_are_refused(header: bytes) -> None:
    with pytest.raises(BadFrame) as raised:
        await read(header, b"{}")
    assert not isinstance(raised.value, ForeignProtocol)


@pytest.mark.parametrize(
    "header",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n",
        b"GET http://localhost:1/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
        b"Content-Length: 2\r\nno header\r\n\r\n",
        b"a" * 5000 + b"\r\n",
        b"".join(b"X-%d: 1\r\n" % number for number in range(40)),
    ],
)
async def test_foreign_protocols_are_recognised(header: bytes) -> None:
    with pytest.raises(ForeignProtocol):
        await read(header, b"{}")


async def test_an_end_anywhere_is_the_end() -> None:
    whole = b"Content-Length: 5\r\n\r\nhello"
    for length in range(len(whole)):
        assert await read(whole[:length]) is None
    assert await read(whole) == b"hello"


async def test_an_empty_body_is_a_body() -> None:
    assert await read(b"Content-Length: 0\r\n\r\n") == b""


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(PIECES)), max_size=8))
@settings(max_examples=400, deadline=None)
def test_whatever_the_bytes_they_are_bodies_an_end_or_no_frame(pieces: list[bytes]) -> None:
    """T1, on the framing alone."""
    sent = b"".join(pieces)

    async def read_all() -> int:
        reader = asyncio.StreamReader(limit=1024)
        reader.feed_data(sent)
        reader.feed_eof()
        taken = 0
        with suppress(BadFrame):
            while (body := await read_frame(reader, max_body_bytes=100)) is not None:
                taken += len(body)
        return taken

    assert asyncio.run(read_all()) <= len(sent)
