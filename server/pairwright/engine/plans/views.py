"""How is a plan told to a client?"""

from decimal import Decimal

from pairwright.engine.plans.book import PlanRecord
from pairwright.engine.plans.checking import CheckedPlan, Finding
from pairwright.planning.plan import Plan, Step
from pairwright.protocol import plan_messages


def to_plan_steps(
    plan: Plan, checked: CheckedPlan | None = None
) -> tuple[plan_messages.PlanStep, ...]:
    """Return a plan's steps; with where they stand and what they cost, if it is a checked one's."""
    is_of_document = checked is not None and checked.plan == plan
    lines = checked.document.step_lines if checked is not None and is_of_document else ()
    estimates = checked.estimates if checked is not None and is_of_document else ()
    return tuple(
        _to_step(
            step,
            lines[place] if lines else None,
            estimates[place] if estimates else None,
        )
        for place, step in enumerate(plan.steps)
    )


def to_plan_view(record: PlanRecord, checked: CheckedPlan) -> plan_messages.PlanView:
    """Return a plan as a client is shown it: its document, what it means, and what is wrong."""
    plan = checked.plan or record.last_valid
    return plan_messages.PlanView(
        plan_id=record.plan_id,
        version=record.version,
        text=record.text,
        instruction=record.instruction,
        file=record.file,
        first_line=record.first_line,
        last_line=record.last_line,
        origin=record.origin,
        written_at=record.written_at,
        task_id=record.task_id,
        cost_usd=record.cost_usd,
        unpriced_calls=record.unpriced_calls,
        goal=plan.goal if plan else "",
        steps=to_plan_steps(plan, checked) if plan else (),
        is_outdated=checked.plan is None and plan is not None,
        problems=to_problems(checked),
        estimate_usd=checked.estimate_usd,
    )


def to_problems(checked: CheckedPlan) -> tuple[plan_messages.PlanProblemView, ...]:
    """Return what is wrong with a plan, in the order of its lines."""
    return tuple(map(_to_problem, checked.findings))


def _to_step(step: Step, line: int | None, estimate: Decimal | None) -> plan_messages.PlanStep:
    expected = step.expectation
    return plan_messages.PlanStep(
        intent=step.intent,
        files=step.files,
        symbols=step.symbols,
        expectation=(
            None
            if expected is None
            else plan_messages.PlanExpectation(kind=expected.kind.value, text=expected.text)
        ),
        tier=step.tier.value,
        weight=step.weight,
        after=step.after,
        is_skipped=step.is_skipped,
        detail=step.detail,
        line=line,
        estimate_usd=estimate,
    )


def _to_problem(finding: Finding) -> plan_messages.PlanProblemView:
    return plan_messages.PlanProblemView(
        line=finding.line, message=finding.message, severity=finding.severity.value
    )
