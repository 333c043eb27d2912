"""Is a cut answer ever taken for a whole one? T13: 50 answers, cut at every byte, 0 times."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.editing.blocks import Block, MalformedBlock
from pairwright.editing.frame import AnswerParser
from pairwright.editing.markers import CLOSERS, END_MARKER, OPENERS, RENAME_MARKER, TO_MARKER
from pairwright.errors import Truncated
from tests.editing.answers import valid_answers
from tests.editing.workspaces import read_answer

ANSWERS = tuple(valid_answers())
CUTS = 50_000


def test_each_answer_holds_its_blocks_and_there_are_cuts_enough() -> None:
    for answer, blocks in ANSWERS:
        assert read_answer(AnswerParser(), answer) == blocks
    assert len(ANSWERS) == 50
    assert sum(len(answer.encode()) for answer, _ in ANSWERS) >= CUTS


@pytest.mark.parametrize("number", range(len(ANSWERS)))
@pytest.mark.parametrize("errors", ["ignore", "replace"])
def test_an_answer_cut_at_any_byte_is_never_whole(number: int, errors: str) -> None:
    """T13: only a cut that loses nothing but what follows the end marker leaves it whole."""
    answer, blocks = ANSWERS[number]
    received = answer.encode()
    is_whole_from = len(answer[: answer.rindex(END_MARKER) + len(END_MARKER) + 2].encode())
    for cut in range(len(received) + 1):
        found, is_whole = read_cut(received[:cut].decode("utf-8", errors))
        assert is_whole is (cut >= is_whole_from)
        # What was shown while it streamed is a beginning of the answer, never half a block.
        assert found == blocks[: len(found)]


def read_cut(text: str) -> tuple[tuple[Block, ...], bool]:
    """Return the blocks that were streamed, and whether the answer counts as whole."""
    parser = AnswerParser()
    found = parser.feed(text)
    try:
        return (*found, *parser.finish()), True
    except Truncated:
        return found, False


@given(st.sampled_from(ANSWERS), st.data())
def test_how_an_answer_is_cut_into_pieces_makes_no_difference(
    case: tuple[str, tuple[Block, ...]], data: st.DataObject
) -> None:
    answer, blocks = case
    cuts = data.draw(st.lists(st.integers(0, len(answer)), max_size=40).map(sorted))
    pieces = [answer[start:end] for start, end in pairwise([0, *cuts, len(answer)])]
    assert read_answer(AnswerParser(), *pieces) == blocks


@given(st.sampled_from(ANSWERS))
def test_an_answer_may_come_character_by_character(case: tuple[str, tuple[Block, ...]]) -> None:
    answer, blocks = case
    assert read_answer(AnswerParser(), *answer) == blocks


@given(st.lists(st.sampled_from(ANSWERS[1][0].split("\n")), max_size=60))
def test_no_mixture_of_an_answers_lines_makes_the_pieces_matter(lines: list[str]) -> None:
    answer = "\n".join([*lines, "### END 3"])
    outcomes = []
    for pieces in ([answer], list(answer), answer.splitlines(keepends=True)):
        parser = AnswerParser()
        found = [block for piece in pieces for block in parser.feed(piece)]
        try:
            found += parser.finish()
        except Truncated as error:
            outcomes.append((found, str(error)))
        else:
            outcomes.append((found, ""))
    assert outcomes[0] == outcomes[1] == outcomes[2]


@pytest.mark.parametrize("number", range(len(ANSWERS)))
def test_a_lost_line_is_never_a_smaller_answer(number: int) -> None:
    """T13: whichever marker is lost, blocks that merge are not taken for the ones that were meant.

    A lost line of text cannot be told; it is no marker, and the matching and the gate judge it.
    """
    lines = ANSWERS[number][0].splitlines(keepends=True)
    for at, line in enumerate(lines):
        if not line.startswith((*OPENERS, *CLOSERS, RENAME_MARKER, TO_MARKER)):
            continue
        found, is_whole = read_cut("".join(lines[:at] + lines[at + 1 :]))
        assert not is_whole or any(isinstance(each, MalformedBlock) for each in found), line


def test_blocks_in_any_order_and_number_are_what_they_are() -> None:
    """T13: repeated and reordered blocks are read as written; what they mean is for `matching`."""
    parts = [
        "### FILE b.py\n<<<<<<< SYMBOL f\ndef f(): ...\n>>>>>>> SYMBOL\n",
        "### FILE a.py\n<<<<<<< WHOLE\nx = 1\n>>>>>>> WHOLE\n",
        "### DELETE c.py\n",
        "### FILE b.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n",
    ]
    (single,) = zip(
        *(read_answer(AnswerParser(), f"{part}### END 1") for part in parts), strict=True
    )
    for seed in range(20):
        order = random.Random(seed).choices(range(len(parts)), k=6)
        answer = "".join(parts[each] for each in order) + "### END 6\n"
        assert read_answer(AnswerParser(), answer) == tuple(single[each] for each in order)
