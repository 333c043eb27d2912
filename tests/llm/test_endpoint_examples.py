"""Do the examples of `server/docs/providers.md` work? Each is asked, on a server of that shape."""

import json
import re
import tomllib
from contextlib import aclosing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from pairwright.daemon.configuration import load_settings
from pairwright.llm.choices import choose_pair, open_provider
from pairwright.llm.model import Completion, Message, ModelRequest
from pairwright.settings import ModelSettings
from tests.support.model_server import Answer, ModelServer, Raw, serve_model
from tests.support.waiting import within
from tests.tidy.source import DOCS

pytestmark = pytest.mark.usefixtures("imported_litellm")
PAGE = (DOCS / "providers.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^### (.+?)\n.*?^```toml\n(.*?)^```", PAGE, re.M | re.S))
ENV = {
    "GPU_KEY": "key-of-the-gpu",
    "LITELLM_KEY": "key-of-the-proxy",
    "WORK_KEY": "key-of-work",
    "OPENAI_API_KEY": "key-of-openai",
}
GRAMMAR = 'root ::= "hello"'


def anthropic_stream() -> bytes:
    usage = {"input_tokens": 10, "output_tokens": 1}
    start = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m"}
    events = [
        {"type": "message_start", "message": {**start, "usage": usage}},
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": ""},
        },
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": "hello world"},
        },
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage},
        {"type": "message_stop"},
    ]
    lines = (f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
    return "".join(lines).encode()


def settings_of(example: str, server: ModelServer, directory: Path) -> ModelSettings:
    """Return an example's settings as they are read, with the server for the example's hosts."""
    text = EXAMPLES[example]
    for endpoint in tomllib.loads(text)["models"]["endpoints"].values():
        address = urlsplit(endpoint["api_base"])
        here = urlunsplit(("http", f"127.0.0.1:{server.port}", address.path, "", ""))
        text = text.replace(endpoint["api_base"], here)
    file = directory / "settings.toml"
    file.write_text(text, "utf-8")
    settings, problems = load_settings(directory, file)
    assert problems == ()
    return settings.models


def test_every_server_is_named_with_an_example() -> None:
    assert {"Ollama", "llama.cpp's server", "LM Studio", "vLLM", "A LiteLLM proxy"} <= set(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
async def test_an_example_is_answered(example: str, tmp_path: Path) -> None:
    speaks_anthropic = "Anthropic" in example
    behaviour = Raw(anthropic_stream()) if speaks_anthropic else Answer()
    async with serve_model(behaviour) as server:
        settings = settings_of(example, server, tmp_path)
        for name in filter(None, (settings.strong, settings.weak)):
            provider = open_provider(name, settings, ENV)
            grammar = GRAMMAR if provider.accepts_grammar else None
            asked = ModelRequest((Message("user", "Hi"),), max_output_tokens=8, grammar=grammar)
            async with within(10), aclosing(provider.stream(asked)) as items:
                *_, last = [item async for item in items]
            assert isinstance(last, Completion)
            assert last.text == "hello world"
            request = server.requests[-1]
            endpoint = settings.endpoints[name.partition("/")[0]]
            wanted = "/messages" if speaks_anthropic else "/chat/completions"
            path = urlsplit(endpoint.api_base).path
            assert request.path.startswith(path)
            assert request.path.endswith(wanted)
            assert request.body["model"] == name.partition("/")[2]
            assert request.body.get("grammar") == grammar
            header = "x-api-key" if speaks_anthropic else "authorization"
            key = ENV[endpoint.key.removeprefix("env:")] if endpoint.key else "none"
            assert request.headers[header].removeprefix("Bearer ") == key
    choice = choose_pair(settings, ENV, find_server=lambda: None)
    assert choice.strong == (settings.strong or settings.weak)


def test_the_examples_of_profiles_are_settings(tmp_path: Path) -> None:
    [section] = re.findall(r"^## Profiles\n(.*?)^## ", PAGE, re.M | re.S)
    [example] = re.findall(r"^```toml\n(.*?)^```", section, re.M | re.S)
    file = tmp_path / "settings.toml"
    file.write_text(example, "utf-8")
    settings, problems = load_settings(tmp_path, file)
    assert problems == ()
    assert len(settings.models.profiles) == 3
