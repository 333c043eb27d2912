from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.editing.blocks import (
    Block,
    MalformedBlock,
    SearchReplace,
    WholeFile,
)
from pairwright.editing.frame import new_parser
from pairwright.errors import Truncated
from tests.editing.workspaces import read_answer

TWO_BLOCKS = """\
Sure, here it is.
### FILE pkg/a file.py
<<<<<<< SEARCH
def f():
    return "é"
=======
def f():
    return 2
>>>>>>> REPLACE
And the second:
<<<<<<< SEARCH
=======
x
>>>>>>> REPLACE
### END 2
"""
FOUND = (
    SearchReplace("pkg/a file.py", 'def f():\n    return "é"\n', "def f():\n    return 2\n"),
    SearchReplace("pkg/a file.py", "", "x\n"),
)
WHOLE = "### FILE a.py\n<<<<<<< WHOLE\nx = 1\n\n=======\n>>>>>>> WHOLE\n### END 1"


def check(answer: str, *expected: Block) -> None:
    assert read_answer(new_parser(), answer) == expected


def test_blocks_are_found_among_prose() -> None:
    check(TWO_BLOCKS, *FOUND)


def test_a_block_is_given_as_soon_as_its_last_line_is_there() -> None:
    parser = new_parser()
    before, after = TWO_BLOCKS.split("And the second", 1)
    assert parser.feed(before) == FOUND[:1]
    assert parser.feed(after) == FOUND[1:]
    assert parser.finish() == ()


@given(st.lists(st.integers(0, len(TWO_BLOCKS)), max_size=30).map(sorted), st.booleans())
def test_how_the_answer_is_cut_into_pieces_makes_no_difference(
    cuts: list[int], is_crlf: bool
) -> None:
    answer = TWO_BLOCKS.replace("\n", "\r\n") if is_crlf else TWO_BLOCKS
    pieces = [answer[start:end] for start, end in pairwise([0, *cuts, len(answer)])]
    assert read_answer(new_parser(), *pieces) == read_answer(new_parser(), answer)


@given(st.text(alphabet="ab #<>=\n\r", max_size=60), st.data())
def test_no_text_makes_the_pieces_matter(text: str, data: st.DataObject) -> None:
    answer = f"### FILE a\n<<<<<<< SEARCH\n{text}\n=======\n{text}\n>>>>>>> REPLACE\n### END 1\n"
    cuts = data.draw(st.lists(st.integers(0, len(answer)), max_size=8).map(sorted))
    pieces = [answer[start:end] for start, end in pairwise([0, *cuts, len(answer)])]
    found: list[object] = []
    for each in ([answer], pieces, list(answer)):
        try:
            found.append(read_answer(new_parser(), *each))
        except Truncated as error:
            found.append(str(error))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("cut", range(len(TWO_BLOCKS.rstrip())))
def test_an_answer_cut_anywhere_is_truncated(cut: int) -> None:
    with pytest.raises(Truncated):
        read_answer(new_parser(), TWO_BLOCKS[:cut])


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_a_whole_file_cut_anywhere_is_truncated(cut: int) -> None:
    with pytest.raises(Truncated):
        read_answer(new_parser(), WHOLE[:cut])


def test_the_text_of_a_whole_file_is_verbatim() -> None:
    assert read_answer(new_parser(), WHOLE) == (WholeFile("a.py", "x = 1\n\n=======\n"),)


def test_a_whole_file_may_be_empty() -> None:
    answer = "### FILE a.py\n<<<<<<< WHOLE\n>>>>>>> WHOLE\n### END 1"
    assert read_answer(new_parser(), answer) == (WholeFile("a.py", ""),)


def test_markers_may_be_followed_by_blanks() -> None:
    check(
        "### FILE  a b.py \t\n<<<<<<< SEARCH  \n  a\n======= \nb \n>>>>>>> REPLACE\t\n### END 1  ",
        SearchReplace("a b.py", "  a\n", "b \n"),
    )


def test_an_answer_with_carriage_returns_is_understood() -> None:
    check(
        "### FILE a.py\r\n<<<<<<< SEARCH\r\na\r\n=======\r\nb\r\n>>>>>>> REPLACE\r\n### END 1\r\n",
        SearchReplace("a.py", "a\r\n", "b\r\n"),
    )


@pytest.mark.parametrize(
    "answer",
    [
        "```\n### FILE a.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n### END 1\n```\n",
        "### FILE a.py\n```python\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n### END 1",
        "```diff\n### FILE a.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n\n### END 1",
    ],
)
def test_fences_outside_blocks_are_ignored(answer: str) -> None:
    check(answer, SearchReplace("a.py", "a\n", "b\n"))


def test_a_fence_inside_a_block_is_text() -> None:
    check(
        "### FILE a.md\n<<<<<<< SEARCH\n```\n=======\n```py\n>>>>>>> REPLACE\n### END 1",
        SearchReplace("a.md", "```\n", "```py\n"),
    )


def test_indented_markers_are_text() -> None:
    text = " =======\n >>>>>>> REPLACE\n### END 4\n### FILE b\n======== \n"
    check(
        f"### FILE a\n<<<<<<< SEARCH\n{text}=======\n{text}>>>>>>> REPLACE\n### END 1",
        SearchReplace("a", text, text),
    )


def test_no_blocks_and_an_end_marker_that_says_so_is_a_whole_answer() -> None:
    check("Nothing is to be done.\n### END 0")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "without its last line"),
        ("### END", "without its last line"),
        ("### END two", "without its last line"),
        ("### END 1", "announces 1 blocks, and 0"),
        (TWO_BLOCKS.replace("END 2", "END 3"), "announces 3 blocks, and 2"),
        (TWO_BLOCKS.replace("### END 2", ""), "without its last line"),
        (f"### END 2\n{TWO_BLOCKS.replace('### END 2', '')}", "without its last line"),
        ("### FILE a\n<<<<<<< SEARCH\n### END 1", "inside a block for 'a'"),
        (f"{TWO_BLOCKS}### FILE b.py\n", "without its last line"),
    ],
)
def test_an_answer_without_its_true_end_marker_is_truncated(answer: str, reason: str) -> None:
    with pytest.raises(Truncated, match=reason):
        read_answer(new_parser(), answer)


@pytest.mark.parametrize(
    ("answer", "path", "reason"),
    [
        ("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n", "", "no '### FILE path' line"),
        ("### FILE a\n<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", "a", "0 '=======' lines"),
        (
            "### FILE a\n<<<<<<< SEARCH\nTitle\n=======\n=======\nb\n>>>>>>> REPLACE\n",
            "a",
            "2 '=======' lines",
        ),
    ],
)
def test_a_broken_block_is_counted_and_says_what_is_wrong(
    answer: str, path: str, reason: str
) -> None:
    (block,) = read_answer(new_parser(), f"{answer}### END 1")
    assert isinstance(block, MalformedBlock)
    assert block.path == path
    assert reason in block.reason


def test_a_block_opened_twice_does_not_swallow_the_next_one() -> None:
    first, second = read_answer(
        new_parser(),
        "### FILE a\n<<<<<<< SEARCH\na\n<<<<<<< SEARCH\nb\n=======\nc\n>>>>>>> REPLACE\n### END 2",
    )
    assert isinstance(first, MalformedBlock)
    assert second == SearchReplace("a", "b\n", "c\n")


def test_a_whole_file_without_a_path_is_malformed() -> None:
    (block,) = read_answer(new_parser(), "<<<<<<< WHOLE\na\n>>>>>>> WHOLE\n### END 1")
    assert isinstance(block, MalformedBlock)
