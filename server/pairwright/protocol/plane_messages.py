"""What do our methods carry about cost against quality? A point for each strategy, with counts."""

from decimal import Decimal

from pairwright.protocol.message import message


@message
class PlaneParams:
    """Nothing to say."""


@message
class StrategyPoint:
    """What one strategy cost in this workspace, and what became of its work."""

    strategy: str
    tasks: int
    """Those that are remembered."""
    kept: int
    """Of which people kept the whole change, and left it as it was."""
    partly: int
    """Of which they kept a part, or changed by hand what they had kept."""
    discarded: int
    """Which they discarded or took back. The rest is undecided."""
    sound: int
    """With one of whose attempts the gate was content."""
    mean_usd: Decimal | None
    """Of the tasks whose whole cost is known; None when there are none."""
    unpriced_tasks: int
    """Those that the mean leaves out, because a price was not known."""


@message
class PlaneResult:
    """The points, the strategy with the most tasks first."""

    points: tuple[StrategyPoint, ...]
    least_tasks: int
    """A share of fewer tasks says too little to be shown as one."""
    notice: str = ""
    """Why nothing is known; empty when something may be."""
