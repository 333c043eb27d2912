"""How is a model asked so that no call goes unrecorded? Provider + budget + ledger = `Model`.

Every attempt is reserved at its worst case before it is made and settled however it ends. Settling
has no `await`, so that a cancelled task cannot come between a call and its entry.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal

from pairwright.errors import (
    ModelError,
    Refused,
    Rejected,
    Truncated,
    Unavailable,
    UserError,
)
from pairwright.ledger.budget import Budget, BudgetState
from pairwright.ledger.entries import Call, EntryOutcome, is_plausible_cost, worst_case_of
from pairwright.ledger.syncing import failure_of
from pairwright.llm.circuits import Circuits
from pairwright.llm.destinations import HERE
from pairwright.llm.model import (
    NO_USAGE,
    Completion,
    FinishReason,
    ModelRequest,
    OnText,
    Progress,
    Provider,
    TextDelta,
    Tier,
    Usage,
)
from pairwright.llm.pricing import cost_of
from pairwright.llm.retry import RetryPolicy, Tries
from pairwright.llm.sending import sent_after
from pairwright.llm.tokens import estimate_text

_log = logging.getLogger(__name__)

OnCost = Callable[[BudgetState], None]
Disclose = Callable[[ModelRequest], ModelRequest]
SeekConsent = Callable[[str], Awaitable[None]]
_CHARACTERS_A_TOKEN = 32
_SPARE_CHARACTERS = 65_536
"""An answer of more than its tokens can hold has no end: a faulty server's, or a hostile."""
_USUAL_POLICY = RetryPolicy()
_MOST_TOKENS = 10**8
"""No call has more; a provider that says so is not believed."""


async def _nobody_to_ask(model: str) -> None:
    """There is no person: the model is refused."""


