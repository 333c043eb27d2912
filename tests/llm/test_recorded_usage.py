"""Is what each provider says it used put into the right buckets, at the right price?

The payloads are what the providers send; the real litellm reads them from a server on loopback. The
arithmetic is written out: tokens times USD per million, from the price list of litellm 1.106.2.
"""

from contextlib import aclosing
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.model import Completion, FinishReason, Message, ModelRequest, Usage
from pairwright.llm.pricing import LOCAL_PRICE, cost_of, price_of
from pairwright.llm.profiles import profile_of
from tests.llm.recorded import (
    anthropic_events,
    bedrock_frames,
    chat_chunks,
    gemini_chunks,
    ollama_lines,
    server_sent,
)
from tests.support.model_server import Raw, serve_model
from tests.support.waiting import within

REQUEST = ModelRequest((Message("user", "Say hello."),), max_output_tokens=64)
pytestmark = pytest.mark.usefixtures("imported_litellm")


async def ask(name: str, answer: Raw, *, base: str = "", route: str | None = None) -> Completion:
    async with serve_model(answer) as server:
        provider = LiteLLMProvider(
            name,
            route=route,
            api_base=f"http://127.0.0.1:{server.port}{base}",
            api_key=SecretStr("sk-canary"),
            timeout_s=5.0,
            profile=profile_of(name, known_as=name),
        )
        async with within(10), aclosing(provider.stream(REQUEST)) as items:
            *_, completion = [item async for item in items]
        assert len(server.requests) == 1
    assert isinstance(completion, Completion)
    return completion


def check_cost(name: str, completion: Completion, *parts: tuple[int, str]) -> None:
    """Hold the cost against tokens and their price in USD per million, summed."""
    price = price_of(name)
    assert price is not None
    assert price.source == "litellm 1.106.2"
    cost = cost_of(completion.usage, price, service_tier=completion.service_tier)
    assert cost == sum(tokens * Decimal(usd) for tokens, usd in parts) / 1_000_000


OPENAI_USAGE: dict[str, Any] = {
    "prompt_tokens": 2006,
    "completion_tokens": 300,
    "total_tokens": 2306,
    "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 192, "accepted_prediction_tokens": 0},
}


@pytest.mark.parametrize(
    ("service", "rates"),
    [
        ("default", ("0.25", "0.025", "2")),
        ("flex", ("0.125", "0.0125", "1")),
        ("priority", ("0.45", "0.045", "3.6")),
        ("a service of tomorrow", ("0.25", "0.025", "2")),
    ],
)
async def test_openai_counts_what_was_cached_among_the_prompt(
    service: str, rates: tuple[str, str, str]
) -> None:
    answer = await ask(
        "openai/gpt-5-mini", chat_chunks(OPENAI_USAGE, service_tier=service), base="/v1"
    )
    assert answer.usage == Usage(2006 - 1920, 1920, 0, 300, reasoning=192)
    fresh, cached, written = rates
    check_cost("openai/gpt-5-mini", answer, (86, fresh), (1920, cached), (300, written))


async def test_openai_charges_more_for_all_of_a_long_prompt() -> None:
    usage = {**OPENAI_USAGE, "prompt_tokens": 300_000, "total_tokens": 300_300}
    answer = await ask("openai/gpt-5.6", chat_chunks(usage), base="/v1")
    assert answer.usage == Usage(298_080, 1920, 0, 300, reasoning=192)
    check_cost("openai/gpt-5.6", answer, (298_080, "8"), (1920, "0.8"), (300, "30"))


ANTHROPIC_START: dict[str, Any] = {
    "input_tokens": 21,
    "cache_creation_input_tokens": 188,
    "cache_read_input_tokens": 18_000,
    "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 88},
    "output_tokens": 1,
    "service_tier": "standard",
}


