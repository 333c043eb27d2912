"""Lines reach the terminal whole; colours only where they are wanted."""

import pytest

from pairwright_client.terminal import Screen
from tests.clients.pictures import Paper, coloured, plain


@pytest.mark.parametrize(
    ("is_terminal", "environment", "has_colour"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
    ],
)
def test_colours_need_a_terminal_and_no_objection(
    is_terminal: bool, environment: dict[str, str], has_colour: bool
) -> None:
    screen = Screen.of(Paper(is_terminal=is_terminal), environment)
    assert (screen.paint("x", "red") != "x") is has_colour


def test_a_line_after_streamed_text_begins_anew() -> None:
    paper, screen = plain()
    screen.stream("one")
    screen.stream(" two")
    screen.line("three")
    screen.stream("four\n")
    screen.line("five")
    assert paper.getvalue() == "one two\nthree\nfour\nfive\n"


def test_a_status_is_replaced_by_what_comes_next() -> None:
    paper, screen = coloured()
    screen.status("working")
    screen.line("done")
    assert paper.getvalue() == "\x1b[2mworking\x1b[0m\r\x1b[Kdone\n"


def test_a_status_is_never_longer_than_a_line() -> None:
    paper, screen = coloured()
    screen.status("x" * 500)
    assert paper.getvalue().count("x") == 79


def test_where_lines_cannot_be_replaced_there_is_no_status() -> None:
    paper, screen = plain()
    screen.status("working")
    assert paper.getvalue() == ""


def test_a_gap_is_one_empty_line_and_none_at_the_beginning() -> None:
    paper, screen = plain()
    for text in ("", "a", "", "", "b"):
        screen.line(text)
    assert paper.getvalue() == "a\n\nb\n"
