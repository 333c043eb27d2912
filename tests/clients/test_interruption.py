"""Is a command that is told to end cancelled, whichever way it is told?"""

import asyncio
import os
import signal

import pytest

from pairwright_client.interruption import run_interruptible


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_cancels_the_work_and_lets_it_clean_up(number: signal.Signals) -> None:
    left: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), number)
            await asyncio.sleep(5)
        finally:
            left.append("cleaned up")

    with pytest.raises(KeyboardInterrupt):
        run_interruptible(work())
    assert left == ["cleaned up"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_signal_ends_a_clean_up_that_takes_long() -> None:
    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(5)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        run_interruptible(work())


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    async def work() -> str:
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(0)
        return "done"

    usual = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run_interruptible(work()) == "done"
    finally:
        signal.signal(signal.SIGHUP, usual)


def test_what_the_work_returns_and_raises_is_passed_on() -> None:
    async def fail() -> None:
        raise ValueError("no")

    async def give_up() -> None:
        raise asyncio.CancelledError

    assert run_interruptible(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(ValueError, match="no"):
        run_interruptible(fail())
    with pytest.raises(asyncio.CancelledError):
        run_interruptible(give_up())
