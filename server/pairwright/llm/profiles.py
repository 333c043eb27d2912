"""What can a model do? Data: litellm's table, then `profiles.toml`, then a person's settings."""

import fnmatch
import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from pairwright.llm.pricing import context_tokens_of, facts_of, hidden_output_tokens_of
from pairwright.settings import ProfileSettings

UNKNOWN_CONTEXT_TOKENS = 8192
"""What is assumed of a model that nobody describes."""

_FIELD_OF = {
    "grammar": "accepts_grammar",
    "temperature": "accepts_temperature",
    "streaming": "streams",
    "system_role": "has_system_role",
}
"""Where a setting's name is not the field's."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one model at one endpoint."""

    context_tokens: int = UNKNOWN_CONTEXT_TOKENS
    """Prompt and answer together, hidden reasoning included."""
    max_output_tokens: int | None = None
    """Of one answer with its hidden reasoning; None when nobody says."""
    hidden_output_tokens: int = 0
    """For reasoning, beside each answer."""
    edit_format: str | None = None
    """The format that it is first asked for; None leaves that to the table of formats."""
    accepts_grammar: bool = False
    """Whether it is a llama.cpp server, which also gets its prompt cache used."""
    accepts_temperature: bool = True
    reasoning_effort: str | None = None
    """None leaves it to the provider."""
    streams: bool = True
    has_system_role: bool = True
    marks_cache: bool = False
    """Whether its provider caches a prompt only as far as the prompt says."""
    reports_cost: bool = False
    """Whether what the provider calls the cost is its own figure."""
    sources: tuple[str, ...] = ()
    """What said so, the strongest last; fit to be shown."""

    def __post_init__(self) -> None:
        if self.hidden_output_tokens > self.context_tokens // 2:
            object.__setattr__(self, "hidden_output_tokens", self.context_tokens // 2)


UNDESCRIBED = Profile()
"""What is taken of a model of which nothing is known."""


def profile_of(
    name: str, *, known_as: str, overrides: Mapping[str, ProfileSettings] | None = None
) -> Profile:
    """Return what is known of a model.

    Args:
        name: as a person types it; the overrides' patterns are held against it.
        known_as: by its provider or its endpoint's kind, such as `ollama/qwen2.5-coder:7b`.
        overrides: a person's settings, the strongest last.
    """
    profile = _from_table(known_as)
    for pattern, values in _matching(known_as, _built_in()):
        profile = _with(profile, values, f"profile {pattern!r}")
    chosen = {
        pattern: setting.model_dump(exclude_none=True)
        for pattern, setting in (overrides or {}).items()
    }
    for pattern, values in _matching(name, chosen):
        profile = _with(profile, values, f"settings {pattern!r}")
    return profile


def first_formats(
    names: Iterable[str], overrides: Mapping[str, ProfileSettings]
) -> Mapping[str, str]:
    """Return in which edit format models are to be asked first, where a person says so."""
    chosen = {name: profile_of(name, known_as=name, overrides=overrides) for name in names}
    return {name: profile.edit_format for name, profile in chosen.items() if profile.edit_format}


def _from_table(known_as: str) -> Profile:
    facts = facts_of(known_as)
    if not facts:
        return Profile()
    most = facts.get("max_output_tokens")
    return Profile(
        context_tokens=context_tokens_of(known_as) or UNKNOWN_CONTEXT_TOKENS,
        max_output_tokens=most if isinstance(most, int) and most > 0 else None,
        hidden_output_tokens=hidden_output_tokens_of(known_as),
        accepts_temperature=facts.get("supports_sampling_params") is not False,
        streams=facts.get("supports_native_streaming") is not False,
        has_system_role=facts.get("supports_system_messages") is not False,
        sources=("litellm's table",),
    )


def _matching(
    name: str, profiles: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for pattern, values in profiles.items():
        if fnmatch.fnmatchcase(name.lower(), pattern.lower()):
            yield pattern, values


def _with(profile: Profile, values: Mapping[str, Any], source: str) -> Profile:
    fields = {_FIELD_OF.get(name, name): value for name, value in values.items()}
    return replace(profile, **fields, sources=(*profile.sources, source))


@functools.cache
def _built_in() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("profiles.toml").read_text("utf-8"))
