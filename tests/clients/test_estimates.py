"""Do estimates, notices and budgets read well?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pairwright.protocol.budget_messages import (
    BudgetNotice,
    BudgetResult,
    Estimate,
    EstimateFigure,
)
from pairwright_client.estimates import budget_lines, estimate_line, notice_line


def figure(usd: str | None, high: str | None = None, tasks: int = 0) -> EstimateFigure:
    amount = None if usd is None else Decimal(usd)
    return EstimateFigure(
        usd=amount, high_usd=amount if high is None else Decimal(high), tasks=tasks
    )


def estimate(weak: EstimateFigure, pair: EstimateFigure, strong: EstimateFigure) -> Estimate:
    return Estimate(strategy="ladder", weak=weak, pair=pair, strong=strong, room_usd=Decimal(1))


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            estimate(figure("0.0012"), figure("0.02"), figure("0.035")),
            "Estimate: weak alone about $0.001200, ladder about $0.02, strong alone about $0.0350"
            " (by the size of the files)",
        ),
        (
            estimate(figure("0.01", "0.02", 12), figure("0.03", "0.03", 1), figure(None)),
            "Estimate: weak alone about $0.01 (12 tasks here, most under $0.02), "
            "ladder about $0.03 (1 task here), strong alone unknown",
        ),
        (
            estimate(figure("0.01", tasks=2), figure("0.03"), figure("0.05")),
            "Estimate: weak alone about $0.01 (2 tasks here), ladder about $0.03 (a guess), "
            "strong alone about $0.05 (a guess)",
        ),
        (
            estimate(figure("0"), figure("0"), figure("0")),
            "Estimate: $0, both models are free of charge",
        ),
        (
            replace(
                estimate(figure("0.01"), figure("0.03"), figure("0.05")),
                asked=figure("0.002", tasks=3),
                work="plan",
            ),
            "Estimate: the plan about $0.002000 (3 tasks here), weak alone about $0.01 (a guess), "
            "ladder about $0.03 (a guess), strong alone about $0.05 (a guess)",
        ),
        (
            replace(
                estimate(figure("0.01"), figure("0.03"), figure("0.05")),
                asked=figure("0.002"),
                work="explanation",
            ),
            "Estimate: the explanation about $0.002000 (by the size of the files)",
        ),
        (
            estimate(
                figure("0.01", None, 12),
                replace(figure("0.5", tasks=2), high_usd=None, is_least=True),
                figure(None),
            ),
            "Estimate: weak alone about $0.01 (12 tasks here), "
            "ladder at least $0.50 (2 tasks here, stopped before the end), strong alone unknown",
        ),
    ],
)
def test_an_estimate_is_one_line(made: Estimate, line: str) -> None:
    assert estimate_line(made) == line


@pytest.mark.parametrize(
    ("cap", "line"),
    [
        ("task", "! 85 % of this task's budget is spent: $0.85 of $1.00"),
        ("day", "! 85 % of the day's budget is spent: $0.85 of $1.00"),
        ("workspace", "! 85 % of the workspace's budget is spent: $0.85 of $1.00"),
    ],
)
def test_a_notice_says_whose_budget_is_nearly_spent(cap: Any, line: str) -> None:
    notice = BudgetNotice(task_id="t", cap=cap, spent_usd=Decimal("0.85"), cap_usd=Decimal(1))
    assert notice_line(notice) == line


def test_a_notice_of_a_cap_of_nothing_divides_by_nothing() -> None:
    notice = BudgetNotice(task_id="t", cap="task", spent_usd=Decimal(1), cap_usd=Decimal(0))
    assert notice_line(notice).startswith("! 100 %")


def test_a_budget_is_told_cap_by_cap() -> None:
    answer = BudgetResult(
        task_id="ab\x1b[31m",
        task_usd=Decimal("0.1"),
        task_cap_usd=Decimal("0.5"),
        day_usd=Decimal("1"),
        day_cap_usd=Decimal(5),
        workspace_usd=Decimal("7"),
        workspace_cap_usd=None,
    )
    assert budget_lines(answer) == (
        "Task       $0.10 of $0.50  (ab\\x1b[31m)",
        "Today      $1.00 of $5.00",
        "Workspace  $7.00, no cap",
    )


def test_a_cap_of_nothing_is_a_cap() -> None:
    answer = BudgetResult(
        task_id=None,
        task_usd=None,
        task_cap_usd=None,
        day_usd=Decimal(0),
        day_cap_usd=Decimal(0),
        workspace_usd=Decimal(0),
        workspace_cap_usd=Decimal(0),
    )
    assert budget_lines(answer) == ("Today      $0 of $0", "Workspace  $0 of $0")
