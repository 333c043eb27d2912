"""How are estimates and budgets told? One line each."""

from decimal import Decimal

from pairwright.protocol.budget_messages import (
    BudgetNotice,
    BudgetResult,
    Estimate,
    EstimateFigure,
)
from pairwright.protocol.terminal import visible
from pairwright_client import figures

_WHOSE = {"task": "this task's", "day": "the day's", "workspace": "the workspace's"}


def estimate_line(estimate: Estimate) -> str:
    """Return about what a task costs in each way."""
    named = [
        ("weak alone", estimate.weak),
        (visible(estimate.strategy), estimate.pair),
        ("strong alone", estimate.strong),
    ]
    if all(figure.usd == 0 for _, figure in named):
        return "Estimate: $0, both models are free of charge"
    if estimate.asked is not None:
        # An explanation is the end of it; a plan is followed.
        named = named if estimate.work == "plan" else []
        named.insert(0, (f"the {estimate.work}", estimate.asked))
    if all(figure.tasks == 0 for _, figure in named):
        shown = ", ".join(f"{name} {_amount(figure)}" for name, figure in named)
        return f"Estimate: {shown} (by the size of the files)"
    shown = ", ".join(f"{name} {_amount(figure)}{_basis(figure)}" for name, figure in named)
    return f"Estimate: {shown}"


def notice_line(notice: BudgetNotice) -> str:
    """Return that little of a cap is left."""
    share = int(100 * notice.spent_usd / notice.cap_usd) if notice.cap_usd else 100
    spent, cap = figures.usd(notice.spent_usd), figures.usd(notice.cap_usd)
    return f"! {share} % of {_WHOSE[notice.cap]} budget is spent: {spent} of {cap}"


def budget_lines(answer: BudgetResult) -> tuple[str, ...]:
    """Return what is spent under each cap."""
    lines = []
    if answer.task_id is not None and answer.task_usd is not None:
        cap = _capped(answer.task_cap_usd)
        lines.append(f"Task       {figures.usd(answer.task_usd)}{cap}  ({visible(answer.task_id)})")
    lines.append(f"Today      {figures.usd(answer.day_usd)}{_capped(answer.day_cap_usd)}")
    total = figures.usd(answer.workspace_usd)
    lines.append(f"Workspace  {total}{_capped(answer.workspace_cap_usd)}")
    for model in answer.unpriced_models:
        lines.append(f"No price   {visible(model)} is asked all the same: no cap holds it")
    return tuple(lines)


def _capped(cap_usd: Decimal | None) -> str:
    return ", no cap" if cap_usd is None else f" of {figures.usd(cap_usd)}"


def _amount(figure: EstimateFigure) -> str:
    if figure.usd is None:
        return "unknown"
    return f"{'at least' if figure.is_least else 'about'} {figures.usd(figure.usd)}"


def _basis(figure: EstimateFigure) -> str:
    if figure.usd is None:
        return ""
    if not figure.tasks:
        return " (a guess)"
    count = figures.counted(figure.tasks, "task")
    if figure.is_least:
        return f" ({count} here, stopped before the end)"
    most = ""
    if figure.high_usd is not None and figure.high_usd != figure.usd:
        most = f", most under {figures.usd(figure.high_usd)}"
    return f" ({count} here{most})"
