"""Is an editor asked what it would show, and is it done without when it does not say?"""

import asyncio
from typing import Any

import pytest

from pairwright.checks.verdict import Problem
from pairwright.lsp.documents.diagnosing import Diagnoser
from pairwright.lsp.stream.connection import Connection
from pairwright.workspace.paths import WorkspacePath
from tests.lsp.peers import FakeSession, RawClient, connected
from tests.support.waiting import within

A, GONE = WorkspacePath("a.py"), WorkspacePath("gone.py")
DECLARED = {"experimental": {"pairwright": {"diagnose": True}}}


async def begin(client: RawClient, **capabilities: Any) -> None:
    await client.initialize(**capabilities)
    await client.call("pairwright/status")


async def asked_for(session: FakeSession, client: RawClient, **answer: Any) -> Any:
    """Let the session ask, answer as given; return the request and what the session was told."""
    await begin(client, **DECLARED)
    assert session.diagnose is not None
    asking = asyncio.ensure_future(session.diagnose({A: "x = 1\n", GONE: None}))
    request = await client.receive()
    client.send({"jsonrpc": "2.0", "id": request["id"], **answer})
    async with within():
        return request, await asking


async def test_an_editor_that_declares_it_is_asked_with_the_proposed_texts() -> None:
    session = FakeSession()
    problem = {"path": "a.py", "line": 0, "message": "bad", "rule": "E1", "source": "pyls"}
    async with connected(session) as client:
        request, told = await asked_for(session, client, result={"problems": [problem]})
    assert request["method"] == "pairwright/diagnose"
    assert request["params"] == {
        "files": [{"path": "a.py", "text": "x = 1\n"}, {"path": "gone.py"}]
    }
    assert told == (Problem("a.py", 0, "bad", "E1", "pyls"),)


async def test_problems_of_files_that_were_not_asked_about_are_left_out() -> None:
    session = FakeSession()
    problem = {"path": "../b.py", "line": 0, "message": "bad"}
    async with connected(session) as client:
        _, told = await asked_for(session, client, result={"problems": [problem]})
    assert told == ()


@pytest.mark.parametrize(
    "answer",
    [
        {"result": None},
        {"result": {"problems": [{"path": "a.py"}]}},
        {"result": {"problems": [{"path": "a.py", "line": "zero", "message": "m"}]}},
        {"result": {"problems": [], "more": 1}},
        {"error": {"code": -32601, "message": "no such method"}},
    ],
)
async def test_an_editor_that_answers_nonsense_is_done_without(answer: dict[str, Any]) -> None:
    session = FakeSession()
    async with connected(session) as client:
        _, told = await asked_for(session, client, **answer)
        assert told is None
        assert (await client.call("pairwright/status"))["result"]["version"] == "1"


async def test_an_editor_that_does_not_answer_is_done_without() -> None:
    class Silent(Connection):
        def __init__(self) -> None:
            pass

        async def request(self, method: str, params: Any, *, timeout_s: float) -> Any:
            async with asyncio.timeout(timeout_s):
                await asyncio.Event().wait()

    async with within():
        assert await Diagnoser(Silent(), timeout_s=0.01).ask({A: ""}) is None


async def test_an_editor_that_leaves_is_done_without() -> None:
    session = FakeSession()
    async with connected(session) as client:
        await begin(client, **DECLARED)
        assert session.diagnose is not None
        asking = asyncio.ensure_future(session.diagnose({A: ""}))
        await client.receive()
        client.writer.close()
        async with within():
            assert await asking is None


@pytest.mark.parametrize(
    "capabilities",
    [{}, {"experimental": {}}, {"experimental": {"pairwright": {"diagnose": "yes"}}}],
)
async def test_an_editor_that_does_not_declare_it_is_not_asked(
    capabilities: dict[str, Any],
) -> None:
    session = FakeSession()
    async with connected(session) as client:
        await begin(client, **capabilities)
    assert session.diagnose is None
