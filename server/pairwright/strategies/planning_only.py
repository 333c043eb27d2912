"""What if a plan is all that is wanted? The strong model makes one, and nothing is edited.

For a person who wants to see, change and approve a plan before anything else is spent. Its steps
say what is to be seen once they are done, so that they can be followed one by one. It is no
strategy that can be chosen by name: it proposes no change.
"""

from collections.abc import Collection
from dataclasses import replace

from pairwright.planning.plan import Plan, Step
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, StrategyContext
from pairwright.strategies.planner import make_checkable_plan

NAME = "planning"
"""What the ledger and clients call the work."""


async def make_plan_only(ctx: StrategyContext, emit: Emit) -> Plan:
    """Return a plan that can be followed: it has a step, and names only files that may be edited.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    plan = await make_checkable_plan(Attempts(ctx, emit))
    editable = {file.path for file in ctx.context if file.is_editable}
    # Of a model that only says what is to be achieved, that is the one step.
    steps = plan.steps or (Step(plan.goal.partition("\n")[0]),)
    return replace(plan, steps=tuple(_about(step, editable) for step in steps))


def _about(step: Step, editable: Collection[str]) -> Step:
    return replace(step, files=tuple(path for path in step.files if path in editable))
