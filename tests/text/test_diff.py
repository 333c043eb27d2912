import random
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.text.diff import DiffKind, FileDiff, Hunk, apply_hunks, diff_texts, to_unified
from pairwright.text.ranges import split_lines

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n", "d\r", "e"]), max_size=12).map(
    "".join
)


@given(texts, texts)
def test_the_hunks_make_the_new_text_of_the_old_one(old: str, new: str) -> None:
    assert apply_hunks(old, diff_texts(old, new)) == new


@given(texts, texts)
def test_hunks_are_in_order_and_an_unchanged_line_lies_between_two(old: str, new: str) -> None:
    hunks = diff_texts(old, new)
    for before, after in pairwise(hunks):
        assert before.old_end < after.old_start
    for hunk in hunks:
        assert hunk.old_lines != hunk.new_lines
        new_end = hunk.new_start + len(hunk.new_lines)
        assert split_lines(new)[hunk.new_start : new_end] == hunk.new_lines


@given(texts, texts, st.data())
def test_any_subset_of_hunks_applies(old: str, new: str, data: st.DataObject) -> None:
    hunks = diff_texts(old, new)
    chosen = [hunk for hunk in hunks if data.draw(st.booleans())]
    left = [hunk for hunk in hunks if hunk not in chosen]
    halfway = apply_hunks(old, chosen)
    growth_before = [
        sum(other.growth for other in chosen if other.old_start < hunk.old_start) for hunk in left
    ]
    moved = [
        Hunk(hunk.old_start + growth, hunk.old_lines, hunk.new_start, hunk.new_lines)
        for hunk, growth in zip(left, growth_before, strict=True)
    ]
    assert apply_hunks(halfway, moved) == new


def test_equal_texts_have_no_hunks() -> None:
    assert diff_texts("a\nb", "a\nb") == ()


def test_a_hunk_holds_no_context() -> None:
    assert diff_texts("a\nb\nc\n", "a\nX\nY\nc\n") == (Hunk(1, ("b\n",), 1, ("X\n", "Y\n")),)


@pytest.mark.parametrize(
    "hunks",
    [
        [Hunk(0, ("x\n",), 0, ())],
        [Hunk(1, ("b\n", "c\n"), 1, ())],
        [Hunk(7, (), 7, ("x\n",))],
        [Hunk(0, ("a\n", "b\n"), 0, ()), Hunk(1, ("b\n",), 1, ())],
        [Hunk(1, (), 1, ("x\n",)), Hunk(1, (), 1, ("y\n",))],
    ],
)
def test_hunks_that_do_not_fit_are_refused(hunks: list[Hunk]) -> None:
    with pytest.raises(ValueError, match=r"fit|overlap"):
        apply_hunks("a\nb\n", hunks)


def timed_hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """Diff within the bound, and correctly."""
    began = time.perf_counter()
    hunks = diff_texts(old, new)
    assert time.perf_counter() - began < 5
    assert apply_hunks(old, hunks) == new
    return hunks


def test_a_big_file_with_a_change_in_every_other_line_keeps_small_hunks() -> None:
    old = [f"line {number}\n" for number in range(20_000)]
    new = [f"new {number}\n" if number % 2 else line for number, line in enumerate(old)]
    assert len(timed_hunks("".join(old), "".join(new))) == 10_000


def test_a_big_file_of_equal_lines_takes_bounded_time() -> None:
    old = "x\n" * 20_000
    new = "y\n" + "x\ny\n" * 15_000
    timed_hunks(old, new)


def test_a_big_shuffled_file_takes_bounded_time() -> None:
    lines = [f"{number % 7000}\n" for number in range(30_000)]
    shuffled = random.Random(1).sample(lines, len(lines))
    timed_hunks("".join(lines), "".join(shuffled))


def test_two_far_changes_in_a_big_file_are_two_hunks() -> None:
    old = [f"{number % 50}\n" if number % 3 else f"unique {number}\n" for number in range(50_000)]
    new = ["first\n", *old[:-1], "last\n"]
    assert len(timed_hunks("".join(old), "".join(new))) == 2


