"""Who gets in over HTTP, and what becomes of those who may not? T20."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from pairwright.mcp import guard
from pairwright.mcp.guard import Door, Guard
from pairwright.mcp.http import HastyProtocol, listening_http
from pairwright.mcp.rates import Bucket
from tests.mcp.peers import INITIALIZE, MODERN_META, TinyServers
from tests.support.waiting import eventually, within

TOKEN = "a token of this test"


class Endpoint:
    """An address that is open, and how to ask it."""

    def __init__(self, url: str, servers: TinyServers, asked: httpx.AsyncClient) -> None:
        self.url = url
        self.port = int(re.findall(r":(\d+)/", url)[0])
        self.servers = servers
        self._asked = asked
        self.headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
        }

    async def send(
        self, body: bytes, headers: Iterable[tuple[str, str | None]] = (), method: str = "POST"
    ) -> httpx.Response:
        """Send a body with our own headers, but for those given; None leaves one out."""
        changed = {**self.headers, **dict(headers)}
        kept = {name: value.encode() for name, value in changed.items() if value is not None}
        return await self._asked.request(method, self.url, content=body, headers=kept)

    async def call(self, method: str, params: Any, **headers: str) -> httpx.Response:
        said = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        return await self.send(json.dumps(said).encode(), named)

    async def begin(self, name: str = "tester") -> str:
        """Open a session of 2025, and return its id."""
        info = {"clientInfo": {"name": name, "version": "1"}}
        answer = await self.call("initialize", INITIALIZE | info)
        assert answer.status_code == 200, answer.text
        return answer.headers["mcp-session-id"]

    async def whoami(self, session: str) -> httpx.Response:
        called = {"name": "whoami", "arguments": {}}
        return await self.call("tools/call", called, Mcp_Session_Id=session)

    async def is_well(self) -> bool:
        return (await self.whoami(await self.begin())).status_code == 200


@asynccontextmanager
async def serving(**limits: Any) -> AsyncIterator[Endpoint]:
    servers = TinyServers()
    async with (
        within(20),
        listening_http(servers.open, TOKEN, **limits) as url,
        httpx.AsyncClient(trust_env=False) as asked,
    ):
        yield Endpoint(url, servers, asked)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with serving() as endpoint:
        yield endpoint


HELLO = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE})


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_the_sdks_own_client_is_served_in_both_eras(endpoint: Endpoint, mode: Any) -> None:
    asked = httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
    async with (
        asked,
        Client(streamable_http_client(endpoint.url, http_client=asked), mode=mode) as client,
    ):
        assert [tool.name for tool in (await client.list_tools()).tools] == ["whoami", "wait"]
        assert (await client.call_tool("whoami", {})).structured_content == {"result": "mcp"}


REFUSED = {
    "no token": ({"Authorization": None}, 401),
    "another token": ({"Authorization": "Bearer another"}, 401),
    "the token's beginning": ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
    "more than the token": ({"Authorization": f"Bearer {TOKEN}x"}, 401),
    "no bearer": ({"Authorization": f"Basic {TOKEN}"}, 401),
    "a token that is no ASCII": ({"Authorization": "Bearer \u00e9"}, 401),
    "evil host": ({"Host": "evil.com"}, 421),
    "a host that begins like ours": ({"Host": "localhost:evil.com"}, 421),
    "a host that ends like ours": ({"Host": "evil.localhost"}, 421),
    "another port": ({"Host": "127.0.0.1:1"}, 421),
    "no port": ({"Host": "127.0.0.1"}, 421),
    "IPv6": ({"Host": "[::1]:{port}"}, 421),
    "a host after ours": ({"Host": "127.0.0.1:{port}.evil.com"}, 421),
    "a host before ours": ({"Host": "evil@127.0.0.1:{port}"}, 421),
    "evil origin": ({"Origin": "http://evil.com"}, 403),
    "no origin's name": ({"Origin": "null"}, 403),
    "a page of another local server": ({"Origin": "http://localhost:3000"}, 403),
    "an origin that begins like ours": ({"Origin": "http://localhost:{port}.evil.com"}, 403),
    "our origin with TLS": ({"Origin": "https://127.0.0.1:{port}"}, 403),
    "a webview": ({"Origin": "vscode-webview://abc"}, 403),
    "text": ({"Content-Type": "text/plain"}, 415),
    "a form": ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    "several parts": ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
    "JSON in its beginning": ({"Content-Type": "application/jsonx"}, 415),
    "no type": ({"Content-Type": None}, 415),
}


async def test_a_request_that_is_not_in_order_goes_no_further(endpoint: Endpoint) -> None:
    """T20."""
    for name, (headers, status) in REFUSED.items():
        port = str(endpoint.port)
        filled = [(key, value and value.replace("{port}", port)) for key, value in headers.items()]
        answer = await endpoint.send(HELLO.encode(), filled)
        assert answer.status_code == status, f"{name}: {answer.text}"
        assert answer.json()["error"]["message"]
        assert "access-control-allow-origin" not in answer.headers
    assert endpoint.servers.names == []


async def test_our_own_names_and_no_origin_or_our_own_are_let_in(endpoint: Endpoint) -> None:
    for host in ("127.0.0.1", "localhost"):
        own = f"{host}:{endpoint.port}"
        for headers in ([("Host", own)], [("Host", own), ("Origin", f"http://{own}")]):
            assert (await endpoint.send(HELLO.encode(), headers)).status_code == 200


async def test_other_methods_are_refused(endpoint: Endpoint) -> None:
    """T20."""
    for method in ("PUT", "PATCH", "OPTIONS", "HEAD", "TRACE"):
        assert (await endpoint.send(b"", method=method)).status_code == 405


async def test_nothing_is_served_beside_the_one_path(endpoint: Endpoint) -> None:
    for path in ("/", "/mcp/", "/mcp/..", "/sse", "/health"):
        endpoint.url = f"http://127.0.0.1:{endpoint.port}{path}"
        assert (await endpoint.send(HELLO.encode())).status_code == 404


BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"nonsense",
    "no text": b"\xff\xfe",
    "deep": b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":' + b"[" * 50_000,
    "deep and whole": b'{"a":' * 300 + b"1" + b"}" * 300,
    "batch": f"[{HELLO}]".encode(),
    "no message": b"{}",
    "a list": b"[]",
}


async def test_a_bad_body_is_refused_and_the_next_is_served(endpoint: Endpoint) -> None:
    """T20."""
    for name, body in BAD_BODIES.items():
        answer = await endpoint.send(body)
        assert answer.status_code == 400, f"{name}: {answer.text}"
    assert await endpoint.is_well()


async def test_a_body_of_more_than_four_mebibytes_is_refused(endpoint: Endpoint) -> None:
    """T20: told beforehand or not."""

    async def drops() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b" " * 65536

    assert (await raw(endpoint, f"Content-Length: {5 * 1024 * 1024}")).startswith(b"HTTP/1.1 413 ")
    async with httpx.AsyncClient(trust_env=False) as client:
        # The end may come before all is sent, and the answer be lost.
        with suppress(httpx.WriteError, httpx.ReadError):
            answer = await client.post(endpoint.url, content=drops(), headers=endpoint.headers)
            assert answer.status_code == 413
    assert endpoint.servers.names == []
    assert await endpoint.is_well()


async def test_a_claimed_length_that_is_no_good_is_refused_at_once(endpoint: Endpoint) -> None:
    """T20: nobody waits for four gibibytes."""
    for length in ("4294967296", "9" * 400, "-1", "1e3"):
        answer = await raw(endpoint, f"Content-Length: {length}")
        assert re.match(rb"HTTP/1.1 4(00|13) ", answer), length


async def raw(endpoint: Endpoint, *headers: str, body: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    own = (f"Host: 127.0.0.1:{endpoint.port}", f"Authorization: Bearer {TOKEN}")
    head = "\r\n".join(("POST /mcp HTTP/1.1", *own, "Content-Type: application/json", *headers))
    writer.write(head.encode() + b"\r\n\r\n" + body)
    try:
        async with within():
            return await reader.read(4096)
    finally:
        writer.close()


async def test_of_two_hosts_or_two_tokens_none_is_believed(endpoint: Endpoint) -> None:
    length = f"Content-Length: {len(HELLO)}"
    twice = await raw(endpoint, "Host: evil.com", length, body=HELLO.encode())
    assert re.match(rb"HTTP/1.1 4(00|21) ", twice)
    twice = await raw(endpoint, "Authorization: Bearer x", length, body=HELLO.encode())
    assert twice.startswith(b"HTTP/1.1 401 ")


async def test_another_protocol_is_turned_away(endpoint: Endpoint) -> None:
    """T20."""
    tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 100
    for said in (tls, b"Content-Length: 2\r\n\r\n{}"):
        reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
        writer.write(said)
        async with within():
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()
    assert await endpoint.is_well()


async def test_who_never_ends_a_head_is_left(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T20: after 15 seconds, here fewer."""
    monkeypatch.setattr(HastyProtocol, "head_s", 0.1)
    for said in (b"", b"POST /mcp HTTP/1.1\r\nHost: x"):
        reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
        writer.write(said)
        async with within():
            assert await reader.read() == b""
        writer.close()


