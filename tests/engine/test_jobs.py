"""Tasks that go on by themselves: known by a handle, bounded, and ended with their daemon."""

import asyncio

import pytest

from pairwright.engine.tasks.jobs import MOST_JOBS, MOST_RUNNING, Emit, Jobs
from pairwright.errors import InvalidRequest
from pairwright.protocol.messages import PlanDelta, RunResult
from tests.lsp.peers import RUN_RESULT


async def at_once(task_id: str, emit: Emit) -> RunResult:
    await emit(PlanDelta(text=task_id))
    return RUN_RESULT


async def never(task_id: str, emit: Emit) -> RunResult:
    await asyncio.Event().wait()
    return RUN_RESULT


async def failing(task_id: str, emit: Emit) -> RunResult:
    raise InvalidRequest("no")


async def test_a_job_is_known_by_a_handle_that_nobody_guesses() -> None:
    jobs = Jobs()
    job = jobs.begin("bot", at_once)
    assert jobs.find(job.task_id) is job
    assert len(job.task_id) == 32
    assert jobs.find("0" * 32) is None
    while not job.is_over:
        await job.wait(5)
    assert (job.result, job.events, job.latest) == (RUN_RESULT, 1, PlanDelta(text=job.task_id))


async def test_a_failure_is_kept_for_who_asks() -> None:
    job = Jobs().begin("bot", failing)
    await job.wait(5)
    assert isinstance(job.error, InvalidRequest)
    assert job.is_over


async def test_waiting_ends_when_the_time_is_over() -> None:
    jobs = Jobs()
    job = jobs.begin("bot", never)
    await job.wait(0.01)
    assert not job.is_over
    await job.cancel()
    await job.cancel()
    assert (job.is_over, job.is_cancelled) == (True, True)


async def test_one_client_runs_only_so_many_at_a_time() -> None:
    jobs = Jobs()
    for _ in range(MOST_RUNNING):
        jobs.begin("bot", never)
    with pytest.raises(InvalidRequest, match="change_status"):
        jobs.begin("bot", never)
    jobs.begin("other", never)
    await jobs.end_all()
    jobs.begin("bot", at_once)


async def test_only_so_many_are_remembered_and_none_is_forgotten_that_runs() -> None:
    jobs = Jobs()
    running = jobs.begin("bot", never)
    first = jobs.begin("bot", at_once)
    for _ in range(MOST_JOBS + 5):
        job = jobs.begin("bot", at_once)
        while not job.is_over:
            await job.wait(5)
    assert jobs.find(first.task_id) is None
    assert jobs.find(running.task_id) is running
    await jobs.end_all()
    assert running.is_cancelled
