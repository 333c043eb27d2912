"""How is a model asked so that no call goes unrecorded? Provider + budget + ledger = `Model`.

Every attempt is reserved at its worst case before it is made and settled however it ends. Settling
has no `await`, so that a cancelled task cannot come between a call and its entry.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal

from pairwright.errors import (
    Authentication,
    ContextOverflow,
    ModelError,
    RateLimited,
    Refused,
    Truncated,
    UserError,
)
from pairwright.ledger.budget import Budget, BudgetState
from pairwright.ledger.entries import Call, EntryOutcome, is_plausible_cost, worst_case_of
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
from pairwright.llm.retry import retry_delay_s
from pairwright.llm.tokens import estimate_text

_log = logging.getLogger(__name__)

OnCost = Callable[[BudgetState], None]
Disclose = Callable[[ModelRequest], ModelRequest]
_UNBILLED = (Authentication, ContextOverflow, RateLimited)
"""The provider said no before it did any work."""
_MOST_TOKENS = 10**8
"""No call has more; a provider that says so is not believed."""


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
        attempts: int = 3,
        on_cost: OnCost = lambda state: None,
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
            attempts: how often a call is tried when the provider fails in a way that may pass.
            on_cost: told after each reservation and each settlement.
            sleep: waits between attempts.
        """
        self._provider = provider
        self._tier = tier
        self._budget = budget
        self._client = client
        self._strategy = strategy
        self._attempts = attempts
        self._disclose = disclose
        self._on_cost = on_cost
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
        attempt = 1
        while True:
            await self._provider.prepare(_in_silence)
            pieces = _Pieces(on_text)
            try:
                return await self._attempt(disclosed, step, attempt, pieces)
            except ModelError as error:
                delay_s = retry_delay_s(error, attempt, attempts=self._attempts)
                if delay_s is None or pieces.are_handed_on:
                    raise
            await self._sleep(delay_s)
            attempt += 1

    async def _attempt(
        self, request: ModelRequest, step: str, attempt: int, pieces: "_Pieces"
    ) -> Completion:
        meter = self._reserve(request, step, attempt)
        try:
            completion = await self._stream(request, pieces)
            meter.usage = completion.usage if _is_plausible(completion.usage) else None
            meter.reported_cost_usd = completion.reported_cost_usd
            if completion.finish_reason is FinishReason.REFUSED:
                raise Refused(f"{self.name!r} declined to answer: word the instruction differently")
            meter.outcome = EntryOutcome.DONE
            return completion
        except asyncio.CancelledError:
            meter.outcome = EntryOutcome.CANCELLED
            raise
        except _UNBILLED:
            meter.usage = NO_USAGE
            raise
        finally:
            try:
                self._settle(meter, pieces)
            except UserError:
                # The reservation stands; whoever cancelled waits for the cancellation to arrive.
                if meter.outcome is not EntryOutcome.CANCELLED:
                    raise
                _log.exception("could not settle a cancelled call of %s", self.name)

    async def _stream(self, request: ModelRequest, pieces: "_Pieces") -> Completion:
        async with aclosing(self._provider.stream(request)) as stream:
            async for item in stream:
                if isinstance(item, TextDelta):
                    await pieces.take(item.text)
                else:
                    return item
        raise Truncated(f"the answer of {self.name!r} ended before it was whole")

    def _reserve(self, request: ModelRequest, step: str, attempt: int) -> "_Meter":
        price = self._provider.price
        input_tokens = self._provider.count_tokens(request.messages)
        output_tokens = request.max_output_tokens + self._provider.hidden_output_tokens
        entry_id = self._budget.reserve(
            Call(
                task_id=self._budget.task_id,
                client=self._client,
                step=step,
                strategy=self._strategy,
                tier=self._tier,
                model=self.name,
                attempt=attempt,
            ),
            worst_case_usd=worst_case_of(input_tokens, output_tokens, price),
            price=price,
        )
        meter = _Meter(entry_id, input_tokens, time.monotonic())
        self._on_cost(self._budget.state())
        return meter

    def _settle(self, meter: "_Meter", pieces: "_Pieces") -> None:
        # Without a word from the provider: it has read everything, and written what was seen.
        usage = meter.usage or Usage(
            meter.input_tokens, 0, 0, estimate_text(pieces.text), is_estimated=True
        )
        cost_usd, price_source = self._price(usage, meter.reported_cost_usd)
        self._budget.store.settle(
            meter.entry_id,
            outcome=meter.outcome,
            usage=usage,
            cost_usd=cost_usd,
            price_source=price_source,
            duration_ms=round((time.monotonic() - meter.started_s) * 1000),
        )
        self._on_cost(self._budget.state())

    def _price(self, usage: Usage, reported_usd: Decimal | None) -> tuple[Decimal | None, str]:
        if reported_usd is not None and is_plausible_cost(reported_usd):
            return reported_usd, "reported by the provider"
        price = self._provider.price
        if price is None:
            return None, ""
        return cost_of(usage, price), price.source


def _in_silence(progress: Progress) -> None:
    """A model that has to start again in mid-task says nothing: its first start was told."""


def _is_plausible(usage: Usage) -> bool:
    buckets = (usage.uncached_input, usage.cache_read, usage.cache_write, usage.output)
    return all(0 <= tokens <= _MOST_TOKENS for tokens in (*buckets, usage.reasoning))


@dataclass(slots=True)
class _Pieces:
    """The pieces of one attempt's answer."""

    on_text: OnText | None
    text: str = ""
    are_handed_on: bool = False

    async def take(self, piece: str) -> None:
        self.text += piece
        if self.on_text is not None and piece:
            self.are_handed_on = True
            await self.on_text(piece)


@dataclass(slots=True)
class _Meter:
    """What is known of an attempt while it runs."""

    entry_id: int
    input_tokens: int
    started_s: float
    outcome: EntryOutcome = EntryOutcome.FAILED
    usage: Usage | None = None
    reported_cost_usd: Decimal | None = None
