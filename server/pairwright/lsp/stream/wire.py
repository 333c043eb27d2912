"""How does LSP's JSON become LSP's types, and back? One converter for all sessions."""

from functools import cache
from typing import Any, TypeVar

from cattrs import transform_error
from pygls.protocol import default_converter

from pairwright.lsp.stream.failures import ErrorCode, ProtocolError

T = TypeVar("T")

# Building a converter's hooks takes forty times as long as the rest of a session's beginning.
_converter = cache(default_converter)


def structure(kind: type[T], data: Any) -> T:
    """Return JSON data as an LSP value.

    Raises:
        ProtocolError: it is no such value.
    """
    try:
        value: T = _converter().structure(data, kind)
    except Exception as error:
        # Hooks for unions raise whatever the wrong data makes them stumble on.
        reasons = transform_error(error, path="params")
        raise ProtocolError(ErrorCode.INVALID_PARAMS, "; ".join(reasons)[:300]) from None
    return value


def unstructure(value: Any) -> Any:
    """Return an LSP value as JSON data."""
    return _converter().unstructure(value)
