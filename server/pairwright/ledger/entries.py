"""What is one priced call? The values of the ledger, and the arithmetic of money.

Money is kept as a whole number of 1e-12 USD (a picodollar): sums are exact and SQLite can make
them. A price per token may be finer than that; then the cost is rounded up, so that what the
ledger says is never less than what was spent.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from pairwright.llm.model import Price, Tier, Usage

_PICODOLLARS = Decimal(10) ** 12
MOST_USD = Decimal(1_000_000)
"""No single call costs more; beyond it a figure is nonsense, and sums stay below 2**63."""


class EntryOutcome(StrEnum):
    """How far a call is."""

    RESERVED = "reserved"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call before it is made: who asks which model, for what."""

    task_id: str
    client: str
    step: str
    strategy: str
    tier: Tier
    model: str
    attempt: int = 1
    """Counted from 1; each attempt is an entry of its own."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One attempt at one call."""

    entry_id: int
    task_id: str
    client: str
    step: str
    strategy: str
    tier: Tier
    model: str
    attempt: int
    usage: Usage
    cost_usd: Decimal | None
    """None: nobody knows the price. While it is reserved: the most that it can cost."""
    price_source: str
    """Who says so; empty when nobody does."""
    started_at: datetime
    """In UTC."""
    duration_ms: int
    outcome: EntryOutcome
    reserved_usd: Decimal | None = None
    """The most that it could cost, as it was set aside before; None: nobody knew."""
    finish_reason: str = ""
    """Why the answer ended, as the provider says; empty while there is none."""
    error: str = ""
    """Why there is no answer: our error's name, such as `RateLimited`; else empty."""
    service_tier: str = ""
    """At which service it was answered, such as `flex`; empty for the usual one."""


@dataclass(frozen=True, slots=True)
class Spending:
    """A sum of entries, reservations at their worst case."""

    cost_usd: Decimal
    """What is known."""
    unpriced_calls: int
    """When above zero, `cost_usd` is "at least"."""
    reserved_usd: Decimal = Decimal(0)
    """How much of `cost_usd` calls under way may cost at worst."""

    @property
    def settled_usd(self) -> Decimal:
        """What calls that ended have cost."""
        return self.cost_usd - self.reserved_usd


NOTHING_SPENT = Spending(Decimal(0), 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """How the edit format of one answer fared; it costs nothing, the call before it did."""

    task_id: str
    model: str
    edit_format: str
    blocks: int
    is_well_formed: bool
    is_applied: bool


@dataclass(frozen=True, slots=True)
class FormatCount:
    """A model's latest answers in one edit format, counted."""

    edit_format: str
    answers: int
    well_formed: int
    applied: int


def worst_case_of(input_tokens: int, output_tokens: int, price: Price | None) -> Decimal | None:
    """Return the most that a call can cost at the usual service, None when nobody knows.

    Nothing is read from a cache, or all is written to one; the answer is of full length.
    """
    if price is None:
        return None
    rates = price.at(input_tokens)
    dearest_input = max(rates.input_usd, rates.cache_write_usd, rates.cache_read_usd)
    dearest_output = max(rates.output_usd, rates.reasoning_usd or rates.output_usd)
    return input_tokens * dearest_input + output_tokens * dearest_output


def is_plausible_cost(cost_usd: Decimal) -> bool:
    """Tell whether a figure can be what a call cost: finite, not negative, below `MOST_USD`."""
    return cost_usd.is_finite() and 0 <= cost_usd <= MOST_USD


def to_picodollars(cost_usd: Decimal) -> int:
    """Return the cost in picodollars, rounded up.

    Raises:
        ValueError: it cannot be what a call cost.
    """
    if not is_plausible_cost(cost_usd):
        raise ValueError(f"not the cost of a call: {cost_usd} USD")
    return int((cost_usd * _PICODOLLARS).to_integral_value(rounding=ROUND_CEILING))


def from_picodollars(picodollars: int) -> Decimal:
    """Return picodollars as USD, exactly and without trailing zeros."""
    whole, fraction = divmod(picodollars, 10**12)
    return Decimal(f"{whole}.{fraction:012d}".rstrip("0").rstrip("."))
