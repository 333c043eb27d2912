"""Does nobody wait for litellm, and does it load nothing that we never use?"""

import asyncio
import gc
import sys
from collections.abc import Iterator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from pairwright.errors import ModelError
from pairwright.llm import litellm_provider, loading
from pairwright.llm.litellm_provider import LiteLLMProvider, warm
from pairwright.llm.loading import leave_out_tokenizer, uncollected
from pairwright.llm.model import Message, ModelRequest
from tests.support.model_server import Answer, serve_model
from tests.support.waiting import within

REQUEST = ModelRequest((Message("user", "Say hello."),), max_output_tokens=64)
TOKENIZER = "litellm.litellm_core_utils.default_encoding"
ROUTES = ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash")


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """Give the generations of which garbage was looked for, as it happens."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append(info["generation"])

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def test_no_garbage_is_looked_for_within(collections: list[int]) -> None:
    with uncollected():
        kept: list[list[int]] = [[] for _ in range(10_000)]
        assert collections == []
    assert gc.isenabled()
    assert len(kept) == 10_000


def test_what_was_made_within_is_never_looked_through() -> None:
    before = gc.get_freeze_count()
    with uncollected():
        kept: list[list[int]] = [[] for _ in range(10_000)]
    assert gc.get_freeze_count() >= before + len(kept)


def test_who_collects_no_garbage_anyway_does_not_begin_to() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_garbage_is_collected_again_after_a_failure() -> None:
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()


@pytest.mark.usefixtures("imported_litellm")
def test_litellm_is_loaded_so() -> None:
    before = gc.get_freeze_count()
    litellm_provider._load.__wrapped__()
    assert gc.get_freeze_count() > before


@pytest.mark.usefixtures("imported_litellm")
@pytest.mark.parametrize("route", ROUTES)
async def test_no_call_loads_the_tokenizer_of_litellm(route: str) -> None:
    litellm = await warm()
    async with serve_model(Answer("Hello.")) as server:
        provider = LiteLLMProvider(
            route, api_base=server.api_base, api_key=SecretStr("none"), timeout_s=5.0
        )
        try:
            async with within(10), aclosing(provider.stream(REQUEST)) as items:
                async for _ in items:
                    pass
        except ModelError:
            pass  # The server speaks the language of one provider only.
        assert len(server.requests) == 1
    assert litellm.token_counter(model="gpt-4o-mini", text="Hello.") == 0
    assert TOKENIZER not in sys.modules


def test_who_needs_the_tokenizer_yet_gets_it() -> None:
    made: list[str] = []

    def attribute(name: str) -> Any:
        made.append(name)
        return SimpleNamespace(encode=lambda text: [len(text)])

    litellm = SimpleNamespace(main=SimpleNamespace(__getattr__=attribute))
    leave_out_tokenizer(litellm)
    assert made == []
    assert litellm.main.encoding.encode("four") == [4]
    assert made == ["encoding"]


@pytest.mark.usefixtures("imported_litellm")
def test_what_it_gets_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    main = asyncio.run(warm()).main
    for name in ("encoding", "_encoding_cache"):  # put back afterwards
        monkeypatch.setattr(main, name, getattr(main, name))
    try:
        assert main.encoding.decode(main.encoding.encode("Hello.")) == "Hello."
    finally:
        sys.modules.pop(TOKENIZER, None)


@pytest.mark.usefixtures("imported_litellm")
def test_what_the_first_call_needs_is_there_before_it() -> None:
    for name in loading._IMPORTED_BY_FIRST_CALL:
        assert name in sys.modules
    for name, model in loading._BUILT_BY_FIRST_CALL:
        assert getattr(sys.modules[name], model).__pydantic_complete__


def test_what_another_version_of_litellm_has_not_is_no_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "_IMPORTED_BY_FIRST_CALL", ("litellm.no_such_module",))
    monkeypatch.setattr(loading, "_BUILT_BY_FIRST_CALL", (("sys", "NoSuchModel"), ("none", "N")))
    loading.prepare_first_call()
