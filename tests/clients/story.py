"""One task as the wire would tell it: what the tests of the clients have in common."""

from decimal import Decimal
from typing import Any

from pairwright.protocol import cost_messages, messages, plan_messages
from pairwright.protocol.codec import encode
from tests.clients.daemon_double import Session

STRONG = "embedded/qwen2.5-coder-1.5b"
WEAK = "embedded/qwen2.5-coder-0.5b"

HUNK = messages.HunkView(
    hunk_id="h1",
    path="shop/cart.py",
    old_start=3,
    old_lines=("    return price\n",),
    new_start=3,
    new_lines=("    return price * count\n",),
    unified=(
        "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -2,3 +2,3 @@\n def total(price, count):\n"
        "-    return price\n+    return price * count\n \n"
    ),
)
SECOND_HUNK = messages.HunkView(
    hunk_id="h2",
    path="shop/cart.py",
    old_start=9,
    old_lines=(),
    new_start=9,
    new_lines=("COUNT = 1\n",),
    unified="--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -9,0 +9,1 @@\n+COUNT = 1\n",
)


def check(name: Any, outcome: Any, detail: str = "") -> messages.CheckView:
    return messages.CheckView(name=name, outcome=outcome, detail=detail)


PASSED = messages.VerdictView(
    is_sound=True,
    checks=(
        check("applies", "passed", "1 edit in 1 file"),
        check("size", "passed", "1 file, 2 lines"),
        check("parses", "passed"),
        check("tests", "passed", "2 tests pass"),
    ),
    badge="applies ✓ parses ✓ 0 new problems 2/2 tests",
)
FAILED = messages.VerdictView(
    is_sound=False,
    checks=(
        check("applies", "passed", "1 edit in 1 file"),
        check("size", "passed", "1 file, 2 lines"),
        check("parses", "failed", "shop/cart.py does not parse\nline 4: invalid syntax"),
        check("tests", "not_run"),
    ),
    badge="applies ✓ parses ✗ problems – tests –",
)


def role(tier: Any, **values: Any) -> cost_messages.RoleCost:
    given: dict[str, Any] = {
        "model": STRONG if tier == "strong" else WEAK,
        "calls": 1,
        "input_tokens": 1204,
        "cached_tokens": 1024,
        "output_tokens": 88,
        "is_estimated": False,
        "cost_usd": Decimal(0),
        "unpriced_calls": 0,
        "duration_ms": 12100,
        **values,
    }
    return cost_messages.RoleCost(tier=tier, **given)


def receipt(**values: Any) -> cost_messages.Receipt:
    given: dict[str, Any] = {
        "roles": (role("strong"), role("weak", calls=3, input_tokens=980, cached_tokens=0)),
        "cost_usd": Decimal(0),
        "unpriced_calls": 0,
        "strong_alone_usd": Decimal(0),
        "duration_ms": 48230,
        **values,
    }
    return cost_messages.Receipt(**given)


def result(**values: Any) -> messages.RunResult:
    given: dict[str, Any] = {
        "task_id": "t1",
        "state": "review",
        "message": "The gate passed a change of 1 file.",
        "is_sound": True,
        "receipt": receipt(),
        **values,
    }
    return messages.RunResult(**given)


def cost_notice(**values: Any) -> cost_messages.CostNotice:
    given: dict[str, Any] = {
        "task_id": "t1",
        "task_usd": Decimal("0.0123"),
        "task_unpriced_calls": 0,
        "task_cap_usd": Decimal("0.5"),
        "day_usd": Decimal("1.5"),
        "day_unpriced_calls": 0,
        "day_cap_usd": Decimal(5),
        **values,
    }
    return cost_messages.CostNotice(**given)


STARTED = messages.TaskStarted(
    task_id="t1",
    revision=4,
    strategy="ladder",
    strong=STRONG,
    weak=WEAK,
    shown_files=("shop/cart.py (holds the failing code)", "tests/test_cart.py (fails)"),
)

CHANGE = messages.ChangeReady(task_id="t1", verdict=PASSED, hunks=(HUNK,), conflicts=())


def ran_tests(when: Any, *, failing: tuple[str, ...] = (), **values: Any) -> messages.TestsRun:
    given: dict[str, Any] = {"is_green": not failing, "ran": 12, "duration_ms": 412, "output": ""}
    return messages.TestsRun(when=when, failing=failing, **{**given, **values})


def step(name: str, tier: Any, attempt: int = 1) -> messages.StepStarted:
    model = STRONG if tier == "strong" else WEAK
    return messages.StepStarted(step=name, tier=tier, model=model, attempt=attempt)


LADDER: tuple[messages.TaskEvent, ...] = (
    STARTED,
    ran_tests("before", failing=("tests.test_cart.CartTest.test_total",)),
    step("edit", "weak"),
    messages.HunkReady(attempt=1, hunk=HUNK),
    messages.Checked(attempt=1, verdict=FAILED),
    messages.Escalated(rung="plan", reason="shop/cart.py does not parse\nline 4"),
    step("plan", "strong"),
    messages.PlanDelta(text="Goal: multiply\n1. In shop/cart.py "),
    messages.PlanDelta(text="multiply by count.\n"),
    plan_messages.PlanReady(
        goal="multiply", steps=(plan_messages.PlanStep(intent="multiply", files=("shop/cart.py",)),)
    ),
    step("edit", "weak", 2),
    messages.EditRejected(
        attempt=2, path="shop/cart.py", reason="no such lines; the nearest is line 3:\nreturn price"
    ),
    messages.HunkReady(attempt=2, hunk=HUNK),
    messages.HunkReady(attempt=2, hunk=SECOND_HUNK),
    messages.Checked(attempt=2, verdict=PASSED),
    messages.ChangeReady(
        task_id="t1",
        verdict=PASSED,
        hunks=(HUNK, SECOND_HUNK),
        conflicts=(messages.Conflict(path="shop/tax.py", reason="the text changed meanwhile"),),
    ),
)


def tells(*events: messages.TaskEvent, end: messages.RunResult | None = None) -> Any:
    """Return the double's answer to a run."""

    def answer(params: Any, session: Session) -> Any:
        session.progress(params, *map(encode, events))
        return encode(end or result())

    return answer


def rejects(_params: Any, _session: Session) -> Any:
    return {"rejected": ["h1"]}


def accepts(params: Any, _session: Session) -> Any:
    is_kept = params.get("hunkIds") != []
    return {"entryId": "e1" if is_kept else None, "files": ["shop/cart.py"] if is_kept else []}
