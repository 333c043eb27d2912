"""A client shakes hands, has tasks done, hears of them, and survives a daemon that does not."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from pairwright import __version__
from pairwright.protocol import cost_messages, history_messages, messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.client import DaemonClient
from pairwright_client.errors import ConnectionLost, RemoteError
from tests.clients import story
from tests.clients.daemon_double import DaemonDouble, Held, Leaves, Refusal, Session
from tests.support.waiting import eventually, within

INSTRUCTION = messages.RunParams(instruction="multiply")


def client_of(rendezvous: Rendezvous) -> DaemonClient:
    peer = discovery.connect(rendezvous)
    assert peer is not None
    return DaemonClient(peer, rendezvous.root)


async def run(
    rendezvous: Rendezvous, params: messages.RunParams = INSTRUCTION
) -> tuple[messages.RunResult, list[messages.TaskEvent]]:
    events: list[messages.TaskEvent] = []
    async with within(), client_of(rendezvous) as client:
        return await client.run(params, events.append), events


async def test_a_session_begins_with_a_handshake_and_ends_with_a_farewell(
    rendezvous: Rendezvous, root: Path
) -> None:
    with DaemonDouble(rendezvous, {}) as daemon:
        async with within(), client_of(rendezvous):
            pass
    assert daemon.methods() == ["initialize", "initialized", "shutdown", "exit"]
    greeting = daemon.params_of("initialize")
    assert greeting["rootUri"] == root.as_uri()
    assert greeting["clientInfo"]["name"] == "pairwright-cli"
    assert greeting["initializationOptions"] == {}


async def test_a_run_gives_its_events_in_order_and_its_result(rendezvous: Rendezvous) -> None:
    with DaemonDouble(rendezvous, {"pairwright/run": story.tells(*story.LADDER)}) as daemon:
        result, events = await run(rendezvous)
    assert events == list(story.LADDER)
    assert result == story.result()
    assert daemon.params_of("pairwright/run")["instruction"] == "multiply"


async def test_what_a_listener_meets_is_not_blamed_on_the_daemon(rendezvous: Rendezvous) -> None:
    def meet_closed_terminal(_: messages.TaskEvent) -> None:
        raise BrokenPipeError

    async def run_for_nobody() -> None:
        async with within(), client_of(rendezvous) as client:
            await client.run(INSTRUCTION, meet_closed_terminal)

    answers = {"pairwright/run": story.tells(*story.LADDER)}
    with DaemonDouble(rendezvous, answers), pytest.raises(BrokenPipeError):
        await run_for_nobody()


async def test_costs_of_other_tasks_are_not_heard(rendezvous: Rendezvous) -> None:
    def notice(task_id: str) -> Any:
        return encode(story.cost_notice(task_id=task_id))

    def answer(params: Any, session: Session) -> Any:
        session.progress(params, encode(story.STARTED))
        session.notify("pairwright/cost", notice("another"))
        session.notify("pairwright/cost", notice("t1"))
        return encode(story.result())

    with DaemonDouble(rendezvous, {"pairwright/run": answer}):
        _, events = await run(rendezvous)
    costs = [event for event in events if isinstance(event, cost_messages.CostNotice)]
    assert [cost.task_id for cost in costs] == ["t1"]


async def test_a_cancelled_run_tells_the_daemon_and_waits_for_it(rendezvous: Rendezvous) -> None:
    def hold(*_: Any) -> Any:
        raise Held

    with DaemonDouble(rendezvous, {"pairwright/run": hold}) as daemon:
        task = asyncio.create_task(run(rendezvous))
        await eventually(lambda: "pairwright/run" in daemon.methods())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert daemon.methods()[-1] == "$/cancelRequest"


@pytest.mark.parametrize(
    ("refusal", "exit_code"),
    [
        (Refusal("no strategy is called 'x'", details={"exitCode": 2}), 2),
        (Refusal("the budget is spent", details={"exitCode": 1}), 1),
        (Refusal("internal error"), 1),
        (Refusal("budgetUsd: not a number", code=-32602), 2),
    ],
)
async def test_a_refusal_carries_the_daemons_sentence_and_the_exit_code(
    rendezvous: Rendezvous, refusal: Refusal, exit_code: int
) -> None:
    def refuse(*_: Any) -> Any:
        raise refusal

    with (
        DaemonDouble(rendezvous, {"pairwright/run": refuse}),
        pytest.raises(RemoteError, match=str(refusal)) as caught,
    ):
        await run(rendezvous)
    assert caught.value.exit_code == exit_code


async def test_a_daemon_that_leaves_is_an_error_and_not_a_wait(rendezvous: Rendezvous) -> None:
    def leave(*_: Any) -> Any:
        raise Leaves

    with (
        DaemonDouble(rendezvous, {"pairwright/run": leave}),
        pytest.raises(ConnectionLost, match="closed the connection"),
    ):
        await run(rendezvous)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "no Content-Length"),
        (b"Content-Length: 1\r\n\r\n{", "no JSON"),
        (b"Content-Length: 2\r\n\r\n[]", "no JSON-RPC message"),
    ],
)
async def test_what_is_no_message_ends_the_session(
    rendezvous: Rendezvous, content: bytes, reason: str
) -> None:
    def babble(_: Any, session: Session) -> Any:
        session.send_raw(content)
        raise Held

    with (
        DaemonDouble(rendezvous, {"pairwright/run": babble}),
        pytest.raises(ConnectionLost, match=reason),
    ):
        await run(rendezvous)


@pytest.mark.parametrize("event", [{"kind": "unheardOf"}, {"kind": "planDelta"}, "text", None])
async def test_an_event_that_cannot_be_read_ends_the_session(
    rendezvous: Rendezvous, event: Any
) -> None:
    def answer(params: Any, session: Session) -> Any:
        session.progress(params, event)
        raise Held

    with (
        DaemonDouble(rendezvous, {"pairwright/run": answer}),
        pytest.raises(ConnectionLost, match="an event that cannot be read"),
    ):
        await run(rendezvous)


async def test_an_answer_of_another_shape_is_named(rendezvous: Rendezvous) -> None:
    with (
        DaemonDouble(rendezvous, {"pairwright/run": lambda *_: {"taskId": 7}}),
        pytest.raises(ConnectionLost, match="answer to pairwright/run cannot be read"),
    ):
        await run(rendezvous)


async def test_a_request_of_the_daemon_is_answered_with_method_not_found(
    rendezvous: Rendezvous,
) -> None:
    def ask_back(_: Any, session: Session) -> Any:
        session.send({"id": 9, "method": "workspace/applyEdit", "params": {}})
        return encode(story.result())

    with DaemonDouble(rendezvous, {"pairwright/run": ask_back}) as daemon:
        await run(rendezvous)
    assert [answer["error"]["code"] for answer in daemon.answered] == [-32601]


async def test_a_daemon_of_another_version_is_refused_with_the_remedy(
    rendezvous: Rendezvous,
) -> None:
    def greet(*_: Any) -> Any:
        return {"capabilities": {}, "serverInfo": {"name": "pairwright", "version": "0.0.1"}}

    with (
        DaemonDouble(rendezvous, {"initialize": greet}),
        pytest.raises(ConnectionLost, match=f"0.0.1, this is {__version__}.*pairwright stop"),
    ):
        await run(rendezvous)


async def test_the_other_questions_reach_their_methods(rendezvous: Rendezvous) -> None:
    answers = {
        "pairwright/accept": story.accepts,
        "pairwright/reject": story.rejects,
        "pairwright/history": lambda *_: {"entries": [], "total": 0},
        "pairwright/undo": lambda *_: {"entryId": "e1", "files": ["a.py"]},
        "pairwright/redo": lambda *_: {"entryId": "e2", "files": ["a.py"]},
    }
    with DaemonDouble(rendezvous, answers) as daemon:
        async with within(), client_of(rendezvous) as client:
            accepted = await client.accept(messages.AcceptParams(task_id="t1", hunk_ids=()))
            rejected = await client.reject(messages.RejectParams(task_id="t1"))
            told = await client.history(history_messages.HistoryParams())
            undone = await client.undo(history_messages.UndoParams())
            redone = await client.redo(history_messages.RedoParams(entry_id="e2"))
    assert accepted == messages.AcceptResult(entry_id=None, files=())
    assert rejected.rejected == ("h1",)
    assert told == history_messages.HistoryResult(entries=(), total=0)
    assert undone == history_messages.UndoResult(entry_id="e1", files=("a.py",))
    assert redone.entry_id == "e2"
    assert daemon.params_of("pairwright/accept")["hunkIds"] == []
    assert daemon.params_of("pairwright/redo") == {"entryId": "e2"}
