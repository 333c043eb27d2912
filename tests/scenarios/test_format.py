"""Is a scenario read as it is written?"""

from decimal import Decimal

import pytest

from pairwright.protocol import cost_messages, messages
from tests.scenarios.format import Answer, Transcript, parse_scenario, render_scenario
from tests.scenarios.storyline import cost_lines, event_lines

TEXT = """\
The weak model mends it alone.

#- shop/cart.py
def total(prices):
    return sum(prices[1:])

#- notes: a.txt
#> instruction
Count the first price too.

#> settings
strategy: ladder
tests: python check.py

#> weak replies
shop/cart.py
<<<<<<< SEARCH
a
=======
b
>>>>>>> REPLACE

#> strong fails
Unavailable: the server is gone

#> cancelled at
weak edits, attempt 1

#> meanwhile shop/cart.py
x = 1

#> events
weak edits, attempt 1

#> diff
-a
+b

#> cost
total: 1 call
"""


def test_everything_that_is_given_is_read() -> None:
    scenario = parse_scenario(TEXT)
    assert scenario.prose == "The weak model mends it alone."
    assert scenario.files == {
        "shop/cart.py": "def total(prices):\n    return sum(prices[1:])\n",
        "notes: a.txt": "\n",
    }
    assert scenario.instruction == "Count the first price too."
    assert scenario.settings == {"strategy": "ladder", "tests": "python check.py"}
    reply = "shop/cart.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n"
    assert scenario.answers == [
        Answer("weak", "replies", reply),
        Answer("strong", "fails", "Unavailable: the server is gone"),
    ]
    assert scenario.cancelled_at == "weak edits, attempt 1"
    assert scenario.meanwhile == {"shop/cart.py": "x = 1\n"}


def test_the_expectations_are_written_as_they_are_read() -> None:
    transcript = Transcript(("weak edits, attempt 1",), "-a\n+b\n", ("total: 1 call",))
    assert render_scenario(parse_scenario(TEXT), transcript) == TEXT


def test_other_events_give_another_text() -> None:
    transcript = Transcript(("strong edits, attempt 1",), "", ("total: 1 call",))
    assert render_scenario(parse_scenario(TEXT), transcript) != TEXT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#> instruction\nx\n", "begins with a sentence"),
        ("Prose.\n#> instructions\nx\n", "no heading"),
        ("Prose.\n#> weak stutters\nx\n", "no heading"),
        ("Prose.\n#> settings\ncolour: red\n", "no setting"),
        ("Prose.\n#> settings\nstrategy\n", "no setting"),
        ("Prose.\n#> events\nx\n#> instruction\ny\n", "after the expectations"),
    ],
)
def test_a_scenario_that_means_nothing_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_scenario(text)


def check_lines(event: messages.TaskEvent, *lines: str) -> None:
    assert tuple(event_lines(event)) == lines


HUNK = messages.HunkView(
    hunk_id="h1",
    path="a.py",
    old_start=4,
    old_lines=("a\n", "b\n"),
    new_start=4,
    new_lines=("c\n",),
    unified="",
)
VERDICT = messages.VerdictView(
    is_sound=False,
    checks=(
        messages.CheckView(name="applies", outcome="passed", detail=""),
        messages.CheckView(name="size", outcome="not_run", detail=""),
        messages.CheckView(name="tests", outcome="failed", detail="boom"),
    ),
)


def test_events_are_told_in_short_lines() -> None:
    check_lines(
        messages.StepStarted(step="edit", tier="weak", model="m", attempt=2),
        "weak edits, attempt 2",
    )
    check_lines(
        messages.StepStarted(step="plan", tier="strong", model="m", attempt=1), "strong plans"
    )
    check_lines(messages.HunkReady(attempt=1, hunk=HUNK), "hunk a.py line 5: -2 +1")
    check_lines(
        messages.Checked(attempt=1, verdict=VERDICT), "gate: not sound (applies; tests FAILED)"
    )
    check_lines(
        messages.EditRejected(attempt=1, path="", reason="no edit\nat all"), "rejected: no edit"
    )
    check_lines(messages.PlanDelta(text="x"))


def test_a_test_run_is_told_with_what_fails() -> None:
    check_lines(
        messages.TestsRun(
            when="before", is_green=False, ran=2, failing=("t.one",), duration_ms=9, output="..."
        ),
        "tests before: red, 2 ran, failing: t.one",
    )


def test_a_change_is_told_hunk_by_hunk() -> None:
    check_lines(
        messages.ChangeReady(
            task_id="t",
            verdict=VERDICT,
            hunks=(HUNK,),
            conflicts=(messages.Conflict(path="b.py", reason="it moved"),),
        ),
        "change: not sound (applies; tests FAILED)",
        "  h1 a.py line 5: -2 +1",
        "  conflict in b.py: it moved",
    )


def test_money_is_told_without_zeros_at_the_end() -> None:
    def row(key: str, unpriced: int) -> cost_messages.CostRow:
        return cost_messages.CostRow(
            key=key,
            calls=1,
            input_tokens=1000,
            cached_tokens=0,
            output_tokens=100,
            cost_usd=Decimal("0.001200"),
            unpriced_calls=unpriced,
        )

    report = cost_messages.CostReport(
        rows=(row("weak", 1),), total=row("", 0), day_usd=Decimal(0), day_cap_usd=Decimal(5)
    )
    assert list(cost_lines(report)) == [
        "weak: 1 call, 1000 in, 100 out, $0.0012, 1 without a price",
        "total: 1 call, 1000 in, 100 out, $0.0012",
    ]
