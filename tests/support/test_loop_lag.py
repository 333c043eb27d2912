"""Is a step that holds the event loop noticed, and nothing else?"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import loop_lag
from tests.support.loop_lag import LoopLag


@pytest.fixture
def lag(monkeypatch: pytest.MonkeyPatch) -> LoopLag:
    """Measure with a small bound what this file's functions do."""
    lag = LoopLag(most_ms=20)
    monkeypatch.setattr(loop_lag, "_OURS", __file__)
    monkeypatch.setattr(asyncio.Handle, "_run", lag._measuring(asyncio.Handle._run))
    return lag


def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


async def hold() -> None:
    await asyncio.sleep(0)
    compute(0.025)
    await asyncio.sleep(0)


def ran(work: Callable[[], Any]) -> None:
    asyncio.run(work())


def test_a_step_that_computes_is_told_by_its_name(lag: LoopLag) -> None:
    ran(hold)
    (told,) = lag.take()
    assert told.startswith("hold, now at line ")
    assert lag.take() == []


def test_a_callback_is_told(lag: LoopLag) -> None:
    async def call() -> None:
        asyncio.get_running_loop().call_soon(compute, 0.025)
        await asyncio.sleep(0.001)

    ran(call)
    assert [told.partition(" ")[0] for told in lag.take()] == ["compute"]


def test_who_waits_for_a_processor_or_for_a_thread_holds_nothing(lag: LoopLag) -> None:
    async def wait() -> None:
        threading.Event().wait(0.03)  # as if another program had the processor
        await asyncio.to_thread(compute, 0.03)

    ran(wait)
    assert lag.take() == []


def test_what_a_daemon_does_in_another_process_is_left_out(lag: LoopLag) -> None:
    async def outline() -> None:
        with lag.elsewhere():
            compute(0.025)
        compute(0.005)

    ran(outline)
    assert lag.take() == []


def test_what_is_not_ours_is_not_told(lag: LoopLag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_lag, "_OURS", "elsewhere")
    ran(hold)
    assert lag.take() == []
