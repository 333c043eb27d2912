"""How does a test wait? Always with a bound."""

import asyncio
from asyncio import Timeout
from collections.abc import Callable

_POLL_S = 0.01


def within(seconds: float = 5) -> Timeout:
    """Bound a block: `async with within(): ...` ends with TimeoutError."""
    return asyncio.timeout(seconds)


async def eventually(
    predicate: Callable[[], object], *, seconds: float = 5, what: str = ""
) -> None:
    """Wait until the predicate is true.

    Raises:
        AssertionError: it did not become true in time; `what` says what was awaited.
    """
    try:
        async with within(seconds):
            while not predicate():  # noqa: ASYNC110 - predicates look at what has no event
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise AssertionError(f"not within {seconds} s: {what or predicate}") from None
