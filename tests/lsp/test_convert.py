"""Do positions and offsets agree, in all three encodings?"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.handshake import PositionEncoding
from pairwright.text.ranges import TextRange

UTF_8, UTF_16, UTF_32 = PositionEncoding
WIDE = "aé𝒳b\r\nç"

texts = st.text(alphabet="ab\n\r\f\v\x85\u2028é𝒳\u0301\u200d\0\ufeff", max_size=40)


def check(text: str, line: int, character: int, encoding: PositionEncoding, offset: int) -> None:
    found = PositionConverter(text, encoding).from_lsp_position(Position(line, character))
    assert found == offset


@pytest.mark.parametrize(
    ("encoding", "characters"),
    [(UTF_8, (1, 3, 7, 8)), (UTF_16, (1, 2, 4, 5)), (UTF_32, (1, 2, 3, 4))],
)
def test_characters_count_as_the_encoding_says(
    encoding: PositionEncoding, characters: tuple[int, ...]
) -> None:
    for column, character in enumerate(characters, start=1):
        check(WIDE, 0, character, encoding, column)


@pytest.mark.parametrize("encoding", PositionEncoding)
def test_a_place_past_the_end_means_the_end(encoding: PositionEncoding) -> None:
    check(WIDE, 0, 999, encoding, 4)
    check(WIDE, 1, 999, encoding, 7)
    check(WIDE, 2, 0, encoding, 7)
    check("a\n", 1, 5, encoding, 2)
    check("", 0, 1, encoding, 0)


def test_a_place_inside_a_character_means_its_start() -> None:
    check(WIDE, 0, 3, UTF_16, 2)
    check(WIDE, 0, 2, UTF_8, 1)
    check(WIDE, 0, 5, UTF_8, 2)


def test_only_three_line_ends_count() -> None:
    check("a\fb\x85c\u2028d\ne", 1, 0, UTF_16, 8)
    check("a\rb\r\nc", 2, 0, UTF_16, 5)


def test_a_reversed_range_is_turned_round() -> None:
    backwards = Range(Position(0, 3), Position(0, 1))
    assert PositionConverter("abcd", UTF_16).from_lsp_range(backwards) == TextRange(1, 3)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(PositionEncoding))
def test_every_offset_survives_both_ways(text: str, encoding: PositionEncoding) -> None:
    converter = PositionConverter(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue  # LSP cannot name the place inside a line end.
        assert converter.from_lsp_position(converter.to_lsp_position(offset)) == offset


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(PositionEncoding))
def test_a_few_positions_are_those_of_many(text: str, encoding: PositionEncoding) -> None:
    many = PositionConverter(text, encoding)
    many.from_lsp_position(Position(0, 0))  # it indexes the lines
    for offset in range(len(text) + 1):
        few = PositionConverter(text, encoding)
        assert few.to_lsp_position(offset) == many.to_lsp_position(offset)


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(0, 9), st.integers(0, 20))
def test_utf_16_agrees_with_an_array_of_code_units(text: str, line: int, character: int) -> None:
    units = text.encode("utf-16-le")
    lines = [""]
    rest = text
    while rest:
        end = next((mark for mark in ("\r\n", "\n", "\r") if rest.startswith(mark)), "")
        lines[-1] += end or rest[0]
        rest = rest[len(end or rest[0]) :]
        if end:
            lines.append("")
    if line >= len(lines):
        expected = len(units)
    else:
        before = "".join(lines[:line]).encode("utf-16-le")
        here = lines[line].rstrip("\r\n").encode("utf-16-le")[: character * 2]
        expected = len(before) + len(here)
        if len(here) and 0xD8 <= here[-1] <= 0xDB:
            expected -= 2
    offset = PositionConverter(text, UTF_16).from_lsp_position(Position(line, character))
    assert len(text[:offset].encode("utf-16-le")) == expected


@pytest.mark.parametrize("encoding", PositionEncoding)
def test_a_minified_line_takes_no_longer_than_its_copy(encoding: PositionEncoding) -> None:
    converter = PositionConverter("é" + "x" * 1_000_000 + "𝒳", encoding)
    end = len(converter.text)
    began = time.thread_time()
    position = converter.to_lsp_position(end)
    assert converter.from_lsp_position(position) == end
    assert time.thread_time() - began < 0.05


@pytest.mark.parametrize("encoding", PositionEncoding)
def test_halves_of_surrogates_count_as_the_characters_that_they_are(
    encoding: PositionEncoding,
) -> None:
    converter = PositionConverter("a\ud835\udcb3b", encoding)
    for offset in range(5):
        assert converter.from_lsp_position(converter.to_lsp_position(offset)) == offset