async def test_anthropic_counts_what_was_cached_beside_the_prompt() -> None:
    # litellm adds the three up to `prompt_tokens`: here they must come apart again.
    model = "anthropic/claude-sonnet-4-5"
    answer = await ask(model, anthropic_events(ANTHROPIC_START, {"output_tokens": 393}))
    assert answer.usage == Usage(21, 18_000, 188, 393, cache_write_1h=88)
    check_cost(model, answer, (21, "3"), (18_000, "0.3"), (100, "3.75"), (88, "6"), (393, "15"))


async def test_anthropic_charges_a_tenth_more_where_it_must_compute_in_one_country() -> None:
    model = "anthropic/claude-haiku-5-5"
    start = {"input_tokens": 1000, "output_tokens": 1, "inference_geo": "us"}
    answer = await ask(model, anthropic_events(start, {"output_tokens": 200}))
    assert answer.usage == Usage(1000, 0, 0, 200)
    check_cost(model, answer, (1000, "0.11"), (200, "0.55"))


async def test_anthropic_tells_what_was_read_even_when_it_breaks_off() -> None:
    answer = await ask("anthropic/claude-sonnet-4-5", anthropic_events(ANTHROPIC_START, None))
    assert answer.finish_reason is FinishReason.UNKNOWN
    assert (answer.usage.uncached_input, answer.usage.cache_read) == (21, 18_000)
    assert answer.usage.output >= 1
    assert answer.usage.is_estimated


GEMINI_USAGE: dict[str, Any] = {
    "promptTokenCount": 5000,
    "cachedContentTokenCount": 4000,
    "candidatesTokenCount": 120,
    "thoughtsTokenCount": 900,
    "totalTokenCount": 6020,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 5000}],
}


@pytest.mark.parametrize(
    ("traffic", "rates"),
    [
        ("ON_DEMAND", ("1.25", "0.125", "10")),
        ("ON_DEMAND_PRIORITY", ("2.25", "0.225", "18")),
        ("ON_DEMAND_FLEX", ("0.625", "0.125", "5")),
    ],
)
async def test_gemini_thinks_beside_its_answer_and_is_paid_for_both(
    traffic: str, rates: tuple[str, str, str]
) -> None:
    so_far = {"promptTokenCount": 5000, "thoughtsTokenCount": 900, "totalTokenCount": 5900}
    payload = gemini_chunks(so_far, {**GEMINI_USAGE, "trafficType": traffic})
    answer = await ask("gemini/gemini-2.5-pro", payload)
    assert answer.usage == Usage(5000 - 4000, 4000, 0, 120 + 900, reasoning=900)
    assert answer.finish_reason is FinishReason.STOP
    fresh, cached, written = rates
    check_cost("gemini/gemini-2.5-pro", answer, (1000, fresh), (4000, cached), (1020, written))


async def test_gemini_charges_more_for_all_of_a_long_prompt() -> None:
    usage = {**GEMINI_USAGE, "promptTokenCount": 200_001, "totalTokenCount": 201_021}
    answer = await ask("gemini/gemini-2.5-pro", gemini_chunks(usage))
    assert answer.usage == Usage(196_001, 4000, 0, 1020, reasoning=900)
    check_cost("gemini/gemini-2.5-pro", answer, (196_001, "2.5"), (4000, "0.25"), (1020, "15"))


async def test_gemini_is_paid_for_what_was_seen_when_it_breaks_off() -> None:
    so_far = {"promptTokenCount": 5000, "totalTokenCount": 5000}
    answer = await ask("gemini/gemini-2.5-pro", gemini_chunks(so_far, finish=None))
    assert answer.usage == Usage(5000, 0, 0, 2, is_estimated=True)
    assert answer.finish_reason is FinishReason.UNKNOWN


