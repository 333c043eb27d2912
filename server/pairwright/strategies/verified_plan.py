"""A plan is dry-run before any edit is bought by it, and what it expects goes back on a failure.

LPW (arXiv 2411.14503): the strong model plans, each step with what is to be seen once it is done;
then it walks the plan through the failing test until it holds. The weak model edits by the plan and
what the dry run found; after a failure it is shown the first failing check and what was expected.
Where we differ: there all visible tests are walked through, up to 12 rounds, and a second call must
agree; here the first failing test is, up to 3 rounds, and one call says it. There a plan that never
holds ends the work; here the last correction is followed, since the gate judges the edits anyway.
There code with print statements runs and the model writes an analysis before each of 12 rounds;
here nobody adds prints, the test's error and the expectation take their place, and there are ten
tries. After progress the rest is planned anew. SLPW, with several plans, is not built.
"""

import re
from dataclasses import dataclass

from pairwright.planning.plan import Expectation, ExpectationKind, Plan
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Note, PlanReady, Proposal, StrategyContext
from pairwright.strategies.planner import make_checkable_plan, read_plan
from pairwright.strategies.prompting import render_plan
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.quoting import quoted
from pairwright.strategies.tries import tries

MOST_ROUNDS = 3
DRY_RUN_TOKENS = 600
_SAID = re.compile(r"^\W*(?:(?P<holds>HOLDS)\W*$|WRONG\b[^\n]*)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What walking through a plan gave."""

    holds: bool
    trace: str
    """What follows from each step; empty when the answer cannot be read."""
    corrected: Plan | None
    """What to do instead; None when the plan holds, or nothing is said."""


class VerifiedPlan:
    """A strong plan, checked by its author, then edits by the weak model."""

    name = "verified_plan"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.until_sound(lambda: self._gain(attempts))

    async def _gain(self, attempts: Attempts) -> Proposal | None:
        plan, dry_run = await _verified(attempts)
        attempts.plan = plan
        attempts.notes = dry_run
        await attempts.emit(PlanReady(plan))
        for each in tries(sees_plan=True):
            if gain := await attempts.gain(attempts.ctx.weak, (each,)):
                return gain
            attempts.notes = (*dry_run, *_missed(plan, attempts))
        return None


def read_dry_run(text: str, paths: list[str], *, goal: str) -> DryRun:
    """Return what a model's dry run says; what cannot be read does not hold."""
    said = _SAID.search(text)
    if said is None:
        return DryRun(holds=False, trace="", corrected=None)
    trace = text[: said.start()].strip()
    if said["holds"]:
        return DryRun(holds=True, trace=trace, corrected=None)
    corrected = read_plan(text[said.end() :], paths, fallback_goal=goal)
    return DryRun(holds=False, trace=trace, corrected=corrected if corrected.steps else None)


def missed(plan: Plan, evidence: str) -> Expectation | None:
    """Return the expectation that a failure speaks of; else the last, which is of the whole."""
    expected = [step.expectation for step in plan.steps if step.expectation is not None]
    seen = _squeezed(evidence)
    named = (each for each in expected if _squeezed(_name_of(each)) in seen)
    return next(named, expected[-1] if expected else None)


async def _verified(attempts: Attempts) -> tuple[Plan, tuple[Note, ...]]:
    """Return a plan, corrected until it holds, and what its dry run found if it does."""
    ctx = attempts.ctx
    plan = await make_checkable_plan(attempts)
    for _ in range(MOST_ROUNDS):
        question = Question(
            "verify",
            "dry_run",
            max_output_tokens=DRY_RUN_TOKENS,
            more=f"The plan:\n{quoted(render_plan(plan))}",
        )
        answer = await ask(attempts, ctx.strong, question)
        paths = [str(file.path) for file in ctx.context]
        found = read_dry_run(answer, paths, goal=plan.goal)
        if found.holds:
            return plan, (Note("dry_run", found.trace),) if found.trace else ()
        if found.corrected is None:
            break  # the same question would get the same answer
        plan = found.corrected
    return plan, ()


def _missed(plan: Plan, attempts: Attempts) -> tuple[Note, ...]:
    """Return what was expected of an edit that the gate judged; nothing of one it never saw."""
    if attempts.failure is None or not attempts.failure.wrote:
        return ()
    expected = missed(plan, attempts.failure.evidence)
    return (Note("missed", f"{expected.kind} {expected.text}"),) if expected else ()


def _name_of(expected: Expectation) -> str:
    """Return what names it in a test's output: of a test the last part of its name."""
    is_test = expected.kind is ExpectationKind.TEST
    return re.split(r"::|\.", expected.text)[-1] if is_test else expected.text


def _squeezed(text: str) -> str:
    return "".join(text.split())
