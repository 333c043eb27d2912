"""Which lines does a model write for markers, and what becomes of those that nearly are?"""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.editing.blocks import (
    Block,
    DeleteFile,
    MalformedBlock,
    RenameFile,
    SearchReplace,
    WholeFile,
    WholeSymbol,
)
from pairwright.editing.frame import new_parser
from pairwright.editing.markers import BLOCK_MARKERS
from pairwright.errors import Truncated
from tests.editing.workspaces import read_answer

SEARCH = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n"
FILE_A = "### FILE a\n"


def check(answer: str, *expected: Block) -> None:
    assert read_answer(new_parser(), answer) == expected


def test_every_kind_of_block_is_read_whatever_was_asked_for() -> None:
    check(
        f"{FILE_A}{SEARCH}<<<<<<< SYMBOL C.f\n  def f(): ...\n>>>>>>> SYMBOL\n"
        "### FILE b\n<<<<<<< WHOLE\nx\n>>>>>>> WHOLE\n"
        "<<<<<<< DIFF\n@@ -2 +2 @@\n-y\n+z\n>>>>>>> DIFF\n"
        "### DELETE c d\n### RENAME e\n\n### TO f/g\n### END 6\n",
        SearchReplace("a", "a\n", "b\n"),
        WholeSymbol("a", "C.f", "  def f(): ...\n"),
        WholeFile("b", "x\n"),
        SearchReplace("b", "y\n", "z\n", 1),
        DeleteFile("c d"),
        RenameFile("e", "f/g"),
    )


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("`a b.py`", "a b.py"),
        ('"a b.py"', "a b.py"),
        ("'a b.py'", "a b.py"),
        ('"caf\\303\\251.py"', "café.py"),
        ('"\\377.py"', "\\377.py"),
        ("/dev/null", "/dev/null"),
        ("./a.py", "./a.py"),
        ("`a", "`a"),
        ("'", "'"),
    ],
)
def test_a_path_may_be_quoted(written: str, path: str) -> None:
    check(f"### FILE {written}\n{SEARCH}### END 1", SearchReplace(path, "a\n", "b\n"))
    check(f"### DELETE {written}\n### END 1", DeleteFile(path))
    check(f"### RENAME {written}\n### TO {written}\n### END 1", RenameFile(path, path))


@pytest.mark.parametrize(
    ("hints", "near_line", "within"),
    [
        ("### AT 120\n", 119, ""),
        ("### AT line 7\n", 6, ""),
        ("### AT 7-9\n", 6, ""),
        ("### AT 0\n", 0, ""),
        ("### AT `C.f`\n", None, "C.f"),
        ("### AT 3\n### AT C.f\n", 2, "C.f"),
    ],
)
def test_a_hint_is_about_the_next_block_only(
    hints: str, near_line: int | None, within: str
) -> None:
    check(
        f"{FILE_A}{hints}{SEARCH}{SEARCH}### END 2",
        SearchReplace("a", "a\n", "b\n", near_line, within),
        SearchReplace("a", "a\n", "b\n"),
    )


def test_a_byte_order_mark_before_the_answer_is_no_part_of_it() -> None:
    check(f"\ufeff{FILE_A}{SEARCH}### END 1", SearchReplace("a", "a\n", "b\n"))
    assert read_answer(new_parser(), "\ufeff", "", f"{FILE_A}{SEARCH}### END 1")


def test_a_byte_order_mark_in_a_block_is_text() -> None:
    answer = f"{FILE_A}<<<<<<< WHOLE\n\ufeffx\n>>>>>>> WHOLE\n### END 1"
    check(answer, WholeFile("a", "\ufeffx\n"))


def refusals(answer: str) -> list[str]:
    """Return why an answer cannot be used; it holds broken blocks and is whole all the same."""
    blocks = read_answer(new_parser(), answer)
    return [each.reason for each in blocks if isinstance(each, MalformedBlock)]


@pytest.mark.parametrize(
    "opener",
    [
        "<<<<<< SEARCH",
        "<<<<<<<< SEARCH",
        "<<<<<<<SEARCH",
        "<<<<<<< search",
        "  <<<<<<< SEARCH",
        "<<<<<<< SEARCH a.py",
        "<<<<<<< UPDATE",
        "＜＜＜＜＜＜＜ SEARCH",
        "‹‹‹‹‹‹‹ SEARCH",
        "《《《《《《《 SEARCH",
        "\u200b<<<<<<< SEARCH",
        "<<<<<<< ЅEARCH",
        "<<<<<<<\u00a0SEARCH",
    ],
)
def test_what_only_looks_like_an_opening_marker_is_refused(opener: str) -> None:
    answer = f"{FILE_A}{SEARCH.replace('<<<<<<< SEARCH', opener)}### END 1"
    (reason,) = refusals(answer)
    assert "is no marker" in reason


