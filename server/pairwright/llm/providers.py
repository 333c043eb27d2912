"""Which providers are there, which variables hold their keys, and which host is theirs?

Read from files, ours and those that litellm ships: importing litellm takes seconds.
"""

import difflib
import functools
import importlib.util
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

_ENDPOINTS_FILE = "provider_endpoints_support_backup.json"
_OPENAI_LIKE_FILE = "llms/openai_like/providers.json"
_NOT_OURS = frozenset(
    {
        # No provider, but a way of litellm's own to find or to fake one.
        *("a2a", "auto_router", "custom", "custom_openai"),
        # They ask for a login on the terminal, which belongs to the protocol.
        *("chatgpt", "github_copilot"),
        # They load a model into the process that asks.
        *("petals", "vllm"),
        # Listed under names that it does not answer to, or for speech alone.
        *("deepgram", "elevenlabs", "nanogpt", "venice"),
        # Servers without a host of their own: that is what endpoints are for.
        *("docker_model_runner", "hosted_vllm", "langgraph", "lemonade", "litellm_proxy"),
        *("llamafile", "lm_studio", "ollama", "ollama_chat", "oobabooga", "ragflow", "triton"),
    }
)


@dataclass(frozen=True, slots=True)
class RemoteProvider:
    """A provider on the internet: what it wants to see, and where it is."""

    name: str
    """What its models' names begin with, without the slash."""
    key_variables: tuple[str, ...] = ()
    """Each may hold the key; empty when the environment holds more than a key, or nobody knows."""
    needs: tuple[str, ...] = ()
    """Variables that must all be set, and that litellm reads by itself."""
    api_base: str | None = None
    """The only address that the key is sent to; None where litellm alone knows it."""
    strong: str | None = None
    weak: str | None = None
    """None for both where no pair is usual, or the price list has none."""

    @property
    def host(self) -> str | None:
        """The host that is asked, where it is known before."""
        return urlsplit(self.api_base).hostname if self.api_base else None


def provider_named(name: str) -> RemoteProvider | None:
    """Return the provider of that name, None when litellm has none for text."""
    if name in REMOTE_PROVIDERS:
        return REMOTE_PROVIDERS[name]
    return _of_litellm(name) if name in known_names() else None


@functools.cache
def known_names() -> frozenset[str]:
    """Return the names of all providers of text that litellm can reach."""
    return frozenset({*REMOTE_PROVIDERS, *_text_providers(), *_openai_like()} - _NOT_OURS)


def near(name: str, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of providers that look like this one, the nearest first; at most three.

    Args:
        name: one that nobody knows.
        more: names that mean something here, beside the providers'.
    """
    folded = {known.lower().replace("-", "_"): known for known in (*known_names(), *more)}
    wanted = name.lower().replace("-", "_")
    found = difflib.get_close_matches(wanted, folded, n=3, cutoff=0.6)
    begun = [known for known in folded if wanted and known.startswith(wanted)]
    return tuple(folded[known] for known in dict.fromkeys((*found, *sorted(begun))))[:3]


def _of_litellm(name: str) -> RemoteProvider:
    entry = _openai_like().get(name, {})
    variable, api_base = entry.get("api_key_env"), entry.get("base_url")
    return RemoteProvider(
        name,
        (variable,) if isinstance(variable, str) else (),
        api_base=api_base if isinstance(api_base, str) else None,
    )


@functools.cache
def _text_providers() -> frozenset[str]:
    listed = _table_of(_ENDPOINTS_FILE).get("providers", {})
    return frozenset(
        name
        for name, entry in listed.items()
        if "/" not in name and entry.get("endpoints", {}).get("chat_completions") is True
    )


@functools.cache
def _openai_like() -> Mapping[str, Mapping[str, Any]]:
    return _table_of(_OPENAI_LIKE_FILE)


def _table_of(name: str) -> dict[str, Any]:
    spec = importlib.util.find_spec("litellm")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(spec.submodule_search_locations[0]) / name
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _load() -> dict[str, RemoteProvider]:
    table = tomllib.loads(files(__package__).joinpath("providers.toml").read_text("utf-8"))
    return {
        name: RemoteProvider(
            name,
            tuple(entry.get("keys", ())),
            tuple(entry.get("needs", ())),
            entry.get("api_base"),
            entry.get("strong"),
            entry.get("weak"),
        )
        for name, entry in table.items()
    }


REMOTE_PROVIDERS: Mapping[str, RemoteProvider] = MappingProxyType(_load())
"""Those of which we know the keys and hosts, by name; in the order in which a key is looked for."""
