import pytest

from pairwright.editing.blocks import SearchReplace
from pairwright.editing.placing import NEAR_LINES
from tests.editing.placing import check_placed, check_refused

TWINS = """\
class Stack:
    def clear(self):
        self.items = []

    def reset(self):
        self.items = []


class Queue:
    def clear(self):
        self.items = []
"""


def emptied(near_line: int | None = None, within: str = "") -> SearchReplace:
    return SearchReplace(
        "a.py", "        self.items = []\n", "        self.items = None\n", near_line, within
    )


def with_line(number: int) -> str:
    """Return the text with the one-based line changed."""
    lines = TWINS.splitlines(keepends=True)
    lines[number - 1] = lines[number - 1].replace("[]", "None")
    return "".join(lines)


def test_every_place_is_told_with_its_definition_and_how_to_mean_one() -> None:
    check_refused(
        emptied(),
        {"a.py": TWINS},
        "line 3 (in Stack.clear), line 6 (in Stack.reset), line 11 (in Queue.clear)",
        "include more lines",
        "'### AT 3' or '### AT Class.method'",
    )


@pytest.mark.parametrize(
    ("near_line", "line"), [(2, 3), (1, 3), (5, 6), (10, 11), (3, 3), (15, 11)]
)
def test_the_line_that_the_block_names_breaks_a_tie(near_line: int, line: int) -> None:
    check_placed(emptied(near_line), {"a.py": TWINS}, with_line(line))


@pytest.mark.parametrize("near_line", [7, 8, 40, 10 + NEAR_LINES + 1, 10_000_000])
def test_a_line_between_places_or_far_from_all_breaks_no_tie(near_line: int) -> None:
    check_refused(emptied(near_line), {"a.py": TWINS}, "line 3", "was expected to tell")


@pytest.mark.parametrize(
    ("within", "line"),
    [
        ("Stack.clear", 3),
        ("Stack.reset", 6),
        ("Queue", 11),
        ("Queue.clear", 11),
        ("reset", 6),
        ("a.Queue", 11),
        ("Queue::clear", 11),
    ],
)
def test_the_definition_that_the_block_names_breaks_a_tie(within: str, line: int) -> None:
    check_placed(emptied(within=within), {"a.py": TWINS}, with_line(line))


@pytest.mark.parametrize("within", ["Stack", "clear", "Heap", "Heap.clear", ".", "#"])
def test_a_definition_that_holds_several_places_or_none_breaks_no_tie(within: str) -> None:
    check_refused(emptied(within=within), {"a.py": TWINS}, "line 3", "line 11")


def test_a_line_breaks_the_tie_that_a_definition_leaves() -> None:
    check_placed(
        emptied(4, "Stack"),
        {"a.py": TWINS.replace("\n\nclass", "class")},
        with_line(6).replace("\n\nclass", "class"),
    )
    check_refused(emptied(10, "Heap"), {"a.py": TWINS}, "line 11")


def test_hints_never_make_a_match() -> None:
    block = SearchReplace("a.py", "self.items = {}\n", "x\n", 2, "Stack.clear")
    check_refused(block, {"a.py": TWINS}, "not in the file")


def test_hints_never_overrule_a_place_that_is_the_only_one() -> None:
    block = SearchReplace("a.py", "class Queue:\n", "class Line:\n", 1, "Stack")
    check_placed(block, {"a.py": TWINS}, TWINS.replace("class Queue", "class Line"))


def test_a_hint_never_raises_a_place_of_a_lower_rank() -> None:
    text = "a \nx\nx\nx\na\n"
    check_placed(SearchReplace("a.py", "a\n", "b\n", 0), {"a.py": text}, "a \nx\nx\nx\nb\n")


def test_no_tie_is_broken_among_places_that_were_not_all_looked_for() -> None:
    block = SearchReplace("a.py", "x\n", "y\n", 0)
    check_refused(block, {"a.py": "x\n" * 1001}, "and at least 992 more")


def test_a_definition_breaks_no_tie_where_the_language_is_unknown() -> None:
    block = SearchReplace("a.unknown", "x\n", "y\n", within="Stack")
    check_refused(block, {"a.unknown": "x\nx\n"}, "line 1, line 2")
