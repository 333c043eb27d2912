"""Where is a model reached, and with which key? Decided in one place, so that no key goes astray.

A provider's key goes to the provider's own host, an endpoint's key to that endpoint, and nothing
else decides: not a variable that names another address, not a redirect.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import get_args
from urllib.parse import urlsplit

from pairwright.errors import NoModel
from pairwright.llm.catalog import STRONG_EMBEDDED
from pairwright.llm.keys import FoundKey, KeyChain
from pairwright.llm.local_servers import LOCAL_SERVERS
from pairwright.llm.pricing import facts_of
from pairwright.llm.providers import RemoteProvider, near, provider_named
from pairwright.settings import EndpointKind, EndpointSettings, ModelSettings

_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one model is reached."""

    model: str
    """As a person types it."""
    known_as: str
    """By its provider, or by what kind of server answers: what profiles and prices go by."""
    route: str
    """litellm's name for it."""
    api_base: str | None
    """None where litellm alone knows the address."""
    key: FoundKey | None
    key_place: str
    """Where the key was, or why there is none; fit to be shown."""

    @property
    def host(self) -> str:
        """Whom a question goes to, with the port where one is named; fit to be shown."""
        if self.api_base is None:
            return f"as {self.known_as.partition('/')[0]} is configured in the environment"
        return urlsplit(self.api_base).netloc

    @property
    def is_remote(self) -> bool:
        """Whether code leaves this machine; where the address is unknown, it does."""
        return self.api_base is None or not is_loopback(self.api_base)


def endpoint_of(name: str, settings: ModelSettings, keys: KeyChain) -> Endpoint:
    """Return where a model is reached.

    Args:
        name: `PROVIDER/MODEL`, or `NAME/MODEL` of an endpoint in the settings, which comes first.
        settings: a person's endpoints.
        keys: where keys are looked for.

    Raises:
        NoModel: the name means nothing here, or its key is missing.
    """
    prefix, _, model = name.partition("/")
    if not model or not name.isprintable():
        raise NoModel(
            f"{name!r} names no model: write PROVIDER/MODEL, such as 'openai/gpt-5-mini', "
            f"'ollama/qwen2.5-coder:7b' or {STRONG_EMBEDDED.model!r}"
        )
    if prefix in settings.endpoints:
        return _own(name, prefix, model, settings.endpoints[prefix], keys)
    for server in LOCAL_SERVERS:
        if prefix == server.prefix:
            return _keyless(name, model, server.api_base)
    provider = provider_named(prefix)
    if provider is None:
        raise _unknown(name, prefix, settings)
    return _of_provider(name, provider, keys)


def is_loopback(address: str) -> bool:
    """Tell whether an http address is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _own(name: str, prefix: str, model: str, own: EndpointSettings, keys: KeyChain) -> Endpoint:
    kind = own.kind or (prefix if prefix in get_args(EndpointKind) else "openai")
    key = keys.at(own.key) if own.key else None
    if own.key and key is None:
        raise NoModel(f"{name!r} needs the key that its endpoint names, and {own.key!r} holds none")
    return Endpoint(
        name,
        _behind_gateway(model) if kind == "litellm" else f"{kind}/{model}",
        f"anthropic/{model}" if kind == "anthropic" else f"openai/{model}",
        own.api_base,
        key,
        key.origin if key else "none is sent",
    )


def _behind_gateway(model: str) -> str:
    """Return which provider's model it likely is: such a gateway is told that, or the bare name."""
    provider = facts_of(model).get("litellm_provider")
    if provider is None:
        return f"litellm/{model}"
    return model if "/" in model else f"{provider}/{model}"


def _keyless(name: str, model: str, api_base: str) -> Endpoint:
    return Endpoint(name, name, f"openai/{model}", api_base, None, "none is sent")


def _of_provider(name: str, provider: RemoteProvider, keys: KeyChain) -> Endpoint:
    missing = [variable for variable in provider.needs if not keys.env.get(variable)]
    if missing:
        raise NoModel(f"{name!r} needs more of the environment: set {', '.join(missing)}")
    if provider.needs:
        place = ", ".join(provider.needs)
        return Endpoint(name, name, name, None, None, place)
    key = keys.of_provider(provider)
    if key is None and provider.key_variables:
        raise NoModel(
            f"{name!r} needs a key: set {provider.key_variables[0]}, "
            f"or run `pairwright keys set {provider.name}`"
        )
    place = key.origin if key else "as its provider wants it in the environment"
    return Endpoint(name, name, name, provider.api_base, key, place)


def _unknown(name: str, prefix: str, settings: ModelSettings) -> NoModel:
    own = (*settings.endpoints, *(server.prefix for server in LOCAL_SERVERS), "embedded")
    likely = near(prefix, own)
    meant = f"did you mean {' or '.join(likely)}? " if likely else ""
    shown = ", ".join(own[:_MOST_SHOWN])
    return NoModel(
        f"{prefix!r} in {name!r} is no provider that is known here: {meant}"
        f"There are those that litellm knows, such as openai, anthropic and gemini, and {shown}; "
        "any other server is an endpoint in your settings ([models.endpoints.NAME])"
    )
