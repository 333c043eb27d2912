"""Does every wait end?"""

import asyncio

import pytest

from tests.support.waiting import eventually, within


async def test_a_block_is_ended_at_its_bound() -> None:
    with pytest.raises(TimeoutError):
        async with within(0.01):
            await asyncio.Event().wait()


async def test_eventually_returns_when_the_predicate_is_true() -> None:
    seen: list[int] = []
    asyncio.get_running_loop().call_later(0.02, seen.append, 1)
    await eventually(lambda: seen)
    assert seen == [1]


async def test_eventually_says_what_did_not_come() -> None:
    with pytest.raises(AssertionError, match=r"not within 0.02 s: the tide"):
        await eventually(lambda: False, seconds=0.02, what="the tide")
