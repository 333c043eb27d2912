"""Is a text indented as its language wants? Python's grammar for the parser forgives too much."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pairwright.syntax.parser import Node, SyntaxTree

_NOT_STATEMENTS = ("comment", "ERROR")


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """A place, in bytes, that is not laid out as the language wants."""

    start: int
    end: int
    message: str
    block_start: int
    """Where the block begins that was looked at."""
    block_end: int

    def moved(self, by: int) -> "LayoutProblem":
        """Return the same problem so many bytes further on."""
        block = self.block_start + by, self.block_end + by
        return LayoutProblem(self.start + by, self.end + by, self.message, *block)


def layout_problems(tree: SyntaxTree, blocks: Iterable[Node]) -> Iterator[LayoutProblem]:
    """Give the places where a block is empty, or a line is indented unlike the ones beside it."""
    for node in _uneven(tree.source, tree.root, column=0):
        yield LayoutProblem(*node.byte_range, _UNEVEN, *node.byte_range)
    for block in blocks:
        count = block.child_count
        if count == 0:
            place = block.byte_range
            yield LayoutProblem(*place, "an indented block is missing", *place)
        elif count > 1:
            for node in _uneven(tree.source, block, column=None):
                yield LayoutProblem(*node.byte_range, _UNEVEN, *block.byte_range)


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
