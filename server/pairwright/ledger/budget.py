"""May this call be made? Caps of a task and of a day, kept by all clients together."""

from dataclasses import dataclass
from decimal import Decimal

from pairwright.errors import BudgetExceeded
from pairwright.ledger.entries import MOST_USD, Call, Spending
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Price


@dataclass(frozen=True, slots=True)
class BudgetState:
    """What is spent and what may be."""

    task_id: str
    task: Spending
    task_cap_usd: Decimal
    day: Spending
    day_cap_usd: Decimal


class Budget:
    """One task's purse; the ledger below it is everybody's."""

    def __init__(
        self,
        store: LedgerStore,
        task_id: str,
        *,
        task_cap_usd: Decimal,
        day_cap_usd: Decimal,
        allow_unpriced: bool = False,
    ) -> None:
        """Set the caps; `allow_unpriced` lets models be asked whose price nobody knows."""
        self.store = store
        self.task_id = task_id
        self._task_cap = task_cap_usd
        self._day_cap = day_cap_usd
        self._allow_unpriced = allow_unpriced

    def reserve(self, call: Call, *, worst_case_usd: Decimal | None, price: Price | None) -> int:
        """Set aside the most that a call can cost; return the ledger entry to settle.

        Raises:
            BudgetExceeded: it does not fit under a cap, or its price is not known.
            UserError: the ledger cannot be written.
        """

        def admit(task: Spending, day: Spending) -> None:
            self._require_price(call.model, worst_case_usd, task)
            needed = worst_case_usd or Decimal(0)
            _require_room(f"task {self.task_id!r}", task, self._task_cap, needed)
            _require_room("this workspace today", day, self._day_cap, needed)

        return self.store.reserve(
            call,
            # A figure past all reason is refused by every cap; the store must not choke on it.
            worst_case_usd=None if worst_case_usd is None else min(worst_case_usd, MOST_USD),
            price_source=price.source if price else "",
            admit=admit,
        )

    def state(self) -> BudgetState:
        """Return what is spent by now, open reservations at their worst case."""
        return BudgetState(
            task_id=self.task_id,
            task=self.store.spent_by_task(self.task_id),
            task_cap_usd=self._task_cap,
            day=self.store.spent_today(),
            day_cap_usd=self._day_cap,
        )

    def _require_price(self, model: str, worst_case_usd: Decimal | None, task: Spending) -> None:
        if worst_case_usd is None and not self._allow_unpriced:
            raise BudgetExceeded(
                f"nobody knows the price of {model!r}, so no cap can hold: choose a model with a "
                "known price, or one that runs on this machine",
                cap_usd=self._task_cap,
                spent_usd=task.cost_usd,
                needed_usd=None,
            )


def _require_room(whose: str, spending: Spending, cap_usd: Decimal, needed_usd: Decimal) -> None:
    if spending.cost_usd + needed_usd <= cap_usd:
        return
    raise BudgetExceeded(
        f"the next call could cost {needed_usd:.6f} USD, and {whose} has spent "
        f"{spending.cost_usd:.6f} of {cap_usd} USD: raise the budget, or ask for less",
        cap_usd=cap_usd,
        spent_usd=spending.cost_usd,
        needed_usd=needed_usd,
    )
