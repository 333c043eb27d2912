"""What is wrong with a plan, in a workspace? Each finding with its line."""

from decimal import Decimal

import pytest

from pairwright.engine.plans.checking import CheckedPlan, Purse, Severity, check_plan
from pairwright.llm.model import Tier
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot
from tests.support.engines import price_of_role
from tests.support.workspaces import parse_workspace

WORKSPACE = """\
#- app/timer.py
def tick(): pass
#- app/store.py
keep = 1
#- setup.cfg
[x]
#- deploy.pem
-----BEGIN RSA PRIVATE KEY-----
"""
PRICES = {Tier.STRONG: price_of_role("strong"), Tier.WEAK: price_of_role("weak")}


def snapshot() -> Snapshot:
    files = parse_workspace(WORKSPACE).files
    return Snapshot(
        7,
        {
            WorkspacePath(path): Document(
                WorkspacePath(path), text, digest_text(text), None, Origin.DISK
            )
            for path, text in files.items()
        },
        {WorkspacePath("logo.png"): "it is no text"},
        frozenset({WorkspacePath("app/late.py")}),
    )


def plan_of(*steps: str) -> str:
    return "# Plan\n\nDo it.\n\n" + "\n".join(steps)


def checked(text: str, purse: Purse | None = None) -> CheckedPlan:
    return check_plan(text, snapshot(), purse or Purse(PRICES, None))


def told(text: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.severity.value, each.message) for each in checked(text).findings]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ("app/timr.py", "there is no file 'app/timr.py': did you mean 'app/timer.py'?"),
        ("timer.py", "there is no file 'timer.py': did you mean 'app/timer.py'?"),
        ("zzz/qqq.rs", "there is no file 'zzz/qqq.rs': If the step makes it, say so: 'create zzz"),
        ("app", "'app' is a folder"),
        ("logo.png", "'logo.png' cannot be edited: it is no text"),
        ("deploy.pem", "'deploy.pem' is not shown to models: "),
    ],
)
def test_a_file_that_cannot_be_edited_is_told_at_its_line(files: str, message: str) -> None:
    ((line, severity, said),) = told(plan_of("## 1. Mend the clock", "", f"- files: `{files}`", ""))
    assert (line, severity) == (6, "error")
    assert said.startswith(message)


@pytest.mark.parametrize(
    "intent",
    [
        "Create app/new.py with the clock",
        "create `new.py`",
        "Add a new module for prices",
        "Write a test file for the clock",
        "app/timer.py: move the clock to app/new.py",
        "Rename app/timer.py to `app/new.py`",
    ],
)
def test_a_file_that_a_step_makes_need_not_be_there(intent: str) -> None:
    steps = (f"## 1. {intent}", "- files: app/new.py", "## 2. Use it", "- files: app/new.py")
    assert told(plan_of(*steps)) == []


@pytest.mark.parametrize(
    "intent",
    [
        "Add a function to app/new.py",
        "In app/new.py create a function",
        "Rename the function to tock in app/new.py",
        "Mend app/new.py",
        "Renew app/new.py",
    ],
)
def test_words_that_make_something_else_make_no_file(intent: str) -> None:
    assert [each[0] for each in told(plan_of(f"## 1. {intent}", "- files: app/new.py"))] == [5]


def test_a_file_that_is_not_read_yet_is_there() -> None:
    assert told(plan_of("## 1. Mend it", "- files: app/late.py")) == []


def test_what_a_skipped_step_names_does_not_matter() -> None:
    steps = ("## 1. Mend it", "- files: gone.py", "- skip: yes", "## 2. Go on")
    assert told(plan_of(*steps)) == []


def test_a_plan_of_which_every_step_is_skipped_is_told() -> None:
    assert told(plan_of("## 1. Mend it", "- skip: yes")) == [
        (4, "error", "every step is skipped, so nothing would be done")
    ]


def test_a_file_that_needs_a_yes_is_a_warning() -> None:
    ((line, severity, message),) = told(plan_of("## 1. Set it up", "- files: setup.cfg"))
    assert (line, severity) == (5, "warning")
    assert "written only with your yes" in message


def test_steps_that_wait_for_one_another_through_a_file_are_told() -> None:
    steps = (
        "## 1. a\n- files: app/timer.py\n- after: 3",
        "## 2. b\n- files: app/timer.py, app/store.py",
        "## 3. c\n- files: app/store.py",
    )
    ((line, _, message),) = told(plan_of(*steps))
    assert line == 6
    assert "in a circle" in message


def test_what_is_no_plan_is_told_by_the_document() -> None:
    assert [(each[0], each[1]) for each in told("# Plan\n\nx\n\n## 1. a\n- by: me\n")] == [
        (5, "error")
    ]
    assert checked("").plan is None


def test_a_plan_is_estimated_by_weight_files_and_tier() -> None:
    steps = ("## 1. a", "## 2. b\n- by: strong", "## 3. c\n- weight: 2", "## 4. d\n- skip: yes")
    plan = checked(plan_of(*steps))
    assert plan.estimates == tuple(map(Decimal, ("0.0055", "0.055", "0.0095", "0")))
    assert plan.estimate_usd == Decimal("0.07")


def test_without_a_price_nothing_is_estimated() -> None:
    plan = checked(plan_of("## 1. a"), Purse({Tier.WEAK: None}, Decimal(0)))
    assert (plan.estimates, plan.estimate_usd, plan.findings) == ((None,), None, ())


def test_the_step_at_which_the_money_is_gone_is_a_warning() -> None:
    steps = ("## 1. a", "## 2. b\n- by: strong", "## 3. c")
    plan = checked(plan_of(*steps), Purse(PRICES, Decimal("0.02")))
    (finding,) = plan.findings
    assert (finding.line, finding.severity) == (5, Severity.WARNING)
    assert finding.message.startswith("up to here the plan costs about $0.0605, and $0.0200 may")
    assert plan.errors == ()


@pytest.mark.parametrize(
    "text",
    [
        plan_of("## 1. " + "create " * 20_000, "- files: gone.py"),
        plan_of("## 1. " + "move to " * 20_000, "- files: gone.py"),
        plan_of("## 1. a", "- files: " + ", ".join(f"gone{n}.py" for n in range(2_000))),
    ],
)
def test_a_long_plan_takes_no_time(text: str) -> None:
    assert checked(text).errors
