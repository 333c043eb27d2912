"""Does a slow client cost neither the loop nor memory nor a message?"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pairwright.lsp.stream.framing import read_frame
from pairwright.lsp.stream.outbox import Message, Outbox
from tests.support.waiting import within


@asynccontextmanager
async def outbox(
    *, max_waiting_bytes: int = 1_000_000, stall_s: float = 5
) -> AsyncIterator[tuple[Outbox, asyncio.StreamReader]]:
    """Give an outbox that is not yet run, and its other end."""
    ours, theirs = socket.socketpair()
    reader, other = await asyncio.open_connection(sock=ours)
    _, writer = await asyncio.open_connection(sock=theirs)
    yield Outbox(writer, max_waiting_bytes=max_waiting_bytes, stall_s=stall_s), reader
    writer.close()
    other.close()


async def drain(box: Outbox, reader: asyncio.StreamReader) -> list[Any]:
    """Close the outbox and return all that it sends."""
    box.close()
    received = []
    async with within(), asyncio.TaskGroup() as group:
        group.create_task(box.run()).add_done_callback(lambda _: box._writer.close())
        while (body := await read_frame(reader)) is not None:
            received.append(json.loads(body))
    return received


def text(joined: str) -> Message:
    return {"method": "delta", "params": joined}


async def test_messages_keep_their_order() -> None:
    async with outbox() as (box, reader):
        for number in range(5):
            box.put({"method": str(number)})
        received = await drain(box, reader)
    assert [message["method"] for message in received] == list("01234")


async def test_deltas_side_by_side_are_joined_and_others_are_not() -> None:
    async with outbox() as (box, reader):
        box.put_delta("a", "1", text)
        box.put_delta("a", "2", text)
        box.put_delta("b", "3", text)
        box.put({"method": "other"})
        box.put_delta("b", "4", text)
        received = await drain(box, reader)
    assert [message.get("params") for message in received] == ["12", "3", None, "4"]


async def test_a_state_that_waits_is_replaced() -> None:
    async with outbox() as (box, reader):
        box.put_latest("cost", {"method": "cost", "params": [1]})
        box.put({"method": "other"})
        box.put_latest("cost", {"method": "cost", "params": [2]})
        box.put_latest("else", {"method": "else", "params": [3]})
        received = await drain(box, reader)
    assert [message.get("params") for message in received] == [[2], None, [3]]


async def test_room_ends_at_the_bound_and_returns() -> None:
    async with outbox(max_waiting_bytes=100) as (box, reader):
        box.put({"method": "x" * 200})
        waiting = asyncio.ensure_future(box.room())
        await asyncio.sleep(0)
        assert not waiting.done()
        assert len(await drain(box, reader)) == 1
        async with within():
            await waiting


async def test_a_client_that_takes_nothing_is_given_up() -> None:
    async with outbox(stall_s=0.05) as (box, _):
        for _ in range(40):
            box.put({"method": "x" * 100_000})
        async with within():
            await box.run()
            await box.room()
        box.put({"method": "late"})


async def test_nothing_is_taken_after_the_end() -> None:
    async with outbox() as (box, reader):
        box.put({"method": "first"})
        box.close()
        box.put({"method": "late"})
        received = await drain(box, reader)
    assert [message["method"] for message in received] == ["first"]