@pytest.mark.parametrize(
    "closer",
    [
        ">>>>>> REPLACE",
        ">>>>>>>> REPLACE",
        ">>>>>>>REPLACE",
        ">>>>>>> Replace",
        "＞＞＞＞＞＞＞ REPLACE",
        "››››››› REPLACE",
        ">>>>>>> REPLACE a.py",
        "\u200b>>>>>>> REPLACE",
    ],
)
def test_what_only_looks_like_a_closing_marker_is_refused(closer: str) -> None:
    answer = f"{FILE_A}{SEARCH.replace('>>>>>>> REPLACE', closer)}### END 1"
    (reason,) = refusals(answer)
    assert "is almost a marker" in reason
    assert ">>>>>>> REPLACE" in reason


@pytest.mark.parametrize(
    "file_line",
    [
        "### File: b",
        "## FILE b",
        "#### FILE b",
        "###FILE b",
        "  ### FILE b",
        "＃＃＃ FILE b",
        "### ＦＩＬＥ b",
        "### FILЕ b",
        "\ufeff### FILE b",
        "### FILE",
    ],
)
def test_a_block_is_not_of_the_file_before_when_the_file_line_is_odd(file_line: str) -> None:
    answer = f"{FILE_A}{SEARCH}{file_line}\n{SEARCH}### END 2"
    (reason,) = refusals(answer)
    assert "'### FILE path'" in reason


@pytest.mark.parametrize("line", ["### Filed under x", "### FILEx", "# Title", "#", "### AT"])
def test_other_headings_are_prose(line: str) -> None:
    check(f"{FILE_A}{line}\n{SEARCH}### END 1", SearchReplace("a", "a\n", "b\n"))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (f"{FILE_A}<<<<<<< SYMBOL\nx\n>>>>>>> SYMBOL\n", "does not name its definition"),
        (f"{FILE_A}<<<<<<< WHOLE\nx\n>>>>>>> REPLACE\n", "ends with '>>>>>>> WHOLE'"),
        (f"{FILE_A}<<<<<<< WHOLE\nx\n{SEARCH}", "before the block was closed"),
        (f"{FILE_A}{SEARCH}>>>>>>> REPLACE\n", "closes no block"),
        (f"{FILE_A}<<<<<<< SEARCH\n{SEARCH}", "before the block was closed"),
        ("### TO b\n", "needs '### RENAME path' before it"),
        ("### RENAME a\n", "needs '### TO new path' next"),
        (f"### RENAME a\n{FILE_A}{SEARCH}", "needs '### TO new path' next"),
        ("### RENAME a\n### DELETE b\n", "needs '### TO new path' next"),
        ("### RENAME a\n### RENAME b\n### TO c\n", "needs '### TO new path' next"),
        (f"{FILE_A}### DELETE b\n{SEARCH}", "no '### FILE path' line"),
        ("## DELETE a\n", "looks like one"),
        ("＃＃＃ RENAME a\n", "looks like one"),
    ],
)
def test_a_broken_answer_says_what_is_wrong_whatever_it_counts(answer: str, reason: str) -> None:
    for count in (0, 1, 2, 3):
        assert any(reason in each for each in refusals(f"{answer}### END {count}"))
    with pytest.raises(Truncated):
        read_answer(new_parser(), answer)


def test_a_rename_that_was_cut_is_no_answer() -> None:
    with pytest.raises(Truncated):
        read_answer(new_parser(), "### END 0\n### RENAME a")


def test_lines_of_other_programs_conflicts_are_text() -> None:
    text = "<<<<<<< HEAD\nx\n||||||| base\n>>>>>>> main\n>>> REPL\n<<< WHOLE\n"
    check(f"{FILE_A}<<<<<<< WHOLE\n{text}>>>>>>> WHOLE\n### END 1", WholeFile("a", text))


@given(
    st.lists(st.sampled_from([*BLOCK_MARKERS, "### FILE a", "### END 1", "### TO b", "x", "+y"]))
)
def test_an_answer_of_any_lines_is_read_or_refused(lines: list[str]) -> None:
    parser = new_parser()
    blocks = list(parser.feed("\n".join([*lines, "### END 1\n"])))
    with suppress(Truncated):
        blocks += parser.finish()
        is_broken = any(isinstance(block, MalformedBlock) for block in blocks)
        assert is_broken or len(blocks) >= 1


def test_a_very_long_line_costs_no_more_than_its_length() -> None:
    parser = new_parser()
    parser.feed(f"{FILE_A}<<<<<<< WHOLE\n")
    began = time.perf_counter()
    for _ in range(200_000):
        parser.feed("word ")
    assert time.perf_counter() - began < 5
    (block,) = parser.feed("\n>>>>>>> WHOLE\n")
    assert block == WholeFile("a", "word " * 200_000 + "\n")


def test_a_hint_about_one_file_says_nothing_of_the_next() -> None:
    block = SearchReplace("a", "a\n", "b\n")
    check(f"### FILE b\n### AT 7\n{FILE_A}{SEARCH}### END 1\n", block)
    check(
        f"### FILE b\n### AT C.f\n### DELETE b\n{FILE_A}{SEARCH}### END 2\n",
        DeleteFile("b"),
        block,
    )


def test_an_indented_marker_is_shown_as_it_was_written() -> None:
    (refused,) = read_answer(new_parser(), f"{FILE_A}  {SEARCH}### END 1\n")
    assert isinstance(refused, MalformedBlock)
    assert "'  <<<<<<< SEARCH' is no marker" in refused.reason
    assert "not indented" in refused.reason
