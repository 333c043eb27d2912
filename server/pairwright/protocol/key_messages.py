"""What does an editor say of keys? A key that its secret store holds, for as long as it stays."""

from dataclasses import field

from pairwright.protocol.message import message


@message
class KeysParams:
    """A key for a provider; without one the key that this client gave before is taken back."""

    provider: str
    key: str | None = field(default=None, repr=False)


@message
class KeysResult:
    """For whom clients hold keys now, in alphabetical order."""

    held: tuple[str, ...]
