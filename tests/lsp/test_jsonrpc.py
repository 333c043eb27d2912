"""Is each body told apart?"""

import json
from typing import Any

import pytest

from pairwright.lsp.stream.failures import ErrorCode
from pairwright.lsp.stream.jsonrpc import Invalid, Notification, Request, Response, parse, serialise


def body(**members: Any) -> bytes:
    """Return a body with a version."""
    return json.dumps({"jsonrpc": "2.0", **members}).encode()


def test_requests_notifications_and_responses_are_told_apart() -> None:
    assert parse(body(id=1, method="m", params={"a": 1})) == Request(1, "m", {"a": 1})
    assert parse(body(id="x", method="m")) == Request("x", "m", None)
    assert parse(body(id=-5, method="m", params=[1])) == Request(-5, "m", [1])
    assert parse(body(method="m")) == Notification("m", None)
    assert parse(body(id=1, result=None)) == Response(1, None, None)
    assert parse(body(id=1, error={"code": 1, "message": "no"})) == Response(1, None, "no")
    assert parse(body(id=1, error="odd")) == Response(1, None, "no reason given")


@pytest.mark.parametrize(
    ("sent", "identity", "code"),
    [
        (b"", None, ErrorCode.PARSE_ERROR),
        (b"{", None, ErrorCode.PARSE_ERROR),
        (b'{"a": NaN}', None, ErrorCode.PARSE_ERROR),
        (b"\xff\xfe{}", None, ErrorCode.PARSE_ERROR),
        (b"[" * 100_000, None, ErrorCode.PARSE_ERROR),
        (b'{"a": ' + b"9" * 5000 + b"}", None, ErrorCode.PARSE_ERROR),
        (b"[]", None, ErrorCode.INVALID_REQUEST),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "m"}]', None, ErrorCode.INVALID_REQUEST),
        (b"7", None, ErrorCode.INVALID_REQUEST),
        (b'"text"', None, ErrorCode.INVALID_REQUEST),
        (b"{}", None, ErrorCode.INVALID_REQUEST),
        (b'{"id": 1, "method": "m"}', 1, ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "m"}', 1, ErrorCode.INVALID_REQUEST),
        (body(id=None, method="m"), None, ErrorCode.INVALID_REQUEST),
        (body(id=1.5, method="m"), None, ErrorCode.INVALID_REQUEST),
        (body(id=True, method="m"), None, ErrorCode.INVALID_REQUEST),
        (body(id={}, method="m"), None, ErrorCode.INVALID_REQUEST),
        (body(id=1, method=5), 1, ErrorCode.INVALID_REQUEST),
        (body(id=1), 1, ErrorCode.INVALID_REQUEST),
        (body(id=1, result=1, error={}), 1, ErrorCode.INVALID_REQUEST),
        (body(id=1, method="m", params="text"), 1, ErrorCode.INVALID_PARAMS),
        (body(id=1, method="m", params=5), 1, ErrorCode.INVALID_PARAMS),
    ],
)
def test_what_is_no_message_is_answered_under_its_id(
    sent: bytes, identity: object, code: ErrorCode
) -> None:
    said = parse(sent)
    assert isinstance(said, Invalid)
    assert (said.id, said.code) == (identity, code)


def test_a_lone_surrogate_survives_both_ways() -> None:
    said = parse(b'{"jsonrpc": "2.0", "method": "m", "params": ["\\ud800"]}')
    assert said == Notification("m", ["\ud800"])
    assert b"\\ud800" in serialise({"method": "m", "params": ["\ud800"]})


def test_the_word_jsonrpc_inside_params_means_nothing() -> None:
    params = {"jsonrpc": "2.0", "id": 3, "method": "other"}
    assert parse(body(id=1, method="m", params=params)) == Request(1, "m", params)


def test_an_error_about_an_unreadable_message_is_not_answered() -> None:
    assert isinstance(parse(body(id=None, error={"code": -32700, "message": "?"})), Response)
