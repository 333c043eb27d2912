"""Is a failed call worth another try, and when? Policy only: the loop is where calls are paid.

Three things bound the tries of one call: their count, their time, and their money.
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pairwright.errors import ModelError, RateLimited, Unavailable

_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 8.0
_LONGEST_WISH_S = 60.0
"""A provider that wishes for more is not coming back within anybody's patience."""
_LEAST_S = 0.5
"""What an attempt has that had to wait for its turn until nothing was left."""
_WORST_CASES = 2
"""How many times its worst case a call may cost with all its tries. A try that breaks off early
costs little and leaves room for more; one that was paid in full is tried once more at most."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a call is tried."""

    attempts: int = 3
    attempt_s: float = 300.0
    """Seconds for one attempt, from the request to the last token."""
    deadline_s: float = 600.0
    """Seconds for all attempts and the waits between them."""
    jitter: Callable[[], float] = random.random
    """From 0 to 1, anew for each wait: calls that failed together shall not come back together."""
    clock: Callable[[], float] = time.monotonic


class Tries:
    """The tries of one call."""

    def __init__(self, policy: RetryPolicy) -> None:
        """Begin with none."""
        self.attempt = 0
        """The number of the present attempt; the first is 1."""
        self.worst_case_usd: Decimal | None = None
        """The most that the present attempt can cost; None bounds nothing."""
        self.spent_usd = Decimal(0)
        """What the attempts so far have cost, as far as it is known."""
        self._policy = policy
        self._end_s = 0.0

    def begin_attempt(self) -> None:
        """Count an attempt that is made now; with the first, the time begins to run."""
        self.attempt += 1
        if self.attempt == 1:
            self._end_s = self._policy.clock() + self._policy.deadline_s

    @property
    def left_s(self) -> float:
        """How many seconds are left of the time for all attempts; may be below 0."""
        return self._end_s - self._policy.clock()

    @property
    def limit_s(self) -> float:
        """How many seconds the present attempt may take."""
        return min(self._policy.attempt_s, max(_LEAST_S, self.left_s))

    def delay_s(self, error: ModelError) -> float | None:
        """Return how long to wait before the next try, None when there should be none.

        Args:
            error: what the present attempt ended with.
        """
        delay_s = retry_delay_s(
            error, self.attempt, attempts=self._policy.attempts, jitter=self._policy.jitter()
        )
        if delay_s is None or delay_s >= self.left_s:
            return None
        worst_usd = self.worst_case_usd
        if worst_usd and self.spent_usd + worst_usd > _WORST_CASES * worst_usd:
            return None
        return delay_s


def retry_delay_s(
    error: ModelError, attempt: int, *, attempts: int = 3, jitter: float = 0.0
) -> float | None:
    """Return how long to wait before the next try, None when there should be none.

    Args:
        error: what the last attempt ended with.
        attempt: that attempt's number; the first is 1.
        attempts: how many there may be.
        jitter: from 0 to 1: shortens a wait of ours by up to half, and lengthens a provider's.
    """
    if not error.retryable or attempt >= attempts:
        return None
    delay_s = min(_FIRST_DELAY_S * 2.0 ** (attempt - 1), _LONGEST_DELAY_S) * (1 - jitter / 2)
    wish_s = error.retry_after_s if isinstance(error, RateLimited | Unavailable) else None
    if wish_s is None or math.isnan(wish_s) or wish_s < 0:
        return delay_s
    return None if wish_s > _LONGEST_WISH_S else max(wish_s + jitter * _FIRST_DELAY_S, delay_s)
