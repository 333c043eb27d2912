"""Does a key reach its own host and no other? Through the real litellm, on loopback (T16)."""

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

import pytest
from pydantic import SecretStr

from pairwright.errors import ModelError, NoModel
from pairwright.llm.choices import open_provider
from pairwright.llm.endpoints import endpoint_of
from pairwright.llm.keys import KeyChain
from pairwright.llm.litellm_provider import LiteLLMProvider, warm
from pairwright.llm.model import Message, ModelRequest, Provider
from pairwright.llm.providers import REMOTE_PROVIDERS, RemoteProvider
from pairwright.settings import EndpointSettings, ModelSettings
from tests.support.model_server import Failure, ModelServer, serve_model
from tests.support.waiting import within

pytestmark = pytest.mark.usefixtures("imported_litellm")
KEY = "sk-canary-of-the-provider-0123456789"
OTHER_KEY = "canary-of-another-0123456789"
REQUEST = ModelRequest((Message("user", "Say hello to the-code-canary."),), max_output_tokens=8)


async def ask(provider: Provider) -> None:
    async with within(10), aclosing(provider.stream(REQUEST)) as items:
        async for _ in items:
            pass


def settings_for(server: ModelServer, name: str, **more: Any) -> ModelSettings:
    base = server.api_base.removesuffix("/v1") if more.get("kind") == "anthropic" else None
    endpoint = EndpointSettings(api_base=base or server.api_base, **more)
    return ModelSettings(endpoints={name: endpoint}, timeout_s=5)


def headers_of(server: ModelServer) -> str:
    [request] = server.requests
    return "\n".join(f"{name}: {value}" for name, value in request.headers.items())


@pytest.mark.parametrize(
    ("route", "header"),
    [
        ("openai/tiny", "authorization"),
        ("anthropic/tiny", "x-api-key"),
        ("gemini/tiny", "x-goog-api-key"),
        ("azure/tiny", "api-key"),
        ("groq/tiny", "authorization"),
        ("mistral/tiny", "authorization"),
        ("openrouter/tiny", "authorization"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_port_is_sent_neither_key_nor_code(
    route: str, header: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_API_VERSION", "2024-10-21")
    async with serve_model() as elsewhere:
        leads_away = Failure(status, headers={"location": f"{elsewhere.api_base}/chat/completions"})
        async with serve_model(leads_away) as server:
            provider = LiteLLMProvider(
                route, api_base=server.api_base, api_key=SecretStr(KEY), timeout_s=5
            )
            with pytest.raises(ModelError) as raised:
                await ask(provider)
            assert KEY in server.requests[0].headers[header]
            assert elsewhere.requests == []
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("kind", ["openai", "anthropic", "litellm", "llamacpp", "ollama", "vllm"])
async def test_an_endpoint_is_sent_no_key_that_it_does_not_name(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (
        *("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "HOSTED_VLLM_API_KEY"),
        *("OLLAMA_API_KEY", "LITELLM_PROXY_API_KEY", "GROQ_API_KEY"),
    ):
        monkeypatch.setenv(variable, KEY)
    async with serve_model(Failure(500)) as server:
        settings = settings_for(server, "openai", kind=kind)
        with pytest.raises(ModelError):
            await ask(open_provider("openai/tiny", settings, {"OPENAI_API_KEY": KEY}))
        assert KEY not in headers_of(server)


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
async def test_an_endpoint_is_sent_the_key_that_it_names_and_no_other(kind: str) -> None:
    env = {"OPENAI_API_KEY": OTHER_KEY, "ANTHROPIC_API_KEY": OTHER_KEY, "GPU_KEY": KEY}
    async with serve_model(Failure(500)) as server:
        settings = settings_for(server, "gpu", kind=kind, key="env:GPU_KEY")
        with pytest.raises(ModelError):
            await ask(open_provider("gpu/tiny", settings, env))
        sent = headers_of(server)
    assert KEY in sent
    assert OTHER_KEY not in sent


def test_an_endpoint_whose_key_is_missing_is_not_asked_without_one() -> None:
    own = EndpointSettings(api_base="http://127.0.0.1:9/v1", key="env:GPU_KEY")
    settings = ModelSettings(endpoints={"gpu": own})
    with pytest.raises(NoModel, match="'env:GPU_KEY' holds none"):
        open_provider("gpu/tiny", settings, {"OPENAI_API_KEY": KEY})


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("openai", ("OPENAI_API_BASE", "OPENAI_BASE_URL")),
        ("anthropic", ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL")),
        ("gemini", ("GEMINI_API_BASE",)),
        ("groq", ("GROQ_API_BASE",)),
        ("openrouter", ("OPENROUTER_API_BASE",)),
        ("mistral", ("MISTRAL_API_BASE", "MISTRAL_AZURE_API_BASE")),
        ("xai", ("XAI_API_BASE",)),
        ("deepseek", ("DEEPSEEK_API_BASE",)),
    ],
)
async def test_no_variable_sends_a_providers_key_elsewhere(
    name: str, variables: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {REMOTE_PROVIDERS[name].key_variables[0]: KEY}
    async with serve_model() as elsewhere:
        for variable in variables:
            monkeypatch.setenv(variable, elsewhere.api_base)
        # A proxy that is not there stands for the internet: nothing may leave this machine here.
        for variable in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(variable, "http://127.0.0.1:9")
        provider = open_provider(f"{name}/tiny", ModelSettings(timeout_s=4), env)
        with pytest.raises(ModelError):
            await ask(provider)
        assert elsewhere.requests == []


def with_an_address() -> list[RemoteProvider]:
    return [provider for provider in REMOTE_PROVIDERS.values() if provider.api_base]


@pytest.mark.parametrize("provider", with_an_address(), ids=lambda provider: provider.name)
async def test_the_addresses_are_those_that_litellm_uses_itself(
    provider: RemoteProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    litellm = await warm()
    said = litellm.get_llm_provider(f"{provider.name}/tiny", api_key="k")[3]
    # Of five litellm has the address deeper inside, where only a request would show it.
    inside = {"openai", "anthropic", "gemini", "openrouter"}
    assert said == provider.api_base or (said is None and provider.name in inside)
    assert provider.api_base is not None
    assert provider.api_base.startswith("https://")


@pytest.mark.parametrize("provider", with_an_address(), ids=lambda provider: provider.name)
def test_every_variable_of_a_provider_brings_its_key(provider: RemoteProvider) -> None:
    for variable in provider.key_variables:
        endpoint = endpoint_of(f"{provider.name}/m", ModelSettings(), KeyChain({variable: KEY}))
        assert endpoint.key is not None
        assert (endpoint.key.secret.get_secret_value(), endpoint.key_place) == (KEY, variable)
        assert endpoint.host == provider.host
        assert KEY not in repr(endpoint) + str(endpoint)


def described(env: Mapping[str, str], name: str) -> str:
    endpoint = endpoint_of(name, ModelSettings(), KeyChain(env))
    return f"{endpoint.host} {endpoint.key_place}"


def test_a_provider_with_several_variables_is_reached_as_they_say() -> None:
    env = {"AZURE_API_KEY": KEY, "AZURE_API_BASE": "https://mine.example"}
    with pytest.raises(NoModel, match="set AZURE_API_VERSION"):
        endpoint_of("azure/mine", ModelSettings(), KeyChain(env))
    whole = {**env, "AZURE_API_VERSION": "2024-10-21"}
    assert "AZURE_API_BASE" in described(whole, "azure/mine")
    assert "environment" in described({}, "bedrock/anthropic.claude-haiku-4-5")
    assert KEY not in described(whole, "azure/mine")
