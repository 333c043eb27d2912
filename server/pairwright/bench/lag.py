"""How long is an event loop blocked? A ticker notes how much later it runs than it asked to."""

import asyncio
import time
from types import TracebackType

from pairwright.bench.table import percentile
from pairwright.engine.background import in_background

TICK_S = 0.005


class LoopLag:
    """Measures the running loop's lag, from `async with` to its end."""

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self._late_ms: list[float] = []
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "LoopLag":
        self._ticking = in_background(self._tick(), "ticker")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.wait([self._ticking])

    @property
    def worst_ms(self) -> float:
        """The longest that anything had to wait."""
        return max(self._late_ms, default=0.0)

    def forget(self) -> None:
        """Begin anew."""
        self._late_ms.clear()

    def figures(self) -> dict[str, float]:
        """Return what was seen, in milliseconds."""
        seen = self._late_ms or [0.0]
        return {"max": max(seen), "p99": percentile(seen, 99)}

    async def _tick(self) -> None:
        while True:
            due = time.perf_counter() + TICK_S
            await asyncio.sleep(TICK_S)
            self._late_ms.append(max(time.perf_counter() - due, 0.0) * 1000)
