"""May this endpoint be asked just now? A circuit breaker: a state machine, and no more.

Closed: it is asked. After some failures in a row it opens, and nobody asks. When it has rested it
is half open: one call probes it, whose end closes it again or gives it a longer rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

FAILURES = 5
"""In a row. A call has three attempts by default: it takes more than one call to open."""
REST_S = 30.0
LONGEST_REST_S = 300.0


class BreakerState(StrEnum):
    """How it stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half open"


@dataclass(frozen=True, slots=True)
class Rest:
    """Why nobody may ask just now."""

    failures: int
    """How many there were in a row."""
    left_s: float
    """Until the next try; 0: somebody tries just now."""


class Breaker:
    """One endpoint's breaker."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin closed; the clock tells seconds and never goes back."""
        self.state = BreakerState.CLOSED
        self.failures = 0
        """In a row."""
        self._clock = clock
        self._rest_s = REST_S
        self._open_until_s = 0.0

    def enter(self) -> Rest | None:
        """Return None when the endpoint may be asked; then say how that ended."""
        if self.state is BreakerState.HALF_OPEN:
            return Rest(self.failures, 0.0)
        if self.state is BreakerState.OPEN:
            left_s = self._open_until_s - self._clock()
            if left_s > 0:
                return Rest(self.failures, left_s)
            self.state = BreakerState.HALF_OPEN
        return None

    def succeeded(self) -> None:
        """It answered: begin anew."""
        self.state = BreakerState.CLOSED
        self.failures = 0
        self._rest_s = REST_S

    def failed(self) -> None:
        """It did not answer."""
        if self.state is BreakerState.OPEN:
            return  # a call that was under way when others opened it
        self.failures += 1
        if self.state is BreakerState.HALF_OPEN:
            self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)
            self._open()
        elif self.failures >= FAILURES:
            self._open()

    def abandoned(self) -> None:
        """Nobody knows whether it would have answered: the next call may probe in its place."""
        if self.state is BreakerState.HALF_OPEN:
            self.state = BreakerState.OPEN
            self._open_until_s = self._clock()

    def _open(self) -> None:
        self.state = BreakerState.OPEN
        self._open_until_s = self._clock() + self._rest_s