class MeteredModel:
    """One role's model for one task, as strategies hold it."""

    def __init__(
        self,
        provider: Provider,
        *,
        tier: Tier,
        budget: Budget,
        client: str,
        strategy: str,
        disclose: Disclose,
        circuits: Circuits,
        policy: RetryPolicy = _USUAL_POLICY,
        on_cost: OnCost = lambda state: None,
        seek_consent: SeekConsent = _nobody_to_ask,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Join a provider and a purse.

        Args:
            provider: who answers.
            tier: the role it plays.
            budget: what may be spent, for which task.
            client: who asked for the task, for the ledger.
            strategy: which strategy asks, for the ledger.
            disclose: returns what of a request may leave the machine.
            circuits: how the endpoints are, as all tasks share it.
            policy: how long a call is tried when the provider fails in a way that may pass.
            on_cost: told after each reservation and each settlement.
            seek_consent: asks the person whether a model may be asked whose price nobody knows;
                what they said, the budget is told.
            sleep: waits between attempts.
        """
        self._provider = provider
        self._tier = tier
        self._budget = budget
        self._client = client
        self._strategy = strategy
        self._circuit = circuits.of(_endpoint_of(provider))
        self._policy = policy
        self._disclose = disclose
        self._on_cost = on_cost
        self._seek_consent = seek_consent
        self._sleep = sleep

    @property
    def tier(self) -> Tier:
        """Weak or strong."""
        return self._tier

    @property
    def name(self) -> str:
        """The provider's `model`."""
        return self._provider.model

    @property
    def accepts_grammar(self) -> bool:
        """Whether `ModelRequest.grammar` is honoured."""
        return self._provider.accepts_grammar

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and seen answer may have together."""
        return self._provider.context_tokens - self._provider.hidden_output_tokens

    def can_read(self, request: ModelRequest) -> bool:
        """Tell whether the prompt and the answer that it asks for fit."""
        needed = self._provider.count_tokens(request.messages) + request.max_output_tokens
        return needed <= self.context_tokens

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """Ask, with retries; `on_text` receives the pieces of the attempt that succeeds.

        A piece that was handed on cannot be taken back: from then on a failure is final. An answer
        that was cut at its length is returned as it is; what that means is the strategy's to say.

        Raises:
            BudgetExceeded: the worst case of this call does not fit under a cap.
            UserError: the ledger cannot be written, so nothing was asked.
            ModelError: no whole answer came; Refused when the model declined.
        """
        disclosed = self._disclose(request)
        if self._budget.refuses(self.name, self._provider.price):
            await self._seek_consent(self.name)
        tries = Tries(self._policy)
        while True:
            await self._provider.prepare(_in_silence)
            pieces = _Pieces(on_text, _most_characters(request, self._provider))
            try:
                async with self._circuit.asked():
                    return await self._attempt(disclosed, step, tries, pieces)
            except ModelError as error:
                delay_s = tries.delay_s(error)
                if delay_s is None or pieces.are_handed_on:
                    raise
            await self._sleep(delay_s)

    async def _attempt(
        self, request: ModelRequest, step: str, tries: Tries, pieces: "_Pieces"
    ) -> Completion:
        tries.begin_attempt()
        meter = self._reserve(request, step, tries)
        try:
            with sent_after(meter.synced):
                completion = await self._stream(request, pieces, tries.limit_s)
            meter.usage = completion.usage if _is_plausible(completion.usage) else None
            meter.completion = completion
            if completion.finish_reason is FinishReason.REFUSED:
                raise Refused(f"{self.name!r} declined to answer: word the instruction differently")
            if completion.finish_reason is FinishReason.UNKNOWN:
                raise _truncated(self.name)
            meter.outcome = EntryOutcome.DONE
            return completion
        except asyncio.CancelledError:
            meter.outcome = EntryOutcome.CANCELLED
            raise
        except UserError as error:
            # Whatever it is, it came before anything left.
            meter.error, meter.usage = type(error).__name__, NO_USAGE
            raise
        except ModelError as error:
            meter.error = type(error).__name__
            if (failure := failure_of(meter.synced)) is not None:
                meter.usage = NO_USAGE
                raise failure from None
            if isinstance(error, Rejected):
                meter.usage = NO_USAGE
            if isinstance(error, Unavailable) and not error.was_sent:
                meter.usage = NO_USAGE
            raise
        finally:
            try:
                tries.spent_usd += self._settle(meter, pieces) or 0
            except UserError:
                # The reservation stands; whoever cancelled waits for the cancellation to arrive.
                if meter.outcome is not EntryOutcome.CANCELLED:
                    raise
                _log.exception("could not settle a cancelled call of %s", self.name)

    async def _stream(
        self, request: ModelRequest, pieces: "_Pieces", within_s: float
    ) -> Completion:
        deadline = asyncio.timeout(within_s)
        try:
            async with (
                deadline,
                aclosing(self._provider.stream(request)) as stream,
            ):
                async for item in stream:
                    if not isinstance(item, TextDelta):
                        return item
                    await pieces.take(item.text)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise Unavailable(f"{self.name!r} did not finish within {within_s:.3g} s") from None
        except _EndlessAnswer:
            raise Truncated(f"{self.name!r} wrote far more than it was asked for") from None
        raise _truncated(self.name)

    def _reserve(self, request: ModelRequest, step: str, tries: Tries) -> "_Meter":
        price = self._provider.price
        input_tokens = self._provider.count_tokens(request.messages)
        output_tokens = request.max_output_tokens + self._provider.hidden_output_tokens
        tries.worst_case_usd = worst_case_of(input_tokens, output_tokens, price)
        entry_id = self._budget.reserve(
            Call(
                task_id=self._budget.task_id,
                client=self._client,
                step=step,
                strategy=self._strategy,
                tier=self._tier,
                model=self.name,
                attempt=tries.attempt,
            ),
            worst_case_usd=tries.worst_case_usd,
            price=price,
        )
        synced = self._budget.store.disk.begin()
        meter = _Meter(entry_id, input_tokens, time.monotonic(), synced)
        self._on_cost(self._budget.state())
        return meter

    def _settle(self, meter: "_Meter", pieces: "_Pieces") -> Decimal | None:
        # Without a word from the provider: it has read everything, and written what was seen.
        usage = meter.usage or Usage(
            meter.input_tokens, 0, 0, estimate_text(pieces.text), is_estimated=True
        )
        answer = meter.completion
        cost_usd, price_source = self._price(usage, answer)
        self._budget.store.settle(
            meter.entry_id,
            outcome=meter.outcome,
            usage=usage,
            cost_usd=cost_usd,
            price_source=price_source,
            duration_ms=round((time.monotonic() - meter.started_s) * 1000),
            finish_reason=answer.finish_reason.value if answer else "",
            error=meter.error,
            service_tier=answer.service_tier if answer else "",
        )
        self._on_cost(self._budget.state())
        return cost_usd

    def _price(self, usage: Usage, answer: Completion | None) -> tuple[Decimal | None, str]:
        reported_usd = answer.reported_cost_usd if answer else None
        if reported_usd is not None and is_plausible_cost(reported_usd):
            return reported_usd, "reported by the provider"
        price = self._provider.price
        if price is None:
            return None, ""
        service_tier = answer.service_tier if answer else ""
        return cost_of(usage, price, service_tier=service_tier), price.source


def _in_silence(progress: Progress) -> None:
    """A model that has to start again in mid-task says nothing: its first start was told."""


def _truncated(model: str) -> Truncated:
    return Truncated(f"the answer of {model!r} ended before it was whole")


def _is_plausible(usage: Usage) -> bool:
    buckets = (usage.uncached_input, usage.cache_read, usage.cache_write, usage.output)
    return (
        all(0 <= tokens <= _MOST_TOKENS for tokens in buckets)
        and 0 <= usage.reasoning <= usage.output
        and 0 <= usage.cache_write_1h <= usage.cache_write
    )


def _endpoint_of(provider: Provider) -> str:
    """Return what fails as one: a host, or a model's own process."""
    return provider.model if provider.destination == HERE else provider.destination.host


def _most_characters(request: ModelRequest, provider: Provider) -> int:
    tokens = request.max_output_tokens + provider.hidden_output_tokens
    return _SPARE_CHARACTERS + _CHARACTERS_A_TOKEN * tokens


class _EndlessAnswer(Exception):
    """An answer does not end where its limit is."""


@dataclass(slots=True)
class _Pieces:
    """The pieces of one attempt's answer."""

    on_text: OnText | None
    room: int
    """How many more characters are believed."""
    parts: list[str] = field(default_factory=list)
    are_handed_on: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)

    async def take(self, piece: str) -> None:
        self.parts.append(piece)
        self.room -= len(piece)
        if self.room < 0:
            raise _EndlessAnswer
        if self.on_text is not None and piece:
            self.are_handed_on = True
            await self.on_text(piece)


@dataclass(slots=True)
class _Meter:
    """What is known of an attempt while it runs."""

    entry_id: int
    input_tokens: int
    started_s: float
    synced: asyncio.Future[None]
    """Done when the disk holds its reservation."""
    outcome: EntryOutcome = EntryOutcome.FAILED
    usage: Usage | None = None
    completion: Completion | None = None
    error: str = ""
