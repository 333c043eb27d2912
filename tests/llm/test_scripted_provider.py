"""Does a script play as a real provider would?"""

import asyncio
from contextlib import aclosing

import pytest

from pairwright.errors import ModelError, RateLimited, Unavailable
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    Provider,
    TextDelta,
    Usage,
)
from pairwright.llm.scripted_provider import Cut, Hang, Reply, ScriptedProvider
from tests.support.waiting import within

REQUEST = ModelRequest((Message("user", "Hi"),), max_output_tokens=10)


async def play(provider: Provider) -> list[TextDelta | Completion]:
    async with within(), aclosing(provider.stream(REQUEST)) as items:
        return [item async for item in items]


async def test_a_reply_comes_in_pieces_and_then_whole() -> None:
    provider = ScriptedProvider("test/one", [Reply("abcdef", piece_length=4)])
    *deltas, completion = await play(provider)
    assert deltas == [TextDelta("abcd"), TextDelta("ef")]
    assert isinstance(completion, Completion)
    assert completion.text == "abcdef"
    assert completion.usage.is_estimated
    assert provider.requests == [REQUEST]


async def test_usage_and_reason_are_as_written() -> None:
    usage = Usage(1, 2, 3, 4)
    provider = ScriptedProvider("test/one", [Reply("", FinishReason.LENGTH, usage)])
    assert await play(provider) == [Completion("", usage, FinishReason.LENGTH)]


async def test_replies_come_in_order_until_there_are_none() -> None:
    provider = ScriptedProvider("test/one", ["first", RateLimited("busy"), "third"])
    assert (await play(provider))[-1].text == "first"
    with pytest.raises(RateLimited, match="busy"):
        await play(provider)
    assert (await play(provider))[-1].text == "third"
    with pytest.raises(ModelError, match="no reply left"):
        await play(provider)


async def test_a_cut_reply_breaks_after_its_text() -> None:
    provider = ScriptedProvider("test/one", [Cut("half")])
    async with within(), aclosing(provider.stream(REQUEST)) as items:
        assert await anext(items) == TextDelta("half")
        with pytest.raises(Unavailable):
            await anext(items)


async def test_a_hanging_reply_waits_to_be_cancelled() -> None:
    provider = ScriptedProvider("test/one", [Hang("half")])
    async with aclosing(provider.stream(REQUEST)) as items:
        assert await anext(items) == TextDelta("half")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await anext(items)
