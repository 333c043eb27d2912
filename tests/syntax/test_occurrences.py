"""Where a word stands, and as what."""

import pytest

from pairwright.syntax.languages.registry import language_named
from pairwright.syntax.occurrences import occurrences_of


def places(language: str, text: str) -> list[str] | None:
    """Return as what each `take` of a text stands there."""
    known = language_named(language)
    assert known is not None
    found = occurrences_of(known, text, "take")
    if found is None:
        return None
    assert all(text[each.range.start : each.range.end] == "take" for each in found)
    return [each.place.value for each in found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "take = 1  # take\nx = 'take'\n"),
        ("javascript", "let take = 1 // take\nlet x = 'take'\n"),
        ("typescript", "let take = 1 /* take */\nlet x = `take`\n"),
        ("go", 'package p\nvar take = 1 // take\nvar x = "take"\n'),
        ("java", 'class A { int take; /* take */ String x = "take"; }\n'),
        ("rust", 'fn take() {} // take\nconst X: &str = "take";\n'),
    ],
)
def test_code_comments_and_strings_are_told_apart(language: str, text: str) -> None:
    assert places(language, text) == ["code", "comment", "string"]


def test_what_a_string_computes_is_code() -> None:
    assert places("python", "f'{take} take'\n") == ["code", "string"]


def test_parts_of_longer_words_do_not_count() -> None:
    assert places("python", "taken = retake = take_2 = take2\ntake\n") == ["code"]


def test_characters_of_several_bytes_move_nothing() -> None:
    assert places("python", "x = 'ünï🎈' + take  # é take\n") == ["code", "comment"]


@pytest.mark.parametrize("text", ["def take(:\n", "take = (\n"])
def test_of_a_broken_text_nothing_is_said(text: str) -> None:
    assert places("python", text) is None


def test_an_empty_text_holds_no_word() -> None:
    assert places("python", "") == []
