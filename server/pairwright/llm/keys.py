"""Where is a key? With the editor, in the environment, or in the keyring; never in a file of ours.

A key is named by whom it is for, and only that host is sent it: `endpoints` decides which that is.
"""

import importlib.util
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from pairwright.errors import NoKeyring
from pairwright.llm.providers import RemoteProvider

KEYRING_SERVICE = "pairwright"
"""What our entries in a keyring are filed under."""
_MOST_CHARACTERS = 8192
_KEYRING_TIMEOUT_S = 3.0
_KEYRING_REST_S = 60.0
"""A keyring that did not answer is not asked again for so long: somebody may have to unlock it."""


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, and where it was; its text shows neither in `repr` nor in `str`."""

    secret: SecretStr
    origin: str
    """Such as "OPENAI_API_KEY", "keyring" or "editor"; fit to be shown."""


class KeyStore(Protocol):
    """Where keys lie by name."""

    def get(self, name: str) -> str | None:
        """Return the key of that name, None when there is none or the store does not answer."""
        ...


class NoKeys:
    """A store that is empty."""

    def get(self, name: str) -> str | None:
        """Return None."""
        return None


NO_KEYS = NoKeys()


class KeyChain:
    """All places that a key may be in, in the order in which they count."""

    def __init__(
        self,
        env: Mapping[str, str],
        *,
        editor: KeyStore = NO_KEYS,
        keyring: KeyStore = NO_KEYS,
        on_found: Callable[[str], None] = lambda secret: None,
    ) -> None:
        """Remember where to look; nothing is read yet.

        Args:
            env: by the names that providers use themselves.
            editor: what editors gave for as long as they are connected.
            keyring: the system's.
            on_found: is told each key before anyone else, so that it can be kept out of logs.
        """
        self.env = env
        self._editor = editor
        self._keyring = keyring
        self._on_found = on_found

    def of_provider(self, provider: RemoteProvider) -> FoundKey | None:
        """Return the key for a provider's own host, None when there is none."""
        return (
            self._found(self._editor.get(provider.name), "editor")
            or self._in_environment(*provider.key_variables)
            or self._found(self._keyring.get(provider.name), "keyring")
        )

    def at(self, place: str) -> FoundKey | None:
        """Return the key at a place such as `env:GPU_KEY`, `keyring:gpu` or `editor:gpu`."""
        kind, _, name = place.partition(":")
        if kind == "env":
            return self._in_environment(name)
        store = self._keyring if kind == "keyring" else self._editor
        return self._found(store.get(name), place)

    def _in_environment(self, *variables: str) -> FoundKey | None:
        found = (self._found(self.env.get(variable), variable) for variable in variables)
        return next((key for key in found if key is not None), None)

    def _found(self, secret: str | None, origin: str) -> FoundKey | None:
        secret = (secret or "").strip()
        if not is_sendable(secret):
            return None
        self._on_found(secret)
        return FoundKey(SecretStr(secret), origin)


def is_sendable(key: str) -> bool:
    """Tell whether a header can hold the key: one line of printable ASCII without spaces."""
    fits = key.isascii() and key.isprintable() and " " not in key
    return fits and 0 < len(key) <= _MOST_CHARACTERS


class SystemKeyring:
    """The keyring of this system, through the package `keyring`; without it, empty.

    A keyring may wait for somebody to unlock it, who may not be there: it is asked in a thread,
    for three seconds.
    """

    def __init__(self, *, timeout_s: float = _KEYRING_TIMEOUT_S) -> None:
        """Load nothing yet."""
        self._timeout_s = timeout_s
        self._silent_until = 0.0

    @property
    def is_installed(self) -> bool:
        """Whether the package is there."""
        return importlib.util.find_spec("keyring") is not None

    def get(self, name: str) -> str | None:
        """See `KeyStore.get`."""
        if not self.is_installed or time.monotonic() < self._silent_until:
            return None
        try:
            return self._ask(lambda: _keyring().get_password(KEYRING_SERVICE, name))
        except NoKeyring:
            return None

    def put(self, name: str, secret: str) -> None:
        """Keep a key under a name.

        Raises:
            NoKeyring: there is no keyring, or it does not take it.
        """
        self._ask(lambda: _keyring().set_password(KEYRING_SERVICE, name, secret))

    def delete(self, name: str) -> bool:
        """Forget the key of that name; tell whether there was one.

        Raises:
            NoKeyring: there is no keyring, or it does not let it go.
        """
        if self._ask(lambda: _keyring().get_password(KEYRING_SERVICE, name)) is None:
            return False
        self._ask(lambda: _keyring().delete_password(KEYRING_SERVICE, name))
        return True

    def _ask(self, question: Callable[[], str | None]) -> str | None:
        if not self.is_installed:
            raise NoKeyring("the package 'keyring' is not installed: run `pip install keyring`")
        answers: list[str | None] = []
        failures: list[str] = []

        def ask() -> None:
            try:
                answers.append(question())
            except Exception as error:  # Backends raise what they like, and may quote the key.
                failures.append(type(error).__name__)

        # A daemon thread, since one that hangs must not keep the process from ending.
        thread = threading.Thread(target=ask, name="keyring", daemon=True)
        thread.start()
        thread.join(self._timeout_s)
        if answers:
            return answers[0]
        if not failures:
            self._silent_until = time.monotonic() + _KEYRING_REST_S
        what = failures[0] if failures else f"no answer within {self._timeout_s:g} s"
        raise NoKeyring(f"the system's keyring cannot be used ({what})")


def _keyring() -> "_Backend":
    import keyring

    backend: _Backend = keyring.get_keyring()
    return backend


class _Backend(Protocol):
    """What we use of a keyring's backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...
