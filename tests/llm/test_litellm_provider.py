"""Is the real litellm kept honest? A faulty server on loopback stands behind it."""

import asyncio
import sys
from contextlib import aclosing
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from pairwright.errors import (
    Authentication,
    ContextOverflow,
    ModelError,
    OutOfCredit,
    RateLimited,
    Rejected,
    Unavailable,
)
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    TextDelta,
    Usage,
)
from pairwright.llm.profiles import Profile, profile_of
from tests.support.model_server import (
    Answer,
    Behaviour,
    Drop,
    Failure,
    Garbage,
    Hang,
    ModelServer,
    serve_model,
)
from tests.support.waiting import within

pytestmark = pytest.mark.usefixtures("imported_litellm")
KEY = "sk-canary-0123456789abcdef"
REQUEST = ModelRequest((Message("user", "Say hello."),), max_output_tokens=64)


def provider_for(server: ModelServer, **options: Any) -> LiteLLMProvider:
    chosen: dict[str, Any] = {"timeout_s": 5.0, "api_key": SecretStr(KEY), **options}
    return LiteLLMProvider("openai/tiny", api_base=server.api_base, **chosen)


async def ask(
    provider: LiteLLMProvider, request: ModelRequest = REQUEST
) -> tuple[list[str], Completion]:
    deltas: list[str] = []
    completions: list[Completion] = []
    async with within(10), aclosing(provider.stream(request)) as items:
        async for item in items:
            if isinstance(item, TextDelta):
                assert not completions
                deltas.append(item.text)
            else:
                completions.append(item)
    (completion,) = completions
    return deltas, completion


async def check_answer(behaviour: Behaviour) -> Completion:
    async with serve_model(behaviour) as server:
        _, completion = await ask(provider_for(server))
        assert len(server.requests) == 1
    return completion


async def check_error(behaviour: Behaviour, error: type[ModelError]) -> ModelError:
    async with serve_model(behaviour) as server:
        with pytest.raises(ModelError) as raised:
            await ask(provider_for(server))
        assert len(server.requests) == 1, "a hidden retry"
    assert type(raised.value) is error
    assert KEY not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    return raised.value


async def test_deltas_arrive_in_order_and_make_up_the_completion() -> None:
    async with serve_model(Answer("hello world")) as server:
        deltas, completion = await ask(provider_for(server))
    assert len(deltas) > 1
    assert "".join(deltas) == completion.text == "hello world"
    assert completion.finish_reason is FinishReason.STOP
    assert completion.usage == Usage(10, 0, 0, 5)


async def test_the_four_buckets_are_disjoint() -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 40},
        "completion_tokens_details": {"reasoning_tokens": 7},
    }
    completion = await check_answer(Answer(usage=usage))
    assert completion.usage == Usage(60, 40, 0, 20, reasoning=7)


@pytest.mark.parametrize(("route", "cost"), [("openrouter/a/b", "0.0125"), ("openai/b", None)])
async def test_a_cost_is_believed_only_where_the_provider_sends_one(
    route: str, cost: str | None
) -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "cost": 0.0125}
    async with serve_model(Answer(usage=usage)) as server:
        _, completion = await ask(
            provider_for(server, route=route, profile=profile_of(route, known_as=route))
        )
    assert completion.reported_cost_usd == (Decimal(cost) if cost else None)


async def test_a_stream_that_just_stops_is_not_taken_for_a_clean_end() -> None:
    completion = await check_answer(Answer(finish_reason=None, usage=None, ends_with_done=False))
    assert completion.finish_reason is FinishReason.UNKNOWN
    assert completion.usage.is_estimated
    assert completion.usage.output > 0
    assert completion.usage.input > 0


async def test_usage_that_the_provider_left_out_is_counted_by_ourselves() -> None:
    completion = await check_answer(Answer(usage=None))
    assert completion.finish_reason is FinishReason.STOP
    assert completion.usage.is_estimated


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("length", FinishReason.LENGTH),
        ("content_filter", FinishReason.REFUSED),
        ("tool_calls", FinishReason.OTHER),
    ],
)
async def test_the_reason_for_the_end_is_kept(said: str, reason: FinishReason) -> None:
    assert (await check_answer(Answer(finish_reason=said))).finish_reason is reason


async def test_an_empty_answer_is_an_empty_completion() -> None:
    assert (await check_answer(Answer(""))).text == ""


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Drop("hel"), Unavailable),
        (Garbage(), Unavailable),
        (Failure(500, "<html>oops</html>"), Unavailable),
        (Failure(503), Unavailable),
        (Failure(529), Unavailable),
        (Failure(429), RateLimited),
        (Failure(429, '{"error": {"message": "insufficient_quota"}}'), OutOfCredit),
        (Failure(401, '{"error": {"message": "wrong key {key}"}}'), Authentication),
        (Failure(403), Authentication),
        (Failure(402), OutOfCredit),
        (Failure(404), Rejected),
        (Failure(400), Rejected),
        (Failure(400, '{"error": {"message": "maximum context length is 9"}}'), ContextOverflow),
    ],
    ids=repr,
)
async def test_each_fault_is_one_request_and_one_error_of_ours(
    behaviour: Behaviour, error: type[ModelError]
) -> None:
    await check_error(behaviour, error)


async def test_the_wish_of_a_busy_provider_is_kept() -> None:
    error = await check_error(Failure(429, headers={"Retry-After": "7"}), RateLimited)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 7


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with serve_model() as server:
        pass
    with pytest.raises(Unavailable, match="cannot be reached"):
        await ask(provider_for(server))


