"""Is a text indented as its language wants? Python's grammar for the parser forgives too much."""

from collections.abc import Iterator

from pairwright.syntax.languages.language import Language
from pairwright.syntax.parser import Node, SyntaxTree

_BLOCKS = "(block) @block"
_NOT_STATEMENTS = ("comment", "ERROR")


def layout_problems(tree: SyntaxTree, language: Language) -> Iterator[tuple[Node, str]]:
    """Give the places where a block is empty, or a line is indented unlike the ones beside it."""
    yield from _uneven(tree.root, column=0)
    for block in tree.captures(language, _BLOCKS).get("block", ()):
        if block.child_count == 0:
            yield block, "an indented block is missing"
        else:
            yield from _uneven(block, column=None)


def _uneven(block: Node, column: int | None) -> Iterator[tuple[Node, str]]:
    row_before = -1
    for child in block.named_children:
        if child.type in _NOT_STATEMENTS:
            continue
        start = child.start_point
        if column is None:
            column = start.column
        elif start.column != column and start.row != row_before:
            yield child, "the indentation is not that of the lines beside it"
        row_before = child.end_point.row
