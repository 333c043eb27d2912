"""The order of a plan's steps, and their shares."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.planning.order import batches, token_caps, without_skipped
from pairwright.planning.plan import Plan, Step


def step(*files: str, after: tuple[int, ...] = (), weight: float = 1.0) -> Step:
    return Step("do it", files=files, after=after, weight=weight)


def check_batches(steps: list[Step], *expected: tuple[int, ...]) -> None:
    assert batches(Plan("all", tuple(steps))) == expected


def test_steps_in_different_files_are_done_side_by_side() -> None:
    check_batches([step("a.py"), step("b.py")], (0, 1))


def test_steps_in_one_file_are_done_in_turn() -> None:
    check_batches([step("a.py"), step("b.py"), step("a.py", "c.py")], (0, 1), (2,))


def test_a_step_waits_for_what_it_names() -> None:
    check_batches([step("a.py"), step("b.py", after=(1,)), step("c.py")], (0, 2), (1,))


def test_a_later_step_that_others_wait_for_comes_first() -> None:
    check_batches([step("a.py", after=(2,)), step("a.py")], (1,), (0,))


def test_a_step_that_names_no_files_is_alone() -> None:
    check_batches([step("a.py"), step(), step("b.py")], (0,), (1,), (2,))


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="in a circle"):
        batches(Plan("all", (step("a.py", after=(2,)), step("b.py", after=(1,)))))


def test_tokens_follow_the_weights_and_favour_the_early_steps() -> None:
    caps = token_caps([step(weight=3.0), step(), step()], 1000, least=10)
    assert caps == (675, 180, 144)


def test_no_step_gets_less_than_it_needs() -> None:
    assert token_caps([step(weight=99.0), step()], 1000, least=200) == (991, 200)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20), st.integers(1, 100_000))
def test_the_shares_never_exceed_the_whole(weights: list[float], total: int) -> None:
    steps = [step(weight=weight) for weight in weights]
    assert sum(token_caps(steps, total, least=0)) <= total


def test_no_steps_have_no_shares() -> None:
    assert token_caps([], 1000, least=10) == ()


def check_without_skipped(steps: list[Step], *expected: tuple[int, ...]) -> None:
    assert [step.after for step in without_skipped(Plan("all", tuple(steps))).steps] == [*expected]


def test_without_skipped_steps_the_others_are_numbered_anew() -> None:
    steps = [step("a"), step("b"), step("c", after=(1,))]
    check_without_skipped(
        [replace(steps[1], is_skipped=True), steps[0], step("c", after=(2,))], (), (1,)
    )


def test_what_came_after_a_skipped_step_comes_after_what_that_came_after() -> None:
    first, last = step("a"), step("d", after=(3, 1))
    skipped = [replace(step(after=(number,)), is_skipped=True) for number in (1, 2)]
    check_without_skipped([first, *skipped, last], (), (1,))


def test_skipped_steps_that_wait_in_a_circle_are_left_out() -> None:
    skipped = [replace(step(after=(number,)), is_skipped=True) for number in (2, 1)]
    check_without_skipped([*skipped, step("a", after=(1,))], ())


def test_a_plan_without_skipped_steps_is_as_it_was() -> None:
    plan = Plan("all", (step("a"), step("b", after=(1,))))
    assert without_skipped(plan) == plan
