"""Which strategies are there?"""

from pairwright.errors import UnknownStrategy
from pairwright.strategies.base import Strategy
from pairwright.strategies.ladder import Ladder
from pairwright.strategies.plan import PlanThenEdit
from pairwright.strategies.strong import Strong
from pairwright.strategies.weak import Weak

STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy for strategy in (Weak(), Strong(), PlanThenEdit(), Ladder())
}


def strategy_named(name: str) -> Strategy:
    """Return a strategy.

    Raises:
        UnknownStrategy: there is none of that name; the message lists those there are.
    """
    try:
        return STRATEGIES[name]
    except KeyError:
        known = ", ".join(STRATEGIES)
        raise UnknownStrategy(f"there is no strategy {name!r}; choose one of {known}") from None
