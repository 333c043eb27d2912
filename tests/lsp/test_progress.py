"""Is the first indexing shown by clients that can show it, and only when it takes a while?"""

import asyncio
from typing import Any

import pytest

from pairwright.lsp.code import progress
from tests.lsp.peers import FakeQueries, FakeSession, RawClient, connected

SHOWS = {"window": {"workDoneProgress": True}}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show even quick work, and every step of it."""
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    monkeypatch.setattr(progress, "CHANGES_EVERY_S", 0)


async def begin(client: RawClient) -> Any:
    """Let the server create its token, and return how it begins."""
    await client.initialize(**SHOWS)
    created = await client.receive()
    assert created["method"] == "window/workDoneProgress/create"
    client.send({"jsonrpc": "2.0", "id": created["id"], "result": None})
    begun = await client.receive()
    assert begun["params"]["token"] == created["params"]["token"]
    return begun["params"]["value"]


async def value(client: RawClient) -> Any:
    message = await client.receive()
    assert message["method"] == "$/progress"
    return message["params"]["value"]


@pytest.mark.usefixtures("at_once")
async def test_indexing_is_shown_from_begin_to_end() -> None:
    queries = FakeQueries(files=4)
    async with connected(FakeSession(queries=queries)) as client:
        assert await begin(client) == {
            "kind": "begin",
            "title": "Indexing",
            "cancellable": False,
            "percentage": 0,
            "message": "0 of 4 files",
        }
        assert (await value(client))["percentage"] == 0
        queries.read(3)
        assert await value(client) == {
            "kind": "report",
            "percentage": 75,
            "message": "3 of 4 files",
        }
        queries.read(-1)
        assert (await value(client))["percentage"] == 75
        queries.read(2)
        assert await value(client) == {"kind": "end", "message": "4 files"}


@pytest.mark.usefixtures("at_once")
async def test_reports_are_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "CHANGES_EVERY_S", 1000)
    queries = FakeQueries(files=4)
    async with connected(FakeSession(queries=queries)) as client:
        await begin(client)
        for _ in range(4):
            queries.read(1)
            await asyncio.sleep(0)
        assert (await value(client))["kind"] == "end"


@pytest.mark.usefixtures("at_once")
async def test_a_client_that_refuses_the_token_is_told_nothing() -> None:
    queries = FakeQueries(files=1)
    async with connected(FakeSession(queries=queries)) as client:
        await client.initialize(**SHOWS)
        created = await client.receive()
        error = {"code": -32603, "message": "no"}
        client.send({"jsonrpc": "2.0", "id": created["id"], "error": error})
        queries.read(1)
        assert (await client.call("pairwright/status", {}))["id"] == 7


@pytest.mark.usefixtures("at_once")
async def test_a_client_that_leaves_while_it_is_shown_ends_it() -> None:
    session = FakeSession(queries=FakeQueries(files=1))
    async with connected(session) as client:
        await begin(client)
    assert session.is_closed


async def test_a_client_that_cannot_show_it_is_asked_nothing() -> None:
    async with connected(FakeSession(queries=FakeQueries(files=1))) as client:
        await client.initialize()
        assert (await client.call("pairwright/status", {}))["id"] == 7


async def test_quick_work_is_not_shown() -> None:
    queries = FakeQueries(files=1)
    async with connected(FakeSession(queries=queries)) as client:
        await client.initialize(**SHOWS)
        queries.read(1)
        assert (await client.call("pairwright/status", {}))["id"] == 7
