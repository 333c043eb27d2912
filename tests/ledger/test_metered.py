import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import (
    Authentication,
    BudgetExceeded,
    CircuitOpen,
    ModelError,
    RateLimited,
    Refused,
    Truncated,
    Unavailable,
    UserError,
)
from pairwright.ledger.budget import BudgetState
from pairwright.ledger.entries import EntryOutcome, LedgerEntry, worst_case_of
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.receipt import receipt_of, total_of
from pairwright.ledger.store import LedgerStore
from pairwright.llm.circuits import Circuits
from pairwright.llm.model import (
    NO_USAGE,
    Completion,
    FinishReason,
    ModelRequest,
    Price,
    TextDelta,
    Tier,
    Usage,
)
from pairwright.llm.retry import RetryPolicy
from pairwright.llm.scripted_provider import Cut, Hang, Reply, ScriptedProvider, ScriptedReply
from tests.ledger.support import FREE, PRICE, REQUEST, a_budget
from tests.support.waiting import within

USAGE = Usage(1000, 0, 0, 100)


def as_it_is(request: ModelRequest) -> ModelRequest:
    return request


class Desk:
    """A ledger, a scripted provider and what was heard."""

    def __init__(self, store: LedgerStore) -> None:
        self.store = store
        self.heard: list[str] = []
        self.delays: list[float] = []
        self.costs: list[BudgetState] = []
        self.provider = ScriptedProvider("test/weak", [])
        self.circuits = Circuits()
        self.policy = RetryPolicy(jitter=lambda: 0.0)

    def model(
        self,
        *replies: ScriptedReply,
        price: Price | None = PRICE,
        task: str = "1",
        provider: ScriptedProvider | None = None,
    ) -> MeteredModel:
        self.provider = provider or ScriptedProvider("test/weak", replies, price=price)
        return MeteredModel(
            self.provider,
            tier=Tier.WEAK,
            budget=a_budget(self.store, task=task),
            client="cli",
            strategy="plan",
            disclose=as_it_is,
            circuits=self.circuits,
            policy=self.policy,
            on_cost=self.costs.append,
            sleep=self._sleep,
        )

    async def hear(self, text: str) -> None:
        self.heard.append(text)

    async def _sleep(self, delay_s: float) -> None:
        self.delays.append(delay_s)

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        return self.store.entries("t1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = LedgerStore(tmp_path / "ledger.sqlite3")
    yield Desk(store)
    store.close()


async def test_an_answer_is_streamed_priced_and_recorded(desk: Desk) -> None:
    model = desk.model(Reply("the answer", usage=USAGE, piece_length=4))
    completion = await model.complete(REQUEST, step="edit", on_text=desk.hear)
    assert completion.text == "the answer"
    assert desk.heard == ["the ", "answ", "er"]
    (entry,) = desk.entries
    assert (entry.outcome, entry.usage, entry.step) == (EntryOutcome.DONE, USAGE, "edit")
    assert entry.cost_usd == Decimal("0.0014")
    assert entry.price_source == "the test"
    assert [state.task.cost_usd > 0 for state in desk.costs] == [True, True]
    assert desk.provider.is_prepared


async def test_the_worst_case_is_reserved_before_anything_is_asked(desk: Desk) -> None:
    model = desk.model("never asked", task="0.0001")
    with pytest.raises(BudgetExceeded):
        await model.complete(REQUEST, step="edit")
    assert desk.provider.requests == []
    assert desk.entries == ()


async def test_what_a_model_may_think_unseen_is_reserved_too(desk: Desk) -> None:
    provider = ScriptedProvider(
        "test/weak", ["never asked"], price=PRICE, hidden_output_tokens=8192
    )
    model = desk.model(provider=provider, task="0.03")
    with pytest.raises(BudgetExceeded):
        await model.complete(REQUEST, step="edit")
    assert provider.requests == []
    assert model.context_tokens == provider.context_tokens - 8192


def test_the_worst_case_takes_the_dearest_input_price() -> None:
    assert worst_case_of(1000, 100, PRICE) == Decimal("0.00165")
    assert worst_case_of(1000, 100, FREE) == 0
    assert worst_case_of(1000, 100, None) is None


async def test_a_passing_failure_is_tried_again_and_each_attempt_is_recorded(desk: Desk) -> None:
    model = desk.model(RateLimited("busy"), Unavailable("down"), Reply("ok", usage=USAGE))
    completion = await model.complete(REQUEST, step="edit", on_text=desk.hear)
    assert completion.text == "ok"
    assert [entry.attempt for entry in desk.entries] == [1, 2, 3]
    assert [entry.outcome for entry in desk.entries] == [
        EntryOutcome.FAILED,
        EntryOutcome.FAILED,
        EntryOutcome.DONE,
    ]
    assert desk.entries[0].usage == NO_USAGE
    assert desk.entries[1].usage.is_estimated
    assert len(desk.delays) == 2


async def test_tries_end(desk: Desk) -> None:
    with pytest.raises(Unavailable):
        await desk.model(*[Unavailable("down")] * 9).complete(REQUEST, step="edit")
    assert len(desk.entries) == 3


async def test_a_lasting_failure_is_not_tried_again(desk: Desk) -> None:
    with pytest.raises(Authentication):
        await desk.model(Authentication("no key"), "ok").complete(REQUEST, step="edit")
    (entry,) = desk.entries
    assert (entry.outcome, entry.cost_usd) == (EntryOutcome.FAILED, Decimal(0))


async def test_after_a_piece_was_handed_on_a_failure_is_final(desk: Desk) -> None:
    with pytest.raises(Unavailable):
        await desk.model(Cut("half an answer"), "ok").complete(
            REQUEST, step="edit", on_text=desk.hear
        )
    (entry,) = desk.entries
    assert entry.usage.output > 0
    assert entry.usage.is_estimated


async def test_when_nobody_listens_a_cut_answer_is_tried_again(desk: Desk) -> None:
    completion = await desk.model(Cut("half"), "whole").complete(REQUEST, step="edit")
    assert completion.text == "whole"


async def test_a_cancelled_call_is_recorded_at_what_was_seen(desk: Desk) -> None:
    is_heard = asyncio.Event()

    async def hear(text: str) -> None:
        is_heard.set()

    call = asyncio.ensure_future(
        desk.model(Hang("so far")).complete(REQUEST, step="edit", on_text=hear)
    )
    async with within():
        await is_heard.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    (entry,) = desk.entries
    assert entry.outcome is EntryOutcome.CANCELLED
    assert entry.usage.is_estimated
    assert entry.usage.output >= 1
    assert entry.cost_usd is not None
    assert 0 < entry.cost_usd < Decimal("0.001")


@pytest.fixture
def locked(desk: Desk, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's hold on the ledger, not yet taken."""
    connection = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
    yield connection
    connection.close()


async def test_a_cancelled_call_stays_cancelled_when_the_ledger_is_locked(
    desk: Desk, locked: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    is_heard = asyncio.Event()

    async def hear(text: str) -> None:
        locked.execute("BEGIN IMMEDIATE")
        is_heard.set()

    model = desk.model(Hang("so far"))
    call = asyncio.ensure_future(model.complete(REQUEST, step="edit", on_text=hear))
    async with within():
        await is_heard.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    locked.execute("ROLLBACK")
    assert "could not settle a cancelled call of test/weak" in caplog.text
    (entry,) = desk.entries
    assert entry.outcome is EntryOutcome.RESERVED


async def test_an_answer_that_cannot_be_recorded_is_an_error(
    desk: Desk, locked: sqlite3.Connection
) -> None:
    async def hear(text: str) -> None:
        locked.execute("BEGIN IMMEDIATE")

    model = desk.model(Reply("whole", usage=USAGE))
    with pytest.raises(UserError, match=r"the ledger .* cannot be used"):
        await model.complete(REQUEST, step="edit", on_text=hear)


async def test_an_answer_cut_at_its_length_is_returned(desk: Desk) -> None:
    reply = Reply("too lo", finish_reason=FinishReason.LENGTH, usage=USAGE)
    completion = await desk.model(reply).complete(REQUEST, step="edit")
    assert completion.finish_reason is FinishReason.LENGTH
    assert desk.entries[0].outcome is EntryOutcome.DONE


async def test_a_refusal_is_an_error_and_is_paid(desk: Desk) -> None:
    reply = Reply("I cannot", finish_reason=FinishReason.REFUSED, usage=USAGE)
    with pytest.raises(Refused, match="declined"):
        await desk.model(reply).complete(REQUEST, step="edit")
    assert desk.entries[0].cost_usd == Decimal("0.0014")


async def test_an_error_of_the_listener_is_recorded_and_passed_on(desk: Desk) -> None:
    async def fail(text: str) -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await desk.model("answer").complete(REQUEST, step="edit", on_text=fail)
    assert desk.entries[0].outcome is EntryOutcome.FAILED


class OddProvider(ScriptedProvider):
    """Ends with exactly these items."""

    def __init__(self, *items: TextDelta | Completion, price: Price | None = PRICE) -> None:
        super().__init__("test/odd", [], price=price)
        self.items = items

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        for item in self.items:
            yield item


async def test_a_stream_without_an_end_is_truncated_and_paid(desk: Desk) -> None:
    with pytest.raises(Truncated):
        await desk.model(provider=OddProvider(TextDelta("abc"))).complete(REQUEST, step="edit")
    assert desk.entries[0].usage.output > 0


@pytest.mark.parametrize(
    ("reported", "expected", "source"),
    [
        ("0.5", "0.5", "reported by the provider"),
        ("NaN", "0.0014", "the test"),
        ("-1", "0.0014", "the test"),
        ("1e99", "0.0014", "the test"),
    ],
)
async def test_the_providers_figure_counts_when_it_makes_sense(
    desk: Desk, reported: str, expected: str, source: str
) -> None:
    completion = Completion("x", USAGE, FinishReason.STOP, Decimal(reported))
    await desk.model(provider=OddProvider(completion)).complete(REQUEST, step="edit")
    assert desk.entries[0].cost_usd == Decimal(expected)
    assert desk.entries[0].price_source == source


@pytest.mark.parametrize("tokens", [-5, 10**30])
async def test_impossible_usage_is_replaced_by_our_own_count(desk: Desk, tokens: int) -> None:
    completion = Completion("x", replace(USAGE, output=tokens), FinishReason.STOP)
    await desk.model(provider=OddProvider(TextDelta("x"), completion)).complete(
        REQUEST, step="edit"
    )
    assert desk.entries[0].usage.is_estimated


async def test_what_may_not_leave_is_taken_out_of_what_is_sent(desk: Desk) -> None:
    provider = ScriptedProvider("test/weak", ["ok"], price=FREE)
    model = MeteredModel(
        provider,
        tier=Tier.WEAK,
        budget=a_budget(desk.store),
        client="cli",
        strategy="plan",
        disclose=lambda request: replace(request, messages=()),
        circuits=desk.circuits,
    )
    await model.complete(REQUEST, step="edit")
    assert provider.requests[0].messages == ()


async def test_side_by_side_calls_never_pass_the_cap(desk: Desk) -> None:
    replies = [Reply("x" * 50, usage=Usage(10, 0, 0, 100)) for _ in range(40)]
    model = desk.model(*replies, task="0.005")
    results = await asyncio.gather(
        *(model.complete(REQUEST, step="edit", on_text=desk.hear) for _ in range(40)),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BudgetExceeded)]
    assert 0 < len(refused) < 40
    assert len(refused) + len(desk.provider.requests) == 40
    assert all(state.task.cost_usd <= Decimal("0.005") for state in desk.costs)


async def test_a_receipt_says_who_used_what_and_what_strong_alone_would_cost(desk: Desk) -> None:
    await desk.model(Reply("x", usage=USAGE)).complete(REQUEST, step="edit")
    with pytest.raises(ModelError):
        await desk.model(Authentication("no")).complete(REQUEST, step="edit")
    strong = ScriptedProvider("test/strong", [Reply("p", usage=Usage(500, 100, 0, 50))], price=FREE)
    await MeteredModel(
        strong,
        tier=Tier.STRONG,
        budget=a_budget(desk.store),
        client="cli",
        strategy="plan",
        disclose=as_it_is,
        circuits=desk.circuits,
    ).complete(REQUEST, step="plan")
    receipt = receipt_of(desk.store, "t1", PRICE)
    weak, planner = receipt.tiers
    assert (weak.tier, weak.calls, weak.cost_usd) == (Tier.WEAK, 2, Decimal("0.0014"))
    assert (planner.model, planner.usage.cache_read) == ("test/strong", 100)
    assert receipt.cost_usd == Decimal("0.0014")
    assert receipt.strong_alone_usd == Decimal("0.00211")
    assert receipt_of(desk.store, "t1", None).strong_alone_usd is None
    assert receipt_of(desk.store, "nobody", PRICE).tiers == ()
    total = total_of(desk.store.rows("role"))
    assert (total.calls, total.cost_usd, total.output_tokens) == (3, Decimal("0.0014"), 150)


@pytest.mark.parametrize("hang", [Hang(), Hang("he")], ids=repr)
async def test_an_attempt_has_an_end_and_counts_as_failed(desk: Desk, hang: Hang) -> None:
    desk.policy = RetryPolicy(attempts=2, attempt_s=0.05, jitter=lambda: 0.0)
    model = desk.model(hang, "the answer")
    assert (await model.complete(REQUEST, step="edit")).text == "the answer"
    assert [entry.outcome for entry in desk.entries] == [EntryOutcome.FAILED, EntryOutcome.DONE]


async def test_an_endpoint_that_is_left_alone_is_no_entry(desk: Desk) -> None:
    desk.policy = RetryPolicy(attempts=5, jitter=lambda: 0.0)
    with pytest.raises(Unavailable):
        await desk.model(*[Unavailable("x")] * 5).complete(REQUEST, step="edit")
    count = len(desk.entries)
    with pytest.raises(CircuitOpen, match="test/weak has failed 5 times in a row"):
        await desk.model("never asked").complete(REQUEST, step="edit")
    assert len(desk.entries) == count
    assert desk.provider.requests == []


async def test_tries_that_cost_too_much_end_before_their_count(desk: Desk) -> None:
    desk.policy = RetryPolicy(attempts=5, jitter=lambda: 0.0)
    # Each is cut when more than half of what it may cost is spent.
    model = desk.model(*[Cut("x" * 150)] * 5)
    with pytest.raises(Unavailable):
        await model.complete(REQUEST, step="edit")
    assert len(desk.entries) == 2


async def test_a_request_that_reached_nobody_costs_nothing(desk: Desk) -> None:
    desk.policy = RetryPolicy(attempts=1)
    with pytest.raises(Unavailable):
        await desk.model(Unavailable("x", was_sent=False)).complete(REQUEST, step="edit")
    assert [entry.cost_usd for entry in desk.entries] == [0]
