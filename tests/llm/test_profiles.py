"""Does a profile say what a model can do, and does the question follow it?"""

from contextlib import aclosing
from typing import Any

import pytest

from pairwright.llm.choices import open_provider
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.model import Completion, FinishReason, Message, ModelRequest, TextDelta, Usage
from pairwright.llm.profiles import UNKNOWN_CONTEXT_TOKENS, Profile, first_formats, profile_of
from pairwright.settings import ModelSettings, ProfileSettings
from tests.support.model_server import Raw, serve_model
from tests.support.waiting import within

pytestmark = pytest.mark.usefixtures("imported_litellm")
REQUEST = ModelRequest(
    (Message("system", "Be brief."), Message("user", "Hi"), Message("assistant", "Yes?")),
    max_output_tokens=64,
    temperature=0.5,
)
WHOLE = (
    b'{"id": "c1", "object": "chat.completion", "created": 1, "model": "tiny", "choices": [{"index"'
    b': 0, "finish_reason": "length", "message": {"role": "assistant", "content": "hello"}}]%s}'
)


def known(name: str, **overrides: ProfileSettings) -> Profile:
    return profile_of(name, known_as=name, overrides=overrides)


def test_litellms_table_is_the_ground() -> None:
    profile = known("mistral/mistral-large-latest")
    assert profile.context_tokens > 100_000
    assert profile.max_output_tokens is not None
    assert profile.sources == ("litellm's table",)


@pytest.mark.parametrize("name", ["openai/o3-mini", "openai/gpt-5.6", "anthropic/claude-haiku-5-5"])
def test_models_that_reason_get_no_temperature_and_room_to_think(name: str) -> None:
    profile = known(name)
    assert not profile.accepts_temperature
    assert profile.hidden_output_tokens > 0


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("llamacpp/any", "accepts_grammar", True),
        ("ollama/any", "context_tokens", 4096),
        ("ollama/gemma3:4b", "has_system_role", False),
        ("openrouter/any/model", "reports_cost", True),
        ("openai/o1-pro", "streams", False),
        ("openai/gpt-4o", "accepts_temperature", True),
        ("openai/gpt-4o", "reports_cost", False),
        ("nobody/knows", "context_tokens", UNKNOWN_CONTEXT_TOKENS),
        ("nobody/knows", "sources", ()),
    ],
)
def test_what_is_bundled_is_known(name: str, field: str, value: object) -> None:
    assert getattr(known(name), field) == value


def test_settings_have_the_last_word_and_the_last_of_them_the_very_last() -> None:
    overrides = {
        "gpu/*": ProfileSettings(context_tokens=30_000, grammar=True),
        "other/*": ProfileSettings(context_tokens=1000),
        "*/small": ProfileSettings(context_tokens=2000),
    }
    profile = profile_of("gpu/small", known_as="vllm/small", overrides=overrides)
    assert (profile.context_tokens, profile.accepts_grammar) == (2000, True)
    assert profile.sources == ("profile 'vllm/*'", "settings 'gpu/*'", "settings '*/small'")


def test_an_override_that_says_nothing_of_a_field_leaves_it() -> None:
    assert known("openai/gpt-4o", **{"openai/*": ProfileSettings()}) != known("openai/gpt-4o")
    plain, same = known("openai/gpt-4o"), known("openai/gpt-4o", **{"*": ProfileSettings()})
    assert (plain.context_tokens, plain.streams) == (same.context_tokens, same.streams)


def test_half_the_window_is_left_for_what_is_seen() -> None:
    assert Profile(context_tokens=1000, hidden_output_tokens=900).hidden_output_tokens == 500


def test_a_provider_is_opened_with_its_profile() -> None:
    settings = ModelSettings(profiles={"ollama/*": ProfileSettings(context_tokens=16_000)})
    provider = open_provider("ollama/qwen", settings, {})
    assert provider.context_tokens == 16_000


def test_a_person_says_in_which_format_a_model_is_asked_first() -> None:
    overrides = {"ollama/*": ProfileSettings(edit_format="whole_file")}
    names = ("ollama/qwen", "openai/gpt-4o")
    assert first_formats(names, overrides) == {"ollama/qwen": "whole_file"}


async def body_for(profile: Profile, request: ModelRequest = REQUEST) -> dict[str, Any]:
    async with serve_model() as server:
        provider = LiteLLMProvider(
            "openai/tiny", api_base=server.api_base, timeout_s=5, profile=profile
        )
        async with within(10), aclosing(provider.stream(request)) as items:
            async for _ in items:
                pass
        return server.requests[0].body


async def test_a_model_without_temperature_is_sent_none() -> None:
    assert "temperature" not in await body_for(Profile(accepts_temperature=False))
    assert (await body_for(Profile()))["temperature"] == 0.5


async def test_a_reasoning_effort_is_asked_for() -> None:
    assert "reasoning_effort" not in await body_for(Profile())
    async with serve_model() as server:
        provider = LiteLLMProvider(
            "own/o3-mini",
            route="openai/o3-mini",
            api_base=server.api_base,
            timeout_s=5,
            profile=Profile(reasoning_effort="low"),
        )
        async with within(10), aclosing(provider.stream(REQUEST)) as items:
            async for _ in items:
                pass
        assert server.requests[0].body["reasoning_effort"] == "low"


async def test_a_model_is_never_asked_for_more_than_it_writes() -> None:
    profile = Profile(context_tokens=9000, hidden_output_tokens=4000, max_output_tokens=100)
    assert (await body_for(profile))["max_tokens"] == 100


async def test_without_a_system_role_the_rules_begin_the_first_question() -> None:
    body = await body_for(Profile(has_system_role=False))
    assert body["messages"] == [
        {"role": "user", "content": "Be brief.\n\nHi"},
        {"role": "assistant", "content": "Yes?"},
    ]
    alone = ModelRequest((Message("system", "Be brief."),), max_output_tokens=5)
    body = await body_for(Profile(has_system_role=False), alone)
    assert body["messages"] == [{"role": "user", "content": "Be brief."}]


@pytest.mark.parametrize("is_counted", [True, False])
async def test_a_model_that_does_not_stream_is_asked_for_the_whole(is_counted: bool) -> None:
    usage = b', "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}'
    answer = Raw(WHOLE % (usage if is_counted else b""), "application/json")
    async with serve_model(answer) as server:
        provider = LiteLLMProvider(
            "openai/tiny", api_base=server.api_base, timeout_s=5, profile=Profile(streams=False)
        )
        async with within(10), aclosing(provider.stream(REQUEST)) as stream:
            text, completion = [item async for item in stream]
        [request] = server.requests
    assert not request.body.get("stream")
    assert "stream_options" not in request.body
    assert text == TextDelta("hello")
    assert isinstance(completion, Completion)
    assert completion.finish_reason is FinishReason.LENGTH
    if is_counted:
        assert completion.usage == Usage(7, 0, 0, 3)
    else:
        assert completion.usage.is_estimated
