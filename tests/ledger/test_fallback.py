"""Who is asked when a provider is out, and who pays?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pairwright.errors import (
    Authentication,
    CircuitOpen,
    ContextOverflow,
    ModelError,
    NotDisclosed,
    OutOfCredit,
    RateLimited,
    Refused,
    Rejected,
    Truncated,
    Unavailable,
)
from pairwright.ledger.fallback import ModelWithFallbacks, Replacement
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.store import LedgerStore
from pairwright.llm.circuits import Circuits
from pairwright.llm.model import Tier
from pairwright.llm.retry import RetryPolicy
from pairwright.llm.scripted_provider import Cut, ScriptedProvider, ScriptedReply
from tests.ledger.support import FREE, PRICE, REQUEST, a_budget


class Desk:
    """A ledger and a model with fallbacks."""

    def __init__(self, store: LedgerStore) -> None:
        self.store = store
        self.told: list[Replacement] = []
        self.heard: list[str] = []

    def meter(self, provider: ScriptedProvider) -> MeteredModel:
        return MeteredModel(
            provider,
            tier=Tier.STRONG,
            budget=a_budget(self.store),
            client="cli",
            strategy="plan",
            disclose=lambda request: request,
            circuits=Circuits(),
            policy=RetryPolicy(attempts=1),
        )

    def model(self, *providers: ScriptedProvider) -> ModelWithFallbacks:
        return ModelWithFallbacks([self.meter(each) for each in providers], self.told.append)

    async def hear(self, text: str) -> None:
        self.heard.append(text)

    @property
    def asked(self) -> list[str]:
        return [entry.model for entry in self.store.entries("t1")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = LedgerStore(tmp_path / "ledger.sqlite3")
    yield Desk(store)
    store.close()


def first(*replies: ScriptedReply) -> ScriptedProvider:
    return ScriptedProvider("cloud/big", replies, price=PRICE, accepts_grammar=True)


def second(*replies: ScriptedReply, context_tokens: int = 32_768) -> ScriptedProvider:
    return ScriptedProvider("here/small", replies, price=FREE, context_tokens=context_tokens)


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("it broke"),
        RateLimited("slow down"),
        CircuitOpen("it rests"),
        Authentication("no such key"),
        OutOfCredit("top it up"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_outage_asks_the_next_for_the_rest_of_the_task(
    desk: Desk, error: ModelError
) -> None:
    model = desk.model(first(error), second("one", "two"))
    assert (await model.complete(REQUEST, step="edit", on_text=desk.hear)).text == "one"
    assert (await model.complete(REQUEST, step="edit")).text == "two"
    assert desk.asked == ["cloud/big", "here/small", "here/small"]
    assert desk.told == [Replacement(Tier.STRONG, "cloud/big", "here/small", str(error))]
    assert model.name == "here/small"
    assert [entry.price_source for entry in desk.store.entries("t1")][1:] == [FREE.source] * 2


@pytest.mark.parametrize(
    "error",
    [ContextOverflow("too long"), Refused("no"), Truncated("cut"), Rejected("a bad request")],
    ids=lambda error: type(error).__name__,
)
async def test_what_is_no_outage_stays_with_whoever_was_asked(
    desk: Desk, error: ModelError
) -> None:
    model = desk.model(first(error), second("never asked"))
    with pytest.raises(type(error)):
        await model.complete(REQUEST, step="edit")
    assert desk.asked == ["cloud/big"]
    assert desk.told == []


async def test_after_a_piece_was_handed_on_nobody_else_is_asked(desk: Desk) -> None:
    model = desk.model(first(Cut("half of")), second("never asked"))
    with pytest.raises(Unavailable):
        await model.complete(REQUEST, step="edit", on_text=desk.hear)
    assert desk.asked == ["cloud/big"]


async def test_when_nobody_is_left_the_last_word_counts(desk: Desk) -> None:
    model = desk.model(first(Unavailable("broke")), second(Unavailable("this too")))
    with pytest.raises(Unavailable, match="this too"):
        await model.complete(REQUEST, step="edit")


async def test_a_grammar_is_left_out_for_who_takes_none(desk: Desk) -> None:
    fallback = second("ok")
    model = desk.model(first(Unavailable("broke")), fallback)
    await model.complete(replace(REQUEST, grammar='root ::= "x"'), step="edit")
    assert fallback.requests[0].grammar is None


async def test_who_cannot_read_the_request_is_passed_over(desk: Desk) -> None:
    small, roomy = second("never asked", context_tokens=50), first("ok")
    model = desk.model(first(Unavailable("broke")), small, roomy)
    assert (await model.complete(REQUEST, step="edit")).text == "ok"
    assert small.requests == []


async def test_a_fallback_that_may_not_be_sent_anything_is_as_if_there_were_none(
    desk: Desk,
) -> None:
    class Barred(ScriptedProvider):
        async def prepare(self, on_progress: object) -> None:
            raise NotDisclosed("nothing may leave this machine")

    barred = Barred("cloud/other", [], price=PRICE)
    with pytest.raises(Unavailable, match="broke"):
        await desk.model(first(Unavailable("broke")), barred).complete(REQUEST, step="edit")
