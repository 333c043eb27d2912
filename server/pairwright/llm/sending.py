"""How does a question leave? Not before it is on record, and to its own address alone.

httpx takes `Authorization` off when a redirect leads to another host, and leaves every other header
that providers want their keys in (`x-api-key`, `x-goog-api-key`, `api-key`) as well as the body.
"""

import asyncio
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_record: ContextVar[asyncio.Future[None] | None] = ContextVar("record", default=None)


@contextmanager
def sent_after(record: asyncio.Future[None]) -> Iterator[None]:
    """Let what is sent within the block wait for a record of it, and stay when that fails."""
    token = _record.set(record)
    try:
        yield
    finally:
        _record.reset(token)


async def on_record() -> None:
    """Wait until what is about to leave is on record, where it is to be.

    Raises:
        UserError: it cannot be; nothing may leave.
    """
    if (record := _record.get()) is not None:
        # Shielded: it is everybody's who reserved meanwhile.
        await asyncio.shield(record)


@functools.cache
def guard_sending() -> None:
    """Have every client of httpx in this process send questions so; harmless to repeat."""
    import httpx

    send = httpx.AsyncClient.send

    async def send_on_record(
        self: httpx.AsyncClient, request: httpx.Request, **options: Any
    ) -> httpx.Response:
        if request.method == "POST":
            options["follow_redirects"] = False
            await on_record()
        return await send(self, request, **options)

    # litellm makes its clients itself, in several places, and all of them send by this method.
    httpx.AsyncClient.send = send_on_record  # type: ignore[method-assign]
