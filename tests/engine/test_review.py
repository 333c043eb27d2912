"""What is kept, rejected and still to be decided of a change?"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.editing.change import FileEditKind
from pairwright.engine.changes.review import HunkState, Review, ReviewHunk
from pairwright.errors import InvalidRequest, UnknownTask
from pairwright.text.diff import apply_hunks, diff_texts
from pairwright.workspace.paths import WorkspacePath

A, B = WorkspacePath("a.py"), WorkspacePath("b.py")
BASE = "".join(f"{number}\n" for number in range(9))
NEW = BASE.replace("0\n", "zero\nand more\n").replace("4\n", "").replace("8\n", "eight\n")


def review_of(base: str, new: str, path: WorkspacePath = A) -> Review:
    """Return the review of a change of one file, its hunks named h1, h2, …"""
    return Review(
        tuple(
            ReviewHunk(f"h{number}", path, FileEditKind.MODIFY, base, (hunk,))
            for number, hunk in enumerate(diff_texts(base, new), 1)
        )
    )


def states(review: Review) -> list[str]:
    return [hunk.state.value for hunk in review.hunks]


def whole_file(kind: FileEditKind, base: str | None, new: str | None) -> ReviewHunk:
    hunks = diff_texts(base or "", new or "")
    target = B if kind is FileEditKind.RENAME else None
    return ReviewHunk("h1", A, kind, base, hunks, target)


def test_hunks_go_from_pending_to_kept_or_rejected_one_by_one() -> None:
    review = review_of(BASE, NEW)
    kept = review.keep(["h2"], {A: BASE})
    assert kept.texts == {A: BASE.replace("4\n", "")}
    assert states(kept.review) == ["pending", "kept", "pending"]
    rejected = kept.review.reject(["h1"])
    assert states(rejected) == ["rejected", "kept", "pending"]
    last = rejected.keep(None, kept.texts)
    assert last.texts == {A: BASE.replace("4\n", "").replace("8\n", "eight\n")}
    assert last.review.pending == ()


def test_rejecting_all_touches_only_what_is_pending() -> None:
    kept = review_of(BASE, NEW).keep(["h1"], {A: BASE})
    assert states(kept.review.reject(None)) == ["kept", "rejected", "rejected"]


@pytest.mark.parametrize("verb", ["keep", "reject"])
@pytest.mark.parametrize(
    ("hunk_ids", "error", "reason"),
    [
        (["h9"], UnknownTask, "no hunk 'h9'"),
        (["h3", "h9"], UnknownTask, "no hunk 'h9'"),
        (["h1"], InvalidRequest, "'h1' is kept already: 'pairwright undo'"),
        (["h2"], InvalidRequest, "'h2' is rejected already: run"),
        ([], InvalidRequest, "no hunk is named"),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_decided(
    verb: str, hunk_ids: list[str], error: type[Exception], reason: str
) -> None:
    before = review_of(BASE, NEW).keep(["h1"], {A: BASE})
    review = before.review.reject(["h2"])
    decide: Callable[[], object] = {
        "keep": lambda: review.keep(hunk_ids, before.texts),
        "reject": lambda: review.reject(hunk_ids),
    }[verb]
    with pytest.raises(error, match=reason):
        decide()
    assert states(review) == ["kept", "rejected", "pending"]


def test_pending_hunks_follow_what_is_typed_between_two_decisions() -> None:
    first = review_of(BASE, NEW).keep(["h2"], {A: BASE})
    typed = f"# mine\n{first.texts[A]}".replace("6\n", "six\n")
    second = first.review.keep(None, {A: typed})
    assert second.texts[A] == "# mine\nzero\nand more\n1\n2\n3\n5\nsix\n7\neight\n"


def test_a_pending_hunk_whose_lines_are_typed_over_says_both_sides_and_can_be_rejected() -> None:
    typed = BASE.replace("8\n", "mine\n")
    kept = review_of(BASE, NEW).keep(None, {A: typed})
    (conflict,) = kept.conflicts
    assert (conflict.hunk_id, conflict.ours, conflict.theirs) == ("h3", "eight\n", "mine\n")
    assert conflict.reason == "line 9 was changed"
    assert states(kept.review) == ["kept", "kept", "pending"]
    assert kept.texts[A] is not None
    assert "mine\n" in kept.texts[A]
    assert kept.review.reject(["h3"]).pending == ()


def test_a_conflict_that_is_typed_away_again_is_none() -> None:
    first = review_of(BASE, NEW).keep(["h1"], {A: BASE.replace("8\n", "mine\n")})
    text = first.texts[A]
    assert text is not None
    assert first.review.carried({A: text}).conflicts[0].hunk_id == "h3"
    assert first.review.carried({A: text.replace("mine\n", "8\n")}).conflicts == ()


def test_a_change_that_somebody_made_by_hand_is_kept_without_writing() -> None:
    typed = BASE.replace("8\n", "eight\n")
    kept = review_of(BASE, NEW).keep(["h3"], {A: typed})
    assert (kept.texts, kept.conflicts, states(kept.review)[2]) == ({}, (), "kept")


def test_deciding_forgets_the_texts_of_what_is_kept() -> None:
    kept = review_of(BASE, NEW).keep(["h1"], {A: BASE}).review
    assert (kept.hunks[0].base, kept.hunks[0].hunks) == (None, ())


@pytest.mark.parametrize(
    ("kind", "base", "new", "now", "expected"),
    [
        (FileEditKind.CREATE, None, "n\n", {}, {A: "n\n"}),
        (FileEditKind.CREATE, None, "", {}, {A: ""}),
        (FileEditKind.CREATE, None, "n\n", {A: "mine\n"}, "there is such a file by now"),
        (FileEditKind.DELETE, "o\n", None, {A: "o\n"}, {A: None}),
        (FileEditKind.DELETE, "", None, {A: ""}, {A: None}),
        (FileEditKind.DELETE, "o\n", None, {A: "o\nmine\n"}, "would be removed was changed"),
        (FileEditKind.DELETE, "o\n", None, {}, "the file was removed"),
        (FileEditKind.MODIFY, "o\n", "n\n", {}, "the file was removed"),
        (FileEditKind.RENAME, "o\n", "o\n", {A: "o\n"}, {A: None, B: "o\n"}),
        (FileEditKind.RENAME, "o\np\n", "n\np\n", {A: "o\np\nq\n"}, {A: None, B: "n\np\nq\n"}),
        (FileEditKind.RENAME, "o\n", "o\n", {A: "o\n", B: "mine\n"}, "there is a file 'b.py'"),
        (FileEditKind.RENAME, "o\n", "o\n", {}, "the file was removed"),
        (FileEditKind.RENAME, "o\n", "n\n", {A: "mine\n"}, "line 1 was changed"),
    ],
)
def test_a_whole_file_is_decided_as_one(
    kind: FileEditKind,
    base: str | None,
    new: str | None,
    now: dict[WorkspacePath, str | None],
    expected: dict[WorkspacePath, str | None] | str,
) -> None:
    kept = Review((whole_file(kind, base, new),)).keep(None, now)
    if isinstance(expected, str):
        assert expected in kept.conflicts[0].reason
        assert kept.texts == {}
        assert kept.review.pending == ("h1",)
    else:
        assert (kept.texts, kept.conflicts) == (expected, ())


def test_a_renamed_file_says_where_it_comes_from() -> None:
    kept = Review((whole_file(FileEditKind.RENAME, "o\n", "n\n"),)).keep(None, {A: "o\n"})
    assert kept.renamed == {B: A}


lines = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\r\n", "\n", "e"]), max_size=14)
texts = lines.map("".join)


@given(texts, texts, st.data())
@settings(max_examples=150)
def test_the_order_in_which_hunks_are_kept_makes_no_difference(
    base: str, new: str, data: st.DataObject
) -> None:
    review = review_of(base, new)
    left = data.draw(st.permutations(review.pending))
    text: str | None = base
    while left:
        size = data.draw(st.integers(1, len(left)))
        kept = review.keep(left[:size], {A: text})
        assert kept.conflicts == ()
        review, text, left = kept.review, kept.texts[A], left[size:]
    assert text == new


@given(texts, texts, st.data())
@settings(max_examples=150)
def test_a_kept_subset_is_that_subset_of_the_diff(base: str, new: str, data: st.DataObject) -> None:
    review = review_of(base, new)
    chosen = [each for each in review.pending if data.draw(st.booleans())]
    text: str | None = base
    for hunk_id in data.draw(st.permutations(chosen)):
        kept = review.keep([hunk_id], {A: text})
        review, text = kept.review, kept.texts[A]
    review = review.reject(None) if review.pending else review
    hunks = diff_texts(base, new)
    wanted = [hunk for number, hunk in enumerate(hunks, 1) if f"h{number}" in chosen]
    assert text == apply_hunks(base, wanted)
    assert {hunk.state for hunk in review.hunks} <= {HunkState.KEPT, HunkState.REJECTED}


@given(texts, texts, st.lists(texts, min_size=1, max_size=3), st.data())
@settings(max_examples=200)
def test_whatever_is_typed_no_line_of_it_is_lost_and_no_hunk_gets_lost(
    base: str, new: str, typed: list[str], data: st.DataObject
) -> None:
    """A person's text is only changed where a kept hunk replaces lines of its own base."""
    review = review_of(base, new)
    for text in typed:
        if not review.pending:
            return
        asked = data.draw(st.sampled_from([None, *([each] for each in review.pending)]))
        kept = review.keep(asked, {A: text})
        decided = set(review.pending) - set(kept.review.pending)
        assert decided == set(kept.hunk_ids)
        assert decided.isdisjoint(each.hunk_id for each in kept.conflicts)
        if A in kept.texts:
            after = kept.texts[A]
            assert after is not None
            removed = [line for hunk in diff_texts(text, after) for line in hunk.old_lines]
            mine = [line for hunk in review.hunks for each in hunk.hunks for line in each.old_lines]
            assert set(removed) <= set(mine)
        review = kept.review


def test_a_review_is_a_value() -> None:
    review = review_of(BASE, NEW)
    review.keep(None, {A: BASE})
    assert states(review) == ["pending"] * 3
    assert replace(review) == review
