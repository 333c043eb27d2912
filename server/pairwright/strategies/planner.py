"""How does the strong model plan? One short guideline, streamed, read leniently.

The planner holds no edit tool: its answer is only ever read as text.
"""

import re
from collections.abc import Sequence

from pairwright.planning.plan import Plan, Step
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import PlanDelta, PlanReady, StepStarted
from pairwright.strategies.prompting import plan_request

_STEP = re.compile(r"\s*\W{0,3}(?:(?:step\s+)?\d+[.):]|[-*])\**\s+(?P<intent>\S.*)$", re.IGNORECASE)
_GOAL = re.compile(r"^\W*goal\W*:?\s*", re.IGNORECASE)
_FENCE = re.compile(r"^\s*```", re.MULTILINE)
_MOST_STEPS = 8


async def make_plan(attempts: Attempts) -> Plan:
    """Ask the strong model for a plan of what is still to be done.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    ctx = attempts.ctx
    await attempts.emit(StepStarted("plan", ctx.strong.tier))

    async def show(piece: str) -> None:
        await attempts.emit(PlanDelta(piece))

    completion = await ctx.strong.complete(plan_request(ctx, ctx.strong), step="plan", on_text=show)
    paths = [file.path for file in ctx.context]
    plan = read_plan(completion.text, paths, fallback_goal=ctx.instruction)
    await attempts.emit(PlanReady(plan))
    return plan


def read_plan(text: str, paths: Sequence[str], *, fallback_goal: str) -> Plan:
    """Return the plan that a model's text holds; any text is a plan of some kind.

    Numbered or bulleted lines are steps, what stands before them is the goal. Code fences are left
    out: a guideline says how, the implementer writes.
    """
    goal: list[str] = []
    steps: list[Step] = []
    is_code = False
    is_fenced = len(_FENCE.findall(text)) % 2 == 0
    for line in text.splitlines():
        if _FENCE.match(line):
            is_code = is_fenced and not is_code
        elif is_code or not line.strip():
            continue
        elif match := _STEP.match(line):
            steps.append(_step(match["intent"], paths))
        elif not steps:
            goal.append(_GOAL.sub("", line.strip()))
    return Plan(
        goal=" ".join(part for part in goal if part) or fallback_goal,
        steps=tuple(steps[:_MOST_STEPS]),
    )


def _step(intent: str, paths: Sequence[str]) -> Step:
    return Step(intent=intent.strip(), files=tuple(path for path in paths if path in intent))
