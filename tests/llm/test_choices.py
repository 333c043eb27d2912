"""Are the right two models chosen, and is the reason given?"""

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pairwright.errors import InvalidSettings, NoModel
from pairwright.llm.catalog import DATA_DIR_VARIABLE, STRONG_EMBEDDED, WEAK_EMBEDDED
from pairwright.llm.choices import ModelChoice, choose_pair, open_provider
from pairwright.llm.keys import KeyChain
from pairwright.llm.local_servers import (
    LOCAL_SERVERS,
    FoundServer,
    LocalServer,
    find_local_server,
    parameters_of,
)
from pairwright.llm.providers import REMOTE_PROVIDERS, RemoteProvider
from pairwright.settings import EndpointSettings, ModelSettings, PriceSettings

OLLAMA = LOCAL_SERVERS[0]
DEFAULTS = ModelSettings()
EMBEDDED_BYTES = STRONG_EMBEDDED.size_bytes + WEAK_EMBEDDED.size_bytes


def at(api_base: str, name: str = "openai", **more: Any) -> ModelSettings:
    """Return settings with one endpoint."""
    return ModelSettings(endpoints={name: EndpointSettings(api_base=api_base, **more)})


def choose(
    env: dict[str, str] | None = None,
    *,
    settings: ModelSettings = DEFAULTS,
    found: FoundServer | None = None,
    keys: KeyChain | None = None,
    strong: str | None = None,
    weak: str | None = None,
) -> ModelChoice:
    return choose_pair(
        settings,
        {DATA_DIR_VARIABLE: "/nowhere", **(env or {})},
        strong=strong,
        weak=weak,
        keys=keys,
        find_server=lambda: found,
    )


def test_named_models_come_first() -> None:
    choice = choose(
        {"OPENAI_API_KEY": "k"},
        strong="openai/gpt-5.6",
        weak=WEAK_EMBEDDED.model,
    )
    assert (choice.strong, choice.weak) == ("openai/gpt-5.6", WEAK_EMBEDDED.model)
    assert choice.remote == {"openai/gpt-5.6"}
    assert choice.download_bytes == {WEAK_EMBEDDED.model: WEAK_EMBEDDED.size_bytes}


def test_the_request_s_names_come_before_the_settings_names() -> None:
    settings = ModelSettings(strong="ollama/a", weak="ollama/b")
    choice = choose(settings=settings, strong="ollama/c")
    assert (choice.strong, choice.weak) == ("ollama/c", "ollama/b")
    assert not choice.remote


@pytest.mark.parametrize(
    ("named", "pair"),
    [
        ({"strong": "openai/gpt-5.5"}, ("openai/gpt-5.5", "openai/gpt-5.6-luna")),
        ({"weak": "ollama/tiny"}, ("ollama/tiny", "ollama/tiny")),
        (
            {"weak": STRONG_EMBEDDED.model},
            (STRONG_EMBEDDED.model, STRONG_EMBEDDED.model),
        ),
    ],
)
def test_the_other_model_comes_from_the_same_provider(
    named: dict[str, str], pair: tuple[str, str]
) -> None:
    env = {"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k"}
    choice = choose(env, strong=named.get("strong"), weak=named.get("weak"))
    assert (choice.strong, choice.weak) == pair
    assert "was named" in choice.reason


def test_one_model_of_an_own_server_does_both() -> None:
    settings = at("http://127.0.0.1:9999/v1")
    choice = choose(settings=settings, strong="openai/mine")
    assert (choice.strong, choice.weak) == ("openai/mine", "openai/mine")
    assert not choice.remote
    far = choose(settings=at("https://example.org/v1"), strong="openai/mine")
    assert far.remote == {"openai/mine"}


def test_strong_and_weak_may_be_at_two_endpoints() -> None:
    big = EndpointSettings(api_base="https://gateway.example/v1", kind="litellm")
    small = EndpointSettings(api_base="http://127.0.0.1:8001/v1", kind="vllm")
    settings = ModelSettings(
        strong="gateway/big", weak="local/small", endpoints={"gateway": big, "local": small}
    )
    choice = choose(settings=settings)
    assert (choice.strong, choice.weak) == ("gateway/big", "local/small")
    assert choice.remote == {"gateway/big"}


def test_an_endpoint_takes_the_place_of_the_provider_that_is_called_so() -> None:
    env = {"OPENAI_API_KEY": "k", "GROQ_API_KEY": "k"}
    choice = choose(env, settings=at("http://127.0.0.1:9/v1"), found=FoundServer(OLLAMA, ("a",)))
    assert choice.reason == "GROQ_API_KEY is set"
    far = at("http://far.example:11434/v1", "ollama")
    assert choose(settings=far, found=FoundServer(OLLAMA, ("a",))).strong == STRONG_EMBEDDED.model


