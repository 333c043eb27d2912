"""What do our methods carry about budgets? Estimates before, notices during, going on after."""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.message import message


@message
class EstimateFigure:
    """About what a task costs in one way."""

    usd: Decimal | None
    """The middle one of earlier tasks, or a guess by the files; None: a price is not known."""
    high_usd: Decimal | None
    """Nine of ten earlier tasks cost at most this; the same guess where there are none. None as
    well where too many of them were stopped to tell."""
    tasks: int
    """How many earlier tasks of this workspace it is from; 0: it is a guess by the files."""
    is_least: bool = False
    """It costs at least `usd`: so much was spent when earlier tasks were stopped."""


@message
class Estimate:
    """About what a task costs in each of three ways, before anybody is asked."""

    strategy: str
    """The one that the figure of the pair is for."""
    weak: EstimateFigure
    """The weak model alone."""
    pair: EstimateFigure
    strong: EstimateFigure
    """The strong model alone."""
    room_usd: Decimal
    """What may still be spent under the tightest cap."""
    asked: EstimateFigure | None = None
    """What is asked for, where it is less than a change: the plan, or the explanation, alone."""
    work: Literal["change", "plan", "explanation"] = "change"
    """What is asked for."""


@message
class EstimateParams:
    """A task, as it would be asked for."""

    instruction: str
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    strategy: str | None = None
    strong: str | None = None
    weak: str | None = None
    budget_usd: Decimal | None = None


@message
class EstimateMade:
    """About what the task will cost; nobody was asked yet."""

    kind: Literal["estimateMade"] = "estimateMade"
    estimate: Estimate


@message
class BudgetNotice:
    """Four fifths of a cap are spent; said once for each cap."""

    kind: Literal["budgetNotice"] = "budgetNotice"
    task_id: str
    cap: Literal["task", "day", "workspace"]
    spent_usd: Decimal
    """By calls that ended."""
    cap_usd: Decimal


@message
class BudgetParams:
    """Which running task, and what it may cost from now on."""

    task_id: str | None = None
    """None: the one that runs, if it is only one."""
    task_usd: Decimal | None = None
    """The task's new cap, counting what it spent; it cannot raise the user's own. None: as is."""
    unpriced_model: str | None = None
    """A model whose price nobody knows."""
    is_allowed: bool | None = None
    """Whether it may be asked all the same, in this workspace, from now on. Both or none."""


@message
class BudgetResult:
    """What is spent, open calls at their worst case, and what may be."""

    task_id: str | None
    """None: no task runs, or more than one does and none was named."""
    task_usd: Decimal | None
    task_cap_usd: Decimal | None
    """None where there is no task."""
    day_usd: Decimal
    day_cap_usd: Decimal
    workspace_usd: Decimal
    workspace_cap_usd: Decimal | None
    """None: there is no such cap."""
    unpriced_models: tuple[str, ...] = ()
    """The models that may be asked although nobody knows their price."""


@message
class ContinueParams:
    """Which task goes on, and what it may cost in all."""

    task_id: str | None = None
    """Or the beginning of it; None: the last one that can go on."""
    budget_usd: Decimal | None = None
    """The new cap of the task, counting what it spent already; None: the one that it had."""
    allow_unpriced: bool = False
    """As of `RunParams`; a yes that was given before stands."""
    partial_result_token: str | int | None = None
