"""Are keys of editors held while they stay, shared meanwhile, and shown nowhere?"""

from pathlib import Path

import pytest

from pairwright.disclosure.redaction import PROCESS_REDACTOR
from pairwright.engine.engine import Engine
from pairwright.engine.models.given_keys import GivenKeys, check_key
from pairwright.engine.session import Session
from pairwright.errors import InvalidRequest, NoModel
from pairwright.protocol.codec import decode
from pairwright.protocol.key_messages import KeysParams
from pairwright.protocol.messages import ModelsParams
from pairwright.settings import EndpointSettings, ModelSettings, Settings
from tests.support.inline_workers import InlineWorkers

CANARY = "canary-of-an-editor-0123456789"
OWN = EndpointSettings(api_base="http://127.0.0.1:9/v1", key="editor:gpu")
SETTINGS = ModelSettings(endpoints={"gpu": OWN})


def test_the_last_key_given_counts_until_its_owner_leaves() -> None:
    keys = GivenKeys()
    first, second = object(), object()
    keys.give(first, "openai", "key-1")
    keys.give(second, "openai", "key-2")
    assert keys.get("openai") == "key-2"
    keys.give(first, "openai", "key-3")
    assert keys.get("openai") == "key-3"
    assert keys.take_back(first)
    assert keys.get("openai") == "key-2"
    assert keys.take_back(second, "openai")
    assert keys.get("openai") is None
    assert keys.names == ()
    assert not keys.take_back(second)


def test_a_key_shows_in_no_text() -> None:
    keys = GivenKeys()
    keys.give(object(), "openai", CANARY)
    params = KeysParams(provider="openai", key=CANARY)
    assert CANARY not in f"{keys!r} {keys} {params!r} {params}"
    assert "openai" in repr(params)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("openai", ""),
        ("openai", f"{CANARY} {CANARY}"),
        ("openai", f"{CANARY}\n"),
        ("openai", f"{CANARY}ü"),
        ("openai", CANARY * 1000),
        ("opnai", CANARY),
        ("", CANARY),
        ("../x", CANARY),
        ("other", CANARY),
        ("n" * 1000, CANARY),
    ],
)
def test_what_nobody_would_be_sent_is_refused_without_being_quoted(name: str, key: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        check_key(name, key, SETTINGS)
    assert CANARY not in str(raised.value)
    assert len(str(raised.value)) < 300


def test_a_provider_and_a_named_place_are_taken() -> None:
    check_key("openai", CANARY, SETTINGS)
    check_key("gpu", CANARY, SETTINGS)
    check_key("gpu", None, SETTINGS)


@pytest.mark.parametrize("params", [{}, {"provider": 1}, {"provider": "openai", "key": [CANARY]}])
def test_params_that_are_none_are_refused_without_being_quoted(params: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest) as raised:
        decode(KeysParams, params)
    assert CANARY not in str(raised.value)


async def opened(directory: Path) -> Engine:
    (directory / "root").mkdir()
    return await Engine.open(
        directory / "root",
        Settings(models=SETTINGS),
        state_dir=directory,
        env={},
        workers=InlineWorkers(directory / "root"),
    )


async def test_the_key_of_one_client_serves_all_until_it_leaves(tmp_path: Path) -> None:
    engine = await opened(tmp_path)
    try:
        editor, terminal = engine.open_session("editor"), engine.open_session("terminal")
        wanted = ModelsParams(strong="gpu/big", weak="gpu/big")
        with pytest.raises(NoModel, match="holds none"):
            await terminal.models(wanted)
        given = await editor.give_key(KeysParams(provider="gpu", key=CANARY))
        assert given.held == ("gpu",)
        assert (await terminal.models(wanted)).strong.name == "gpu/big"
        assert PROCESS_REDACTOR.redact(f"sent {CANARY}") == "sent [redacted]"
        await check_gone_with(editor, terminal, wanted)
    finally:
        await engine.close()


async def check_gone_with(editor: Session, terminal: Session, wanted: ModelsParams) -> None:
    await editor.close()
    with pytest.raises(NoModel, match="holds none"):
        await terminal.models(wanted)


async def test_a_key_that_is_taken_back_is_used_no_more(tmp_path: Path) -> None:
    engine = await opened(tmp_path)
    try:
        editor = engine.open_session("editor")
        await editor.give_key(KeysParams(provider="openai", key=CANARY))
        wanted = ModelsParams(strong="openai/gpt-4o", weak="openai/gpt-4o")
        await editor.models(wanted)
        assert (await editor.give_key(KeysParams(provider="openai"))).held == ()
        with pytest.raises(NoModel, match="set OPENAI_API_KEY"):
            await editor.models(wanted)
    finally:
        await engine.close()
