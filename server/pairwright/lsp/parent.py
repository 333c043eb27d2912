"""When has a client's own process ended? LSP's `processId`: what it began must not outlive it.

Mostly its end closes the stream. But another process may hold the other end of it. Light to import,
so without tasks: the loop calls back.
"""

import asyncio
import os
import sys
from collections.abc import Callable

POLL_S = 2.0


def watch(process_id: int, on_end: Callable[[], None]) -> Callable[[], None]:
    """Call back once when a process has ended; return what stops that.

    A number that is no process now may be of another machine or container: it says nothing.
    """
    if sys.platform != "linux":
        return _poll(process_id, on_end) if _is_there(process_id) else _do_nothing
    try:
        descriptor = os.pidfd_open(process_id)
    except OSError:
        return _do_nothing
    loop = asyncio.get_running_loop()
    is_watched = True

    def stop() -> None:
        nonlocal is_watched
        if is_watched:
            is_watched = False
            loop.remove_reader(descriptor)
            os.close(descriptor)

    def end() -> None:
        stop()
        on_end()

    # It becomes readable when the process ends.
    loop.add_reader(descriptor, end)
    return stop


def _poll(process_id: int, on_end: Callable[[], None]) -> Callable[[], None]:
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle | None = None

    def look() -> None:
        nonlocal timer
        if _is_there(process_id):
            timer = loop.call_later(POLL_S, look)
        else:
            on_end()

    def stop() -> None:
        if timer is not None:
            timer.cancel()

    look()
    return stop


def _is_there(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _do_nothing() -> None:
    """Nothing is watched."""
