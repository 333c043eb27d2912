"""The strong model navigates, the weak one drives; when that goes in circles, the plan is changed.

PairCoder (arXiv 2409.05001): five plans at temperature 0.8, at most three distinct ones of them, of
which the navigator picks the best that was not tried. The driver edits by it and mends what failed,
five times at most. When its code or its error equals an earlier one under this plan, the plan is
given up. After the plans one edit without any, mended too; ten answers of the driver in all, then
the best so far. Where we differ: there both are one model, which reflects on the task before it
plans, writes up to three plans an answer, and says after each failure what went wrong and how to
mend it; here the failing test is shown instead, so that a fix costs no strong call. There plans are
grouped by k-means over embeddings, here by the likeness of their words. There a linter is asked
first and the best is the one whose output is nearest; here the gate says both. Progress is kept.
"""

import asyncio
import re
from contextlib import suppress

from pairwright.errors import BudgetExceeded, ModelError
from pairwright.planning.plan import Plan
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Escalated, PlanReady, Proposal, StrategyContext
from pairwright.strategies.choosing import by_name, distinct
from pairwright.strategies.planner import sample_plan
from pairwright.strategies.prompting import render_plan
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.quoting import quoted
from pairwright.strategies.tries import tries

SAMPLED_PLANS = 5
MOST_PLANS = 3
MOST_FIXES = 5
MOST_ANSWERS = 10
PLANS_TEMPERATURE = 0.8
_CHANCE = re.compile(r"0x[0-9a-f]+|\b\d+(?:\.\d+)?\s?m?s\b", re.IGNORECASE)
"""What differs between two runs of one fault: addresses and durations."""


class Pair:
    """A navigator with several plans, and a driver."""

    name = "pair"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(self._work(attempts))

    async def _work(self, attempts: Attempts) -> Proposal | None:
        untried = await _distinct_plans(attempts)
        driver = _Driver(attempts)
        while untried and driver.answers_left:
            plan = untried.pop(await _picked(attempts, untried))
            await attempts.emit(PlanReady(plan))
            if proposal := await driver.follow(plan):
                return proposal
            if driver.answers_left:
                await attempts.emit(Escalated("plan" if untried else "weak", attempts.why_not()))
        return await driver.follow(None)


class _Driver:
    """The weak model, with a bounded number of answers."""

    def __init__(self, attempts: Attempts) -> None:
        self.answers_left = MOST_ANSWERS
        self._attempts = attempts

    async def follow(self, plan: Plan | None) -> Proposal | None:
        """Edit and mend until the change is sound, something repeats, or no answer is left."""
        attempts = self._attempts
        codes: set[str] = set()
        errors: set[str] = set()
        for each in tries(1 + MOST_FIXES, sees_plan=True)[: self.answers_left]:
            self.answers_left -= 1
            attempts.plan = plan  # kept progress forgets it, but this plan goes on
            for sample in await attempts.samples(attempts.ctx.weak, (each,)):
                if sample.diff in codes:
                    return None
                codes.add(sample.diff)
                proposal = await attempts.judge(sample)
                if proposal.verdict.is_sound:
                    return proposal
            if attempts.failure is not None:
                error = " ".join(_CHANCE.sub("", attempts.failure.evidence).split())
                if error in errors:
                    return None
                errors.add(error)
        return None


async def _distinct_plans(attempts: Attempts) -> list[Plan]:
    """Return the plans that stand for all that were written; what comes before an outage counts."""
    plans: list[Plan] = []
    try:
        for number in range(1, SAMPLED_PLANS + 1):
            plans.append(await sample_plan(attempts, number, PLANS_TEMPERATURE))
    except (BudgetExceeded, ModelError):
        if not plans:
            raise
    texts = [render_plan(plan) for plan in plans]
    # Comparing takes milliseconds in which others want answers.
    return [plans[index] for index in await asyncio.to_thread(distinct, texts, MOST_PLANS)]


async def _picked(attempts: Attempts, plans: list[Plan]) -> int:
    """Return which plan the navigator thinks best; the first when it does not say."""
    if len(plans) == 1:
        return 0
    shown = "\n\n".join(
        f"Plan {number}:\n{quoted(render_plan(plan))}" for number, plan in enumerate(plans, 1)
    )
    question = Question("pick", "pick_plan", max_output_tokens=120, more=shown)
    answer = ""
    with suppress(ModelError, BudgetExceeded):  # the driver may go on all the same
        answer = await ask(attempts, attempts.ctx.strong, question)
    return by_name(answer, len(plans)) or 0
