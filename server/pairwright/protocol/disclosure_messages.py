"""What do our questions about what left this machine carry? Sizes and digests, never contents.

Worded like `messages`: camelCase on the wire, an unknown field is an error.
"""

from pairwright.protocol.message import message


@message
class DisclosedParams:
    """Which calls to tell; the newest first."""

    task_id: str | None = None
    """Only of the task whose id begins so."""
    since: str | None = None
    """Only from then on: ISO 8601; without a time zone, in UTC."""
    limit: int = 200
    """How many calls are told at most; the totals count all."""


@message
class DisclosedPart:
    """One piece of what was sent."""

    kind: str
    """Such as "file", "instruction", "test output"."""
    bytes: int
    """In UTF-8."""
    path: str = ""
    """Of a file; empty for all else."""
    digest: str = ""
    """SHA-256 of the piece as it was sent, in hexadecimal; empty when it is not one piece."""


@message
class DisclosedCall:
    """One attempt of one call, written down before it was made."""

    at: str
    """ISO 8601, in UTC."""
    task_id: str
    host: str
    is_local: bool
    """The host is this machine."""
    model: str
    bytes: int
    """All that was sent of ours."""
    taken_out: int
    """How many secrets were taken out of it at the exit."""
    parts: tuple[DisclosedPart, ...]


@message
class DisclosedHost:
    """What one host was sent in all."""

    host: str
    is_local: bool
    calls: int
    bytes: int
    files: int
    """Different ones."""


@message
class DisclosedResult:
    """What left this machine for models, and what stayed on it."""

    calls: tuple[DisclosedCall, ...]
    hosts: tuple[DisclosedHost, ...]
    """Who got most comes first."""
    notice: str = ""
    """What is no longer known, in words; empty when all is."""