@pytest.mark.parametrize(
    "remote", [r for r in REMOTE_PROVIDERS.values() if r.strong], ids=lambda r: r.name
)
def test_a_key_in_the_environment_chooses_its_provider(remote: RemoteProvider) -> None:
    [variable, *_] = remote.key_variables
    choice = choose({variable: "k"}, found=FoundServer(OLLAMA, ("a",)))
    assert (choice.strong, choice.weak) == (remote.strong, remote.weak)
    assert choice.remote == {remote.strong, remote.weak}
    assert choice.reason == f"{variable} is set"


@pytest.mark.parametrize("place", ["editor", "keyring"])
def test_a_key_that_is_not_in_the_environment_chooses_too(place: str) -> None:
    class Store:
        def get(self, name: str) -> str | None:
            return "k" if name == "mistral" else None

    choice = choose(keys=KeyChain({}, **{place: Store()}))
    assert choice.strong == REMOTE_PROVIDERS["mistral"].strong
    assert choice.reason == f"the {place} has a key for mistral"


def test_an_empty_key_is_no_key() -> None:
    assert not choose({"OPENAI_API_KEY": ""}).remote


def test_a_local_server_comes_before_a_download() -> None:
    choice = choose(found=FoundServer(OLLAMA, ("small:1b", "middle:7b", "large:32b")))
    assert (choice.strong, choice.weak) == ("ollama/large:32b", "ollama/small:1b")
    assert "Ollama" in choice.reason
    assert not choice.remote
    assert choice.download_bytes == {}


def test_one_local_model_does_both() -> None:
    choice = choose(found=FoundServer(OLLAMA, ("only:7b",)))
    assert choice.strong == choice.weak == "ollama/only:7b"


def test_the_embedded_models_are_last_and_say_what_is_to_be_downloaded(tmp_path: Path) -> None:
    choice = choose()
    assert (choice.strong, choice.weak) == (STRONG_EMBEDDED.model, WEAK_EMBEDDED.model)
    assert sum(choice.download_bytes.values()) == EMBEDDED_BYTES
    assert not choice.remote
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / f"{WEAK_EMBEDDED.file_name}.part").write_bytes(b"12345")
    partly = choose({DATA_DIR_VARIABLE: str(tmp_path)})
    assert sum(partly.download_bytes.values()) == EMBEDDED_BYTES - 5


@pytest.mark.parametrize("variable", ["OPENROUTER_API_KEY", "XAI_API_KEY"])
def test_a_key_that_brings_no_usual_pair_is_not_denied(variable: str) -> None:
    choice = choose({variable: "k"})
    assert choice.strong == STRONG_EMBEDDED.model
    assert choice.reason.startswith("no key that brings a usual pair and no local server")


def test_a_relative_directory_for_models_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=r"PAIRWRIGHT_DATA_DIR .* absolute path: 'models'"):
        choose({DATA_DIR_VARIABLE: "models"})


@pytest.mark.parametrize(
    ("name", "hidden"), [("openai/gpt-5.6", 8192), ("mistral/mistral-large-latest", 0)]
)
def test_a_remote_model_that_reasons_is_left_room_for_it(name: str, hidden: int) -> None:
    env = {"OPENAI_API_KEY": "k", "MISTRAL_API_KEY": "k"}
    assert open_provider(name, DEFAULTS, env).hidden_output_tokens == hidden


def test_nothing_at_all_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)  # as if it were not installed
    with pytest.raises(NoModel, match=r"OPENAI_API_KEY.*Ollama.*pairwright\[local\]"):
        choose()
    with pytest.raises(NoModel, match=r"pairwright\[local\]"):
        choose(strong=STRONG_EMBEDDED.model)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gpt-5", "write PROVIDER/MODEL"),
        ("", "write PROVIDER/MODEL"),
        ("openai/", "write PROVIDER/MODEL"),
        ("nonsense/gpt-5", "no provider that is known"),
        ("antropic/claude", "did you mean anthropic"),
        ("opnai/gpt-5", "did you mean openai"),
        ("lm_studio/x", "did you mean lmstudio"),
        ("github_copilot/gpt-5", "no provider that is known"),
        ("/gpt-5", "no provider that is known"),
        ("openai/gpt\n5", "write PROVIDER/MODEL"),
        ("azure/mine", "set AZURE_API_KEY, AZURE_API_BASE, AZURE_API_VERSION"),
        ("poe/x", "set POE_API_KEY"),
        ("embedded/nonsense", "embedded/qwen2.5-coder-1.5b"),
        ("embedded/", "embedded/qwen2.5-coder-1.5b"),
        ("openai/gpt-5", "set OPENAI_API_KEY"),
        ("openrouter/qwen/qwen3-coder", "set OPENROUTER_API_KEY"),
    ],
)
def test_a_name_that_means_nothing_says_what_would(name: str, words: str) -> None:
    with pytest.raises(NoModel, match=words):
        open_provider(name, ModelSettings(), {})
    if name:
        with pytest.raises(NoModel, match=words):
            choose(strong=name)


