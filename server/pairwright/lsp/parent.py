"""When has a client's own process ended? LSP's `processId`: what it began must not outlive it.

Mostly its end closes the stream. But another process may hold the other end of it.
"""

import asyncio
import os
import sys
from contextlib import suppress

POLL_S = 2.0


async def ended(process_id: int) -> None:
    """Return when a process has ended; never when there is none of that number at first.

    The number may be of another machine or container, and then says nothing.
    """
    if sys.platform == "linux":
        try:
            descriptor = os.pidfd_open(process_id)
        except OSError:
            await asyncio.Event().wait()
            return
        try:
            await _readable(descriptor)
        finally:
            os.close(descriptor)
        return
    if not _is_there(process_id):
        await asyncio.Event().wait()
    while _is_there(process_id):  # noqa: ASYNC110 - no event tells of it
        await asyncio.sleep(POLL_S)


async def _readable(descriptor: int) -> None:
    """Wait until a process's descriptor becomes readable, which it does at its end."""
    loop = asyncio.get_running_loop()
    has_ended = asyncio.Event()
    loop.add_reader(descriptor, has_ended.set)
    try:
        await has_ended.wait()
    finally:
        loop.remove_reader(descriptor)


def _is_there(process_id: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return False
    return True
