"""How fast may one client speak? Faster than any editor, and never so fast that others wait.

A client that floods is read more slowly, so that its own writes block; nothing it said is lost.
"""

import asyncio

MOST_PER_SECOND = 5_000.0
BURST = 10_000
"""Messages that may come at once after some silence: an editor that opens all its files."""
_TURN = 16
"""Messages that are taken before the event loop's other work has its turn."""


class Pace:
    """Counts one client's messages."""

    def __init__(
        self, *, most_per_second: float = MOST_PER_SECOND, burst: int = BURST, turn: int = _TURN
    ) -> None:
        """Begin with a whole burst to spend."""
        self._most_per_second = most_per_second
        self._burst = float(burst)
        self._left = float(burst)
        self._turn = turn
        self._taken = 0
        self._counted_at: float | None = None

    async def next(self) -> None:
        """Return when one more message may be taken."""
        now = asyncio.get_running_loop().time()
        since = now - (self._counted_at if self._counted_at is not None else now)
        self._counted_at = now
        self._left = min(self._burst, self._left + since * self._most_per_second) - 1
        self._taken += 1
        if self._left < 0:
            await asyncio.sleep(-self._left / self._most_per_second)
        elif self._taken % self._turn == 0:
            # Messages that lie in the buffer already are read without a pause.
            await asyncio.sleep(0)
