"""Hunks are kept or discarded one by one; nothing is kept that was not agreed to."""

import os
from collections.abc import Iterator

import pytest

from pairwright_client.review import ReadLine, TypedLines, choose_hunks, confirm
from tests.clients import story
from tests.clients.pictures import plain
from tests.support.waiting import within

HUNKS = (story.HUNK, story.SECOND_HUNK)


def answers(*lines: str) -> ReadLine:
    left: Iterator[str] = iter(lines)

    async def read_line() -> str | None:
        return next(left, None)

    return read_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("y", "n"), ("h1",)),
        (("n", "y"), ("h2",)),
        (("y", "y"), ("h1", "h2")),
        (("a",), ("h1", "h2")),
        (("n", "a"), ("h2",)),
        (("q",), ()),
        (("y", "q"), ("h1",)),
        ((" YES ", "No"), ("h1",)),
        (("", "what", "?", "y", "n"), ("h1",)),
        ((), ()),
        (("y",), ("h1",)),
    ],
)
async def test_answers_decide_which_hunks_are_kept(
    typed: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    _, screen = plain()
    assert await choose_hunks(screen, answers(*typed), HUNKS, story.PASSED) == kept


async def test_a_question_mark_explains_and_asks_again() -> None:
    paper, screen = plain()
    await choose_hunks(screen, answers("?", "n"), (story.HUNK,), story.PASSED)
    assert "a  keep this hunk and all that follow" in paper.getvalue()
    assert paper.getvalue().count("Keep hunk 1 of 1?") == 2


async def test_a_change_that_the_gate_did_not_pass_is_announced_as_such() -> None:
    paper, screen = plain()
    await choose_hunks(screen, answers("n"), (story.HUNK,), story.FAILED)
    assert "The gate did not pass this change" in paper.getvalue()


@pytest.mark.parametrize(
    ("typed", "agreed"), [("y", True), ("Yes", True), ("", False), ("x", False)]
)
async def test_only_yes_is_yes(typed: str, agreed: bool) -> None:
    _, screen = plain()
    assert await confirm(screen, answers(typed), "Go on?") is agreed


async def test_no_answer_is_no() -> None:
    _, screen = plain()
    assert await confirm(screen, answers(), "Go on?") is False


async def test_typed_lines_come_one_by_one_however_they_were_typed() -> None:
    reading, writing = os.pipe()
    try:
        read_line = TypedLines(reading)
        os.write(writing, "y\nnö\nlast".encode())
        os.close(writing)
        async with within():
            lines = [await read_line() for _ in range(5)]
    finally:
        os.close(reading)
    assert lines == ["y", "nö", "last", None, None]
