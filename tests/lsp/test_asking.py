"""How is the person at an editor asked? Where the editor can, in time, and in no other way."""

import asyncio
from typing import Any

import pytest

from pairwright.engine.grants import AskPerson
from tests.lsp.peers import FakeSession, RawClient, connected

CAPABLE: dict[str, Any] = {"window": {"showMessage": {"messageActionItem": {}}}}


async def asked(client: RawClient, ask: AskPerson, answer: dict[str, Any]) -> str | None:
    """Return what comes of an answer's `result` or `error`."""
    asking = asyncio.ensure_future(ask("May it?", ("Allow", "Refuse")))
    request = await client.receive()
    assert request["method"] == "window/showMessageRequest"
    assert request["params"]["message"] == "Pairwright: May it?"
    assert request["params"]["actions"] == [{"title": "Allow"}, {"title": "Refuse"}]
    client.send({"jsonrpc": "2.0", "id": request["id"], **answer})
    return await asking


@pytest.mark.parametrize(
    ("answer", "picked"),
    [
        ({"result": {"title": "Allow"}}, "Allow"),
        ({"result": {"title": "Refuse"}}, "Refuse"),
        ({"result": None}, None),
        ({"result": {"title": "Anything"}}, None),
        ({"result": {"title": ["Allow"]}}, None),
        ({"result": "Allow"}, None),
        ({"error": {"code": -32601, "message": "no"}}, None),
    ],
)
async def test_only_a_picked_answer_counts(answer: dict[str, Any], picked: str | None) -> None:
    session = FakeSession()
    async with connected(session) as client:
        await client.initialize(**CAPABLE)
        await client.call("pairwright/grants", {})
        assert session.ask_person is not None
        assert await asked(client, session.ask_person, answer) == picked


async def test_grants_are_told_and_changed_by_our_own_method() -> None:
    async with connected() as client:
        await client.initialize()
        params = {"client": "bot", "scope": "write", "isGranted": True}
        answer = await client.call("pairwright/grants", params)
        assert answer["result"] == {"grants": [{"client": "bot", "scopes": ["write"]}]}
        answer = await client.call("pairwright/grants", {**params, "scope": "everything"})
        assert answer["error"]["code"] == -32602


async def test_a_client_that_shows_no_messages_is_not_asked() -> None:
    session = FakeSession()
    async with connected(session) as client:
        await client.initialize()
        await client.call("pairwright/grants", {})
        assert session.ask_person is None
