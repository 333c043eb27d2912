"""What is a line, what is a message, and what is neither?"""

import asyncio
from typing import Any

import pytest
from mcp_types import JSONRPCRequest

from pairwright.mcp.lines import LineReader, Refused, client_name, parse

PARSE_ERROR, INVALID_REQUEST = -32700, -32600


async def lines_of(*chunks: bytes, max_bytes: int = 20) -> list[Any]:
    stream = asyncio.StreamReader()
    for chunk in chunks:
        stream.feed_data(chunk)
    stream.feed_eof()
    lines = LineReader(stream, max_bytes=max_bytes)
    found = []
    while (line := await lines.next()) is not None:
        found.append(line)
    return found


async def test_lines_come_whole_however_they_were_cut() -> None:
    assert await lines_of(b"on", b"e\ntwo\n\n  \nthree", b"\n") == [b"one", b"two", b"three"]


async def test_what_has_no_end_is_no_line() -> None:
    assert await lines_of(b"one\n{") == [b"one"]


@pytest.mark.parametrize("length", [21, 65_541, 200_000])
async def test_a_line_that_is_too_long_is_refused_once_and_the_next_is_read(length: int) -> None:
    refused, following = await lines_of(b"x" * length + b"\nnext\n")
    assert isinstance(refused, Refused)
    assert "longer than 20 bytes" in refused.reason
    assert following == b"next"


async def test_a_line_of_just_the_most_bytes_is_read() -> None:
    assert await lines_of(b"x" * 20 + b"\n") == [b"x" * 20]


@pytest.mark.parametrize(
    ("body", "identity", "code"),
    [
        (b"nonsense", None, PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":1', None, PARSE_ERROR),
        (b"\xff\xfe", None, PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":NaN}}', None, PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":"\\ud800","method":"x"}', None, PARSE_ERROR),
        (b"[" * 100_000, None, PARSE_ERROR),
        (b'{"a":' * 300 + b"1" + b"}" * 300, None, PARSE_ERROR),
        (b"[]", None, INVALID_REQUEST),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', None, INVALID_REQUEST),
        (b"7", None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":true,"method":"x"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":null,"method":"x"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"x"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"1.0","id":1,"method":"x"}', 1, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":"a","method":5}', "a", INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}', 1, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1}', 1, INVALID_REQUEST),
    ],
)
def test_what_is_no_message_is_refused_under_its_id_if_it_has_one(
    body: bytes,
    identity: Any,
    code: int,
) -> None:
    refused = parse(body)
    assert isinstance(refused, Refused)
    assert (refused.id, refused.code) == (identity, code)


def request(method: str, params: Any) -> JSONRPCRequest:
    return JSONRPCRequest(jsonrpc="2.0", id=1, method=method, params=params)


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"name": "claude-code"}, "claude-code"),
        ({"name": "a\x1b[31mb\n"}, "a[31mb"),
        ({"name": "x" * 500}, "x" * 100),
        ({"name": " \u202e "}, None),
        ({"name": 7}, None),
        ({}, None),
        ("claude", None),
        (None, None),
    ],
)
def test_a_client_is_called_as_it_says_in_either_era(info: Any, expected: str | None) -> None:
    modern = {"_meta": {"io.modelcontextprotocol/clientInfo": info}}
    assert client_name(request("initialize", {"clientInfo": info})) == expected
    assert client_name(request("tools/list", modern)) == expected


def test_only_initialize_names_a_client_outside_of_meta() -> None:
    assert client_name(request("tools/list", {"clientInfo": {"name": "x"}})) is None
    assert client_name(request("tools/list", None)) is None
