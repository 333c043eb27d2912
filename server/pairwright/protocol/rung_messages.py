"""What is told of the ladder's rungs? One receipt each: what came of it, and what it cost."""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.message import message

RungOutcome = Literal["sound", "progress", "nothing", "skipped", "outage", "over_budget", "failed"]


@message
class RungEnded:
    """A rung of the ladder was left."""

    kind: Literal["rungEnded"] = "rungEnded"
    rung: str
    """`tool`, `weak`, `plan`, `strong`, or `finish`."""
    outcome: RungOutcome
    attempts: tuple[int, ...]
    """The attempts that belong to it, in order."""
    reason: str
    """Why it ended so, in one line; empty when the gate was content."""
    cost_usd: Decimal | None = None
    """What it cost, as far as that is known; None when no call of it had a price, or nobody
    counted."""
    unpriced_calls: int = 0
    """When above zero, `cost_usd` is "at least"."""


@message
class RungCost:
    """A rung, on the receipt of its task."""

    rung: str
    outcome: RungOutcome
    attempts: tuple[int, ...]
    cost_usd: Decimal | None
    """What is known; None when no call of it had a price."""
    unpriced_calls: int
