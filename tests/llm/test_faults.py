"""T12: some fifty faults, both roles, streamed and whole: is every request in the ledger, honestly?

A faulty server on loopback stands behind the real litellm. What is asserted of each fault: how it
ends, how many requests the server saw, that the ledger has exactly those, what they are said to
have cost, and that the key is in no message, no log and no ledger.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from pydantic import SecretStr

from pairwright.errors import ModelError, Unavailable
from pairwright.ledger.entries import EntryOutcome, LedgerEntry
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.store import LedgerStore
from pairwright.llm.circuits import Circuits
from pairwright.llm.litellm_provider import LiteLLMProvider, warm
from pairwright.llm.model import Completion, Message, ModelRequest, Tier
from pairwright.llm.profiles import Profile
from pairwright.llm.retry import RetryPolicy
from tests.ledger.support import PRICE, a_budget
from tests.llm.faults import FAULTS, Bill, Ending, Fault, reaches_nobody
from tests.support.model_server import Answer, ModelServer, serve_model
from tests.support.waiting import within

KEY = "sk-canary-0123456789abcdef"
ATTEMPTS = 2
LIMIT_S = 0.3
"""For a server that says nothing; whoever answers has longer, however busy the machine is."""
REQUEST = ModelRequest((Message("user", "Say hello."),), max_output_tokens=64)
Way = Literal["streamed", "whole"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[ModelServer]:
    await warm()
    async with serve_model() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def elsewhere() -> AsyncIterator[ModelServer]:
    async with serve_model() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    opened = LedgerStore(tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


@dataclass
class Outcome:
    """What became of one call."""

    completion: Completion | None
    error: ModelError | None
    heard: str
    entries: tuple[LedgerEntry, ...]
    waits: list[float]


async def call(
    api_base: str, tier: Tier, way: Way, store: LedgerStore, *, limit_s: float = 4.0
) -> Outcome:
    """Make one call whose every attempt is bounded, and look at what is left of it."""
    provider = LiteLLMProvider(
        "openai/tiny",
        api_base=api_base,
        api_key=SecretStr(KEY),
        timeout_s=5.0,
        profile=Profile(streams=way == "streamed"),
        price=PRICE,
    )
    heard: list[str] = []
    waits: list[float] = []

    async def hear(text: str) -> None:
        heard.append(text)

    async def sleep(delay_s: float) -> None:
        waits.append(delay_s)

    policy = RetryPolicy(attempts=ATTEMPTS, attempt_s=limit_s, jitter=lambda: 0.0)
    model = MeteredModel(
        provider,
        tier=tier,
        budget=a_budget(store),
        client="cli",
        strategy="plan",
        disclose=lambda request: request,
        circuits=Circuits(),
        policy=policy,
        sleep=sleep,
    )
    completion, error = None, None
    async with within():
        try:
            completion = await model.complete(REQUEST, step="edit", on_text=hear)
        except ModelError as raised:
            error = raised
    return Outcome(completion, error, "".join(heard), store.entries("t1"), waits)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("way", ["streamed", "whole"])
async def test_each_request_is_an_entry_and_each_fault_ends_plainly(
    fault: Fault,
    tier: Tier,
    way: Way,
    server: ModelServer,
    elsewhere: ModelServer,
    store: LedgerStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """T12: the whole matrix; see the module."""
    caplog.set_level(logging.DEBUG, logger="pairwright")
    ending = fault.streamed if way == "streamed" else fault.whole
    server.answer_with(*ending.behaviours(elsewhere.api_base))
    elsewhere.answer_with(Answer("from elsewhere"))
    limit_s = LIMIT_S if ending.hangs else 4.0
    outcome = await call(server.api_base, tier, way, store, limit_s=limit_s)
    check_ending(outcome, ending)
    assert len(server.requests) == len(outcome.entries) == ending.requests(ATTEMPTS)
    assert [entry.attempt for entry in outcome.entries] == list(range(1, len(outcome.entries) + 1))
    assert all(
        request.body.get("stream", False) is (way == "streamed") for request in server.requests
    )
    assert {entry.tier for entry in outcome.entries} == {tier}
    assert elsewhere.requests == [], "code or a key went to a host that nobody named"
    check_secrecy(outcome, tmp_path, caplog)


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("way", ["streamed", "whole"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_what_reaches_nobody_costs_nothing(
    scheme: str,
    tier: Tier,
    way: Way,
    store: LedgerStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """T12: a port where nobody listens, and one that does not speak TLS."""
    async with reaches_nobody(scheme) as (api_base, seen):
        outcome = await call(api_base, tier, way, store)
    assert isinstance(outcome.error, Unavailable)
    assert seen == []
    assert len(outcome.entries) == ATTEMPTS
    assert sum((entry.cost_usd or Decimal(0)) for entry in outcome.entries) == 0
    check_secrecy(outcome, tmp_path, caplog)


async def test_a_wish_of_the_provider_is_waited_for(
    server: ModelServer, store: LedgerStore
) -> None:
    (fault,) = [fault for fault in FAULTS if fault.name == "429, in 7 s"]
    server.answer_with(*fault.streamed.served)
    outcome = await call(server.api_base, Tier.WEAK, "streamed", store)
    assert outcome.waits == [7.0]


def check_ending(outcome: Outcome, ending: Ending) -> None:
    if ending.error is None:
        assert outcome.error is None, outcome.error
        assert outcome.completion is not None
        assert outcome.completion.text == outcome.heard == ending.text
        assert outcome.entries[-1].outcome is EntryOutcome.DONE
    else:
        assert type(outcome.error) is ending.error, outcome
        assert outcome.completion is None
        assert "\n" not in str(outcome.error)
        assert len(str(outcome.error)) < 200
        assert outcome.heard == ending.text
        assert {entry.outcome for entry in outcome.entries} == {EntryOutcome.FAILED}
    for entry in outcome.entries:
        check_bill(entry, ending.bill)


def check_bill(entry: LedgerEntry, bill: Bill) -> None:
    assert entry.cost_usd is not None
    if bill == "nothing":
        assert entry.cost_usd == 0
    elif bill == "as said":
        assert (entry.usage.input, entry.usage.output) == (10, 5)
        assert entry.cost_usd == 10 * PRICE.input_usd + 5 * PRICE.output_usd
        assert not entry.usage.is_estimated
    else:
        assert entry.usage.is_estimated
        assert entry.cost_usd > 0


def check_secrecy(outcome: Outcome, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert KEY not in str(outcome.error)
    assert KEY not in caplog.text
    error = outcome.error
    if error is not None:
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None
    for file in folder.iterdir():
        if file.is_file():
            assert KEY.encode() not in file.read_bytes()
