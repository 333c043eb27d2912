"""How are the endpoints that models are behind? Shared by all calls of a daemon.

A task that finds an endpoint dead need not wait as long as the one before it, and many calls at
once wait for one another here rather than at the provider, which would refuse them.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from pairwright.errors import CircuitOpen, ModelError, RateLimited, Unavailable
from pairwright.llm.breaker import Breaker, BreakerState, Rest

CONCURRENT_REQUESTS = 8
_log = logging.getLogger(__name__)


class Circuit:
    """The way to one endpoint, as all calls share it."""

    def __init__(self, name: str, concurrent_requests: int, clock: Callable[[], float]) -> None:
        """Begin with a closed breaker and nothing under way."""
        self.name = name
        self._breaker = Breaker(clock)
        self._slots = asyncio.Semaphore(concurrent_requests)

    @asynccontextmanager
    async def asked(self) -> AsyncGenerator[None, None]:
        """Ask it once within the block, when it is one's turn; how that ends is remembered.

        Raises:
            CircuitOpen: it failed too often in a row; nothing may be asked.
        """
        async with self._slots:
            if rest := self._breaker.enter():
                raise CircuitOpen(_in_words(self.name, rest))
            try:
                yield
            except Unavailable:
                self._breaker.failed()
                if self._breaker.state is BreakerState.OPEN:
                    _log.warning("%s failed %s times in a row", self.name, self._breaker.failures)
                raise
            except RateLimited:
                # It lives, and says itself when to come back.
                self._breaker.abandoned()
                raise
            except ModelError:
                self._breaker.succeeded()
                raise
            except BaseException:
                self._breaker.abandoned()
                raise
            self._breaker.succeeded()


class Circuits:
    """Every endpoint's circuit, by the endpoint's name."""

    def __init__(
        self,
        *,
        concurrent_requests: int = CONCURRENT_REQUESTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know none yet.

        Args:
            concurrent_requests: how many requests one endpoint is sent at a time.
            clock: seconds; never goes back.
        """
        self._concurrent_requests = concurrent_requests
        self._clock = clock
        self._circuits: dict[str, Circuit] = {}

    def of(self, name: str) -> Circuit:
        """Return the one circuit of that endpoint."""
        if name not in self._circuits:
            self._circuits[name] = Circuit(name, self._concurrent_requests, self._clock)
        return self._circuits[name]


def _in_words(name: str, rest: Rest) -> str:
    said = f"{name} has failed {rest.failures} times in a row"
    if not rest.left_s:
        return f"{said} and is being tried again just now"
    return f"{said}; next try in {max(1, round(rest.left_s))} s"
