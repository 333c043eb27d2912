"""Does a request leave only when the disk holds its row? The real litellm, before a real server."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from pairwright.errors import NotDisclosed, UserError
from pairwright.ledger.entries import EntryOutcome
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.store import LedgerStore
from pairwright.ledger.syncing import DiskSync
from pairwright.llm.circuits import Circuits
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.model import NO_USAGE, Completion, ModelRequest, TextDelta, Tier
from pairwright.llm.scripted_provider import ScriptedProvider
from pairwright.llm.standing_in import StandIn
from tests.ledger.support import PRICE, REQUEST, a_budget
from tests.llm.recorded import chat_chunks, gemini_chunks
from tests.support.model_server import ModelServer, Raw, serve_model
from tests.support.waiting import eventually, within

USAGE = {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}
WAYS = (
    ("openai/tiny", "/v1", chat_chunks(USAGE)),
    ("gemini/gemini-2.5-pro", "", gemini_chunks({"promptTokenCount": 10, "totalTokenCount": 12})),
)
"""One way that asks when it is called, and one that asks when its stream is read."""
pytestmark = pytest.mark.usefixtures("imported_litellm")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    store = LedgerStore(tmp_path / "ledger.sqlite3")
    yield store
    store.close()


class SlowDisk(DiskSync):
    """Holds nothing before it is let, and then perhaps never."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[None]] = []

    def begin(self) -> asyncio.Future[None]:
        self.asked.append(asyncio.get_running_loop().create_future())
        return self.asked[-1]

    def close(self) -> None:
        """It has no thread."""


def a_model(store: LedgerStore, server: ModelServer, name: str, base: str) -> MeteredModel:
    provider = LiteLLMProvider(
        name,
        api_base=f"http://127.0.0.1:{server.port}{base}",
        api_key=SecretStr("sk-canary"),
        timeout_s=5.0,
        price=PRICE,
    )
    return MeteredModel(
        provider,
        tier=Tier.WEAK,
        budget=a_budget(store),
        client="cli",
        strategy="plan",
        disclose=lambda request: request,
        circuits=Circuits(),
    )


@pytest.mark.parametrize(("name", "base", "answer"), WAYS, ids=[name for name, *_ in WAYS])
async def test_no_request_leaves_before_the_disk_holds_its_row(
    store: LedgerStore, name: str, base: str, answer: Raw
) -> None:
    disk = store.disk = SlowDisk()
    # The first call of a process has litellm load more: on a busy machine that takes long.
    async with within(30), serve_model(answer) as server, asyncio.TaskGroup() as group:
        model = a_model(store, server, name, base)
        asked = group.create_task(model.complete(REQUEST, step="edit"))
        await eventually(lambda: bool(disk.asked))
        await asyncio.wait({asked}, timeout=0.3)
        assert server.requests == []
        disk.asked[0].set_result(None)
        assert (await asked).text == "hello"
        assert len(server.requests) == 1


async def test_when_the_disk_refuses_nothing_leaves_and_nothing_is_tried_again(
    store: LedgerStore,
) -> None:
    disk = store.disk = SlowDisk()
    async with within(10), serve_model(chat_chunks(USAGE)) as server:
        model = a_model(store, server, "openai/tiny", "/v1")
        asked = asyncio.create_task(model.complete(REQUEST, step="edit"))
        await eventually(lambda: bool(disk.asked))
        disk.asked[0].set_exception(UserError("the disk did not take it"))
        with pytest.raises(UserError, match="did not take it"):
            await asked
        assert server.requests == []
    (entry,) = store.entries()
    assert (entry.outcome, entry.usage, entry.cost_usd) == (EntryOutcome.FAILED, NO_USAGE, 0)


async def test_what_the_exit_does_not_let_out_costs_nothing(store: LedgerStore) -> None:
    class Closed(StandIn):
        def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
            return self._refuse()

        async def _refuse(self) -> AsyncGenerator[TextDelta | Completion, None]:
            raise NotDisclosed("nothing may leave this machine")
            yield TextDelta("never")

    model = MeteredModel(
        Closed(ScriptedProvider("test/weak", [], price=PRICE)),
        tier=Tier.WEAK,
        budget=a_budget(store),
        client="cli",
        strategy="plan",
        disclose=lambda request: request,
        circuits=Circuits(),
    )
    with pytest.raises(NotDisclosed):
        await model.complete(REQUEST, step="edit")
    (entry,) = store.entries()
    assert (entry.outcome, entry.error) == (EntryOutcome.FAILED, "NotDisclosed")
    assert (entry.usage, entry.cost_usd) == (NO_USAGE, 0)


async def test_one_sync_serves_all_that_were_committed_before_it_began(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    gate, synced = threading.Event(), list[int]()

    class Counted(DiskSync):
        def _sync(self) -> None:
            gate.wait(5)
            synced.append(1)

    disk = Counted(path)
    async with within(10):
        first = disk.begin()
        await eventually(lambda: disk._next is not None and disk._next.running())
        others = [disk.begin() for _ in range(7)]
        gate.set()
        await asyncio.gather(first, *others)
    disk.close()
    assert len(synced) == 2


async def test_a_disk_that_refuses_says_so_and_a_missing_log_is_none(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    disk = DiskSync(path)
    await disk.begin()
    path.with_name(f"{path.name}-wal").mkdir()
    with pytest.raises(UserError, match="the disk did not take what the ledger wrote"):
        await disk.begin()
    disk.close()
