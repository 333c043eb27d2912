"""What did each rung of the ladder cost? The difference of the task's spending at its borders."""

from dataclasses import replace
from decimal import Decimal

from pairwright.ledger.store import LedgerStore
from pairwright.protocol.rung_messages import RungCost, RungEnded


class RungCosts:
    """Counts, rung by rung, what one task spends from now on."""

    def __init__(self, ledger: LedgerStore, task_id: str) -> None:
        """Begin at what was spent for it before."""
        self._ledger = ledger
        self._task_id = task_id
        self._before = ledger.spent_by_task(task_id)
        self._found: list[RungCost] = []

    @property
    def so_far(self) -> tuple[RungCost, ...]:
        """The rungs that ended, in their order."""
        return tuple(self._found)

    def counted(self, ended: RungEnded) -> RungEnded:
        """Return the event with what was spent since the one before, and keep it as a cost."""
        spent = self._ledger.spent_by_task(self._task_id)
        cost_usd: Decimal | None = spent.cost_usd - self._before.cost_usd
        unpriced_calls = spent.unpriced_calls - self._before.unpriced_calls
        if unpriced_calls and not cost_usd:
            cost_usd = None
        self._before = spent
        self._found.append(
            RungCost(
                rung=ended.rung,
                outcome=ended.outcome,
                attempts=ended.attempts,
                cost_usd=cost_usd,
                unpriced_calls=unpriced_calls,
            )
        )
        return replace(ended, cost_usd=cost_usd, unpriced_calls=unpriced_calls)
