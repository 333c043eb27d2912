"""Who opens HTTP, for how long, and who can read its token?"""

import asyncio
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from pairwright.daemon.mcp_face import Face, SharedHttp
from pairwright.errors import InvalidSettings
from tests.mcp.peers import INITIALIZE, TinyServers, line_client, staying
from tests.support.waiting import eventually, within


async def ask(url: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    said: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "initialize"}
    async with httpx.AsyncClient(trust_env=False) as client:
        asked = {**said, "params": INITIALIZE}
        return (await client.post(url, json=asked, headers=headers)).status_code


async def test_it_is_open_from_the_first_holder_to_the_last(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    http = SharedHttp(TinyServers().open, staying, token_file)
    async with within():
        first, second = http.open(), http.open()
        endpoint = await first.__aenter__()
        assert await second.__aenter__() == endpoint
        await first.__aexit__(None, None, None)
        assert await ask(endpoint.url, token_file.read_text()) == 200
        assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
        await second.__aexit__(None, None, None)
        assert not token_file.exists()
        with pytest.raises(httpx.ConnectError):
            await ask(endpoint.url, "x")


async def test_opened_again_it_has_another_token(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    http = SharedHttp(TinyServers().open, staying, token_file)
    tokens = set()
    async with within():
        for _ in range(2):
            async with http.open():
                tokens.add(token_file.read_text())
    assert len(tokens) == 2


async def test_who_comes_while_the_last_one_leaves_finds_a_token(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    http = SharedHttp(TinyServers().open, staying, token_file)
    async with within():
        first = http.open()
        await first.__aenter__()
        leaving = asyncio.ensure_future(first.__aexit__(None, None, None))
        await asyncio.sleep(0)
        async with http.open() as endpoint:
            await leaving
            assert await ask(endpoint.url, token_file.read_text()) == 200
    assert not token_file.exists()


async def test_a_token_that_cannot_be_written_is_told_to_each_who_asks(tmp_path: Path) -> None:
    http = SharedHttp(TinyServers().open, staying, tmp_path / "missing" / "token")
    for _ in range(2):
        with pytest.raises(InvalidSettings):
            async with within(), http.open():
                pass


async def test_who_comes_over_http_counts_as_present_as_long_as_the_session(
    tmp_path: Path,
) -> None:
    present: list[int] = []

    @contextmanager
    def stay() -> Iterator[None]:
        present.append(1)
        try:
            yield
        finally:
            present.pop()

    token_file = tmp_path / "token"
    async with within(), SharedHttp(TinyServers().open, stay, token_file).open() as endpoint:
        assert present == []
        assert await ask(endpoint.url, token_file.read_text()) == 200
        assert present == [1]
    assert present == []


async def test_over_the_socket_it_is_opened_by_a_request_and_closed_by_leaving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # A socket's path must be short.
    async with within(), line_client(TinyServers(), Path("mcp"), token_file=Path("t")) as client:
        endpoint = (await client.call("pairwright/listenHttp"))["result"]
        assert await ask(endpoint["url"], Path("t").read_text()) == 200  # noqa: ASYNC240
        client.writer.close()
        await eventually(lambda: not Path("t").exists())


async def test_the_settings_way_listens_until_cancelled(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    face = Face(TinyServers().open, stay=staying, token_file=token_file)
    serving = asyncio.ensure_future(face.serve_http())
    await eventually(token_file.exists)
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    assert not token_file.exists()
