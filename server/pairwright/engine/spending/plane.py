"""What did each strategy cost here, and how much of its work was good? Cost against quality.

What it cost is on the ledger; what became of it people said by what they kept.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pairwright.engine.tasks.remembering import DoneTask, Remembering
from pairwright.ledger.groups import CostRow
from pairwright.ledger.store import LedgerStore
from pairwright.protocol.plane_messages import PlaneResult, StrategyPoint

LEAST_TASKS = 5
"""A share of fewer says next to nothing: of four tasks, a half may as well be nine tenths."""
_EXACT = Decimal("0.000000001")


def plane(ledger: LedgerStore, remembering: Remembering) -> PlaneResult:
    """Return a point for each strategy by which tasks were done that are still remembered."""
    if not remembering.is_on:
        return PlaneResult(
            points=(),
            least_tasks=LEAST_TASKS,
            notice="What becomes of tasks is not remembered here: feedback.keep is off.",
        )
    costs = {row.key: row for row in ledger.rows("task")}
    by_strategy: dict[str, list[DoneTask]] = {}
    for task in remembering.done():
        by_strategy.setdefault(task.strategy, []).append(task)
    in_order = sorted(by_strategy.items(), key=lambda item: (-len(item[1]), item[0]))
    points = (_point(strategy, tasks, costs) for strategy, tasks in in_order)
    return PlaneResult(points=tuple(points), least_tasks=LEAST_TASKS)


def _point(strategy: str, tasks: list[DoneTask], costs: Mapping[str, CostRow]) -> StrategyPoint:
    known = [usd for task in tasks if (usd := _cost_of(costs.get(task.task_id))) is not None]
    return StrategyPoint(
        strategy=strategy,
        tasks=len(tasks),
        kept=_count(task.fate == "kept" for task in tasks),
        partly=_count(task.fate == "partly" for task in tasks),
        discarded=_count(task.fate == "discarded" for task in tasks),
        sound=_count(task.is_sound for task in tasks),
        mean_usd=(sum(known, Decimal(0)) / len(known)).quantize(_EXACT) if known else None,
        unpriced_tasks=len(tasks) - len(known),
    )


def _cost_of(row: CostRow | None) -> Decimal | None:
    """Return what a task cost; None when a part of it is not known, or all of it."""
    return None if row is None or row.unpriced_calls else row.cost_usd


def _count(each: Iterable[bool]) -> int:
    return sum(each)
