"""What can be folded and selected, in any text whatever?"""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.syntax.extraction import outline_of
from pairwright.syntax.shapes import Folding, FoldingKind, Shapes
from pairwright.text.ranges import line_contents

PIECES = (
    "def f():\n",
    "    ",
    "\t",
    "x = (1,\n",
    ")\n",
    "}\n",
    "\n",
    "\r\n",
    "\r",
    "import a\n",
    "é",
)


def shapes_of(path: str, text: str) -> Shapes:
    return Shapes(outline_of(path, text), text)


def folded(path: str, text: str) -> list[tuple[int, int]]:
    return [(each.first_line, each.last_line) for each in shapes_of(path, text).foldings()]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", "", []),
        ("a.py", "x = 1\n", []),
        ("a.py", "def f():\n    a\n\n\nb\n", [(0, 1)]),
        ("a.py", "def f(\n    a,\n):\n    b\n", [(0, 1), (2, 3)]),
        ("a.js", "function f() {\n  a\n}\n", [(0, 1)]),
        ("a.js", "function f()\n{\na\n}\n", [(0, 2)]),
        ("a.txt", "one\n  two\n    three\nfour\n", [(0, 2), (1, 2)]),
        ("a.txt", "a\r\tb\r\tc\r", [(0, 2)]),
    ],
)
def test_what_belongs_together_folds(path: str, text: str, expected: list[tuple[int, int]]) -> None:
    assert folded(path, text) == expected


def test_imports_that_follow_each_other_fold_together() -> None:
    text = "import a\nimport b\nfrom c import (\n    d,\n    e,\n)\n\nimport alone\n"
    first = shapes_of("a.py", text).foldings()[0]
    assert (first.first_line, first.kind) == (0, FoldingKind.IMPORTS)
    assert Folding(7, 7, FoldingKind.IMPORTS) not in shapes_of("a.py", text).foldings()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["a.py", "a.js", "a.md"]))
def test_whatever_the_text_is_what_is_around_a_place_grows(pieces: list[str], path: str) -> None:
    text = "".join(pieces)
    shapes = shapes_of(path, text)
    last_line = max(len(line_contents(text)) - 1, 0)
    firsts = [each.first_line for each in shapes.foldings()]
    assert firsts == sorted(set(firsts))
    for folding in shapes.foldings():
        assert 0 <= folding.first_line < folding.last_line <= last_line
    for offset in range(len(text) + 1):
        chain = shapes.around(offset)
        assert (chain[-1].start, chain[-1].end) == (0, len(text))
        for each in chain:
            assert each.start <= offset <= each.end
        for inner, outer in pairwise(chain):
            assert outer.start <= inner.start
            assert inner.end <= outer.end
            assert len(outer) > len(inner)
