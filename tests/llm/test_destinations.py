"""Is what is meant for this machine told from what leaves it?"""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from pairwright.llm.destinations import (
    HERE,
    Destination,
    destination_of,
    is_local,
    keep_loopback_from_proxies,
    why_not_local,
)
from tests.support.model_server import serve_model

PROXY = {"http": "http://proxy.example.org:3128"}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:11434/v1",
        "https://localhost:8443/v1",
        "HTTP://LOCALHOST:1/",
        "http://[::1]:8080/v1",
    ],
)
def test_an_address_that_is_written_as_loopback_is_one(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost.evil.com/v1",
        "http://evil.com/localhost",
        "http://127.0.0.1.nip.io/v1",
        "http://127.0.0.1@evil.com/v1",
        "http://evil.com#@127.0.0.1/v1",
        "http://127.0.0.1\\@evil.com/",
        "http://127.0.0.1:80@evil.com/",
        "http://127.0.0.1?x=@evil.com",
        "http://127.0.0.1%2eevil.com/",
        "http://127.0.0.1\t.evil.com/",
        "http://0.0.0.0:8080/v1",
        "http://[::]:8080/v1",
        "http://[::ffff:127.0.0.1]/v1",
        "http://[::1%25eth0]/v1",
        "http://127.1/v1",
        "http://2130706433/v1",
        "http://0x7f000001/v1",
        "http://0177.0.0.1/v1",
        "http://localhost./v1",
        "http://l\u043ecalhost/v1",  # a Cyrillic letter
        "http://\uff11\uff12\uff17.0.0.1/v1",  # full width
        "http://192.168.0.7:8000/v1",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://my-machine/v1",
        "http+unix://127.0.0.1/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/v1",
        "127.0.0.1:8080",
        "",
    ],
)
def test_any_other_address_leaves_this_machine(address: str) -> None:
    assert not is_local(address)
    place = destination_of(address, provider="openai")
    assert not place.is_loopback
    assert why_not_local(place, resolve=lambda name: ("127.0.0.1",), proxies=dict) is not None


def test_a_provider_without_an_address_is_elsewhere() -> None:
    place = destination_of(None, provider="bedrock")
    assert place == Destination("bedrock's own host", is_loopback=False)
    assert why_not_local(place, proxies=dict) == "bedrock's own host is not on this machine"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://api.openai.com/v1", "api.openai.com"),
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
        ("http://user:secret@gateway.corp:99/v1", "gateway.corp:99"),
        ("http://[::1/v1", "an address that cannot be read"),
        ("http://x:99999/v1", "an address that cannot be read"),
    ],
)
def test_a_host_is_named_without_what_is_private(address: str, host: str) -> None:
    assert destination_of(address, provider="x").host == host


@pytest.mark.parametrize(
    ("found", "is_refused"),
    [
        (("127.0.0.1",), False),
        (("127.0.0.1", "::1"), False),
        (("203.0.113.9",), True),
        (("127.0.0.1", "203.0.113.9"), True),
        ((), False),  # then nobody can connect to it either
    ],
)
def test_localhost_is_looked_up(found: tuple[str, ...], is_refused: bool) -> None:
    place = destination_of("http://localhost:11434/v1", provider="ollama")
    reason = why_not_local(place, resolve=lambda name: found, proxies=dict)
    assert (reason is not None) is is_refused


@pytest.mark.parametrize("place", [HERE, destination_of("http://127.0.0.1:1/", provider="x")])
def test_a_proxy_that_comes_between_is_refused(
    place: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    reason = why_not_local(place, proxies=lambda: PROXY)
    assert reason == "a proxy of the environment would be asked for it"
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost,::1")
    assert why_not_local(place, proxies=lambda: {**PROXY, "no": "127.0.0.1"}) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "corp.example"}, "corp.example,127.0.0.1,localhost,::1"),
        ({"no_proxy": "a", "NO_PROXY": "b"}, "a,127.0.0.1,localhost,::1"),
        ({"no_proxy": "localhost, a"}, "localhost,a,127.0.0.1,::1"),
        ({"NO_PROXY": "*"}, "*"),
        ({"no_proxy": ""}, "127.0.0.1,localhost,::1"),
    ],
)
def test_loopback_is_excepted_beside_what_was(given: dict[str, str], expected: str) -> None:
    env = dict(given)
    keep_loopback_from_proxies(env)
    assert (env["no_proxy"], env["NO_PROXY"]) == (expected, expected)


_ASK = """
import asyncio, json, sys
from contextlib import aclosing
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.model import Message, ModelRequest

async def ask():
    provider = LiteLLMProvider("openai/tiny", api_base=sys.argv[1], timeout_s=20)
    request = ModelRequest((Message("user", "hello"),), max_output_tokens=5)
    async with aclosing(provider.stream(request)) as items:
        async for item in items:
            pass

asyncio.run(ask())
"""


async def test_no_proxy_of_the_environment_sees_what_is_for_this_machine(tmp_path: Path) -> None:
    """The real client, in a process whose environment names a proxy for everything."""
    proxied: list[bytes] = []

    async def be_a_proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        proxied.append(await reader.readline())
        writer.close()

    proxy = await asyncio.start_server(be_a_proxy, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    async with proxy, serve_model() as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _ASK, server.api_base),
            env=env | dict.fromkeys(names, address),
            cwd=tmp_path,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, said.decode()
    assert proxied == []
    assert [json.dumps(each.body["messages"]) for each in server.requests] == [
        '[{"role": "user", "content": "hello"}]'
    ]
