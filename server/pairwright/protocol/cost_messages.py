"""What do our methods carry about money? As in `messages`: a price that nobody knows is None."""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.message import message
from pairwright.protocol.rung_messages import RungCost


@message
class RoleCost:
    """What one tier used."""

    tier: Literal["weak", "strong"]
    model: str
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    is_estimated: bool
    """Some tokens were counted by ourselves."""
    cost_usd: Decimal | None
    """What is known; None when no call had a price."""
    unpriced_calls: int
    duration_ms: int


@message
class Receipt:
    """What a task cost."""

    roles: tuple[RoleCost, ...]
    cost_usd: Decimal
    """What is known."""
    unpriced_calls: int
    """When above zero, `cost_usd` is "at least"."""
    strong_alone_usd: Decimal | None
    """An estimate: all of the weak model's tokens at the strong model's price. None: no price."""
    duration_ms: int
    planned_usd: Decimal | None = None
    """What the estimate said before the task; None: a price was not known."""
    escalations: tuple[str, ...] = ()
    """Each step up the ladder and why, such as `strong: 2 tests fail`."""
    replayed_calls: int = 0
    """Answers of an earlier run of the task, which cost nothing again."""
    rungs: tuple[RungCost, ...] = ()
    """What each rung of the ladder cost, in the order in which they were left."""


@message
class CostNotice:
    """The running cost."""

    kind: Literal["costUpdated"] = "costUpdated"
    task_id: str
    task_usd: Decimal
    task_unpriced_calls: int
    task_cap_usd: Decimal
    day_usd: Decimal
    day_unpriced_calls: int
    day_cap_usd: Decimal


CostGroup = Literal["day", "model", "strategy", "client", "role", "task"]


@message
class CostParams:
    """How to group the costs of this workspace."""

    by: CostGroup = "day"


@message
class CostRow:
    """One group."""

    key: str
    calls: int
    """Attempts; those that failed, were cancelled or are under way as well."""
    input_tokens: int
    """All that was read, cached or not."""
    cached_tokens: int
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


@message
class CostReport:
    """What this workspace cost."""

    rows: tuple[CostRow, ...]
    total: CostRow
    day_usd: Decimal
    day_cap_usd: Decimal
    day_unpriced_calls: int = 0
    price_sources: tuple[str, ...] = ()
    """Who says what calls cost, such as `litellm 1.106.2` or `settings`."""
