"""Does each request get exactly one answer, and does each state refuse what it must?"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from pairwright.errors import UserError
from pairwright.lsp.server import Lifecycle
from pairwright.protocol.framing import frame
from tests.lsp.peers import RUN_RESULT, FakeSession, RawClient, connected
from tests.support.waiting import eventually, within


def code_of(answer: Any) -> int:
    code = answer["error"]["code"]
    assert isinstance(code, int)
    return code


async def test_initialize_answers_with_capabilities() -> None:
    async with connected() as client:
        answer = await client.initialize()
    assert answer["id"] == 0
    assert answer["result"]["capabilities"]["positionEncoding"] == "utf-16"
    assert answer["result"]["serverInfo"]["name"] == "pairwright"


@pytest.mark.parametrize("method", ["pairwright/status", "shutdown", "textDocument/hover", "x"])
async def test_before_initialize_every_request_is_refused(method: str) -> None:
    async with connected() as client:
        assert code_of(await client.call(method, {})) == -32002


async def test_a_notification_before_initialize_is_dropped() -> None:
    session = FakeSession()
    async with connected(session) as client:
        client.notify("textDocument/didOpen", did_open("file:///workspace/a.py"))
        await client.initialize()
        assert (await client.call("pairwright/status", {}))["result"]["files"] == 0


async def test_initialize_twice_is_refused() -> None:
    async with connected() as client:
        await client.initialize()
        assert code_of(await client.call("initialize", {"capabilities": {}})) == -32600


async def test_after_a_refused_initialize_it_can_be_said_again() -> None:
    async with connected() as client:
        assert code_of(await client.call("initialize", {})) == -32602
        assert "result" in await client.initialize()


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        {"capabilities": []},
        {"capabilities": {"general": 5}},
        {"capabilities": {"general": {"positionEncodings": "utf-8"}}},
        {"capabilities": {}, "rootUri": 5},
        {"capabilities": {}, "rootUri": "http://example"},
        {"capabilities": {}, "rootUri": "file:///a%00b"},
        {"capabilities": {}, "workspaceFolders": "a"},
        {"capabilities": {}, "clientInfo": "name"},
    ],
)
async def test_wrong_initialize_params_are_named(params: Any) -> None:
    async with connected() as client:
        assert code_of(await client.call("initialize", params)) == -32602


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("pairwright/run", {}),
        ("pairwright/run", None),
        ("pairwright/run", []),
        ("pairwright/run", {"instruction": 5}),
        ("pairwright/run", {"instruction": "x", "budgetUsd": "much"}),
        ("pairwright/run", {"instruction": "x", "unknown": 1}),
        ("pairwright/accept", {"taskId": "t", "hunkIds": "h"}),
        ("pairwright/cost", {"by": "mood"}),
        ("pairwright/status", {"a": 1}),
    ],
)
async def test_wrong_params_are_refused(method: str, params: Any) -> None:
    async with connected() as client:
        await client.initialize()
        assert code_of(await client.call(method, params)) == -32602


@pytest.mark.parametrize("method", ["textDocument/rename", "pairwright/other", "$/unknown", ""])
async def test_unknown_requests_are_refused(method: str) -> None:
    async with connected() as client:
        await client.initialize()
        assert code_of(await client.call(method, {})) == -32601


async def test_a_notification_with_an_id_is_refused() -> None:
    async with connected() as client:
        await client.initialize()
        params = did_open("file:///workspace/a.py")
        assert code_of(await client.call("textDocument/didOpen", params)) == -32600


@pytest.mark.parametrize("identity", ["word", "", 0, -3, 2**53])
async def test_an_answer_bears_the_requests_id(identity: str | int) -> None:
    async with connected() as client:
        await client.initialize()
        answer = await client.call("pairwright/status", {}, identity=identity)
    assert answer["id"] == identity
    assert type(answer["id"]) is type(identity)


async def test_bytes_that_are_no_json_are_answered_and_the_session_goes_on() -> None:
    async with connected() as client:
        await client.initialize()
        for sent in (b"", b"{", b"nonsense", b"\xff"):
            client.send_bytes(frame(sent))
            answer = await client.receive()
            assert (answer["id"], code_of(answer)) == (None, -32700)
        client.send([])
        assert code_of(await client.receive()) == -32600
        assert "result" in await client.call("pairwright/status", {})


async def test_unknown_notifications_and_answers_are_ignored() -> None:
    async with connected() as client:
        await client.initialize()
        client.notify("$/unknown", {})
        client.notify("workspace/didChangeConfiguration", {"settings": {}})
        client.notify("textDocument/didOpen", {"wrong": 1})
        client.notify("$/cancelRequest", {"id": 99})
        client.notify("$/cancelRequest", ["odd"])
        client.notify("$/cancelRequest", {"id": {}})
        client.send({"jsonrpc": "2.0", "id": "nobody", "result": 1})
        client.send({"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "?"}})
        assert (await client.call("pairwright/status", {}, identity=5))["id"] == 5


async def test_shutdown_is_answered_with_null_and_ends_all_but_exit() -> None:
    async with connected() as client:
        await client.initialize()
        answer = await client.call("shutdown", identity=1)
        assert answer == {"jsonrpc": "2.0", "id": 1, "result": None}
        assert code_of(await client.call("pairwright/status", {})) == -32600
        assert code_of(await client.call("initialize", {"capabilities": {}})) == -32600
        assert code_of(await client.call("shutdown")) == -32600
        client.notify("exit")
        assert await client.receive() is None


@pytest.mark.parametrize("is_initialized", [True, False])
async def test_exit_ends_the_session_and_nothing_else(is_initialized: bool) -> None:
    session = FakeSession()
    async with connected(session) as client:
        if is_initialized:
            await client.initialize()
            await client.call("pairwright/status", {})
        client.notify("exit")
        assert await client.receive() is None
    assert session.is_closed is is_initialized


async def test_two_running_requests_may_not_share_an_id() -> None:
    gate = asyncio.Event()
    async with connected(waiting_at(gate)) as client:
        await client.initialize()
        client.ask(1, "pairwright/run", {"instruction": "x"})
        assert code_of(await client.call("pairwright/status", {}, identity=1)) == -32600
        gate.set()
        assert "result" in await client.receive()


async def test_a_request_that_is_cancelled_before_it_began_is_answered_once() -> None:
    async with connected(waiting_at(asyncio.Event())) as client:
        await client.initialize()
        # One write, so that both are read before the request's task has had a turn.
        request = {"jsonrpc": "2.0", "id": 1, "method": "pairwright/run"}
        request["params"] = {"instruction": "x"}
        cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 1}}
        client.send_bytes(b"".join(frame(json.dumps(sent).encode()) for sent in (request, cancel)))
        answer = await client.receive()
        assert (answer["id"], code_of(answer)) == (1, -32800)
        assert (await client.call("pairwright/status", {}, identity=2))["id"] == 2


async def test_a_running_task_is_cancelled_and_answered() -> None:
    session = waiting_at(asyncio.Event())
    async with connected(session) as client:
        await client.initialize()
        client.ask("run", "pairwright/run", {"instruction": "x"})
        await eventually(lambda: session.runs)
        client.notify("$/cancelRequest", {"id": "run"})
        answer = await client.receive()
        assert (answer["id"], code_of(answer)) == ("run", -32800)
        assert session.was_cancelled


async def test_a_client_that_leaves_cancels_its_tasks() -> None:
    session = waiting_at(asyncio.Event())
    async with connected(session) as client:
        await client.initialize()
        client.ask(1, "pairwright/run", {"instruction": "x"})
        await eventually(lambda: session.runs)
        client.writer.transport.abort()
    assert session.was_cancelled
    assert session.is_closed


async def test_other_requests_are_answered_while_a_task_runs() -> None:
    gate = asyncio.Event()
    async with connected(waiting_at(gate)) as client:
        await client.initialize()
        client.ask(1, "pairwright/run", {"instruction": "x"})
        assert (await client.call("pairwright/status", {}, identity=2))["id"] == 2
        gate.set()
        assert (await client.receive())["id"] == 1


async def test_too_many_running_requests_are_refused() -> None:
    gate = asyncio.Event()
    async with connected(waiting_at(gate)) as client:
        await client.initialize()
        for number in range(256):
            client.ask(number, "pairwright/run", {"instruction": "x"})
        assert code_of(await client.call("pairwright/status", {}, identity=256)) == -32803
        gate.set()
        answered = [(await client.receive())["id"] for _ in range(256)]
        assert sorted(answered) == list(range(256))


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x00\xff\r\n",
    ],
)
async def test_a_foreign_protocol_is_dropped_without_a_word(sent: bytes) -> None:
    async with connected() as client:
        client.send_bytes(sent)
        async with within():
            assert await read_to_end(client) == b""


@pytest.mark.parametrize(
    "sent",
    [b"Content-Length: 10000000000\r\n\r\n{}", b"Content-Length: -1\r\n\r\n", b"A: b\r\n\r\n"],
)
async def test_a_broken_frame_is_answered_and_ends_the_session(sent: bytes) -> None:
    async with connected() as client:
        await client.initialize()
        client.send_bytes(sent)
        answer = await client.receive()
        assert (answer["id"], code_of(answer)) == (None, -32700)
        async with within():
            assert await read_to_end(client) == b""


async def test_a_failure_to_open_the_workspace_reaches_every_request() -> None:

    async def fail(_: object) -> Any:
        raise UserError("the ledger cannot be opened")

    lifecycle = Lifecycle(Path("/workspace"), fail)
    await lifecycle.on_request("initialize", {"capabilities": {}})
    for _ in range(2):
        with pytest.raises(UserError, match="ledger"):
            await lifecycle.on_request("pairwright/status", {})


async def read_to_end(client: RawClient) -> bytes:
    """Return what still comes; a server that closes with unread bytes resets the stream."""
    try:
        return await client.reader.read()
    except ConnectionResetError:
        return b""


def waiting_at(gate: asyncio.Event) -> FakeSession:
    """Return a session whose tasks wait."""

    async def script(_: object) -> Any:
        await gate.wait()
        return RUN_RESULT

    return FakeSession(script=script)


def did_open(uri: str, text: str = "x") -> dict[str, Any]:
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    return {"textDocument": document}