async def test_deepseek_names_hits_and_misses_of_its_cache_and_no_writes() -> None:
    # Its price list has 0 for writing: a miss that was taken for a write would be free.
    usage = {
        "prompt_tokens": 1500,
        "completion_tokens": 200,
        "total_tokens": 1700,
        "prompt_cache_hit_tokens": 1024,
        "prompt_cache_miss_tokens": 476,
        "completion_tokens_details": {"reasoning_tokens": 150},
    }
    answer = await ask("deepseek/deepseek-chat", chat_chunks(usage))
    assert answer.usage == Usage(476, 1024, 0, 200, reasoning=150)
    check_cost("deepseek/deepseek-chat", answer, (476, "0.28"), (1024, "0.028"), (200, "0.42"))


OPENROUTER_USAGE: dict[str, Any] = {
    "prompt_tokens": 194,
    "completion_tokens": 10,
    "total_tokens": 204,
    "prompt_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 100},
    "completion_tokens_details": {"reasoning_tokens": 4},
    "cost": 0.00095,
    "is_byok": False,
    "cost_details": {"upstream_inference_cost": None},
}


async def test_openrouter_says_what_a_call_cost() -> None:
    answer = await ask("openrouter/anthropic/claude-sonnet-4.5", chat_chunks(OPENROUTER_USAGE))
    assert answer.usage == Usage(194 - 64 - 100, 64, 100, 10, reasoning=4)
    assert answer.reported_cost_usd == Decimal("0.00095")


@pytest.mark.parametrize(
    ("upstream", "cost"),
    [(0.012, Decimal("0.0005") + Decimal("0.012")), (None, None), ("much", None)],
)
async def test_openrouters_fee_is_not_the_cost_when_the_user_pays_the_provider(
    upstream: object, cost: Decimal | None
) -> None:
    usage = {
        **OPENROUTER_USAGE,
        "cost": 0.0005,
        "is_byok": True,
        "cost_details": {"upstream_inference_cost": upstream},
    }
    answer = await ask("openrouter/anthropic/claude-sonnet-4.5", chat_chunks(usage))
    assert answer.reported_cost_usd == cost


@pytest.mark.parametrize(
    ("details", "hour", "write_cost"),
    [
        ([{"ttl": "1h", "inputTokens": 200}], 200, (200, "2")),
        ([{"ttl": "5m", "inputTokens": 200}], 0, (200, "1.25")),
    ],
)
async def test_bedrock_tells_how_long_a_cache_stays(
    details: list[dict[str, Any]],
    hour: int,
    write_cost: tuple[int, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_REGION_NAME", "us-east-1")
    model = "bedrock/anthropic.claude-haiku-4-5-20251001-v1:0"
    usage = {
        "inputTokens": 25,
        "cacheReadInputTokens": 3000,
        "cacheWriteInputTokens": 200,
        "cacheDetails": details,
        "outputTokens": 110,
        "totalTokens": 3335,
    }
    answer = await ask(model, bedrock_frames(usage))
    assert answer.usage == Usage(25, 3000, 200, 110, cache_write_1h=hour)
    check_cost(model, answer, (25, "1"), (3000, "0.1"), write_cost, (110, "5"))


async def test_xai_counts_reasoning_beside_the_answer() -> None:
    model = "xai/grok-4.20-0309-reasoning"
    usage = {
        "prompt_tokens": 32,
        "completion_tokens": 9,
        "total_tokens": 331,
        "prompt_tokens_details": {"cached_tokens": 6},
        "completion_tokens_details": {"reasoning_tokens": 290},
    }
    answer = await ask(model, chat_chunks(usage))
    assert answer.usage == Usage(26, 6, 0, 9 + 290, reasoning=290)
    check_cost(model, answer, (26, "1.25"), (6, "0.2"), (299, "2.5"))
    same = await ask("openai/behind-a-gateway", chat_chunks(usage), base="/v1")
    assert same.usage == answer.usage


async def test_ollama_counts_and_is_free() -> None:
    end = {"done_reason": "stop", "prompt_eval_count": 26, "eval_count": 290}
    answer = await ask("ollama_chat/qwen2.5-coder:7b", ollama_lines(end))
    assert answer.usage == Usage(26, 0, 0, 290)
    assert cost_of(answer.usage, LOCAL_PRICE) == 26 * 0 + 290 * 0


async def test_ollama_does_not_count_a_prompt_that_it_still_had() -> None:
    end = {"done_reason": "stop", "eval_count": 290}
    answer = await ask("ollama_chat/qwen2.5-coder:7b", ollama_lines(end))
    assert answer.usage.is_estimated
    assert answer.usage.input > 0
    assert answer.usage.output > 0


async def test_llama_cpp_tells_what_it_had_in_its_cache() -> None:
    usage = {
        "prompt_tokens": 812,
        "completion_tokens": 64,
        "total_tokens": 876,
        "prompt_tokens_details": {"cached_tokens": 800},
    }
    timings = {"cache_n": 800, "prompt_n": 12, "predicted_n": 64}
    answer = await ask(
        "llamacpp/tiny", chat_chunks(usage, timings=timings), base="/v1", route="openai/tiny"
    )
    assert answer.usage == Usage(12, 800, 0, 64)
    assert cost_of(answer.usage, LOCAL_PRICE) == 12 * 0 + 800 * 0 + 64 * 0


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        {"prompt_tokens": -5, "completion_tokens": 0, "total_tokens": -5},
    ],
    ids=["none", "zeros", "negative"],
)
async def test_usage_that_makes_no_sense_is_counted_by_ourselves(usage: Any) -> None:
    answer = await ask("openai/tiny", chat_chunks(usage), base="/v1")
    assert answer.finish_reason is FinishReason.STOP
    assert answer.usage.is_estimated
    assert answer.usage.uncached_input >= len("Say hello.") // 4
    assert answer.usage.output >= len("hello") // 4


