"""Is any text of a model read as a plan of some kind?"""

import pytest

from pairwright.strategies.planner import read_plan

PATHS = ("a.py", "pkg/b.py")


def check_plan(text: str, goal: str, *steps: str) -> None:
    plan = read_plan(text, PATHS, fallback_goal="what was asked")
    assert plan.goal == goal
    assert tuple(step.intent for step in plan.steps) == steps


def test_a_goal_and_numbered_steps() -> None:
    check_plan("Goal: sums.\n1. a.py: add.\n2. b: test.\n", "sums.", "a.py: add.", "b: test.")


@pytest.mark.parametrize("mark", ["1.", "1)", "-", "*", "  3.", "**1.**", "Step 2:"])
def test_a_step_begins_with_a_number_or_a_bullet(mark: str) -> None:
    check_plan(f"Goal: g\n{mark} do it\n", "g", "do it")


def test_prose_alone_is_a_goal() -> None:
    check_plan("I would\nchange the sum.\n", "I would change the sum.")


@pytest.mark.parametrize("text", ["", "\n \n", "Goal:\n", "```\n1. code\n```\n"])
def test_nothing_usable_leaves_what_was_asked(text: str) -> None:
    check_plan(text, "what was asked")


def test_code_is_left_out() -> None:
    check_plan("Goal: g\n```python\n- x = 1\n```\n1. do it\n", "g", "do it")


def test_a_fence_that_never_closes_hides_nothing() -> None:
    check_plan("Goal: g\n1. first\n```python\n2. second\n", "g", "first", "second")


def test_prose_between_steps_is_left_out() -> None:
    check_plan("Goal: g\n1. first\nbecause of x\n2. second\n", "g", "first", "second")


def test_the_word_goal_may_be_written_in_many_ways() -> None:
    for text in ("goal: g", "**Goal:** g", "# Goal\ng", "GOAL - g"):
        assert read_plan(text, PATHS, fallback_goal="").goal.removeprefix("- ") == "g"


def test_fifty_steps_are_cut() -> None:
    plan = read_plan("".join(f"{n}. step {n}\n" for n in range(50)), PATHS, fallback_goal="g")
    assert [step.intent for step in plan.steps] == [f"step {n}" for n in range(8)]


def test_steps_know_the_files_that_they_name() -> None:
    plan = read_plan("1. in a.py and pkg/b.py, add\n2. c.py: no\n", PATHS, fallback_goal="g")
    assert [step.files for step in plan.steps] == [("a.py", "pkg/b.py"), ()]
