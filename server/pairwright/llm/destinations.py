"""Where does a request go? To this machine's loopback device, or away from it.

Only what is written as loopback counts as such: a name that resolves to it today may resolve to
another machine tomorrow, and `localhost` itself is looked up before each use.
"""

import os
import re
import socket
import urllib.request
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
_LOOPBACK_ADDRESS = re.compile(
    r"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?",
    re.IGNORECASE,
)
"""Nothing else is believed, whatever one URL parser or another makes of it."""
_PROXY_EXCEPTIONS = ("no_proxy", "NO_PROXY")

Resolve = Callable[[str], tuple[str, ...]]
"""Gives the addresses of a host name; none when it has none."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Who receives what a provider sends."""

    host: str
    """As a person knows it, such as `api.openai.com` or `127.0.0.1:11434`."""
    is_loopback: bool
    """Whether it is this machine, by what is written; see `why_not_local`."""


HERE = Destination("this machine", is_loopback=True)
"""A model's process of our own."""


def destination_of(api_base: str | None, *, provider: str) -> Destination:
    """Return where an address leads; without one, it is the provider's own, which is elsewhere."""
    if api_base is None:
        return Destination(f"{provider}'s own host", is_loopback=False)
    try:
        parts = urlsplit(api_base)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host:
        return Destination("an address that cannot be read", is_loopback=False)
    shown = f"[{host}]" if ":" in host else host
    return Destination(f"{shown}:{port}" if port else shown, is_loopback=is_local(api_base))


def is_local(api_base: str) -> bool:
    """Tell whether an address is written as one of this machine's loopback device."""
    return _LOOPBACK_ADDRESS.fullmatch(api_base) is not None


def resolved(host: str) -> tuple[str, ...]:
    """Return the addresses of a name, as the system gives them."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(str(entry[4][0]) for entry in found)


def why_not_local(
    destination: Destination,
    *,
    resolve: Resolve = resolved,
    proxies: Callable[[], Mapping[str, str]] = urllib.request.getproxies,
) -> str | None:
    """Return why what is sent there may leave this machine just now, None when it cannot.

    Asks the system where `localhost` is, and whether a proxy of the environment comes between.
    """
    if destination == HERE:
        name = "127.0.0.1"
    elif not destination.is_loopback:
        return f"{destination.host} is not on this machine"
    else:
        name = urlsplit(f"//{destination.host}").hostname or ""
    if name == "localhost":
        elsewhere = [each for each in resolve(name) if each not in ("127.0.0.1", "::1")]
        if elsewhere:
            return f"localhost is {elsewhere[0]} on this machine"
    named = {scheme: address for scheme, address in proxies().items() if scheme != "no"}
    if named and not urllib.request.proxy_bypass(name):
        return "a proxy of the environment would be asked for it"
    return None


def keep_loopback_from_proxies(env: MutableMapping[str, str] = os.environ) -> None:
    """Have no library of this process ask a proxy for this machine itself.

    A proxy that the environment names is meant for the world; what is meant for a model on this
    machine would go out through it.
    """
    # Of the two, libraries prefer the first that is there, so both must say the same.
    said = next((env[name] for name in _PROXY_EXCEPTIONS if name in env), "")
    given = [each.strip() for each in said.split(",") if each.strip()]
    if "*" not in given:
        given += [host for host in LOOPBACK_HOSTS if host not in given]
    for variable in _PROXY_EXCEPTIONS:
        env[variable] = ",".join(given)
