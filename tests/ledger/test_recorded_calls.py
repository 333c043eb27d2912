"""Is what a provider says on the ledger? The real litellm, before a server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pairwright.errors import Authentication, BudgetExceeded, Refused, Truncated
from pairwright.ledger.entries import EntryOutcome, LedgerEntry, worst_case_of
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.receipt import receipt_of
from pairwright.ledger.store import LedgerStore
from pairwright.llm.circuits import Circuits
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.model import FinishReason, Price, Tier, Usage
from pairwright.llm.pricing import price_of
from pairwright.llm.profiles import profile_of
from pairwright.llm.retry import RetryPolicy
from tests.ledger.support import REQUEST, a_budget, a_call
from tests.llm.recorded import anthropic_events, chat_chunks, gemini_chunks
from tests.support.model_server import Behaviour, Failure, Raw, serve_model
from tests.support.waiting import within

MICRO = Decimal("0.000001")
USAGE: dict[str, Any] = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
pytestmark = pytest.mark.usefixtures("imported_litellm")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    store = LedgerStore(tmp_path / "ledger.sqlite3")
    yield store
    store.close()


async def ask(
    store: LedgerStore,
    name: str,
    answer: Behaviour,
    *,
    price: Price | None,
    base: str = "/v1",
    allow_unpriced: bool = False,
) -> LedgerEntry:
    """Ask once and return the row, after holding it against the one request that was made."""

    async with serve_model(answer) as server:
        provider = LiteLLMProvider(
            name,
            api_base=f"http://127.0.0.1:{server.port}{base}",
            api_key=SecretStr("sk-canary"),
            timeout_s=5.0,
            profile=profile_of(name, known_as=name),
            price=price,
        )
        model = MeteredModel(
            provider,
            tier=Tier.WEAK,
            budget=a_budget(store, allow_unpriced=allow_unpriced),
            client="cli",
            strategy="plan",
            disclose=lambda request: request,
            circuits=Circuits(),
            policy=RetryPolicy(attempts=1),
        )
        try:
            async with within(10):
                await model.complete(REQUEST, step="edit")
        finally:
            assert len(server.requests) == len(store.entries())
    return store.entries()[-1]


async def test_the_row_says_what_was_set_aside_and_what_it_came_to(store: LedgerStore) -> None:
    name = "openai/gpt-5-mini"
    row = await ask(store, name, chat_chunks(USAGE, service_tier="priority"), price=price_of(name))
    assert (row.outcome, row.finish_reason, row.error) == (EntryOutcome.DONE, "stop", "")
    assert (row.service_tier, row.price_source) == ("priority", "litellm 1.106.2")
    # 1000 x 0.45 + 100 x 3.60 per million
    assert row.cost_usd == Decimal("0.00081")
    assert row.reserved_usd is not None
    assert row.reserved_usd > 0


async def test_the_providers_figure_is_taken_before_any_price(store: LedgerStore) -> None:
    row = await ask(
        store,
        "openrouter/a/b",
        chat_chunks({**USAGE, "cost": 0.0123}),
        price=Price(MICRO, MICRO, MICRO, MICRO, "settings"),
        base="",
    )
    assert (row.cost_usd, row.price_source) == (Decimal("0.0123"), "reported by the provider")


async def test_a_price_that_nobody_knows_is_refused_or_counted_as_unknown(
    store: LedgerStore,
) -> None:
    with pytest.raises(BudgetExceeded):
        await ask(store, "openai/mystery", chat_chunks(USAGE), price=None)
    assert store.entries() == ()
    row = await ask(store, "openai/mystery", chat_chunks(USAGE), price=None, allow_unpriced=True)
    assert (row.cost_usd, row.price_source) == (None, "")
    assert store.spent_by_task("t1").unpriced_calls == 1


@pytest.mark.parametrize(
    ("name", "base", "cut"),
    [
        ("openai/gpt-5-mini", "/v1", chat_chunks(None, finish=None)),
        ("gemini/gemini-2.5-pro", "", gemini_chunks({"promptTokenCount": 9}, finish=None)),
    ],
)
async def test_a_cut_stream_is_an_error_that_is_paid(
    store: LedgerStore, name: str, base: str, cut: Raw
) -> None:
    """T12: requests seen are rows on the ledger, and no answer comes of it."""
    with pytest.raises(Truncated, match="before it was whole"):
        await ask(store, name, cut, price=price_of(name), base=base)
    (row,) = store.entries()
    assert (row.outcome, row.error) == (EntryOutcome.FAILED, "Truncated")
    assert row.finish_reason == FinishReason.UNKNOWN.value
    assert row.usage.is_estimated
    assert row.usage.output == 2  # "hello"
    assert row.cost_usd is not None
    assert row.cost_usd > 0


async def test_a_cut_stream_that_told_what_was_cached_is_paid_so(store: LedgerStore) -> None:
    name = "anthropic/claude-sonnet-4-5"
    start = {"input_tokens": 20, "cache_read_input_tokens": 10_000, "output_tokens": 1}
    with pytest.raises(Truncated):
        await ask(store, name, anthropic_events(start, None), price=price_of(name), base="")
    (row,) = store.entries()
    assert row.usage == Usage(20, 10_000, 0, 2, is_estimated=True)
    # 20 x 3.00 + 10,000 x 0.30 + 2 x 15.00 per million
    assert row.cost_usd == Decimal("0.00309")


async def test_a_refusal_keeps_its_reason_and_its_cost(store: LedgerStore) -> None:
    name = "openai/gpt-5-mini"
    with pytest.raises(Refused):
        await ask(store, name, chat_chunks(USAGE, finish="content_filter"), price=price_of(name))
    (row,) = store.entries()
    assert (row.finish_reason, row.error) == ("refused", "Refused")
    # 1000 x 0.25 + 100 x 2.00 per million
    assert row.cost_usd == Decimal("0.00045")


async def test_what_was_turned_away_costs_nothing_and_says_why(store: LedgerStore) -> None:
    name = "openai/gpt-5-mini"
    with pytest.raises(Authentication):
        await ask(store, name, Failure(401), price=price_of(name))
    (row,) = store.entries()
    assert (row.outcome, row.error) == (EntryOutcome.FAILED, "Authentication")
    assert row.cost_usd == 0
    assert (row.finish_reason, row.usage) == ("", Usage(0, 0, 0, 0))


def test_the_worst_case_of_a_long_prompt_is_its_dearer_price() -> None:
    price = price_of("gemini/gemini-2.5-pro")
    at_limit = worst_case_of(200_000, 1000, price)
    behind = worst_case_of(200_001, 1000, price)
    assert at_limit == (200_000 * Decimal("1.25") + 1000 * 10) / 1_000_000
    assert behind == (200_001 * Decimal("2.5") + 1000 * 15) / 1_000_000


def test_the_worst_case_takes_the_dearer_of_reasoning_and_answer() -> None:
    price = Price(MICRO, MICRO, MICRO, MICRO, "the test", reasoning_usd=3 * MICRO)
    assert worst_case_of(0, 10, price) == 30 * MICRO
    assert worst_case_of(0, 10, replace(price, reasoning_usd=MICRO / 2)) == 10 * MICRO


def test_many_short_prompts_are_not_one_long_one(store: LedgerStore) -> None:
    for _ in range(3):
        entry_id = store.reserve(
            a_call(), worst_case_usd=Decimal(1), price_source="", admit=lambda task, day: None
        )
        store.settle(
            entry_id,
            outcome=EntryOutcome.DONE,
            usage=Usage(100_000, 0, 0, 0),
            cost_usd=Decimal(0),
            price_source="the test",
            duration_ms=1,
        )
    receipt = receipt_of(store, "t1", price_of("gemini/gemini-2.5-pro"))
    assert receipt.strong_alone_usd == 300_000 * Decimal("1.25") / 1_000_000
