"""May this call be made? Caps of a task and of a day, kept by all clients together."""

from dataclasses import dataclass
from decimal import Decimal

from pairwright.errors import BudgetExceeded
from pairwright.ledger.entries import MOST_USD, Call, Spending
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Price

_DAY_REMEDY = "raise the budget of the day by the setting `budget.day_usd`, or go on tomorrow (UTC)"


@dataclass(frozen=True, slots=True)
class BudgetState:
    """What is spent and what may be."""

    task_id: str
    task: Spending
    task_cap_usd: Decimal
    day: Spending
    day_cap_usd: Decimal

    @property
    def room_usd(self) -> Decimal:
        """What may still be spent, 0 or more."""
        rooms = (self.task_cap_usd - self.task.cost_usd, self.day_cap_usd - self.day.cost_usd)
        return max(Decimal(0), min(rooms))


class Budget:
    """One task's purse; the ledger below it is everybody's."""

    def __init__(
        self,
        store: LedgerStore,
        task_id: str,
        *,
        task_cap_usd: Decimal,
        day_cap_usd: Decimal,
        asked_usd: Decimal | None = None,
        allow_unpriced: bool = False,
    ) -> None:
        """Set the caps.

        Args:
            store: where everybody's spending is written down.
            task_id: whose purse it is.
            task_cap_usd: the most that any task may cost, by the settings.
            day_cap_usd: the most that all tasks of a day may cost, by the settings.
            asked_usd: the request's own cap; it can only lower the task's.
            allow_unpriced: lets models be asked whose price nobody knows.
        """
        self.store = store
        self.task_id = task_id
        self._task_cap = task_cap_usd if asked_usd is None else min(asked_usd, task_cap_usd)
        self._task_remedy = _task_remedy(task_cap_usd, asked_usd)
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
            _require_room("this task", task, self._task_cap, needed, self._task_remedy)
            _require_room("this workspace today", day, self._day_cap, needed, _DAY_REMEDY)

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
                "known price, or one that runs on this machine, or allow it by the setting "
                "`budget.allow_unpriced`",
                cap_usd=self._task_cap,
                spent_usd=task.cost_usd,
                needed_usd=None,
            )


def _task_remedy(task_cap_usd: Decimal, asked_usd: Decimal | None) -> str:
    """Return what to do when a task's cap is reached: raise the lower of the two that there are."""
    if asked_usd is not None and asked_usd < task_cap_usd:
        return "raise the budget of the request (`--budget`), or ask for less"
    if asked_usd is not None and asked_usd > task_cap_usd:
        return (
            "raise the budget by the setting `budget.task_usd`: it binds, and a request "
            f"(`--budget`) for {asked_usd} USD cannot pass it"
        )
    return "raise the budget by the setting `budget.task_usd`, or ask for less"


def _require_room(
    whose: str, spending: Spending, cap_usd: Decimal, needed_usd: Decimal, remedy: str
) -> None:
    if spending.cost_usd + needed_usd <= cap_usd:
        return
    raise BudgetExceeded(
        f"the next call could cost {needed_usd:.6f} USD, and {whose} has spent "
        f"{spending.cost_usd:.6f} of {cap_usd} USD: {remedy}",
        cap_usd=cap_usd,
        spent_usd=spending.cost_usd,
        needed_usd=needed_usd,
    )
