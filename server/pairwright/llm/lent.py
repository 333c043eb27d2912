"""Which models can only somebody else ask? Those that a connected client lends, by their names."""

from typing import Protocol

from pairwright.errors import NoModel
from pairwright.llm.model import Provider

LENT_PREFIX = "editor/"
"""What the names of such models begin with."""


class LentModels(Protocol):
    """What clients lend just now."""

    def open(self, name: str) -> Provider:
        """Return a provider that has the client ask.

        Raises:
            NoModel: nobody lends a model of that name.
        """
        ...


class NothingLent:
    """Where no client can be asked, as before there is a daemon."""

    def open(self, name: str) -> Provider:
        """See `LentModels.open`."""
        raise NoModel(
            f"{name!r} is asked by the editor that lends it, while that is open on this workspace"
        )