async def test_the_half_of_usage_that_is_there_is_kept() -> None:
    usage = {"prompt_tokens": 2000, "completion_tokens": 0, "total_tokens": 2000}
    answer = await ask("openai/tiny", chat_chunks(usage), base="/v1")
    assert answer.usage == Usage(2000, 0, 0, 2, is_estimated=True)


@pytest.mark.parametrize(
    ("name", "base", "answer"),
    [
        ("openai/tiny", "/v1", chat_chunks(None, finish=None)),
        ("deepseek/deepseek-chat", "", chat_chunks(None, finish=None)),
        ("openrouter/anthropic/claude-sonnet-4.5", "", chat_chunks(None, finish=None)),
        ("xai/grok-4.20-0309-reasoning", "", chat_chunks(None, finish=None)),
        ("anthropic/claude-sonnet-4-5", "", anthropic_events(ANTHROPIC_START, None)),
        ("gemini/gemini-2.5-pro", "", gemini_chunks(GEMINI_USAGE, finish=None)),
        ("bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", "", bedrock_frames(None)),
        ("ollama_chat/qwen2.5-coder:7b", "", ollama_lines(None)),
    ],
)
async def test_a_stream_that_breaks_off_before_its_reason_is_marked_so(
    name: str, base: str, answer: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION_NAME", "us-east-1")
    completion = await ask(name, answer, base=base)
    assert completion.text == "hello"
    assert completion.finish_reason is FinishReason.UNKNOWN
    assert completion.usage.is_estimated


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("STOP", FinishReason.STOP),
        ("MAX_TOKENS", FinishReason.LENGTH),
        ("SAFETY", FinishReason.REFUSED),
        ("RECITATION", FinishReason.REFUSED),
    ],
)
async def test_a_reason_of_geminis_is_kept(said: str, reason: FinishReason) -> None:
    answer = await ask("gemini/gemini-2.5-pro", gemini_chunks(GEMINI_USAGE, finish=said))
    assert answer.finish_reason is reason


async def test_a_question_that_gemini_does_not_take_is_refused_and_no_cut() -> None:
    feedback = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": GEMINI_USAGE}
    answer = await ask("gemini/gemini-2.5-pro", Raw(server_sent(feedback)))
    assert answer.finish_reason is FinishReason.REFUSED
