"""What did a task cost, by role, and what would the strong model alone have cost?"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pairwright.ledger.entries import LedgerEntry
from pairwright.ledger.groups import CostRow
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import NO_USAGE, Price, Tier, Usage
from pairwright.llm.pricing import cost_of


@dataclass(frozen=True, slots=True)
class TierCost:
    """What one tier's model used for a task."""

    tier: Tier
    model: str
    calls: int
    """Attempts, failed ones as well."""
    usage: Usage
    cost_usd: Decimal | None
    """What is known; None when no call had a price."""
    unpriced_calls: int
    duration_ms: int
    """The calls' durations, summed."""


@dataclass(frozen=True, slots=True)
class TaskReceipt:
    """What a task cost."""

    task_id: str
    tiers: tuple[TierCost, ...]
    """One for each tier and model that was asked, in the order of their first calls."""
    cost_usd: Decimal
    """What is known."""
    unpriced_calls: int
    """When above zero, `cost_usd` is "at least"."""
    strong_alone_usd: Decimal | None
    """An estimate: all tokens at the strong model's price; None when that is unknown.

    It is honest both ways: a strong model alone might have needed fewer tokens, or more.
    """
    duration_ms: int


def receipt_of(store: LedgerStore, task_id: str, strong_price: Price | None) -> TaskReceipt:
    """Return what a task cost so far; reservations count at their worst case."""
    entries = store.entries(task_id)
    groups: dict[tuple[Tier, str], list[LedgerEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.tier, entry.model), []).append(entry)
    tiers = tuple(_tier_cost(tier, model, group) for (tier, model), group in groups.items())
    return TaskReceipt(
        task_id=task_id,
        tiers=tiers,
        cost_usd=sum((tier.cost_usd or Decimal(0) for tier in tiers), Decimal(0)),
        unpriced_calls=sum(tier.unpriced_calls for tier in tiers),
        strong_alone_usd=None if strong_price is None else _all_at(strong_price, entries),
        duration_ms=sum(tier.duration_ms for tier in tiers),
    )


def total_of(rows: Iterable[CostRow]) -> CostRow:
    """Return the sum of groups, under the key `total`."""
    rows = tuple(rows)
    return CostRow(
        key="total",
        calls=sum(row.calls for row in rows),
        input_tokens=sum(row.input_tokens for row in rows),
        cached_tokens=sum(row.cached_tokens for row in rows),
        output_tokens=sum(row.output_tokens for row in rows),
        cost_usd=sum((row.cost_usd for row in rows), Decimal(0)),
        unpriced_calls=sum(row.unpriced_calls for row in rows),
        is_estimated=any(row.is_estimated for row in rows),
        open_calls=sum(row.open_calls for row in rows),
        open_usd=sum((row.open_usd for row in rows), Decimal(0)),
    )


def _all_at(price: Price, entries: Iterable[LedgerEntry]) -> Decimal:
    # Call by call: no prompt is long because there were many.
    return sum((cost_of(entry.usage, price) for entry in entries), Decimal(0))


def _tier_cost(tier: Tier, model: str, entries: list[LedgerEntry]) -> TierCost:
    costs = [entry.cost_usd for entry in entries if entry.cost_usd is not None]
    return TierCost(
        tier=tier,
        model=model,
        calls=len(entries),
        usage=sum((entry.usage for entry in entries), NO_USAGE),
        cost_usd=sum(costs, Decimal(0)) if costs else None,
        unpriced_calls=len(entries) - len(costs),
        duration_ms=sum(entry.duration_ms for entry in entries),
    )
