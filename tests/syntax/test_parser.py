import pytest

from pairwright.syntax.languages.javascript import JAVASCRIPT
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.parser import MAX_TEXT_BYTES, parse


def names(text: str) -> list[str]:
    tree = parse(PYTHON, text)
    assert tree is not None
    nodes = tree.captures(PYTHON, "(identifier) @name").get("name", [])
    by_range = [text[tree.range_of(node).start : tree.range_of(node).end] for node in nodes]
    assert by_range == [tree.text_of(node) for node in nodes]
    return by_range


@pytest.mark.parametrize("filler", ["", "a", "é", "→", "🙂", "e\u0301", "\u2028", "👨‍👩‍👧", "\r\n"])
def test_bytes_become_code_points_before_and_after_any_character(filler: str) -> None:
    assert names(f"one = '''{filler}'''; two = '''{filler * 3}''' + three\n") == [
        "one",
        "two",
        "three",
    ]


def test_identifiers_outside_ascii_keep_their_ranges() -> None:
    assert names("größe = naïve(名前)\n") == ["größe", "naïve", "名前"]


def test_a_lone_surrogate_does_not_stop_the_parser() -> None:
    assert names("a = '\ud800'\nb = 1\n")[:1] == ["a"]


def test_a_text_past_the_limit_is_not_parsed() -> None:
    assert parse(PYTHON, "#" * MAX_TEXT_BYTES) is not None
    assert parse(PYTHON, "#" * (MAX_TEXT_BYTES + 1)) is None


def test_a_text_that_takes_too_many_steps_is_not_parsed() -> None:
    assert parse(JAVASCRIPT, "a<b," * 150_000) is None


def test_parsing_again_after_a_stop_is_unharmed() -> None:
    parse(JAVASCRIPT, "a<b," * 150_000)
    tree = parse(JAVASCRIPT, "f();")
    assert tree is not None
    assert tree.problems == ()
