"""Do calls share what they know of an endpoint?"""

import asyncio

import pytest

from pairwright.errors import (
    Authentication,
    CircuitOpen,
    ContextOverflow,
    ModelError,
    RateLimited,
    Unavailable,
)
from pairwright.llm.breaker import FAILURES, REST_S
from pairwright.llm.circuits import Circuit, Circuits
from tests.support.waiting import within


async def ask(circuit: Circuit, error: BaseException | None = None) -> None:
    async with circuit.asked():
        if error is not None:
            raise error


async def fail(circuit: Circuit, times: int = FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(Unavailable):
            await ask(circuit, Unavailable("it broke"))


async def test_the_message_names_the_host_the_count_and_the_time() -> None:
    circuits = Circuits(clock=lambda: 5.0)
    await fail(circuits.of("api.openai.com"))
    with pytest.raises(CircuitOpen) as refused:
        await ask(circuits.of("api.openai.com"))
    assert str(refused.value) == (
        f"api.openai.com has failed {FAILURES} times in a row; next try in {REST_S:.0f} s"
    )
    await ask(circuits.of("api.anthropic.com"))


@pytest.mark.parametrize("error", [Authentication("no key"), ContextOverflow("too long")])
async def test_a_provider_that_says_no_is_there(error: ModelError) -> None:
    circuit = Circuits().of("host")
    await fail(circuit, FAILURES - 1)
    with pytest.raises(type(error)):
        await ask(circuit, error)
    await fail(circuit, FAILURES - 1)
    await ask(circuit)


async def test_too_many_requests_are_no_outage() -> None:
    circuit = Circuits().of("host")
    for _ in range(2 * FAILURES):
        with pytest.raises(RateLimited):
            await ask(circuit, RateLimited("slow down"))
    await ask(circuit)


async def test_a_cancelled_probe_does_not_shut_the_others_out() -> None:
    now_s = 0.0
    circuit = Circuits(clock=lambda: now_s).of("host")
    await fail(circuit)
    now_s = REST_S
    with pytest.raises(asyncio.CancelledError):
        await ask(circuit, asyncio.CancelledError())
    await ask(circuit)


async def test_more_requests_than_an_endpoint_takes_wait_for_their_turn() -> None:
    circuit = Circuits(concurrent_requests=2).of("host")
    under_way = most = 0
    may_end = asyncio.Event()

    async def call() -> None:
        nonlocal under_way, most
        async with circuit.asked():
            under_way += 1
            most = max(most, under_way)
            await may_end.wait()
            under_way -= 1

    async with within(), asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(call())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert under_way == 2
        may_end.set()
    assert (most, under_way) == (2, 0)