def test_each_kind_of_name_opens() -> None:
    settings, env = ModelSettings(), {"OPENAI_API_KEY": "k", "OPENROUTER_API_KEY": "k"}
    remote = open_provider("openai/gpt-5-mini", settings, env)
    assert remote.price is not None
    assert remote.price.input_usd > 0
    assert remote.context_tokens == 272_000
    assert not remote.accepts_grammar
    local = open_provider("llamacpp/some/model", settings, env)
    assert local.price is not None
    assert local.price.input_usd == 0
    assert local.accepts_grammar
    embedded = open_provider(WEAK_EMBEDDED.model, settings, env)
    assert embedded.model == WEAK_EMBEDDED.model
    assert embedded.accepts_grammar
    unpriced = open_provider("openrouter/some/model", settings, env)
    assert unpriced.price is None


@pytest.mark.parametrize(
    ("name", "kind", "api_base", "is_free"),
    [
        ("own/mine", "openai", "http://localhost:1/v1", True),
        ("own/mine", "openai", "https://example.org/v1", False),
        ("own/gpt-5-mini", "openai", "http://127.0.0.1:4000/v1", False),
        ("own/gpt-5-mini", "vllm", "http://127.0.0.1:4000/v1", True),
        ("own/mine", "litellm", "http://127.0.0.1:4000", False),
        ("own/claude-haiku-5-5", "litellm", "http://127.0.0.1:4000", False),
        ("own/mine", "vllm", "http://gpu.example:8000/v1", False),
    ],
)
def test_only_an_own_model_on_this_machine_is_free(
    name: str, kind: str, api_base: str, is_free: bool
) -> None:
    price = open_provider(name, at(api_base, "own", kind=kind), {}).price
    assert (price is not None and price.output_usd == 0) is is_free


def test_a_gateways_model_has_the_price_of_the_model_behind_it() -> None:
    settings = at("http://127.0.0.1:4000", "gw", kind="litellm")
    for name in ("claude-haiku-5-5", "anthropic/claude-haiku-5-5"):
        price = open_provider(f"gw/{name}", settings, {}).price
        assert (
            price
            == open_provider(
                "anthropic/claude-haiku-5-5", DEFAULTS, {"ANTHROPIC_API_KEY": "k"}
            ).price
        )


def test_a_persons_price_comes_before_all_others() -> None:
    own = PriceSettings(input_usd_per_million=1, output_usd_per_million=2)
    for name in ("ollama/x", "openai/gpt-5-mini", "bedrock/x"):
        settings = ModelSettings(prices={name: own})
        price = open_provider(name, settings, {"OPENAI_API_KEY": "k"}).price
        assert price is not None
        assert price.source == "settings"


class Listing(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def listing() -> Iterator[tuple[LocalServer, type[Listing]]]:
    class Handler(Listing):
        pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield LocalServer("Test", "test", server.server_address[1]), Handler
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_a_server_that_answers_is_found_with_its_models_by_size(
    listing: tuple[LocalServer, type[Listing]], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, handler = listing
    names = ["coder-32b-instruct", "nomic-embed-text", "qwen2.5-coder:0.5b", "phi:3.8b", "7up"]
    handler.body = json.dumps({"data": [{"id": name} for name in names]}).encode()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    found = find_local_server([LocalServer("Nobody", "nobody", 9), server])
    assert found == FoundServer(
        server, ("7up", "qwen2.5-coder:0.5b", "phi:3.8b", "coder-32b-instruct")
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"data": 3}', b'{"data": [3]}', b'{"data": []}', b"\xff"],
)
def test_another_program_at_that_port_is_passed_over(
    listing: tuple[LocalServer, type[Listing]], body: bytes
) -> None:
    server, handler = listing
    handler.body = body
    assert find_local_server([server]) is None


@pytest.mark.parametrize(
    ("name", "billions"),
    [("qwen2.5-coder:7b", 7), ("Qwen3-Coder-30B-A3B", 30), ("gpt-oss-120b", 120), ("llama3", 0)],
)
def test_a_name_tells_a_model_s_size(name: str, billions: float) -> None:
    assert parameters_of(name) == billions