def git_apply(folder: Path, patch: str) -> None:
    subprocess.run(
        ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"],
        cwd=folder,
        input=patch.encode(),
        check=True,
        capture_output=True,
        timeout=5,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\nc\n", "a\nX\nc\n"),
        ("a\r\nb\r\nc\r\n", "a\r\nX\r\nc\r\n"),
        ("a\nb\n", "a\r\nb\r\n"),
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nb"),
        ("a\nb", "a\nb\nc"),
        ("a\rb\nc\rd\n", "a\rX\nc\rd\n"),
        ("a\x0cb\u2028c\nd\n", "a\x0cX\u2028c\nd\n"),
        ("\n" * 3, "\n" * 5),
        ("-- a\n++ b\n", "++ a\n-- b\n"),
        ("".join(f"{n}\n" for n in range(40)), "".join(f"{n}\n" for n in range(40) if n % 11)),
        (
            "".join(f"{n}\n" for n in range(40)),
            "".join(f"{n}\n{'x' * (n % 9)}\n" for n in range(40)),
        ),
        (None, "new\nfile"),
        (None, ""),
        ("old\n", None),
        ("", None),
    ],
)
def test_git_applies_the_unified_form(tmp_path: Path, old: str | None, new: str | None) -> None:
    check_git_applies(tmp_path, "a.txt", old, new)


@pytest.mark.parametrize(
    "name",
    [
        "with blank.txt",
        "with blank/x y.txt",
        'quo"te.txt',
        "back\\slash.txt",
        "tab\t.txt",
        "é ü.txt",
    ],
)
@pytest.mark.parametrize(("old", "new"), [("a\n", "b\n"), (None, "a\n"), ("a\n", None), (None, "")])
def test_git_understands_every_name(
    tmp_path: Path, name: str, old: str | None, new: str | None
) -> None:
    check_git_applies(tmp_path, name, old, new)


def check_git_applies(folder: Path, name: str, old: str | None, new: str | None) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if old is not None:
        target.write_bytes(old.encode())
    kind = DiffKind.CREATE if old is None else DiffKind.DELETE if new is None else DiffKind.MODIFY
    diff = FileDiff(name, kind, diff_texts(old or "", new or ""))
    git_apply(folder, to_unified(diff, old or ""))
    assert (target.read_bytes().decode() if target.exists() else None) == new


@given(texts, texts, st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_git_applies_whatever_changed(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, context: int
) -> None:
    folder = tmp_path_factory.mktemp("git")
    (folder / "a").write_bytes(old.encode())
    patch = to_unified(FileDiff("a", DiffKind.MODIFY, diff_texts(old, new)), old, context or 3)
    if patch:
        git_apply(folder, patch)
    assert (folder / "a").read_bytes().decode() == new


def test_one_hunk_of_many_is_shown_by_itself(tmp_path: Path) -> None:
    old = "".join(f"{number}\n" for number in range(30))
    hunks = diff_texts(old, old.replace("3\n", "3\n3b\n", 1).replace("20\n", "twenty\n"))
    (tmp_path / "a").write_text(old)
    patch = to_unified(FileDiff("a", DiffKind.MODIFY, hunks[1:]), old)
    assert patch.splitlines()[2] == "@@ -18,7 +18,7 @@"
    git_apply(tmp_path, patch)
    assert (tmp_path / "a").read_text() == apply_hunks(old, hunks[1:])


def test_near_hunks_share_their_context() -> None:
    old = "".join(f"{number}\n" for number in range(30))
    new = old.replace("10\n", "ten\n").replace("17\n", "seventeen\n")
    patch = to_unified(FileDiff("a", DiffKind.MODIFY, diff_texts(old, new)), old)
    assert patch.count("@@ -") == 1
    assert patch.startswith("--- a/a\n+++ b/a\n@@ -8,14 +8,14 @@\n 7\n")


def test_a_missing_final_line_end_is_said() -> None:
    patch = to_unified(FileDiff("a", DiffKind.MODIFY, diff_texts("a", "b\n")), "a")
    assert patch == ("--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n")


def test_an_empty_side_is_counted_from_the_line_before() -> None:
    diff = FileDiff("a", DiffKind.CREATE, diff_texts("", "x\n"))
    assert to_unified(diff, "") == "--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n"
    diff = FileDiff("a", DiffKind.DELETE, diff_texts("x\n", ""))
    assert to_unified(diff, "x\n") == "--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n"


def test_no_difference_has_no_unified_form() -> None:
    assert to_unified(FileDiff("a", DiffKind.MODIFY, ()), "a\n") == ""


def test_a_diff_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        to_unified(FileDiff("a", DiffKind.MODIFY, (Hunk(0, ("x\n",), 0, ()),)), "a\n")
