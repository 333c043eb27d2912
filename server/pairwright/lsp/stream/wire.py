"""How does LSP's JSON become LSP's types, and back? One converter for all sessions."""

from typing import Any, TypeVar

from cattrs import transform_error
from pygls.protocol import default_converter

from pairwright.lsp.stream.failures import ErrorCode, ProtocolError

T = TypeVar("T")

# Made on import, which the daemon does in a thread: it takes 17 ms, for which an editor's first
# message would hold the event loop.
_converter = default_converter()  # type: ignore[no-untyped-call]


def structure(kind: type[T], data: Any) -> T:
    """Return JSON data as an LSP value.

    Raises:
        ProtocolError: it is no such value.
    """
    try:
        value: T = _converter.structure(data, kind)
    except Exception as error:
        # Hooks for unions raise whatever the wrong data makes them stumble on.
        reasons = transform_error(error, path="params")
        raise ProtocolError(ErrorCode.INVALID_PARAMS, "; ".join(reasons)[:300]) from None
    return value


def unstructure(value: Any) -> Any:
    """Return an LSP value as JSON data."""
    return _converter.unstructure(value)
