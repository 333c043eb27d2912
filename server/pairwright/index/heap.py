"""How does an index take little room? Its threads share one heap, and what is over is given back.

What is said here is glibc's; of other C libraries nothing is asked.
"""

import ctypes
import sys
from contextlib import suppress

_M_ARENA_MAX = -8
"""Of `mallopt(3)`."""


def share_one_heap() -> None:
    """Let all threads that begin from now on take memory from one heap.

    Else each has its own, and what one needed once is of no use to the others. Only threads that
    compute without Python's lock could wait for each other.
    """
    _call("mallopt", _M_ARENA_MAX, 1)


def give_back() -> None:
    """Give the system what was needed only for a while; takes some milliseconds."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            getattr(ctypes.CDLL(None), name)(*numbers)
