"""Which definitions does a tree hold, and which lies in which?

What the language's query matched is judged once: one name is one definition, a function in a class
is a method, a variable in a function is no definition but a binding.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pairwright.syntax.outline import SymbolKind
from pairwright.syntax.parser import Node, SyntaxTree

MAX_NAME = 200
MAX_DEPTH = 50
"""Definitions nested deeper are left out."""

FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO)
TYPES = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM)

Match = Mapping[str, list[Node]]

_CAPTURED_KINDS: Mapping[str, SymbolKind | None] = {
    **{kind.value: kind for kind in SymbolKind},
    "field": SymbolKind.VARIABLE,
    "test": SymbolKind.FUNCTION,
    "scope": None,
}
_METHOD_HOLDERS = (*TYPES, SymbolKind.VARIABLE, None)
_NAME_SEPARATOR = re.compile(r"::|->|\\|:(?!:)")


@dataclass(slots=True)
class Definition:
    """A definition as a query found it."""

    kind: SymbolKind | None
    """None: a block that only names what its members belong to."""
    node: Node
    start: int
    """In bytes, as every number here."""
    end: int
    name: Node
    name_start: int
    body: Node | None
    bound_type: Node | None
    container: str
    is_test: bool
    is_field: bool
    qualified_name: str = ""
    parent: "Definition | None" = None
    depth: int = 0
    row: int = 0
    """Of its symbol, plus one; 0: it has none."""

    @property
    def is_local(self) -> bool:
        """Whether it is a variable in a function."""
        if self.kind is not SymbolKind.VARIABLE:
            return False
        parent = self.parent
        while parent is not None and parent.kind is SymbolKind.VARIABLE:
            parent = parent.parent
        return parent is not None and parent.kind in FUNCTIONS

    @property
    def is_member_outside(self) -> bool:
        """Whether it belongs to another definition than the one around it."""
        return self.is_field or (self.parent is not None and self.parent.kind is None)

    @property
    def row_around(self) -> int:
        """The row of the symbol around it, plus one; 0: there is none."""
        parent = self.parent
        while parent is not None and not parent.row:
            parent = parent.parent
        return parent.row if parent is not None else 0


@dataclass(slots=True)
class SortedMatches:
    """The matches of a language's query, by what they say."""

    definitions: list[Match] = field(default_factory=list)
    wholes: dict[tuple[int, int], Node] = field(default_factory=dict)
    """What belongs to a definition (its decorators, `export`), by the place of the inner part."""
    bindings: list[Match] = field(default_factory=list)
    imports: list[Match] = field(default_factory=list)
    linked: list[Node] = field(default_factory=list)
    comments: list[Node] = field(default_factory=list)
    blocks: list[Node] = field(default_factory=list)


def sort_matches(matches: Iterable[Match]) -> SortedMatches:
    """Return the matches by what they say; one may say several things."""
    by_meaning = SortedMatches()
    for match in matches:
        if "name" in match:
            by_meaning.definitions.append(match)
        if "bound" in match:
            by_meaning.bindings.append(match)
        if "import_module" in match:
            by_meaning.imports.append(match)
        if "linked" in match:
            by_meaning.linked.append(match["linked"][0])
        if "comment" in match:
            by_meaning.comments.append(match["comment"][0])
        if "block" in match:
            by_meaning.blocks.append(match["block"][0])
        if "whole" in match:
            by_meaning.wholes[match["inner"][0].byte_range] = match["whole"][0]
    return by_meaning


def definitions_in(tree: SyntaxTree, matches: Iterable[Match]) -> list[Definition]:
    """Return the definitions in the text's order, each placed in the one around it."""
    by_name: dict[int, Definition] = {}
    for match in matches:
        definition = _definition(tree, match)
        known = by_name.get(definition.name_start)
        if known is None or _says_more(definition, known):
            by_name[definition.name_start] = definition
    ordered = sorted(by_name.values(), key=_order)
    around: list[Definition] = []
    for definition in ordered:
        while around and around[-1].end <= definition.start:
            around.pop()
        _place(tree, definition, around[-1] if around else None)
        around.append(definition)
    return [each for each in ordered if each.depth <= MAX_DEPTH]


def own_name(text: str) -> str:
    """Return a name as part of a qualified one: without quotes, with dots between its parts."""
    if text.isidentifier():
        return text[:MAX_NAME]
    text = " ".join(text.strip().strip("\"'`").lstrip(":").split())
    return _NAME_SEPARATOR.sub(".", text)[:MAX_NAME]


def _definition(tree: SyntaxTree, match: Match) -> Definition:
    captured = next(filter(_CAPTURED_KINDS.__contains__, match))
    node, name = match[captured][0], match["name"][0]
    start, end = node.byte_range
    body, bound_type, container = map(match.get, ("body", "bound_type", "container"))
    return Definition(
        _CAPTURED_KINDS[captured],
        node,
        start,
        end,
        name,
        name.start_byte,
        body[0] if body else None,
        bound_type[0] if bound_type else None,
        ".".join(own_name(tree.text_of(part)) for part in container) if container else "",
        captured == "test",
        captured == "field",
    )


def _says_more(definition: Definition, known: Definition) -> bool:
    """Tell which of two findings of one name counts.

    A variable that holds a function is found twice, once as each; a variable with a type, too.
    """
    if definition.container and not known.container:
        return True
    if known.kind is SymbolKind.CLASS and definition.kind in TYPES:
        return definition.kind is not SymbolKind.CLASS
    if known.kind is not SymbolKind.VARIABLE:
        return definition.is_test and not known.is_test
    return definition.kind is not SymbolKind.VARIABLE or (
        known.bound_type is None and definition.bound_type is not None
    )


def _order(definition: Definition) -> tuple[int, int, int]:
    return definition.start, -definition.end, definition.name_start


def _place(tree: SyntaxTree, definition: Definition, parent: Definition | None) -> None:
    """Set what follows from the definition around one."""
    if definition.is_field:
        while parent is not None and parent.kind not in TYPES:
            parent = parent.parent
    elif definition.kind is SymbolKind.VARIABLE:
        while parent is not None and parent.kind is SymbolKind.VARIABLE:
            parent = parent.parent
    definition.parent = parent
    name = own_name(tree.text_of(definition.name))
    if definition.container:
        name = f"{definition.container}.{name}"
        if definition.kind is SymbolKind.FUNCTION:
            definition.kind = SymbolKind.METHOD
    definition.qualified_name = name
    if parent is None:
        return
    definition.depth = parent.depth + 1
    if definition.depth <= MAX_DEPTH:
        definition.qualified_name = f"{parent.qualified_name}.{name}"
    if definition.kind is SymbolKind.FUNCTION and parent.kind in _METHOD_HOLDERS:
        definition.kind = SymbolKind.METHOD
