"""Which definitions does a tree hold, and which lies in which?

What the language's query matched is judged once: one name is one definition, a function in a class
is a method, a variable in a function is no definition but a binding.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pairwright.syntax.outline import SymbolKind
from pairwright.syntax.parser import Node, SyntaxTree

MAX_NAME = 200
MAX_DEPTH = 50
"""Definitions nested deeper are left out."""

# Taken out of their class because looking up a member there costs ten times as much.
FUNCTION, METHOD, CLASS = SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS
VARIABLE, KEY = SymbolKind.VARIABLE, SymbolKind.KEY
FUNCTIONS = (FUNCTION, METHOD, SymbolKind.MACRO)
TYPES = (CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM)

Match = Mapping[str, list[Node]]

_CAPTURED_KINDS: Mapping[str, SymbolKind | None] = {
    **{kind.value: kind for kind in SymbolKind},
    "field": VARIABLE,
    "test": FUNCTION,
    "scope": None,
}
_MEANINGS = ("name", "bound", "import_module", "linked", "comment", "block", "whole")
_METHOD_HOLDERS = (*TYPES, VARIABLE, None)
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
    name_start: int
    name_end: int
    body: Node | None
    bound_type: Node | None
    container: str
    is_test: bool
    is_field: bool
    qualified_name: str = ""
    parent: "Definition | None" = None
    depth: int = 0
    is_local: bool = False
    """It is a variable in a function."""
    row: int = 0
    """Of its symbol, plus one; 0: it has none."""

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


def sort_matches(matches: Iterable[Match]) -> Mapping[str, list[Match]]:
    """Return the matches by the capture that says what they mean; one may mean several things."""
    by_meaning: Mapping[str, list[Match]] = defaultdict(list)
    for match in matches:
        for meaning in _meanings(tuple(match)):
            by_meaning[meaning].append(match)
    return by_meaning


def definitions_in(tree: SyntaxTree, matches: Iterable[Match]) -> list[Definition]:
    """Return the definitions in the text's order, each placed in the one around it."""
    by_name: dict[int, Definition] = {}
    for match in matches:
        definition = _definition(tree, match)
        known = by_name.setdefault(definition.name_start, definition)
        if known is not definition and _says_more(definition, known):
            by_name[definition.name_start] = definition
    ordered = sorted(by_name.values(), key=_order)
    around: list[Definition] = []
    for definition in ordered:
        start = definition.start
        while around and around[-1].end <= start:
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


@cache
def _meanings(captured: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(captured.__contains__, _MEANINGS))


@cache
def _capture_of_definition(captured: tuple[str, ...]) -> str:
    return next(filter(_CAPTURED_KINDS.__contains__, captured))


def _definition(tree: SyntaxTree, match: Match) -> Definition:
    captured = _capture_of_definition(tuple(match))
    node = match[captured][0]
    start, end = node.byte_range
    name_start, name_end = match["name"][0].byte_range
    body, bound_type, container = match.get("body"), match.get("bound_type"), match.get("container")
    return Definition(
        _CAPTURED_KINDS[captured],
        node,
        start,
        end,
        name_start,
        name_end,
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
    if known.kind is CLASS and definition.kind in TYPES:
        return definition.kind is not CLASS
    if known.kind is not VARIABLE:
        return definition.is_test and not known.is_test
    return definition.kind is not VARIABLE or (
        known.bound_type is None and definition.bound_type is not None
    )


def _order(definition: Definition) -> tuple[int, int, int]:
    return definition.start, -definition.end, definition.name_start


def _place(tree: SyntaxTree, definition: Definition, parent: Definition | None) -> None:
    """Set what follows from the definition around one."""
    kind = definition.kind
    if definition.is_field:
        while parent is not None and parent.kind not in TYPES:
            parent = parent.parent
    elif kind is VARIABLE:
        while parent is not None and parent.kind is VARIABLE:
            parent = parent.parent
        definition.is_local = parent is not None and parent.kind in FUNCTIONS
    definition.parent = parent
    if parent is not None:
        definition.depth = parent.depth + 1
    if kind is FUNCTION and (
        definition.container or (parent is not None and parent.kind in _METHOD_HOLDERS)
    ):
        definition.kind = METHOD
    if not definition.is_local:
        definition.qualified_name = _qualified_name(tree, definition)


def _qualified_name(tree: SyntaxTree, definition: Definition) -> str:
    name = own_name(tree.text_between(definition.name_start, definition.name_end))
    if definition.container:
        name = f"{definition.container}.{name}"
    parent = definition.parent
    if parent is None or definition.depth > MAX_DEPTH:
        return name
    # Few local variables have something in them, so that only then they are named.
    return f"{parent.qualified_name or _qualified_name(tree, parent)}.{name}"