@pytest.mark.parametrize("behaviour", [Hang(), Hang("hel")], ids=repr)
async def test_cancelling_closes_the_connection(behaviour: Behaviour) -> None:
    async with serve_model(behaviour) as server:
        task = asyncio.create_task(ask(provider_for(server)))
        async with within():
            while not server.requests:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with within(1):
            await server.requests[0].gone.wait()


async def test_leaving_the_stream_early_closes_the_connection() -> None:
    async with serve_model(Hang("hel")) as server:
        async with within(), aclosing(provider_for(server).stream(REQUEST)) as items:
            assert await anext(items) == TextDelta("hel")
        async with within(1):
            await server.requests[0].gone.wait()


async def test_a_grammar_and_the_prompt_cache_reach_a_server_that_takes_them() -> None:
    request = ModelRequest(
        (Message("system", "Be brief."), Message("user", "Hi")),
        max_output_tokens=5,
        temperature=0.7,
        stop=("END",),
        grammar='root ::= "x"',
    )
    async with serve_model() as server:
        await ask(provider_for(server, profile=Profile(accepts_grammar=True)), request)
        body = server.requests[0].body
    assert body["grammar"] == 'root ::= "x"'
    assert body["cache_prompt"] is True
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
    ]
    assert (body["max_tokens"], body["temperature"]) == (5, 0.7)
    assert body["stop"] == ["END"]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_room_to_think_unseen_comes_on_top_of_the_answers_limit() -> None:
    async with serve_model() as server:
        roomy = Profile(context_tokens=100_000, hidden_output_tokens=8192)
        await ask(provider_for(server, profile=roomy))
        assert server.requests[0].body["max_tokens"] == REQUEST.max_output_tokens + 8192
        tight = Profile(context_tokens=8192, hidden_output_tokens=8192)
        small = provider_for(server, profile=tight)
        assert small.hidden_output_tokens == 4096


async def test_a_grammar_for_a_server_that_takes_none_is_a_bug() -> None:
    request = ModelRequest(REQUEST.messages, 5, grammar='root ::= "x"')
    async with serve_model() as server:
        with pytest.raises(ValueError, match="accepts no grammar"):
            await ask(provider_for(server), request)


async def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    await check_error(Failure(500), Unavailable)
    await check_answer(Answer())
    assert capfd.readouterr().out == ""


SHARED = ModelRequest(
    (
        Message("system", "Be brief."),
        Message("user", "files and task, and a failure", shared_characters=14),
    ),
    max_output_tokens=64,
)


async def received(route: str, request: ModelRequest, **profile: Any) -> dict[str, Any]:
    async with serve_model(Failure(400)) as server:
        provider = LiteLLMProvider(
            route,
            api_base=server.api_base,
            api_key=SecretStr(KEY),
            timeout_s=5.0,
            profile=Profile(**profile),
        )
        with pytest.raises(ModelError):
            await ask(provider, request)
        return server.requests[0].body


async def test_a_provider_that_caches_what_is_marked_gets_its_marks() -> None:
    body = await received("anthropic/claude-haiku-5-5", SHARED, marks_cache=True)
    mark = {"type": "ephemeral"}
    (turn,) = body["messages"]
    assert turn["content"] == [
        {"type": "text", "text": "files and task", "cache_control": mark},
        {"type": "text", "text": ", and a failure", "cache_control": mark},
    ]


async def test_a_repair_keeps_the_mark_of_the_files_and_marks_its_own_end() -> None:
    turns = (*SHARED.messages, Message("assistant", "an edit"), Message("user", "not like that"))
    repair = ModelRequest(turns, max_output_tokens=64)
    body = await received("anthropic/claude-haiku-5-5", repair, marks_cache=True)
    marked = [
        block["text"]
        for turn in body["messages"]
        for block in turn["content"]
        if isinstance(block, dict) and "cache_control" in block
    ]
    assert marked == ["files and task", "not like that"]


@pytest.mark.parametrize(
    ("request_", "profile"),
    [(SHARED, {}), (REQUEST, {"marks_cache": True})],
    ids=["caches by itself", "asked once"],
)
async def test_nothing_is_marked_where_it_would_only_cost(
    request_: ModelRequest, profile: dict[str, Any]
) -> None:
    body = await received("anthropic/claude-haiku-5-5", request_, **profile)
    assert "cache_control" not in str(body)


@pytest.mark.parametrize(
    "name",
    [
        "anthropic/claude-haiku-5-5",
        "openrouter/anthropic/claude-sonnet-5-5",
        "vertex_ai/claude-x",
        "bedrock/us.anthropic.claude-sonnet-5-5-v1:0",
    ],
)
def test_the_profiles_say_who_caches_what_is_marked(name: str) -> None:
    assert profile_of(name, known_as=name).marks_cache
    assert not profile_of("openai/gpt-5.6", known_as="openai/gpt-5.6").marks_cache


async def test_a_first_import_is_a_step_that_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    script = (
        "import asyncio\n"
        "from pairwright.llm.litellm_provider import LiteLLMProvider\n"
        "provider = LiteLLMProvider('openai/x', timeout_s=1.0)\n"
        "async def main():\n"
        "    await provider.prepare(lambda told: print(told.step, told.done, told.total))\n"
        "    await provider.prepare(lambda told: print('again'))\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    async with within(60):
        assert await process.wait() == 0
    said = capfd.readouterr().out.splitlines()
    assert said == ["loading what asks models 0 1", "loading what asks models 1 1"]
