"""Does our code hold the event loop? Each step of it is measured, in every test.

Measured is the processor time of the loop's thread, so a busy machine makes nobody late: waiting
for a processor is not our doing. What the interpreter spends on garbage is left out: it is that of
the whole run of tests, and a daemon spares itself most of it.
"""

import asyncio
import functools
import gc
import time
from asyncio import events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pairwright

MOST_HELD_MS = 100.0
"""Twice what is promised: the same machine's processors differ by nearly that from day to day."""
_OURS = str(Path(pairwright.__file__).parent)
_BENCH = str(Path(_OURS, "bench"))


class LoopLag:
    """Notes the steps that held the loop for too long."""

    def __init__(self, most_ms: float = MOST_HELD_MS) -> None:
        self._most_ms = most_ms
        self._elsewhere_s = 0.0
        """Spent so far on what does not count: garbage, and `elsewhere`."""
        self._collecting_since = 0.0
        self._held: list[str] = []

    def install(self) -> None:
        """Measure every loop of this process from now on."""
        gc.callbacks.append(self._note_garbage)
        setattr(events.Handle, "_run", self._measuring(events.Handle._run))  # noqa: B010

    def take(self) -> list[str]:
        """Return which steps of ours held a loop since the last time, and for how long."""
        held, self._held = self._held, []
        return held

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Leave out what a test does here and a daemon in a process of its own."""
        began, before_s = time.thread_time(), self._elsewhere_s
        try:
            yield
        finally:
            # Garbage that was looked for meanwhile is a part of it.
            self._elsewhere_s = before_s + time.thread_time() - began

    def _measuring(self, run: Callable[[events.Handle], None]) -> Callable[[events.Handle], None]:
        def measured(handle: events.Handle) -> None:
            began, before_s = time.thread_time(), self._elsewhere_s
            callback = handle._callback  # type: ignore[attr-defined]
            run(handle)
            took_s = time.thread_time() - began - (self._elsewhere_s - before_s)
            if took_s * 1000 > self._most_ms and (name := _our_name(callback)):
                self._held.append(f"{name} held the event loop for {took_s * 1000:.0f} ms")

        return measured

    def _note_garbage(self, phase: str, _: object) -> None:
        if phase == "start":
            self._collecting_since = time.thread_time()
        else:
            self._elsewhere_s += time.thread_time() - self._collecting_since


LOOP_LAG = LoopLag()
"""That of all tests."""


def _our_name(callback: Any) -> str:
    """Return whose step it was; empty when it was a test's, or the library's."""
    while isinstance(callback, functools.partial):
        callback = callback.func
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine: Any = task.get_coro()
        code = getattr(coroutine, "cr_code", None)
        frames = task.get_stack(limit=1)
        now = f", now at line {frames[-1].f_lineno}" if frames else ""
        return f"{coroutine.__qualname__}{now}" if _is_ours(code) else ""
    function = getattr(callback, "__func__", callback)
    return function.__qualname__ if _is_ours(getattr(function, "__code__", None)) else ""


def _is_ours(code: Any) -> bool:
    # A benchmark does in its own loop what a daemon has another process do.
    name = code.co_filename if code is not None else ""
    return name.startswith(_OURS) and not name.startswith(_BENCH)
