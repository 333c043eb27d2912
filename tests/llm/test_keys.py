"""Is a key found where it should be, and does a keyring that fails or hangs do no harm?"""

import threading
from collections.abc import Callable, Iterator

import keyring
import keyring.backend
import pytest

from pairwright.errors import NoKeyring
from pairwright.llm.keys import KEYRING_SERVICE, KeyChain, SystemKeyring, is_sendable
from pairwright.llm.providers import REMOTE_PROVIDERS

GEMINI = REMOTE_PROVIDERS["gemini"]


class Store:
    def __init__(self, **keys: str) -> None:
        self.keys = keys

    def get(self, name: str) -> str | None:
        return self.keys.get(name)


class MemoryBackend(keyring.backend.KeyringBackend):
    """A keyring without a file."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.before: Callable[[], None] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def backend() -> Iterator[MemoryBackend]:
    usual, chosen = keyring.get_keyring(), MemoryBackend()
    keyring.set_keyring(chosen)
    yield chosen
    keyring.set_keyring(usual)


def test_the_editor_comes_before_the_environment_and_that_before_the_keyring() -> None:
    editor, ring = Store(gemini="from-editor"), Store(gemini="from-keyring")
    env = {"GOOGLE_API_KEY": "second", "GEMINI_API_KEY": "first"}
    found = [
        KeyChain(env, editor=editor, keyring=ring).of_provider(GEMINI),
        KeyChain(env, keyring=ring).of_provider(GEMINI),
        KeyChain({"GOOGLE_API_KEY": "second"}, keyring=ring).of_provider(GEMINI),
        KeyChain({}, keyring=ring).of_provider(GEMINI),
    ]
    assert [(key.secret.get_secret_value(), key.origin) for key in found if key] == [
        ("from-editor", "editor"),
        ("first", "GEMINI_API_KEY"),
        ("second", "GOOGLE_API_KEY"),
        ("from-keyring", "keyring"),
    ]
    assert KeyChain({}).of_provider(GEMINI) is None


@pytest.mark.parametrize("place", ["env:GPU", "keyring:gpu", "editor:gpu"])
def test_an_endpoints_key_is_at_its_place_and_at_no_other(place: str) -> None:
    chains = {
        "env:GPU": KeyChain({"GPU": "k"}),
        "keyring:gpu": KeyChain({}, keyring=Store(gpu="k")),
        "editor:gpu": KeyChain({}, editor=Store(gpu="k")),
    }
    for other, chain in chains.items():
        found = chain.at(place)
        assert (found is not None) is (other == place)


def test_a_key_is_told_before_it_is_used_and_shows_nowhere() -> None:
    told: list[str] = []
    chain = KeyChain({"GEMINI_API_KEY": " secret-of-gemini\n"}, on_found=told.append)
    key = chain.of_provider(GEMINI)
    assert told == ["secret-of-gemini"]
    assert "secret-of-gemini" not in f"{key!r} {key}"


@pytest.mark.parametrize(
    "key", ["", " ", "two words", "line\nbreak", "ключ", "\x00", "k" * 8193, "tab\tkey"]
)
def test_what_no_header_can_hold_is_no_key(key: str) -> None:
    assert not is_sendable(key)
    assert KeyChain({"GEMINI_API_KEY": key}).of_provider(GEMINI) is None


def test_a_keyring_keeps_returns_and_forgets(backend: MemoryBackend) -> None:
    ring = SystemKeyring()
    assert ring.get("openai") is None
    ring.put("openai", "secret-a")
    assert backend.kept == {(KEYRING_SERVICE, "openai"): "secret-a"}
    assert ring.get("openai") == "secret-a"
    assert ring.delete("openai") is True
    assert ring.delete("openai") is False


def test_a_keyring_without_a_backend_is_empty_and_cannot_be_written() -> None:
    usual = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        assert SystemKeyring().get("openai") is None
        with pytest.raises(NoKeyring, match="NoKeyringError"):
            SystemKeyring().put("openai", "secret")
    finally:
        keyring.set_keyring(usual)


def test_a_keyring_that_hangs_is_left_alone(backend: MemoryBackend) -> None:
    asked: list[int] = []
    release = threading.Event()

    def wait() -> None:
        asked.append(1)
        release.wait(5)

    backend.before = wait
    ring = SystemKeyring(timeout_s=0.05)
    assert ring.get("openai") is None
    assert ring.get("anthropic") is None
    assert len(asked) == 1, "it was asked again at once"
    with pytest.raises(NoKeyring, match=r"no answer within 0\.05 s"):
        ring.put("openai", "secret")
    release.set()


def test_what_a_keyring_raises_is_not_quoted(backend: MemoryBackend) -> None:
    def fail() -> None:
        raise RuntimeError("cannot store secret-of-mine")

    backend.before = fail
    ring = SystemKeyring()
    assert ring.get("openai") is None
    with pytest.raises(NoKeyring) as raised:
        ring.put("openai", "secret-of-mine")
    assert "secret-of-mine" not in str(raised.value)
    assert raised.value.__context__ is None


def test_without_the_package_the_keyring_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare(SystemKeyring):
        is_installed = False

    assert Bare().get("openai") is None
    with pytest.raises(NoKeyring, match=r"pip install keyring"):
        Bare().put("openai", "secret")
