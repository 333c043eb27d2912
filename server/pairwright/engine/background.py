"""How does work go on that nobody awaits? As a task whose failure is told, in short turns.

Light to import: the index needs it before the rest of the engine is there.
"""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from typing import Any

TURN_S = 0.001
"""Seconds that a thread computes before another one's turn; 5 ms by default."""

_log = logging.getLogger(__name__)


def take_short_turns() -> None:
    """Let threads of this process take turns five times as often.

    A question waits for up to a turn whenever it changes threads, which it does twice, and while
    files are read or an index is made some thread always computes.
    """
    sys.setswitchinterval(TURN_S)


def in_background(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Begin work that lasts as long as its owner, who cancels it; that it failed is logged."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_log_failure)
    return task


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("%s ended", task.get_name(), exc_info=error)
