"""How much may a client ask? A bucket that refills: a burst passes and a flood does not."""

import time
from collections.abc import Callable

REQUESTS_PER_S = 200.0
BURST = 400


class Bucket:
    """Permits that come back with time."""

    def __init__(
        self,
        per_s: float = REQUESTS_PER_S,
        burst: int = BURST,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin full; `per_s` permits come back each second, up to `burst`."""
        self._per_s = per_s
        self._burst = burst
        self._clock = clock
        self._left = float(burst)
        self._filled_at = clock()

    def take(self) -> float:
        """Take a permit; return the seconds until there is one when there is none, else 0."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._filled_at) * self._per_s)
        self._filled_at = now
        if self._left < 1:
            return (1 - self._left) / self._per_s
        self._left -= 1
        return 0.0
