"""Which keys did editors give? Kept in memory, for as long as the client stays that gave them.

All clients of the daemon share them: a task from a terminal may use the editor's key while the
editor is open. They are written nowhere and handed to no other process.
"""

import re

from pairwright.errors import InvalidRequest
from pairwright.llm.keys import is_sendable
from pairwright.llm.providers import near, provider_named
from pairwright.settings import ModelSettings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class GivenKeys:
    """Keys by name and by who gave them; the last one given counts."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._keys: dict[str, dict[object, str]] = {}

    def __repr__(self) -> str:
        """Return the names alone."""
        return f"GivenKeys({', '.join(self.names)})"

    @property
    def names(self) -> tuple[str, ...]:
        """For whom there are keys, in alphabetical order."""
        return tuple(sorted(self._keys))

    def get(self, name: str) -> str | None:
        """Return the key that was given last under that name."""
        given = self._keys.get(name)
        return next(reversed(given.values()), None) if given else None

    def give(self, owner: object, name: str, key: str) -> None:
        """Hold a key until its owner takes it back."""
        given = self._keys.setdefault(name, {})
        given.pop(owner, None)
        given[owner] = key

    def take_back(self, owner: object, name: str | None = None) -> bool:
        """Forget what an owner gave, all of it unless a name is given; tell whether it had any."""
        names = [name] if name is not None else list(self._keys)
        had_any = False
        for each in names:
            given = self._keys.get(each, {})
            had_any |= given.pop(owner, None) is not None
            if not given:
                self._keys.pop(each, None)
        return had_any


def check_key(name: str, key: str | None, settings: ModelSettings) -> None:
    """Refuse a key that nobody would be sent; no message quotes it.

    Raises:
        InvalidRequest: nobody is called so, or the key is none.
    """
    places = (endpoint.key for endpoint in settings.endpoints.values())
    is_known = f"editor:{name}" in places or provider_named(name) is not None
    if not _NAME.fullmatch(name) or not is_known:
        likely = near(name) if _NAME.fullmatch(name) else ()
        meant = f": did you mean {' or '.join(likely)}?" if likely else ""
        raise InvalidRequest(f"no provider and no endpoint wants a key for {name[:100]!r}{meant}")
    if key is not None and not is_sendable(key):
        raise InvalidRequest("key: must be one line of printable ASCII without spaces")