async def test_who_never_ends_a_body_is_left() -> None:
    """T20: likewise."""
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("it went further")

    guarded = Guard(app, Door(TOKEN, frozenset({"here:1"})), body_s=0.05)
    headers = {"host": "here:1", "authorization": f"Bearer {TOKEN}"}
    headers["content-type"] = "application/json"
    raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": "/mcp", "method": "POST", "headers": raw_headers}
    async with within():
        await guarded(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    door = Door(TOKEN, frozenset({"here:1"}), bucket=Bucket(per_s=0.5, burst=1))
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    headers = [(b"host", b"here:1"), (b"authorization", f"Bearer {TOKEN}".encode())]
    scope = {"type": "http", "path": guard.PATH, "method": "GET", "headers": headers}
    for _ in range(2):
        await Guard(app, door)(scope, receive, send)
    assert [message["status"] for message in sent if "status" in message] == [200, 429]
    assert (b"retry-after", b"2") in sent[1]["headers"]


async def test_each_name_has_a_session_of_its_own_in_either_era(endpoint: Endpoint) -> None:
    first, second = await endpoint.begin("one"), await endpoint.begin("two")
    assert '"result":"one"' in (await endpoint.whoami(first)).text
    assert '"result":"two"' in (await endpoint.whoami(second)).text
    called = {"name": "whoami", "arguments": {}, "_meta": MODERN_META}
    modern = {"MCP_Protocol_Version": "2026-07-28", "Mcp_Method": "tools/call"}
    answer = await endpoint.call("tools/call", called, **modern, Mcp_Name="whoami")
    assert '"result":"modern tester"' in answer.text
    assert endpoint.servers.names == ["one", "two", "modern tester"]


async def test_a_session_that_is_nobodys_is_not_found(endpoint: Endpoint) -> None:
    await endpoint.begin()
    for session in ("0" * 32, "../..", "x" * 4000):
        assert (await endpoint.whoami(session)).status_code == 404


async def test_a_session_that_was_ended_is_not_found(endpoint: Endpoint) -> None:
    session = await endpoint.begin()
    ended = await endpoint.send(b"", [("Mcp-Session-Id", session)], method="DELETE")
    assert ended.status_code == 200
    assert (await endpoint.whoami(session)).status_code == 404


async def test_of_too_many_sessions_the_one_that_was_idle_longest_ends() -> None:
    """T20: 1,000 are asked for, and as many as allowed stay."""
    async with serving(max_sessions=5) as endpoint:
        sessions = [await endpoint.begin() for _ in range(5)]
        assert (await endpoint.whoami(sessions[0])).status_code == 200
        sessions.append(await endpoint.begin())
        answers = [(await endpoint.whoami(session)).status_code for session in sessions]
        assert answers == [200, 404, 200, 200, 200, 200]


async def test_too_many_names_are_refused_and_the_known_are_served() -> None:
    async with serving(max_clients=2) as endpoint:
        session = await endpoint.begin("one")
        await endpoint.begin("two")
        third = INITIALIZE | {"clientInfo": {"name": "three", "version": "1"}}
        assert (await endpoint.call("initialize", third)).status_code == 503
        assert (await endpoint.whoami(session)).status_code == 200


async def test_a_client_that_asks_nothing_for_long_is_forgotten_and_may_come_again() -> None:
    async with serving(idle_s=0.2) as endpoint:
        session = await endpoint.begin()
        await eventually(lambda: endpoint.servers.present == [])
        assert (await endpoint.whoami(session)).status_code == 404
        assert await endpoint.is_well()


async def test_all_sessions_end_when_it_closes() -> None:
    async with serving() as endpoint:
        await endpoint.begin("one")
        await endpoint.begin("two")
        assert endpoint.servers.present == ["one", "two"]
    assert endpoint.servers.present == []
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", endpoint.port)
