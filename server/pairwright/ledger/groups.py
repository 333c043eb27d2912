"""What do the entries come to, group by group? Queries over the ledger; no sum is kept anywhere."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pairwright.ledger.entries import from_picodollars

CostGroup = Literal["day", "model", "strategy", "client", "role", "task"]
_COLUMNS: Mapping[str, str] = {
    "day": "day",
    "model": "model",
    "strategy": "strategy",
    "client": "client",
    "role": "tier",
    "task": "task_id",
}


@dataclass(frozen=True, slots=True)
class CostRow:
    """The entries of one group, summed."""

    key: str
    calls: int
    """Attempts; those that failed, were cancelled or are under way as well."""
    input_tokens: int
    """All tokens that were read, cached or not."""
    cached_tokens: int
    """Those of them that were read from a cache."""
    output_tokens: int
    cost_usd: Decimal
    """What is known; calls under way at their worst case."""
    unpriced_calls: int
    """When above zero, `cost_usd` is "at least"."""
    is_estimated: bool = False
    """Some tokens were counted by ourselves."""
    open_calls: int = 0
    """Calls under way."""
    open_usd: Decimal = Decimal(0)
    """What those may cost at most; a part of `cost_usd`."""


def costs_by(connection: sqlite3.Connection, by: CostGroup) -> tuple[CostRow, ...]:
    """Return the sums of every group, in the order of their first entries."""
    column = _COLUMNS[by]
    rows = connection.execute(
        f"SELECT {column}, count(*), sum(uncached_input + cache_read + cache_write),"  # noqa: S608
        " sum(cache_read), sum(output), coalesce(sum(cost_picodollars), 0),"
        " sum(cost_picodollars IS NULL), max(is_estimated), sum(outcome = 'reserved'),"
        " coalesce(sum(cost_picodollars) FILTER (WHERE outcome = 'reserved'), 0)"
        f" FROM entries GROUP BY {column} ORDER BY min(entry_id)"
    ).fetchall()
    return tuple(_row_of(*row) for row in rows)


def price_sources(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return who said what the calls cost, in the order in which they were first believed."""
    rows = connection.execute(
        "SELECT price_source FROM entries WHERE price_source <> ''"
        " GROUP BY price_source ORDER BY min(entry_id)"
    ).fetchall()
    return tuple(source for (source,) in rows)


def _row_of(
    key: str,
    calls: int,
    read: int,
    cached: int,
    written: int,
    cost: int,
    unpriced: int,
    is_estimated: int,
    open_calls: int,
    open_cost: int,
) -> CostRow:
    return CostRow(
        key=key,
        calls=calls,
        input_tokens=read,
        cached_tokens=cached,
        output_tokens=written,
        cost_usd=from_picodollars(cost),
        unpriced_calls=unpriced,
        is_estimated=bool(is_estimated),
        open_calls=open_calls,
        open_usd=from_picodollars(open_cost),
    )
