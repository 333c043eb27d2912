"""What a person sees of a task; the pictures lie in `golden`."""

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from pairwright.protocol import messages, plan_messages
from pairwright.protocol.model_messages import ModelReplaced
from pairwright.protocol.rung_messages import RungEnded
from pairwright_client.render import TaskView
from pairwright_client.terminal import Screen
from tests.clients import story
from tests.clients.pictures import Paper, check_picture, coloured, plain


def show(on: tuple[Paper, Screen], *events: messages.TaskEvent) -> str:
    paper, screen = on
    view = TaskView(screen, clock=lambda: 0.0)
    for event in events:
        view.show(event)
    return paper.getvalue()


def test_a_task_that_climbs_the_ladder_reads_from_top_to_bottom() -> None:
    check_picture("ladder", show(plain(), *story.LADDER))


def test_on_a_terminal_the_same_has_colours() -> None:
    check_picture("ladder_in_colour", show(coloured(), *story.LADDER))


def test_a_proposal_that_was_not_shown_before_is_shown() -> None:
    other = replace(story.CHANGE, hunks=(story.SECOND_HUNK,))
    drawn = show(plain(), messages.HunkReady(attempt=1, hunk=story.HUNK), other)
    assert "+COUNT = 1" in drawn


def test_a_proposal_that_was_shown_as_it_was_found_is_not_shown_again() -> None:
    drawn = show(plain(), messages.HunkReady(attempt=1, hunk=story.HUNK), story.CHANGE)
    assert drawn.count("+    return price * count") == 1


def test_a_plan_that_was_not_streamed_is_written_as_steps() -> None:
    steps = (
        plan_messages.PlanStep(intent="multiply", files=("a.py", "b.py")),
        plan_messages.PlanStep(intent="test it", files=()),
    )
    drawn = show(plain(), plan_messages.PlanReady(goal="be right", steps=steps))
    assert drawn == "  Goal: be right\n  1. multiply (a.py, b.py)\n  2. test it\n"


@pytest.mark.parametrize(
    ("tests", "line"),
    [
        (story.ran_tests("before"), "Tests before: ✓ 12 tests pass (0.4 s)"),
        (story.ran_tests("after", ran=1), "Tests after: ✓ 1 test passes (0.4 s)"),
        (story.ran_tests("after", ran=None), "Tests after: ✓ all pass (0.4 s)"),
        (story.ran_tests("before", failing=("a", "b")), "Tests before: ✗ 2 of 12 fail (0.4 s)"),
        (story.ran_tests("before", is_green=False), "Tests before: ✗ fail (0.4 s)"),
    ],
)
def test_a_test_run_is_one_line(tests: messages.TestsRun, line: str) -> None:
    assert show(plain(), tests).strip().splitlines()[0] == line


def test_of_many_failures_some_are_named_and_the_rest_counted() -> None:
    drawn = show(plain(), story.ran_tests("before", failing=tuple(f"test_{n}" for n in range(8))))
    assert drawn.splitlines()[-2:] == ["    test_4", "    and 3 more"]


def test_output_stands_in_for_failures_without_names() -> None:
    tests = story.ran_tests("before", is_green=False, output="ImportError: no shop\n")
    assert show(plain(), tests).splitlines()[-1] == "    ImportError: no shop"


def test_what_models_write_cannot_command_the_terminal() -> None:
    attack = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egood"
    hunk = replace(story.HUNK, path=attack, unified=f"@@ -1 +1 @@\n+{attack}\r\n")
    drawn = show(
        plain(),
        messages.PlanDelta(text=attack),
        messages.HunkReady(attempt=1, hunk=hunk),
        messages.EditRejected(attempt=1, path=attack, reason=attack),
        messages.Escalated(rung=attack, reason=attack),
        RungEnded(rung=attack, outcome="nothing", attempts=(1,), reason=attack),
        messages.StrategyChosen(strategy=attack, reason=attack),
        plan_messages.PlanReady(goal=attack, steps=()),
        messages.ProgressMade(step=attack, done=1),
        story.ran_tests("before", failing=(attack,)),
    )
    assert not set(drawn) & {"\x1b", "\x07", "\x9b", "\u202e", "\r"}
    assert r"\x1b]0;owned\x07\x1b[2J\x9b31m\u202egood" in drawn


