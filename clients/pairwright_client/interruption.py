"""How does a command end when it is told to? Its coroutine is cancelled, so it can clean up.

`asyncio.run` alone misses a Ctrl-C that comes just before its loop goes to sleep: Python runs the
handler only when something else wakes the loop. A handler of the loop's own wakes it.
"""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite end, and a terminal that was closed."""


def run_interruptible(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; each signal cancels it, the first one and those that follow.

    Raises:
        KeyboardInterrupt: a signal ended it.
    """
    is_interrupted = False

    async def run() -> T:
        loop = asyncio.get_running_loop()
        work = loop.create_task(coroutine)

        def interrupt() -> None:
            nonlocal is_interrupted
            is_interrupted = True
            work.cancel()

        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, interrupt)
        return await work

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        if is_interrupted:
            raise KeyboardInterrupt from None
        raise
