"""`pairwright plan` and `pairwright run --plan`, as a person and as a program sees them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol.codec import encode
from pairwright.protocol.plan_messages import (
    PlanProblemView,
    PlanReady,
    PlansResult,
    PlanStep,
    PlanSummary,
    PlanView,
)
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from pairwright_client.plans import show_made, show_plan, show_plans
from pairwright_client.render import TaskView
from tests.clients import story
from tests.clients.daemon_double import Answer, DaemonDouble
from tests.clients.pictures import check_picture, plain

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
TEXT = """\
# Plan

Charge for the quantity of each line.

## 1. Multiply in Cart.total

- files: `shop/cart.py`
- expect: test `tests.test_cart.CartTest.test_total`

Mind the \x1b[2Jdiscount.

## 2. Say so in the README

- files: `README.md`
- by: strong
- after: 1
"""
STEP = PlanStep(intent="Multiply in Cart.total", files=("shop/cart.py",), line=4)
VIEW = PlanView(
    plan_id="3f2a9c1b",
    version=1,
    text=TEXT,
    instruction="Charge for the quantity\nof each line.",
    origin="strong model",
    written_at="2026-11-22T13:05:00+00:00",
    task_id="t1",
    cost_usd=Decimal("0.0123"),
    goal="Charge for the quantity of each line.",
    steps=(STEP, PlanStep(intent="Say so", files=("README.md",), tier="strong", after=(1,))),
    estimate_usd=Decimal("0.045"),
)
BROKEN = replace(
    VIEW,
    version=2,
    problems=(
        PlanProblemView(line=6, message="there is no file 'shop/\x07cart.py'", severity="error"),
        PlanProblemView(line=12, message="up to here it costs too much", severity="warning"),
    ),
)
SUMMARY = PlanSummary(
    plan_id="3f2a9c1b",
    version=2,
    title="Charge for the quantity of each line, and round half up as the tests want it",
    origin="strong model",
    written_at="2026-11-22T13:05:00+00:00",
    step_count=2,
    error_count=0,
    cost_usd=Decimal("0.0123"),
)
PLANNED = story.result(
    state="planned", plan_id="3f2a9c1b", message="the plan waits for your word: nothing was edited"
)


def says(message: object) -> Answer:
    return lambda _params, _session: encode(message)


def call(
    rendezvous: Rendezvous, *arguments: str, answers: Mapping[str, Answer]
) -> tuple[int, DaemonDouble]:
    with DaemonDouble(rendezvous, answers) as daemon:
        exit_code = main([*arguments])
    return exit_code, daemon


def test_a_plan_that_was_made_is_shown_with_its_cost_and_what_to_do_next() -> None:
    paper, screen = plain()
    show_made(screen, VIEW, story.receipt(cost_usd=Decimal("0.0123")), ("--test=pytest -q",))
    check_picture("plan_made", paper.getvalue())


def test_the_cost_of_a_plan_is_held_against_what_was_planned() -> None:
    paper, screen = plain()
    receipt = story.receipt(cost_usd=Decimal("0.0123"), planned_usd=Decimal("0.01"))
    show_made(screen, VIEW, receipt, ())
    assert "Planned: about $0.01; it came 23 % higher.\n" in paper.getvalue()


def test_a_plan_with_problems_shows_each_at_its_line() -> None:
    paper, screen = plain()
    show_plan(screen, BROKEN, now=NOW)
    check_picture("plan_broken", paper.getvalue())


def test_plans_are_a_table() -> None:
    paper, screen = plain()
    own = replace(
        SUMMARY, plan_id="00c0ffee", origin="person", title="", error_count=1, cost_usd=None
    )
    assistant = replace(SUMMARY, origin="claude", cost_usd=None, title="Mend \x1b[2Jit")
    notice = "the plan 'dead' is damaged and left out: its file is kept"
    plans = (SUMMARY, own, assistant)
    show_plans(screen, PlansResult(plans=plans, total=7, notices=(notice,)), now=NOW)
    check_picture("plans", paper.getvalue())


def test_without_plans_the_list_says_how_to_make_one() -> None:
    paper, screen = plain()
    show_plans(screen, PlansResult(plans=(), total=0), now=NOW)
    assert "'pairwright plan INSTRUCTION' does" in paper.getvalue()


def test_a_kept_plan_that_is_followed_is_named_with_who_writes_each_step() -> None:
    paper, screen = plain()
    TaskView(screen).show(PlanReady(goal="be right", steps=VIEW.steps, plan_id="3f2a9c1b"))
    assert paper.getvalue() == (
        "Plan 3f2a9c1b\n  Goal: be right\n  1. Multiply in Cart.total (shop/cart.py)\n"
        "  2. Say so (README.md, by the strong model)\n"
    )


def test_a_plan_is_made_and_nothing_is_run(
    rendezvous: Rendezvous, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = PlanReady(goal="x", steps=(STEP,), plan_id="3f2a9c1b")
    answers = {
        "pairwright/run": story.tells(story.STARTED, ready, end=PLANNED),
        "pairwright/plan/get": says(VIEW),
    }
    options = ("--budget", "0.2", "--strong", "big/one")
    exit_code, daemon = call(rendezvous, "plan", "multiply", *options, answers=answers)
    asked = daemon.params_of("pairwright/run")
    assert exit_code == 0
    assert asked["planFirst"] is True
    assert (asked["instruction"], asked["budgetUsd"]) == ("multiply", "0.2")
    assert daemon.params_of("pairwright/plan/get") == {"planId": "3f2a9c1b"}
    out = capsys.readouterr().out
    assert "pairwright run --plan=3f2a9c1b --strong=big/one --budget=0.2" in out


def test_a_program_gets_the_events_then_the_plan(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "pairwright/run": story.tells(story.STARTED, end=PLANNED),
        "pairwright/plan/get": says(VIEW),
    }
    assert call(rendezvous, "plan", "multiply", "--json", answers=answers)[0] == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["kind"] for line in lines] == ["taskStarted", "result"]
    assert lines[-1]["plan"]["text"] == TEXT


def test_a_plan_goes_into_a_file_byte_for_byte(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, daemon = call(
        rendezvous, "plan", "--show", "3f2a", answers={"pairwright/plan/get": says(BROKEN)}
    )
    assert (exit_code, capsys.readouterr().out) == (0, TEXT)
    assert daemon.params_of("pairwright/plan/get") == {"planId": "3f2a"}


def test_the_last_plan_is_shown_when_none_is_named(rendezvous: Rendezvous) -> None:
    answers = {"pairwright/plan/get": says(VIEW)}
    _, daemon = call(rendezvous, "plan", "--show", answers=answers)
    assert daemon.params_of("pairwright/plan/get") == {}


def test_as_many_plans_are_listed_as_are_asked_for(rendezvous: Rendezvous) -> None:
    answers = {"pairwright/plan/list": says(PlansResult(plans=(SUMMARY,), total=1))}
    _, daemon = call(rendezvous, "plan", "--list", "--limit", "5", answers=answers)
    assert daemon.params_of("pairwright/plan/list") == {"limit": 5}


@pytest.mark.parametrize(
    "arguments", [[], ["x", "--list"], ["--show", "--edit"], ["--list", "--edit", "a"]]
)
def test_one_thing_is_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(["plan", *arguments]) == 2
    assert "say what to plan, or one of" in capsys.readouterr().err


def test_an_empty_instruction_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", " "]) == 2
    assert "the instruction is empty" in capsys.readouterr().err


def follow(rendezvous: Rendezvous, *arguments: str) -> tuple[int, Any]:
    answers = {
        "pairwright/run": story.tells(story.STARTED, story.CHANGE),
        "pairwright/reject": story.rejects,
    }
    exit_code, daemon = call(rendezvous, "run", *arguments, "--dry-run", answers=answers)
    return exit_code, daemon.params_of("pairwright/run")


def test_a_kept_plan_is_run_by_its_id(rendezvous: Rendezvous) -> None:
    exit_code, asked = follow(rendezvous, "--plan", "3f2a")
    assert (exit_code, asked["planId"], asked["instruction"]) == (0, "3f2a", "")
    assert "plan" not in asked


def test_a_plan_in_a_file_is_sent_as_it_is(rendezvous: Rendezvous, root: Path) -> None:
    (root / "plan.md").write_bytes(TEXT.encode())
    exit_code, asked = follow(rendezvous, "be quick", "--plan", "plan.md")
    assert (exit_code, asked["plan"], asked["instruction"]) == (0, TEXT, "be quick")
    assert "planId" not in asked


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("gone.md", "cannot be read: No such file"),
        ("./gone", "cannot be read: No such file"),
        ("latin.md", "is no text in UTF-8"),
        ("a/\0", "cannot be read"),
        (" ", "takes the id of a plan"),
    ],
)
def test_a_plan_that_cannot_be_read_is_told(
    root: Path, capsys: pytest.CaptureFixture[str], given: str, message: str
) -> None:
    (root / "latin.md").write_bytes(b"\xe4")
    assert main(["run", "--plan", given, "--dry-run"]) == 2
    assert message in capsys.readouterr().err


def test_without_a_plan_and_an_instruction_nothing_runs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--dry-run"]) == 2
    assert "the instruction is empty" in capsys.readouterr().err
