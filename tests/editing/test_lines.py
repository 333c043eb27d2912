import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.editing.lines import TextLines, lines_of
from pairwright.text.ranges import LineIndex, line_contents, line_end, split_lines

texts = st.text(st.sampled_from("ab \n\r\t\x0c\u2028é“\u00a0"), max_size=40)


@given(texts)
def test_lines_starts_and_ends_are_those_of_the_text(text: str) -> None:
    lines = TextLines(text)
    assert tuple(lines.contents) == line_contents(text)
    assert [lines.end_of(number) for number in range(len(lines.contents))] == [
        line_end(line) for line in split_lines(text)
    ]
    index = LineIndex(text)
    for number in range(len(lines.contents) + 2):
        assert lines.start_of(number) == index.start_of(number)
    for offset in range(len(text)):
        assert lines.line_of(offset) == index.line_of(offset)


@given(texts)
def test_every_way_to_look_at_the_lines_has_as_many(text: str) -> None:
    lines = TextLines(text)
    count = len(lines.contents)
    assert len(lines.evened) == count
    for joined in (lines.joined, lines.joined_evened, lines.joined_stripped):
        assert joined.startswith("\n")
        assert joined.endswith("\n")
        assert joined.count("\n") == count + 1
    assert lines.joined.split("\n")[1 : count + 1] == list(lines.contents)


@pytest.mark.parametrize(
    ("line", "evened"),
    [
        ("a \t\u00a0", "a"),
        ("\u00a0a\u2009b", " a b"),
        ("\u201ehi\u201d \u2018x\u2019 \u2032", "\"hi\" 'x' '"),
        ("1 \u2212 2 \u2014 3 \u2011", "1 - 2 - 3 -"),
        ("wait\u2026", "wait..."),
        ("ze\u200bro\ufeff", "zero"),
        ("cafe\u0301", "caf\u00e9"),
        ("naïve 日本 \u00d7", "naïve 日本 \u00d7"),
    ],
)
def test_what_only_looks_different_is_evened_out(line: str, evened: str) -> None:
    assert TextLines(f"x\n{line}\n").evened == ["x", evened]


def test_the_lines_of_a_text_are_kept() -> None:
    assert lines_of("a\nb\n") is lines_of("".join(["a\n", "b\n"]))
