"""What is encoded can be decoded; what is no message is refused, and the field is named."""

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from pairwright.errors import InvalidRequest
from pairwright.protocol import cost_messages, messages, plan_messages
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.index_messages import SymbolsParams


def test_names_are_camel_case_and_money_is_a_string() -> None:
    params = messages.RunParams(instruction="x", first_line=3, budget_usd=Decimal("0.10"))
    encoded = encode(params)
    assert {name: encoded[name] for name in ("instruction", "firstLine", "budgetUsd")} == {
        "instruction": "x",
        "firstLine": 3,
        "budgetUsd": "0.10",
    }
    assert "file" not in encoded, "an absent value is left out"


@pytest.mark.parametrize(
    "message",
    [
        messages.TestsRun(
            when="before", is_green=True, ran=None, failing=("a",), duration_ms=1, output=""
        ),
        messages.AcceptResult(entry_id=None, files=()),
        messages.AcceptParams(task_id="t", hunk_ids=()),
        messages.AcceptParams(task_id="t"),
        messages.RunParams(instruction="", plan_id="p1"),
        messages.RunParams(instruction="x", plan_first=True),
        plan_messages.PlanUpdateParams(text="a\r\n\x00", plan_id="p1", base_version=3),
        plan_messages.PlanReady(
            goal="g",
            steps=(
                plan_messages.PlanStep(
                    intent="i",
                    files=("a.py",),
                    expectation=plan_messages.PlanExpectation(kind="test", text="t"),
                    tier="strong",
                    weight=2.5,
                    after=(1,),
                    is_skipped=True,
                    line=4,
                    estimate_usd=Decimal("0.0001"),
                ),
            ),
        ),
        plan_messages.PlanView(
            plan_id="p1",
            version=2,
            text="",
            instruction="",
            origin="person",
            written_at="",
            problems=(plan_messages.PlanProblemView(line=0, message="m", severity="error"),),
        ),
        messages.ProgressMade(step="index", done=1),
        cost_messages.Receipt(
            roles=(
                cost_messages.RoleCost(
                    tier="weak",
                    model="m",
                    calls=1,
                    input_tokens=1,
                    cached_tokens=0,
                    output_tokens=1,
                    is_estimated=False,
                    cost_usd=None,
                    unpriced_calls=1,
                    duration_ms=1,
                ),
            ),
            cost_usd=Decimal("0.0000001"),
            unpriced_calls=1,
            strong_alone_usd=None,
            duration_ms=1,
        ),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_with_absent_values_comes_back_as_it_was(message: Any) -> None:
    assert decode(type(message), encode(message)) == message


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "instruction"),
        ({"instruction": "x", "fistLine": 1}, "fistLine"),
        ({"instruction": "x", "firstLine": "many"}, "firstLine"),
        ({"instruction": "x", "budgetUsd": "much"}, "budgetUsd"),
        ({"instruction": "x", "budgetUsd": 0.1}, "budgetUsd"),
        ({"instruction": "x", "budgetUsd": 2.0}, "budgetUsd"),
        ([], "params"),
        (None, "params"),
    ],
)
def test_what_is_no_message_is_refused_and_the_field_is_named(params: Any, field: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"^{field}"):
        decode(messages.RunParams, params)


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        (plan_messages.PlanUpdateParams, {"planId": "p1"}, "text"),
        (plan_messages.PlanUpdateParams, {"text": "x", "baseVersion": "new"}, "baseVersion"),
        (plan_messages.PlanGetParams, {"plan": "p1"}, "plan"),
        (plan_messages.PlansParams, {"limit": "all"}, "limit"),
        (plan_messages.PlanStep, {"intent": "i", "files": [], "tier": "me"}, "tier"),
        (plan_messages.PlanProblemView, {"line": 0, "message": "", "severity": "bad"}, "severity"),
    ],
)
def test_what_is_no_message_about_a_plan_is_refused(kind: Any, data: Any, field: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"^{field}"):
        decode(kind, data)


def test_a_float_is_no_money_however_deep_it_lies() -> None:
    row = {
        "key": "total",
        "calls": 1,
        "inputTokens": 1,
        "cachedTokens": 0,
        "outputTokens": 1,
        "costUsd": 0.1,
        "unpricedCalls": 0,
    }
    report = {"rows": [row], "total": {**row, "costUsd": "0.1"}, "dayUsd": "1", "dayCapUsd": "5"}
    with pytest.raises(InvalidRequest, match=r"^costUsd: money is a decimal string"):
        decode(cost_messages.CostReport, report)
    row["costUsd"] = "0.1"
    assert decode(cost_messages.CostReport, report).rows[0].cost_usd == Decimal("0.1")


def test_a_message_of_plain_fields_is_decoded_without_pydantic() -> None:
    script = (
        "import sys\n"
        "from pairwright.protocol.codec import decode\n"
        "from pairwright.protocol.index_messages import SymbolsParams\n"
        "print(decode(SymbolsParams, {'query': 'x'}).query, 'pydantic' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=10, check=True
    )
    assert result.stdout == "x False\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"query": 5}, "query: "),
        ({"query": "x", "limit": "many"}, "limit: "),
        ({"limit": 3}, "query: "),
        ({"query": "x", "other": 1}, "other: "),
        ([], "params: "),
    ],
)
def test_plain_fields_that_are_wrong_are_named(data: Any, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        decode(SymbolsParams, data)


def test_plain_fields_in_another_form_are_taken_as_ever() -> None:
    assert decode(SymbolsParams, {"query": "x", "limit": "3"}).limit == 3
    assert decode(SymbolsParams, {"query": "x", "limit": 3.0}).limit == 3
