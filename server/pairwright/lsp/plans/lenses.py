"""What can be done with a plan's document? Lenses and actions on its steps, as the text is now."""

from collections.abc import Iterator
from decimal import Decimal

from lsprotocol import types

from pairwright.engine.plans.book import MOST_CHARACTERS
from pairwright.llm.model import Tier
from pairwright.lsp.review.cost_lenses import usd
from pairwright.lsp.review.lenses import lens
from pairwright.planning.document import PlanDocument, read_document
from pairwright.planning.plan import Step
from pairwright.protocol.codec import encode
from pairwright.protocol.review_commands import MARK_STEP, RUN_PLAN, PlanArguments, StepMark

KIND = "refactor.rewrite"


def plan_lenses(
    uri: str, version: int | None, text: str, estimate_usd: Decimal | None
) -> list[types.CodeLens]:
    """Return a plan's lenses; none while the document is no plan, which its diagnostics say."""
    document = _read(text)
    if document is None or document.plan is None:
        return []
    about = PlanArguments(uri=uri, version=version)
    cost = f" (about {usd(estimate_usd)})" if estimate_usd is not None else ""
    lenses = [lens(0, f"Run this plan{cost}", RUN_PLAN, about)]
    for number, step in enumerate(document.plan.steps, start=1):
        line = document.step_lines[number - 1]
        of_step = PlanArguments(uri=uri, version=version, step=number)
        if number > 1 and not step.is_skipped:
            lenses.append(lens(line, "Run from here", RUN_PLAN, of_step))
        for title, mark in _toggles(step):
            marked = PlanArguments(uri=uri, version=version, step=number, mark=mark)
            lenses.append(lens(line, title, MARK_STEP, marked))
    return lenses


def plan_actions(uri: str, version: int | None, text: str, line: int) -> list[types.CodeAction]:
    """Return what can be done with the step that holds a line."""
    document = _read(text)
    number = _step_at(document, line) if document is not None else None
    if document is None or document.plan is None or number is None:
        return []
    step, steps = document.plan.steps[number - 1], document.plan.steps
    is_only = all(other.is_skipped for other in steps if other is not step)
    marks = list(_toggles(step))
    if step.is_skipped or not is_only:
        marks.append(("Approve only this step", "only"))
    actions = []
    for title, mark in marks:
        marked = PlanArguments(uri=uri, version=version, step=number, mark=mark)
        title = f"Pairwright: {title} (step {number})"
        command = types.Command(title, MARK_STEP, arguments=[encode(marked)])
        actions.append(types.CodeAction(title, kind=KIND, command=command))
    return actions


def _read(text: str) -> PlanDocument | None:
    """Return what a text means; None: it is too long to be kept as a plan."""
    return read_document(text) if len(text) <= MOST_CHARACTERS else None


def _toggles(step: Step) -> Iterator[tuple[str, StepMark]]:
    if step.is_skipped:
        yield "Approve this step", "approve"
        return
    yield "Skip this step", "skip"
    if step.tier is Tier.STRONG:
        yield "Use the weak model here", "weak"
    else:
        yield "Use the strong model here", "strong"


def _step_at(document: PlanDocument, line: int) -> int | None:
    """Return the number of the step that holds a line; None above the first."""
    before = [start for start in document.step_lines if start <= line]
    return len(before) or None