@pytest.mark.parametrize(
    ("attempts", "cost_usd", "unpriced_calls", "expected"),
    [
        ((1, 2), Decimal("0.0024"), 0, "  weak: over budget (2 attempts, $0.002400)\n"),
        ((1,), Decimal(0), 0, "  weak: over budget (1 attempt)\n"),
        ((), None, 0, "  weak: over budget (0 attempts)\n"),
        ((1, 2), Decimal("0.01"), 1, "  weak: over budget (2 attempts, at least $0.01)\n"),
    ],
)
def test_a_rung_is_told_in_one_line_with_its_cost(
    attempts: tuple[int, ...], cost_usd: Decimal | None, unpriced_calls: int, expected: str
) -> None:
    ended = RungEnded(
        rung="weak",
        outcome="over_budget",
        attempts=attempts,
        reason="",
        cost_usd=cost_usd,
        unpriced_calls=unpriced_calls,
    )
    assert show(plain(), ended) == expected


def test_a_choice_is_told_with_its_reason() -> None:
    drawn = show(plain(), messages.StrategyChosen(strategy="weak", reason="weak alone: it pays"))
    assert drawn == "→ weak is chosen (weak alone: it pays)\n"


def test_a_removed_line_of_dashes_is_no_file_heading() -> None:
    hunk = replace(story.HUNK, unified="--- a/x.sql\n+++ b/x.sql\n@@ -1 +0,0 @@\n--- a comment\n")
    event = messages.HunkReady(attempt=1, hunk=hunk)
    assert show(plain(), event, event).count("--- a comment") == 2


def test_the_running_cost_is_a_status_and_only_on_a_terminal() -> None:
    assert "spent $0.0123 of $0.50" in show(coloured(), story.cost_notice())
    assert show(plain(), story.cost_notice()) == ""


class Watch:
    """A clock that is told the time."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def download(on: tuple[Paper, Screen], *seconds: float) -> str:
    paper, screen = on
    watch = Watch()
    view = TaskView(screen, clock=watch)
    for moment in seconds:
        watch.now = moment
        done = int(50e6 * moment)
        view.show(messages.ProgressMade(step="download", done=done, total=int(1e9), unit="bytes"))
    return paper.getvalue()


def test_a_download_has_a_bar_with_speed_and_time_left() -> None:
    drawn = download(coloured(), 0, 1, 2)
    assert "██░░░░░░░░░░░░░░░░░░ download: 100 MB of 1.0 GB, 50 MB/s, 18 s left" in drawn


def test_without_a_terminal_a_download_is_a_line_now_and_then() -> None:
    drawn = download(plain(), 0, 1, 2, 9.9, 10.1, 20)
    assert drawn.splitlines() == [
        "  download: 0 kB of 1.0 GB",
        "  download: 505 MB of 1.0 GB, 50 MB/s, 9.9 s left",
        "  ✓ download: 1.0 GB of 1.0 GB, 50 MB/s",
    ]


def test_progress_of_unknown_length_says_only_what_goes_on() -> None:
    assert show(plain(), messages.ProgressMade(step="start the model", done=0)) == (
        "  start the model\n"
    )


def test_the_worst_case_of_an_open_call_is_not_told_as_spent() -> None:
    thinking = show(coloured(), story.step("edit", "weak"), story.cost_notice())
    assert thinking.endswith("thinking … at most $0.0123 of $0.50\x1b[0m")


def test_progress_that_is_kept_is_said() -> None:
    drawn = show(
        plain(), messages.ProgressKept(attempt=1, still_failing=1, shown_files=("a.py (it fails)",))
    )
    assert drawn == (
        "→ kept, the next attempt builds on it: 1 test still fails\n"
        "  The models see:\n    a.py (it fails)\n"
    )


@pytest.mark.parametrize("event", get_args(messages.TaskEvent))
def test_every_event_of_a_task_can_be_shown(event: type) -> None:
    assert event in TaskView.__dict__["show"].dispatcher.registry


def test_a_model_that_took_over_is_said_with_the_reason() -> None:
    event = ModelReplaced(
        tier="strong",
        model="cloud/big",
        replaced_by="here/small",
        reason="cloud has failed 5 times in a row",
    )
    assert "cloud has failed 5 times in a row; here/small is asked in place of the strong" in show(
        plain(), event
    )
