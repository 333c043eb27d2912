"""Is a failed call worth another try, and when? Policy only: the loop is where calls are paid."""

import math

from pairwright.errors import ModelError, RateLimited

_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 8.0
_LONGEST_WISH_S = 60.0
"""A provider that wishes for more is not coming back within anybody's patience."""


def retry_delay_s(error: ModelError, attempt: int, *, attempts: int = 3) -> float | None:
    """Return how long to wait before the next try, None when there should be none.

    Args:
        error: what the last attempt ended with.
        attempt: that attempt's number; the first is 1.
        attempts: how many there may be.
    """
    if not error.retryable or attempt >= attempts:
        return None
    delay_s = min(_FIRST_DELAY_S * 2.0 ** (attempt - 1), _LONGEST_DELAY_S)
    wish_s = error.retry_after_s if isinstance(error, RateLimited) else None
    if wish_s is None or math.isnan(wish_s) or wish_s < 0:
        return delay_s
    return None if wish_s > _LONGEST_WISH_S else max(wish_s, delay_s)
