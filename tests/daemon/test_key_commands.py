"""Does `pairwright keys` keep, list and delete keys without ever showing one?"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from pairwright.cli import main
from pairwright.daemon.key_commands import listing
from pairwright.daemon.model_views import describe_model, describe_named
from pairwright.llm.catalog import STRONG_EMBEDDED
from pairwright.llm.keys import KeyChain, SystemKeyring
from pairwright.settings import EndpointSettings, ModelSettings, PriceSettings, ProfileSettings
from tests.support.keyring_in_memory import KeyringInMemory

CANARY = "canary-of-a-person-0123456789"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[KeyringInMemory]:
    """What the keyring keeps; the settings are empty and the environment has no keys."""
    monkeypatch.setenv("PAIRWRIGHT_CONFIG_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    usual, chosen = keyring.get_keyring(), KeyringInMemory()
    chosen.kept = {}
    keyring.set_keyring(chosen)
    yield chosen
    keyring.set_keyring(usual)


def test_a_key_from_a_pipe_is_kept_listed_and_deleted(
    kept: KeyringInMemory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CANARY}\nmore\n"))
    assert main(["keys", "set", "openai"]) == 0
    assert kept.kept == {("pairwright", "openai"): CANARY}
    assert main(["keys", "list"]) == 0
    assert main(["keys", "delete", "openai"]) == 0
    assert main(["keys", "delete", "openai"]) == 0
    assert kept.kept == {}
    shown = capsys.readouterr()
    assert CANARY not in shown.out + shown.err
    assert shown.out.splitlines() == [
        "the keyring has a key for openai",
        "openai  keyring  api.openai.com",
        "the keyring no longer has a key for openai",
        "the keyring had no key for openai",
    ]


@pytest.mark.parametrize("text", ["", "\n", "two words\n", "schlüssel\n", "x" * 9000])
def test_what_is_no_key_is_not_kept(
    text: str,
    kept: KeyringInMemory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert main(["keys", "set", "openai"]) == 2
    assert kept.kept == {}
    assert capsys.readouterr().err.startswith("that is no key")


@pytest.mark.parametrize("action", ["set", "delete"])
def test_a_name_that_nobody_has_is_met_with_a_near_one(
    action: str, kept: KeyringInMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", action, "opnai"]) == 2
    assert "did you mean openai" in capsys.readouterr().err


def test_a_key_is_no_argument() -> None:
    with pytest.raises(SystemExit):
        main(["keys", "set", "openai", CANARY])


def test_without_a_keyring_there_is_a_sentence_and_no_traceback(
    kept: KeyringInMemory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    monkeypatch.setattr(sys, "stdin", io.StringIO(CANARY))
    assert main(["keys", "set", "openai"]) == 2
    error = capsys.readouterr().err
    assert error == "the system's keyring cannot be used (NoKeyringError)\n"


def test_the_list_says_where_each_key_is_and_whom_it_goes_to(kept: KeyringInMemory) -> None:
    kept.kept = {("pairwright", "groq"): CANARY}
    endpoints = {
        "gpu": EndpointSettings(api_base="http://gpu.lan/v1", key="env:GPU_KEY"),
        "gone": EndpointSettings(api_base="http://gone.lan/v1", key="env:GONE"),
        "openai": EndpointSettings(api_base="http://gateway.lan/v1"),
    }
    env = {"GPU_KEY": CANARY, "OPENAI_API_KEY": CANARY, "XAI_API_KEY": CANARY}
    lines = listing(ModelSettings(endpoints=endpoints), env, SystemKeyring()).splitlines()
    assert [line.split() for line in lines] == [
        ["groq", "keyring", "api.groq.com"],
        ["xai", "XAI_API_KEY", "api.x.ai"],
        ["gpu", "env:GPU_KEY", "http://gpu.lan/v1"],
        ["gone", "missing:", "env:GONE", "http://gone.lan/v1"],
    ]
    assert CANARY not in "".join(lines)


def test_no_keys_says_how_to_get_one(kept: KeyringInMemory) -> None:
    assert listing(ModelSettings(), {}, SystemKeyring()).startswith("no keys: set a variable")


def test_a_model_is_described_by_host_key_price_and_profile() -> None:
    own = EndpointSettings(api_base="http://gpu.lan:8000/v1", kind="vllm", key="env:GPU_KEY")
    settings = ModelSettings(
        strong="gpu/big",
        weak="openai/gpt-4o",
        endpoints={"gpu": own},
        profiles={"gpu/*": ProfileSettings(context_tokens=32_000, streaming=False)},
        prices={"gpu/*": PriceSettings(input_usd_per_million=1, output_usd_per_million="2.125")},
    )
    keys = KeyChain({"GPU_KEY": CANARY})
    assert describe_model("gpu/big", settings, keys) == (
        "asked at gpu.lan:8000, key: GPU_KEY",
        "price: $1.00 in and $2.125 out per million tokens (settings)",
        "profile: 32000 tokens together, no streaming (from profile 'vllm/*', settings 'gpu/*')",
    )
    views = describe_named(settings, keys)
    assert list(views) == ["strong: gpu/big", "weak: openai/gpt-4o"]
    assert "set OPENAI_API_KEY" in views["weak: openai/gpt-4o"]
    assert CANARY not in str(views)


def test_an_embedded_model_needs_no_key() -> None:
    first, price, profile = describe_model(STRONG_EMBEDDED.model, ModelSettings(), KeyChain({}))
    assert "without a key" in first
    assert price == "price: nothing (runs on this machine)"
    assert "takes a grammar" in profile


def test_a_model_without_a_price_says_so() -> None:
    _, price, _ = describe_model("poe/x", ModelSettings(), KeyChain({"POE_API_KEY": CANARY}))
    assert price.startswith("price: unknown")
