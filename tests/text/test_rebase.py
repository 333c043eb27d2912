import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pairwright.text.diff import Hunk, apply_hunks, diff_texts
from pairwright.text.rebase import rebase

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n", "d\n", "e"]), max_size=12).map(
    "".join
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base of distinct lines and two edited copies of it."""
    size = draw(st.integers(0, 12))
    base = [f"{number}\n" for number in range(size)]

    def copy(name: str) -> str:
        lines = []
        for line in base:
            action = draw(st.sampled_from(["keep", "keep", "keep", "change", "drop", "insert"]))
            lines += {
                "keep": [line],
                "change": [f"{name}{line}"],
                "drop": [],
                "insert": [f"{name} before {line}", line],
            }[action]
        text = "".join(lines)
        return text.removesuffix("\n") if draw(st.booleans()) else text

    return "".join(base), copy("ours"), copy("theirs")


def check_rebased(base: str, ours: str, theirs: str) -> tuple[str, list[str]]:
    """Rebase ours onto theirs; return the merged text and the reasons of conflicts."""
    rebased = rebase(base, diff_texts(base, ours), theirs)
    return apply_hunks(theirs, rebased.hunks), [each.reason for each in rebased.conflicts]


@given(texts, texts)
def test_onto_the_base_itself_nothing_moves(base: str, ours: str) -> None:
    hunks = diff_texts(base, ours)
    rebased = rebase(base, hunks, base)
    assert rebased.hunks == hunks
    assert rebased.conflicts == ()


@given(texts, texts, texts)
def test_each_hunk_is_carried_or_in_conflict_and_what_is_carried_fits(
    base: str, ours: str, theirs: str
) -> None:
    hunks = diff_texts(base, ours)
    rebased = rebase(base, hunks, theirs)
    assert len(rebased.hunks) + len(rebased.conflicts) == len(hunks)
    merged = apply_hunks(theirs, rebased.hunks)
    for hunk in rebased.hunks:
        apply_hunks(theirs, [hunk])
    assert [(hunk.old_lines, hunk.new_lines) for hunk in rebased.hunks] == [
        (hunk.old_lines, hunk.new_lines)
        for hunk in hunks
        if hunk not in [each.hunk for each in rebased.conflicts]
    ]
    if not rebased.hunks:
        assert merged == theirs


@given(edited())
def test_two_changes_without_conflict_give_one_text_in_either_order(
    case: tuple[str, str, str],
) -> None:
    base, ours, theirs = case
    merged, conflicts = check_rebased(base, ours, theirs)
    other_way, other_conflicts = check_rebased(base, theirs, ours)
    assume(not conflicts and not other_conflicts)
    assert merged == other_way


@given(edited())
def test_a_line_that_nobody_touched_stays(case: tuple[str, str, str]) -> None:
    base, ours, theirs = case
    merged, _ = check_rebased(base, ours, theirs)
    for line in base.splitlines():
        if line in ours.splitlines() and line in theirs.splitlines():
            assert line in merged.splitlines()


@given(texts, texts)
def test_a_change_already_made_is_never_made_twice(base: str, ours: str) -> None:
    merged, conflicts = check_rebased(base, ours, ours)
    assert merged == ours
    assert all("already made" in reason for reason in conflicts)


@st.composite
def edited_by_two(draw: st.DrawFn) -> tuple[str, str, str, str | None]:
    """A base of distinct lines, two edited copies of it, and what both make of it together.

    None for the last: somewhere both did different things to one line, or to two neighbours.
    """
    size = draw(st.integers(1, 12))
    acts = st.sampled_from(["keep", "keep", "keep", "change", "drop"])
    ours = [draw(acts) for _ in range(size)]
    theirs = [draw(acts) for _ in range(size)]

    def line(number: int, act: str, who: str) -> str:
        return {"keep": f"{number}\n", "change": f"{number} of {who}\n", "drop": ""}[act]

    merged = "".join(
        line(number, our, "ours") if their == "keep" else line(number, their, "theirs")
        for number, (our, their) in enumerate(zip(ours, theirs, strict=True))
    )
    touches = [our != "keep" and their != "keep" for our, their in zip(ours, theirs, strict=True)]
    return (
        "".join(line(number, "keep", "") for number in range(size)),
        "".join(line(number, act, "ours") for number, act in enumerate(ours)),
        "".join(line(number, act, "theirs") for number, act in enumerate(theirs)),
        None if any(touches) else merged,
    )


@given(edited_by_two())
def test_all_carried_hunks_together_are_the_three_way_merge(
    case: tuple[str, str, str, str | None],
) -> None:
    base, ours, theirs, expected = case
    merged, conflicts = check_rebased(base, ours, theirs)
    if expected is None:
        assert conflicts
    elif not conflicts:
        assert merged == expected


@given(edited_by_two())
def test_hunks_of_lines_that_nobody_else_touched_always_survive(
    case: tuple[str, str, str, str | None],
) -> None:
    base, ours, theirs, _ = case
    rebased = rebase(base, diff_texts(base, ours), theirs)
    touched = diff_texts(base, theirs)
    for conflict in rebased.conflicts:
        hunk = conflict.hunk
        assert any(
            other.old_start <= hunk.old_end and hunk.old_start <= other.old_end for other in touched
        )


@given(edited_by_two(), st.data())
def test_the_order_in_which_hunks_are_carried_makes_no_difference(
    case: tuple[str, str, str, str | None], data: st.DataObject
) -> None:
    base, ours, theirs, _ = case
    hunks = diff_texts(base, ours)
    shuffled = data.draw(st.permutations(hunks))
    assert rebase(base, shuffled, theirs) == rebase(base, hunks, theirs)
    alone = [rebase(base, [hunk], theirs) for hunk in hunks]
    together = rebase(base, hunks, theirs)
    carried = [(hunk.old_start, hunk.new_lines) for each in alone for hunk in each.hunks]
    assert carried == [(hunk.old_start, hunk.new_lines) for hunk in together.hunks]


@given(edited_by_two())
def test_a_conflict_shows_both_sides_as_they_stand_in_the_two_texts(
    case: tuple[str, str, str, str | None],
) -> None:
    base, ours, theirs, _ = case
    for conflict in rebase(base, diff_texts(base, ours), theirs).conflicts:
        assert "".join(conflict.current_lines) in theirs
        kept = set(ours.splitlines(keepends=True)) | set(base.splitlines(keepends=True))
        assert set(conflict.wanted_lines) <= kept


def test_a_conflict_shows_what_is_wanted_and_what_stands_there() -> None:
    base = "a\nb\nc\nd\n"
    (conflict,) = rebase(base, diff_texts(base, "a\nB\nc\nd\n"), "new\na\nx\ny\nd\n").conflicts
    assert conflict.wanted_lines == ("B\n", "c\n")
    assert conflict.current_lines == ("x\n", "y\n")
    assert not conflict.is_made


def test_a_change_that_was_made_already_is_marked_as_such() -> None:
    (conflict,) = rebase("a\nb\n", diff_texts("a\nb\n", "a\nB\n"), "a\nB\n").conflicts
    assert conflict.is_made


def test_a_hunk_moves_with_the_lines_above_it() -> None:
    merged, conflicts = check_rebased("a\nb\nc\n", "a\nb\nC\n", "x\ny\na\nb\nc\n")
    assert (merged, conflicts) == ("x\ny\na\nb\nC\n", [])


def test_new_starts_count_the_hunks_before() -> None:
    rebased = rebase(
        "a\nb\nc\nd\n", diff_texts("a\nb\nc\nd\n", "A\nA\nb\nC\nd\n"), "x\na\nb\nc\nd\n"
    )
    assert [(hunk.old_start, hunk.new_start) for hunk in rebased.hunks] == [(1, 1), (3, 4)]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "reason"),
    [
        ("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", "line 2 was changed"),
        ("a\nb\nc\n", "a\nX\nc\n", "a\nc\n", "line 2 was removed"),
        ("a\nb\nc\nd\n", "a\nd\n", "a\nb\nX\nc\nd\n", "text was inserted before line 3"),
        ("a\nb\n", "a\nX\nb\n", "a\nY\nb\n", "text was inserted before line 2"),
        ("a\nb\n", "a\nX\nb\n", "A\nb\n", "line 1 was changed"),
        ("a\nb\n", "a\nX\nb\n", "a\nB\n", "line 2 was changed"),
        ("a\nb\n", "a\nb\nX\n", "a\nb", "line 2 was changed"),
        ("", "x\n", "y\n", "text was inserted before line 1"),
        ("a\nb\nc\n", "X\nc\n", "Y\nZ\nc\n", "lines 1 to 2 were changed"),
        ("a\nb\n", "a\nb", "a\nb\nc\n", "added behind"),
    ],
)
def test_a_hunk_that_cannot_follow_says_why(base: str, ours: str, theirs: str, reason: str) -> None:
    merged, conflicts = check_rebased(base, ours, theirs)
    assert merged == theirs
    assert len(conflicts) == 1
    assert reason in conflicts[0]


def test_one_conflict_does_not_hold_up_the_other_hunks() -> None:
    base = "a\nb\nc\nd\ne\n"
    merged, conflicts = check_rebased(base, "A\nb\nc\nd\nE\n", "new\na\nb\nc\nd\nother\n")
    assert merged == "new\nA\nb\nc\nd\nother\n"
    assert conflicts == ["line 5 was changed"]


def test_text_inserted_beside_a_replacement_is_no_conflict() -> None:
    merged, conflicts = check_rebased("a\nb\nc\n", "a\nB\nc\n", "a\n<\nb\n>\nc\n")
    assert (merged, conflicts) == ("a\n<\nB\n>\nc\n", [])


def test_hunks_of_another_base_are_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        rebase("a\n", [Hunk(0, ("x\n",), 0, ())], "a\n")


def test_thousands_of_hunks_follow_thousands_of_changes_quickly() -> None:
    base = "".join(f"{number}\n" for number in range(12_000))
    ours = "".join(f"x{number}\n" if number % 4 == 0 else f"{number}\n" for number in range(12_000))
    theirs = "".join(
        f"{number}\ny\n" if number % 4 == 2 else f"{number}\n" for number in range(12_000)
    )
    hunks = diff_texts(base, ours)
    started = time.process_time()
    rebased = rebase(base, hunks, theirs)
    assert time.process_time() - started < 2
    assert (len(rebased.hunks), rebased.conflicts) == (3_000, ())
