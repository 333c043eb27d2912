"""What do faces tell of what clients may do? Reading is free; writing and spending are granted."""

from typing import Literal

from pairwright.protocol.message import message

Scope = Literal["write", "spend"]


@message
class GrantsParams:
    """Whose scope becomes another; with nothing given, nothing changes."""

    client: str | None = None
    """The name that the client gives itself."""
    scope: Scope | None = None
    is_granted: bool | None = None
    """Whether it may from now on. All three are given, or none."""


@message
class Grant:
    """What one client may do beyond reading."""

    client: str
    scopes: tuple[Scope, ...]


@message
class GrantsResult:
    """All grants of this workspace, by the clients' names."""

    grants: tuple[Grant, ...]
