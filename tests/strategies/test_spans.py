"""Spans that a model points at."""

import pytest

from pairwright.strategies.spans import Span, excerpt, numbered, read_spans
from pairwright.workspace.paths import WorkspacePath

A, B = WorkspacePath("app/a.py"), WorkspacePath("b c.py")
TEXTS = {A: "".join(f"line {number}\n" for number in range(1, 31)), B: "one\ntwo\n"}


def spans(answer: str) -> list[tuple[str, int, int]]:
    return [(span.path, span.first + 1, span.last + 1) for span in read_spans(answer, TEXTS)]


@pytest.mark.parametrize(
    "answer",
    [
        "app/a.py:10-12",
        "- app/a.py:10-12 (the loop)",
        "1. `app/a.py`: lines 10 to 12",
        "* app/a.py: 10 – 12\n",
        "Here they are:\n\napp/a.py:10-12\nother.py:1-9\n",
    ],
)
def test_a_span_is_read_in_whatever_way_it_is_said(answer: str) -> None:
    assert spans(answer) == [(A, 8, 14)]


def test_spans_that_touch_are_one_and_files_keep_their_order() -> None:
    answer = "b c.py:1\napp/a.py:20-22\napp/a.py:13-15\napp/a.py:5-8"
    assert spans(answer) == [(A, 3, 24), (B, 1, 2)]
    assert spans("app/a.py:3-4\napp/a.py:20-20") == [(A, 1, 6), (A, 18, 22)]


@pytest.mark.parametrize(
    "answer",
    ["", "nothing", "app/a.py:0-2", "app/a.py:9-3", "app/a.py:31-40", "x.py:1-2", "a.py:1"],
)
def test_what_names_no_line_that_was_shown_says_nothing(answer: str) -> None:
    assert spans(answer) == []


def test_a_span_that_runs_past_the_end_stops_there() -> None:
    assert spans("app/a.py:29-999") == [(A, 27, 30)]


def test_an_excerpt_is_verbatim_and_tells_of_its_gaps() -> None:
    assert excerpt(TEXTS[A], [Span(A, 0, 1), Span(A, 27, 28)]) == (
        "line 1\nline 2\n... lines 3 to 27 are not shown\nline 28\nline 29\n"
        "... lines 30 to 30 are not shown\n"
    )
    assert excerpt(TEXTS[B], [Span(B, 0, 1)]) == TEXTS[B]


def test_lines_are_numbered_as_people_number_them() -> None:
    assert numbered("a\nb") == "1: a\n2: b"
