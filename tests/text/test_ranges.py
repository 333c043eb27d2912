import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.text.ranges import (
    FewPlaces,
    LineIndex,
    TextRange,
    line_contents,
    line_end,
    split_lines,
)

texts = st.text(alphabet="ab\n\r\x0c\u2028", max_size=30)


@given(texts)
def test_lines_put_together_are_the_text(text: str) -> None:
    assert "".join(split_lines(text)) == text


@given(texts)
def test_every_line_but_the_last_has_a_line_end(text: str) -> None:
    lines = split_lines(text)
    assert all(line_end(line) for line in lines[:-1])
    assert all(line.count("\n") + line.count("\r") == len(line_end(line)) for line in lines)


@given(texts.map(lambda text: text.replace("\r", "")))
def test_lines_are_the_same_whether_a_return_stands_somewhere_or_not(text: str) -> None:
    assert (*split_lines(f"{text}\n"), "\r") == split_lines(f"{text}\n\r")
    index, other = LineIndex(text), LineIndex(text + "\r")
    starts = [index.start_of(line) for line in range(index.line_count)]
    assert starts == [other.start_of(line) for line in range(index.line_count)]
    assert other.line_count == index.line_count + 1


def test_a_form_feed_and_a_line_separator_end_no_line() -> None:
    assert split_lines("a\x0cb\u2028c\n") == ("a\x0cb\u2028c\n",)


def test_contents_leave_out_all_three_line_ends() -> None:
    assert line_contents("a\nb\r\nc\rd") == ("a", "b", "c", "d")


@given(texts, st.data())
def test_an_offset_lies_in_the_line_that_holds_it(text: str, data: st.DataObject) -> None:
    index = LineIndex(text)
    offset = data.draw(st.integers(0, len(text)))
    line = index.line_of(offset)
    assert index.start_of(line) <= offset
    assert offset < index.start_of(line + 1) or offset == len(text)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (3, 2)])
def test_a_range_that_is_none_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a range"):
        TextRange(start, end)


@given(st.text(st.sampled_from("ab\r\n\f\u2028"), max_size=30), st.data())
def test_few_places_are_those_of_the_index(text: str, data: st.DataObject) -> None:
    lines, few = LineIndex(text), FewPlaces(text)
    offset = data.draw(st.integers(0, len(text)))
    line, start = few.line_around(offset)
    assert (line, start) == (lines.line_of(offset), lines.start_of(lines.line_of(offset)))
    rest = text[start : lines.start_of(line + 1)].rstrip("\r\n")
    assert few.rest_of_line(start) == rest
    end = data.draw(st.integers(offset, len(text)))
    around = few.line_around(offset), few.line_around(end)
    assert few.lines_around(TextRange(offset, end)) == around
