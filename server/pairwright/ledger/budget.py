"""May this call be made? Caps of a task, a day and a workspace, kept by all clients together.

Caps are read anew before every call, so that lowering one holds for what runs already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pairwright.errors import BudgetExceeded
from pairwright.ledger.entries import MOST_USD, NOTHING_SPENT, Call, Spending
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Price

NOTICE_SHARE = Decimal("0.8")
"""Of a cap: when so much is spent, a person is told."""
CapName = Literal["task", "day", "workspace"]

_DAY_REMEDY = "raise the budget of the day by the setting `budget.day_usd`, or go on tomorrow (UTC)"
_WORKSPACE_REMEDY = "raise the budget of the workspace by the setting `budget.workspace_usd`"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be spent, by the user's own settings."""

    task_usd: Decimal
    """By any one task."""
    day_usd: Decimal
    """By all tasks of one day (UTC)."""
    workspace_usd: Decimal | None = None
    """By all tasks there ever were; None: as much as the other caps let through."""
    allow_unpriced: bool = False
    """Lets models be asked whose price nobody knows."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """A cap of which little is left."""

    cap: CapName
    spent_usd: Decimal
    cap_usd: Decimal


@dataclass(frozen=True, slots=True)
class BudgetState:
    """What is spent and what may be."""

    task_id: str
    task: Spending
    task_cap_usd: Decimal
    day: Spending
    day_cap_usd: Decimal
    workspace: Spending
    workspace_cap_usd: Decimal | None
    """None: there is no cap, and `workspace` was not summed."""

    @property
    def room_usd(self) -> Decimal:
        """What may still be spent, 0 or more."""
        rooms = [cap_usd - spending.cost_usd for _, spending, cap_usd in self._capped]
        return max(Decimal(0), min(rooms))

    @property
    def near(self) -> tuple[Nearness, ...]:
        """The caps of which at least `NOTICE_SHARE` is spent.

        What calls under way may cost at worst is not spent: it would cry wolf at every small cap.
        """
        return tuple(
            Nearness(cap, spending.settled_usd, cap_usd)
            for cap, spending, cap_usd in self._capped
            if spending.settled_usd and spending.settled_usd >= NOTICE_SHARE * cap_usd
        )

    @property
    def _capped(self) -> tuple[tuple[CapName, Spending, Decimal], ...]:
        capped: tuple[tuple[CapName, Spending, Decimal], ...] = (
            ("task", self.task, self.task_cap_usd),
            ("day", self.day, self.day_cap_usd),
        )
        if self.workspace_cap_usd is None:
            return capped
        return (*capped, ("workspace", self.workspace, self.workspace_cap_usd))


class Budget:
    """One task's purse; the ledger below it is everybody's."""

    def __init__(
        self,
        store: LedgerStore,
        task_id: str,
        *,
        caps: Callable[[], Caps],
        asked_usd: Decimal | None = None,
        allows: Callable[[str], bool] = lambda model: False,
    ) -> None:
        """Set the caps.

        Args:
            store: where everybody's spending is written down.
            task_id: whose purse it is.
            caps: reads the user's caps as they are now.
            asked_usd: the request's own cap; it can only lower the task's.
            allows: tells whether the person lets a model be asked whose price nobody knows.
        """
        self.store = store
        self.task_id = task_id
        self.asked_usd = asked_usd
        """May be changed while the task runs; counts from the next call on."""
        self.refusal: BudgetExceeded | None = None
        """Why a call was not made, if one was not: the last time."""
        self._caps = caps
        self._allows = allows

    def refuses(self, model: str, price: Price | None) -> bool:
        """Tell whether a model is not asked because nobody knows its price."""
        return price is None and not (self._caps().allow_unpriced or self._allows(model))

    def reserve(self, call: Call, *, worst_case_usd: Decimal | None, price: Price | None) -> int:
        """Set aside the most that a call can cost; return the ledger entry to settle.

        Raises:
            BudgetExceeded: it does not fit under a cap, or its price is not known.
            UserError: the ledger cannot be written.
        """

        caps = self._caps()

        def admit(task: Spending, day: Spending) -> None:
            is_allowed = caps.allow_unpriced or self._allows(call.model)
            if worst_case_usd is None and not is_allowed:
                raise self._unpriced(call.model, task, caps)
            needed = worst_case_usd or Decimal(0)
            remedy = _task_remedy(caps.task_usd, self.asked_usd)
            _require_room("this task", task, self._task_cap(caps), needed, remedy)
            _require_room("this workspace today", day, caps.day_usd, needed, _DAY_REMEDY)
            if caps.workspace_usd is not None:
                total = self.store.spent_in_all()
                cap_usd = caps.workspace_usd
                _require_room("this workspace in all", total, cap_usd, needed, _WORKSPACE_REMEDY)

        try:
            return self.store.reserve(
                call,
                # A figure past all reason is refused by every cap; the store must not choke on it.
                worst_case_usd=None if worst_case_usd is None else min(worst_case_usd, MOST_USD),
                price_source=price.source if price else "",
                admit=admit,
            )
        except BudgetExceeded as refusal:
            self.refusal = refusal
            raise

    def state(self) -> BudgetState:
        """Return what is spent by now, open reservations at their worst case."""
        caps = self._caps()
        has_total = caps.workspace_usd is not None
        return BudgetState(
            task_id=self.task_id,
            task=self.store.spent_by_task(self.task_id),
            task_cap_usd=self._task_cap(caps),
            day=self.store.spent_today(),
            day_cap_usd=caps.day_usd,
            workspace=self.store.spent_in_all() if has_total else NOTHING_SPENT,
            workspace_cap_usd=caps.workspace_usd,
        )

    def _task_cap(self, caps: Caps) -> Decimal:
        return caps.task_usd if self.asked_usd is None else min(self.asked_usd, caps.task_usd)

    def _unpriced(self, model: str, task: Spending, caps: Caps) -> BudgetExceeded:
        return BudgetExceeded(
            f"nobody knows the price of {model!r}, so no cap can hold: choose another "
            "model, or say what it costs by the setting `models.prices`, or that it may be asked "
            "all the same: `--allow-unpriced` for this task, "
            f"`pairwright budget --allow {model}` from now on",
            cap_usd=self._task_cap(caps),
            spent_usd=task.cost_usd,
            needed_usd=None,
            unpriced_model=model,
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
