"""What is the tree of a text? The only module that knows tree-sitter.

Trees count bytes of UTF-8 and everyone else counts code points; both meet here and nowhere else.
Parsing is bounded in size and in the parser's own steps, not by a clock, so that the same text
always has the same tree.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache

import tree_sitter

from pairwright.syntax.languages.language import Language
from pairwright.text.ranges import TextRange

MAX_TEXT_BYTES = 1_000_000
MAX_STEPS = 12_000
"""Each is a hundred of the parser's; a real file needs 5 to 9 for a thousand bytes."""
MAX_ERROR_WIDTH = 5_000
"""Children of one node that did not parse; queries take the square of it."""
_PIECE_BYTES = 65_536
_NON_ASCII = re.compile(r"[^\x00-\x7f]")

Node = tree_sitter.Node


class SyntaxTree:
    """A parsed text."""

    def __init__(
        self, text: str, source: bytes, tree: tree_sitter.Tree, problems: tuple[Node, ...]
    ) -> None:
        """Use `parse`."""
        self.text = text
        self.problems = problems
        """The nodes that did not parse, or that had to be made up, in the text's order."""
        self._tree = tree
        self._source = source
        self._offsets = _Offsets(text)

    @property
    def root(self) -> Node:
        """The node of the whole text."""
        return self._tree.root_node

    def range_of(self, node: Node) -> TextRange:
        """Return where a node stands, in code points."""
        offsets = self._offsets
        return TextRange(offsets.to_offset(node.start_byte), offsets.to_offset(node.end_byte))

    def text_of(self, node: Node) -> str:
        """Return a node's text."""
        return self._source[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def matches(self, language: Language, query: str) -> list[Mapping[str, list[Node]]]:
        """Return the matches of a query, each a mapping of capture names to nodes."""
        cursor = tree_sitter.QueryCursor(_query(language, query))
        return [captures for _, captures in cursor.matches(self._tree.root_node)]

    def captures(self, language: Language, query: str) -> Mapping[str, list[Node]]:
        """Return the nodes that a query captures, by capture name, in the text's order."""
        cursor = tree_sitter.QueryCursor(_query(language, query))
        captures = cursor.captures(self._tree.root_node)
        # The binding gives each capture's nodes in the order of a set.
        return {name: sorted(nodes, key=_place) for name, nodes in captures.items()}


def parse(language: Language, text: str) -> SyntaxTree | None:
    """Return the tree of a text; None when it is too large, or would take too long."""
    source = text.encode("utf-8", "surrogatepass")
    if len(source) > MAX_TEXT_BYTES:
        return None
    parser = tree_sitter.Parser(_grammar(language))
    steps_left = MAX_STEPS

    def must_stop(_offset: int, _has_error: bool) -> bool:
        nonlocal steps_left
        steps_left -= 1
        return steps_left < 0

    try:
        tree = parser.parse(
            lambda offset, _point: source[offset : offset + _PIECE_BYTES],
            progress_callback=must_stop,
        )
    except ValueError:
        if steps_left >= 0:
            raise
        return None
    problems = _problem_nodes(tree.root_node)
    if any(node.child_count > MAX_ERROR_WIDTH for node in problems):
        return None
    return SyntaxTree(text, source, tree, problems)


def _place(node: Node) -> tuple[int, int]:
    return node.byte_range


def _problem_nodes(root: Node) -> tuple[Node, ...]:
    pending = [root] if root.has_error else []
    problems = []
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            problems.append(node)
        pending += [child for child in reversed(node.children) if child.has_error]
    return tuple(problems)


class _Offsets:
    """Bytes of UTF-8 to code points, for one text."""

    def __init__(self, text: str) -> None:
        self._ends: list[int] = []
        self._surplus: list[int] = [0]
        if text.isascii():
            return
        surplus = 0
        for match in _NON_ASCII.finditer(text):
            code_point = ord(match[0])
            width = 2 if code_point < 0x800 else 3 if code_point < 0x10000 else 4
            surplus += width - 1
            self._ends.append(match.end() + surplus)
            self._surplus.append(surplus)

    def to_offset(self, byte: int) -> int:
        if not self._ends:
            return byte
        return byte - self._surplus[bisect_right(self._ends, byte)]


@cache
def _grammar(language: Language) -> tree_sitter.Language:
    return tree_sitter.Language(language.load_grammar())


@cache
def _query(language: Language, query: str) -> tree_sitter.Query:
    return tree_sitter.Query(_grammar(language), query)
