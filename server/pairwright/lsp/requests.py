"""How does a request of ours begin? With params that are what they should be, or not at all."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from pairwright.errors import InvalidRequest
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.protocol.codec import decode, encode

Params = TypeVar("Params")


def typed(kind: type[Params], meet: Callable[[Params], Awaitable[Any]]) -> Callable[[Any], Work]:
    """Return what begins a request: decodes its params at once, meets it as its own task."""

    def begin(params: Any) -> Work:
        try:
            decoded = decode(kind, {} if params is None else params)
        except InvalidRequest as error:
            raise ProtocolError(ErrorCode.INVALID_PARAMS, str(error)) from None
        return partial(_meet, meet, decoded)

    return begin


async def _meet(meet: Callable[[Params], Awaitable[Any]], params: Params) -> Any:
    return encode(await meet(params))
