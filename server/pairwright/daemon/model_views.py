"""What is there to say of a model? Where it is asked, with which key, at what price, as what.

Of keys it tells where they are, never what they are.
"""

from collections.abc import Mapping
from decimal import Decimal

from pairwright.errors import UserError
from pairwright.llm.catalog import EMBEDDED_PREFIX
from pairwright.llm.choices import open_provider, price_at
from pairwright.llm.embedded_provider import EmbeddedProvider
from pairwright.llm.endpoints import endpoint_of
from pairwright.llm.keys import KeyChain
from pairwright.llm.lent import LENT_PREFIX
from pairwright.llm.model import Price
from pairwright.llm.pricing import own_price_of
from pairwright.llm.profiles import Profile, profile_of
from pairwright.settings import ModelSettings

_MILLION = Decimal(1_000_000)


def describe_model(name: str, settings: ModelSettings, keys: KeyChain) -> tuple[str, ...]:
    """Return what a person should know of a model, a line each.

    Raises:
        NoModel: the name means nothing here, or its key is missing.
    """
    if name.startswith(EMBEDDED_PREFIX):
        embedded = open_provider(name, settings, keys.env)
        return (
            "asked on this machine, without a key",
            f"price: {_price(embedded.price)}",
            f"profile: {_profile(EmbeddedProvider.profile)}",
        )
    if name.startswith(LENT_PREFIX):
        return (
            "asked by an editor that lends it, while that is open on the workspace",
            f"price: {_price(own_price_of(name, settings.prices))}",
        )
    endpoint = endpoint_of(name, settings, keys)
    profile = profile_of(name, known_as=endpoint.known_as, overrides=settings.profiles)
    return (
        f"asked at {endpoint.host}, key: {endpoint.key_place}",
        f"price: {_price(price_at(endpoint, settings))}",
        f"profile: {_profile(profile)}",
    )


def describe_named(settings: ModelSettings, keys: KeyChain) -> Mapping[str, tuple[str, ...] | str]:
    """Return what there is to say of the models that the settings name, or why one cannot be asked.

    The keys are such as "strong: openai/gpt-5-mini"; a sentence alone is a reason.
    """
    views: dict[str, tuple[str, ...] | str] = {}
    for role, name in (("strong", settings.strong), ("weak", settings.weak)):
        if name is None:
            continue
        try:
            views[f"{role}: {name}"] = describe_model(name, settings, keys)
        except UserError as error:
            views[f"{role}: {name}"] = str(error)
    return views


def _price(price: Price | None) -> str:
    if price is None:
        return "unknown; set [models.prices], or a cap refuses it"
    if not price.input_usd and not price.output_usd:
        return f"nothing ({price.source})"
    return (
        f"${_per_million(price.input_usd)} in and ${_per_million(price.output_usd)} out "
        f"per million tokens ({price.source})"
    )


def _per_million(usd: Decimal) -> str:
    whole, _, cents = format((usd * _MILLION).normalize(), "f").partition(".")
    return f"{whole}.{cents:0<2}"


def _profile(profile: Profile) -> str:
    said = [f"{profile.context_tokens} tokens together"]
    if profile.max_output_tokens is not None:
        said.append(f"{profile.max_output_tokens} at most in an answer")
    if profile.hidden_output_tokens:
        said.append(f"{profile.hidden_output_tokens} of them to think")
    if profile.reasoning_effort is not None:
        said.append(f"reasoning effort {profile.reasoning_effort}")
    if profile.edit_format is not None:
        said.append(f"edits as {profile.edit_format}")
    said += [
        words
        for is_so, words in (
            (profile.accepts_grammar, "takes a grammar"),
            (not profile.accepts_temperature, "no temperature"),
            (not profile.streams, "no streaming"),
            (not profile.has_system_role, "no system role"),
        )
        if is_so
    ]
    return f"{', '.join(said)} (from {', '.join(profile.sources) or 'nothing: assumed'})"
