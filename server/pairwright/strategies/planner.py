"""How does the strong model plan? One short guideline, streamed, read leniently.

The planner holds no edit tool: its answer is only ever read as text. Where a person or an assistant
gave a plan, that one is taken, and nobody is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pairwright.llm.model import ModelRequest, OnText
from pairwright.planning.plan import Expectation, ExpectationKind, Plan, Step
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Note, PlanDelta, PlanReady, StepStarted
from pairwright.strategies.prompting import checkable_plan_request, plan_request, render_plan
from pairwright.strategies.quoting import fitting

_STEP = re.compile(r"\s*\W{0,3}(?:(?:step\s+)?\d+[.):]|[-*])\**\s+(?P<intent>\S.*)$", re.IGNORECASE)
_EXPECTED = re.compile(
    r"\W*expect(?:ed|s)?[\s*]*:[\s*]*(?:(?P<kind>test|value|diagnostic)\b[\s*:]*)?(?P<text>\S.*)$",
    re.IGNORECASE,
)
_GOAL = re.compile(r"^\W*goal\W*:?\s*", re.IGNORECASE)
_FENCE = re.compile(r"^\s*```", re.MULTILINE)
_MOST_STEPS = 8
MOST_TOLD_TOKENS = 800
"""Of a plan that failed, and on what."""


async def make_plan(attempts: Attempts) -> Plan:
    """Ask the strong model for a plan of what is still to be done, or take the one that was given.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    request = plan_request(attempts.ctx, attempts.ctx.strong)
    plan = await _asked(attempts, request, on_text=_shown(attempts))
    await attempts.emit(PlanReady(plan))
    return plan


async def make_another_plan(attempts: Attempts, failed: Plan | None) -> Plan:
    """Ask the strong model for a plan that differs from one that did not work, if there is one.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    notes = []
    if failed is not None:
        evidence = attempts.failure.evidence if attempts.failure else ""
        told = "\n".join(filter(None, (render_plan(failed), evidence)))
        notes = list(fitting((Note("failed_plan", told),), MOST_TOLD_TOKENS))
    request = plan_request(attempts.ctx, attempts.ctx.strong, notes=notes)
    plan = await _asked(attempts, request, on_text=_shown(attempts))
    await attempts.emit(PlanReady(plan))
    return plan


async def sample_plan(attempts: Attempts, number: int, temperature: float) -> Plan:
    """Ask the strong model for one plan of several, of which people see the one that is followed.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    request = plan_request(attempts.ctx, attempts.ctx.strong, temperature=temperature)
    return await _asked(attempts, request, number)


async def make_checkable_plan(attempts: Attempts) -> Plan:
    """Ask the strong model for a plan whose steps have expectations; it is still to be checked.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    request = checkable_plan_request(attempts.ctx, attempts.ctx.strong)
    return await _asked(attempts, request, on_text=_shown(attempts))


def read_plan(text: str, paths: Sequence[str], *, fallback_goal: str) -> Plan:
    """Return the plan that a model's text holds; any text is a plan of some kind.

    Numbered or bulleted lines are steps, what stands before them is the goal; "expect:" below a
    step is its expectation. Code fences are left out: a guideline says how, the implementer writes.
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
        elif steps and (match := _EXPECTED.match(line)):
            steps[-1] = replace(steps[-1], expectation=_expectation(match))
        elif match := _STEP.match(line):
            steps.append(_step(match["intent"], paths))
        elif not steps:
            goal.append(_GOAL.sub("", line.strip()))
    return Plan(
        goal=" ".join(part for part in goal if part) or fallback_goal,
        steps=tuple(steps[:_MOST_STEPS]),
    )


async def _asked(
    attempts: Attempts, request: ModelRequest, number: int = 1, *, on_text: OnText | None = None
) -> Plan:
    ctx = attempts.ctx
    if ctx.plan is not None:
        return ctx.plan
    await attempts.emit(StepStarted("plan", ctx.strong.tier, number))
    completion = await ctx.strong.complete(request, step="plan", on_text=on_text)
    paths = [file.path for file in ctx.context]
    return read_plan(completion.text, paths, fallback_goal=ctx.instruction)


def _shown(attempts: Attempts) -> OnText:
    async def show(piece: str) -> None:
        await attempts.emit(PlanDelta(piece))

    return show


def _expectation(match: re.Match[str]) -> Expectation:
    kind = ExpectationKind((match["kind"] or "value").lower())
    return Expectation(kind, match["text"].strip().strip("`"))


def _step(intent: str, paths: Sequence[str]) -> Step:
    return Step(intent=intent.strip(), files=tuple(path for path in paths if path in intent))
