"""Is a text indented as its language wants? Python's grammar for the parser forgives too much."""

from collections.abc import Iterable, Iterator

from pairwright.syntax.parser import Node, SyntaxTree

BLOCKS = "(block) @block"
"""Finds what `layout_problems` looks at."""
_NOT_STATEMENTS = ("comment", "ERROR")


def layout_problems(tree: SyntaxTree, blocks: Iterable[Node]) -> Iterator[tuple[Node, str]]:
    """Give the places where a block is empty, or a line is indented unlike the ones beside it."""
    for node in _uneven(tree.source, tree.root, column=0):
        yield node, _UNEVEN
    for block in blocks:
        count = block.child_count
        if count == 0:
            yield block, "an indented block is missing"
        elif count > 1:
            for node in _uneven(tree.source, block, column=None):
                yield node, _UNEVEN


_UNEVEN = "the indentation is not that of the lines beside it"


def _uneven(source: bytes, block: Node, column: int | None) -> list[Node]:
    uneven = []
    before = None
    for child in block.named_children:
        start = child.start_byte
        # To look for the beginning of the line costs less than to ask the node for its point.
        child_column = start - source.rfind(b"\n", 0, start) - 1
        if child_column != column and child.type not in _NOT_STATEMENTS:
            if column is None:
                column = child_column
            elif before is None or b"\n" in source[before.end_byte : start]:
                uneven.append(child)
        before = child
    return uneven
