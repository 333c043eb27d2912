"""Is a client that floods read more slowly, and do others have their turn?"""

import asyncio
import time

from pairwright.lsp.stream.pace import Pace
from tests.support.waiting import within


async def test_what_comes_at_once_is_taken_at_once_up_to_a_bound() -> None:
    pace = Pace(most_per_second=100, burst=50)
    began = time.monotonic()
    for _ in range(50):
        await pace.next()
    assert time.monotonic() - began < 0.5
    for _ in range(10):
        await pace.next()
    assert time.monotonic() - began > 0.08


async def test_silence_is_worth_no_more_than_a_burst() -> None:
    pace = Pace(most_per_second=1000, burst=5)
    await pace.next()
    await asyncio.sleep(0.05)
    began = time.monotonic()
    for _ in range(55):
        await pace.next()
    assert time.monotonic() - began > 0.04


async def test_others_have_their_turn_while_messages_lie_ready() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.ensure_future(other())
    pace = Pace(turn=16)
    async with within():
        for _ in range(160):
            await pace.next()
    task.cancel()
    assert turns >= 10
