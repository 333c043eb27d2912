"""T11: do several windows on one workspace share what they must, and nothing else?

One index, one wallet, one journal; each has its own buffers, versions, requests and tasks. Here a
few seconds; `python -m tests.soak windows` goes on for as long as it is told.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path

from pairwright.llm.scripted_provider import Reply
from pairwright.settings import Settings
from tests.lsp.peers import ALL_FEATURES, connected
from tests.lsp.test_navigation import Peer
from tests.support.engines import USAGE, ScriptedModels, opened_engine, scripted_model, write_files
from tests.support.waiting import within

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
ANSWER = "### FILE a.py\n<<<<<<< SEARCH\na = 1\n=======\na = 2\n>>>>>>> REPLACE\n### END 1\n"


@asynccontextmanager
async def windows(
    directory: Path, count: int, *, within_s: float = 30
) -> AsyncIterator[list[Peer]]:
    """Give so many windows of one workspace."""
    root = directory / "workspace"
    write_files(root, FILES)
    replies = [Reply(ANSWER, usage=USAGE)] * 4
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak", replies))
    async with (
        within(within_s),
        opened_engine(directory, models, Settings()) as engine,
        AsyncExitStack() as stack,
    ):
        peers = []
        for number in range(count):
            session = engine.open_session(f"window {number}")
            await session.queries.complete(lambda _: None)
            client = await stack.enter_async_context(connected(session, root=root))
            await client.initialize(features=ALL_FEATURES)
            peers.append(Peer(client, root))
        yield peers


async def answer_of(peer: Peer, method: str, params: object) -> dict[str, object]:
    """Ask, and return the answer past all that the server says by itself."""
    peer.client.ask("asked", method, params)
    while (message := await peer.client.receive()).get("id") != "asked":
        assert message is not None
    assert isinstance(message, dict)
    return message


async def symbols(peer: Peer, query: str) -> list[str]:
    answer = await answer_of(peer, "workspace/symbol", {"query": query})
    result = answer["result"]
    assert isinstance(result, list)
    return [each["name"] for each in result]


async def test_what_one_window_types_all_find_and_it_goes_when_that_window_goes(
    tmp_path: Path,
) -> None:
    async with windows(tmp_path, 2) as (first, second):
        first.open("a.py", "def typed_in_first(): ...\n")
        assert await symbols(first, "typed_in_first") == ["typed_in_first"]
        assert await symbols(second, "typed_in_first") == ["typed_in_first"]
        first.client.notify("textDocument/didClose", first.about("a.py"))
        assert await symbols(first, "typed_in_first") == []
        assert await symbols(second, "typed_in_first") == []


async def test_each_window_has_buffers_and_versions_of_its_own(tmp_path: Path) -> None:
    async with windows(tmp_path, 2) as (first, second):
        first.open("a.py", "first_text = 1\n")
        second.open("a.py", "second_text = 1\n")
        first.change("a.py", 9, "first_text = 2\n")
        await answer_of(first, "pairwright/status", {})
        # An older version than the other window's is newer than its own.
        second.change("a.py", 2, "second_text = 2\n")
        assert await symbols(second, "second_text") == ["second_text"]
        # A place in the first window's buffer is no place of the text that counts now.
        place = {"position": {"line": 0, "character": 2}}
        answer = await answer_of(first, "textDocument/hover", first.about("a.py", **place))
        assert "error" in answer or "first_text" in str(answer["result"])


async def test_requests_of_two_windows_under_one_id_are_kept_apart(tmp_path: Path) -> None:
    async with windows(tmp_path, 4) as peers:

        async def ask_on(number: int, peer: Peer) -> None:
            name = f"own_{number}_name"
            peer.open(f"w{number}.py", f"def {name}(): ...\n")
            for _ in range(20):
                assert await symbols(peer, name) == [name]

        await asyncio.gather(*(ask_on(*each) for each in enumerate(peers)))


async def test_windows_share_wallet_and_journal_and_run_tasks_of_their_own(
    tmp_path: Path,
) -> None:
    async with windows(tmp_path, 2) as (first, second):
        params = {"instruction": "Change a.", "strategy": "weak", "file": "a.py"}
        run = (await answer_of(first, "pairwright/run", params))["result"]
        assert isinstance(run, dict)
        costs = []
        for peer in (first, second):
            report = (await answer_of(peer, "pairwright/cost", {"by": "day"}))["result"]
            assert isinstance(report, dict)
            costs.append(Decimal(report["total"]["costUsd"]))
        assert costs[0] == costs[1] > 0
        await answer_of(second, "pairwright/accept", {"taskId": run["taskId"]})
        assert (tmp_path / "workspace" / "a.py").read_text() == "a = 2\n"
        for peer in (first, second):
            history = (await answer_of(peer, "pairwright/history", {}))["result"]
            assert isinstance(history, dict)
            assert history["total"] == 1


async def test_a_window_that_leaves_takes_only_its_own_buffers(tmp_path: Path) -> None:
    async with windows(tmp_path, 2) as (first, second):
        first.open("a.py", "def in_first(): ...\n")
        second.open("b.py", "def in_second(): ...\n")
        assert await symbols(second, "in_first") == ["in_first"]
        first.client.notify("exit")
        async with within():
            while await first.client.receive() is not None:
                pass
        while await symbols(second, "in_first"):
            pass
        assert await symbols(second, "in_second") == ["in_second"]
