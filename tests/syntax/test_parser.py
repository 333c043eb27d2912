import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.syntax.languages.javascript import JAVASCRIPT
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.parser import MAX_TEXT_BYTES, SyntaxTree, parse, parse_again


def names(text: str) -> list[str]:
    tree = parse(PYTHON, text)
    assert tree is not None
    nodes = [match["read"][0] for match in tree.findings(PYTHON)["read"]]
    by_range = [text[slice(*tree.offsets_of(node))] for node in nodes]
    assert by_range == [tree.text_of(node) for node in nodes]
    assert by_range == [tree.text_between(*node.byte_range) for node in nodes]
    return by_range


@pytest.mark.parametrize("filler", ["", "a", "é", "→", "🙂", "e\u0301", "\u2028", "👨‍👩‍👧", "\r\n"])
def test_bytes_become_code_points_before_and_after_any_character(filler: str) -> None:
    assert names(f"one = '''{filler}'''; two = '''{filler * 3}''' + three\n") == [
        "one",
        "two",
        "three",
    ]


@pytest.mark.parametrize(
    "text", ["a = 1\n" * 50, "a\u00e9 = 1\n" * 50, "b = 1\n" * 50 + "'\U0001f600' + a"]
)
def test_places_in_order_are_those_one_by_one(text: str) -> None:
    tree = parse(PYTHON, text)
    assert tree is not None
    starts = [place for place in range(len(tree.source)) if tree.source[place] & 0xC0 != 0x80]
    for places in (starts, starts[::9], []):
        assert list(tree.offsets_in_order(places)) == list(tree.offsets_at(places))


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


SAMPLE = (Path(__file__).parent / "samples" / "sample.py").read_text()


def shape(tree: SyntaxTree | None) -> list[tuple[str, int, int]]:
    assert tree is not None
    found, pending = [], [tree.root]
    while pending:
        node = pending.pop()
        found.append((node.type, *node.byte_range))
        pending += node.children
    return found


def check_again(before: str, after: str) -> None:
    tree = parse(PYTHON, before)
    assert tree is not None
    again, region = parse_again(PYTHON, after, tree)
    assert shape(again) == shape(parse(PYTHON, after))
    assert again is not None
    assert again.text == after
    if region is not None:
        old, new = tree.source, again.source
        assert old[: region.start] == new[: region.start]
        assert old[region.old_end :] == new[region.end :]


EDITS = [
    ("", ""),
    ("", "x = 1\n"),
    ("x = 1\n", ""),
    ("x = 1\n", "x = 1\n"),
    ("aaaa = 1\n", "aaa = 1\n"),
    ("x = 'é'\n", "x = 'è'\n"),
    ("x = '🙂🙂'\n", "x = '🙂🙃🙂'\n"),
    ("x = 'é'\ny = 1\n", "x = 'ä'\ny = 12\n"),
    ("if a:\n    b\n    c\n", "if a:\n    b\nc\n"),
    ("def f():\n    pass\n", "def f(:\n    pass\n"),
    ("def f(:\n    pass\n", "def f():\n    pass\n"),
    ("a\nb\nc\n", "a\n'''b\nc\n'''\n"),
    ("x = '\ud800'\n", "x = '\ud801'\n"),
]


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_tree_made_from_the_one_before_is_that_of_the_text(before: str, after: str) -> None:
    check_again(before, after)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 40), st.text(max_size=8))
def test_any_edit_of_a_sound_text_gives_the_tree_of_the_new_text(
    start: int, length: int, new: str
) -> None:
    check_again(SAMPLE, SAMPLE[:start] + new + SAMPLE[start + length :])


def test_many_edits_one_after_the_other_give_the_tree_of_the_last_text() -> None:
    text, chance = SAMPLE, random.Random(3)
    tree = parse(PYTHON, text)
    for _ in range(40):
        start = chance.randrange(len(text))
        new = chance.choice(["x", " ", "\n", "é", "(", ")", "def f(): pass\n", ""])
        text = text[:start] + new + text[start + chance.randrange(4) :]
        assert tree is not None
        tree, _ = parse_again(PYTHON, text, tree)
        assert shape(tree) == shape(parse(PYTHON, text))


def test_a_text_that_grew_too_large_is_not_parsed_again() -> None:
    tree = parse(PYTHON, "#" * MAX_TEXT_BYTES)
    assert tree is not None
    assert parse_again(PYTHON, "#" * (MAX_TEXT_BYTES + 1), tree) == (None, None)
