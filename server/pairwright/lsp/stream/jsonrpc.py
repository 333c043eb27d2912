"""What does a message's body say? JSON-RPC 2.0 as LSP restricts it: no batches, no null ids."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn, TypeGuard

from pairwright.lsp.stream.failures import ErrorCode

MessageId = str | int


@dataclass(frozen=True, slots=True)
class Request:
    """To be answered exactly once."""

    id: MessageId
    method: str
    params: Any


@dataclass(frozen=True, slots=True)
class Notification:
    """Not to be answered."""

    method: str
    params: Any


@dataclass(frozen=True, slots=True)
class Response:
    """The client's answer to a request of ours."""

    id: MessageId
    result: Any
    error: str | None
    """The client's message when it refused."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """Not a message; to be answered with the error, under the id where one could be read."""

    id: MessageId | None
    code: ErrorCode
    reason: str


def parse(body: bytes) -> Request | Notification | Response | Invalid:
    """Return what a body says; never raises."""
    try:
        said = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return Invalid(None, ErrorCode.PARSE_ERROR, "a message is not JSON")
    if isinstance(said, list):
        return Invalid(None, ErrorCode.INVALID_REQUEST, "LSP has no batches")
    if not isinstance(said, dict):
        return Invalid(None, ErrorCode.INVALID_REQUEST, "a message is no object")
    identity: MessageId | None = said.get("id")
    if "id" in said and not is_id(identity):
        if "method" not in said:
            return Response("", None, "the client could not read a message")
        return Invalid(None, ErrorCode.INVALID_REQUEST, "an id is neither string nor integer")
    if said.get("jsonrpc") != "2.0":
        return Invalid(identity, ErrorCode.INVALID_REQUEST, 'a message lacks "jsonrpc": "2.0"')
    if "method" not in said:
        return _parse_response(said)
    method, params = said["method"], said.get("params")
    if not isinstance(method, str):
        return Invalid(identity, ErrorCode.INVALID_REQUEST, "a method is no string")
    if params is not None and not isinstance(params, dict | list):
        return Invalid(identity, ErrorCode.INVALID_PARAMS, "params are neither object nor array")
    return Notification(method, params) if identity is None else Request(identity, method, params)


def serialise(message: dict[str, Any]) -> bytes:
    """Return a message's body; the version member is added."""
    return json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode()


def is_id(value: Any) -> TypeGuard[MessageId]:
    """Tell whether a value may be a request's id."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _parse_response(said: dict[str, Any]) -> Response | Invalid:
    identity = said.get("id")
    if identity is None or ("result" in said) == ("error" in said):
        reason = "a message is neither request, notification nor response"
        return Invalid(identity, ErrorCode.INVALID_REQUEST, reason)
    if "result" in said:
        return Response(identity, said["result"], None)
    error = said["error"]
    message = error.get("message") if isinstance(error, dict) else None
    return Response(identity, None, str(message or "no reason given"))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
