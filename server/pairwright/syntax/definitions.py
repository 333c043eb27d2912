"""Which definitions does a tree hold, and which lies in which?

What the language's query matched is judged once: one name is one definition, a function in a class
is a method, a variable in a function is no definition but a binding.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pairwright.syntax.outline import SymbolKind
from pairwright.syntax.parser import Match, Node, SyntaxTree

MAX_NAME = 200
MAX_DEPTH = 50
"""Definitions nested deeper are left out."""

# Taken out of their class because looking up a member there costs ten times as much.
FUNCTION, METHOD, CLASS = SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS
VARIABLE, KEY = SymbolKind.VARIABLE, SymbolKind.KEY
FUNCTIONS = (FUNCTION, METHOD, SymbolKind.MACRO)
NO_BODY = (1, 0)
TYPES = (CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM)

_CAPTURED_KINDS: Mapping[str, SymbolKind | None] = {
    **{kind.value: kind for kind in SymbolKind},
    "field": VARIABLE,
    "test": FUNCTION,
    "scope": None,
}
_METHOD_HOLDERS = (*TYPES, VARIABLE, None)
_NAME_SEPARATOR = re.compile(r"::|->|\\|:(?!:)")


@dataclass(slots=True)
class Definition:
    """A definition as a query found it, and its place among the others."""

    found_as: SymbolKind | None
    """None: a block that only names what its members belong to."""
    start: int
    """In bytes, as every number here."""
    end: int
    name_start: int
    name_end: int
    body_start: int
    body_end: int
    """Before `body_start`: it has no body."""
    bound_type: bytes | None
    """As written."""
    container: str
    is_test: bool
    is_field: bool
    outer_start: int
    """With what belongs to it: its decorators, `export`."""
    outer_end: int
    node: Node | None
    """None, as the next two: its tree is gone, and the texts below say what was to be known."""
    whole: Node | None
    body: Node | None
    signature: str | None = None
    doc: str | None = None

    kind: SymbolKind | None = None
    qualified_name: str = ""
    parent: "Definition | None" = None
    depth: int = 0
    is_local: bool = False
    """It is a variable in a function."""
    row: int = 0
    """Of its symbol, plus one; 0: it has none."""

    def moved(self, by: int) -> "Definition":
        """Return the same definition so many bytes further on, without nodes or a place."""
        return Definition(
            self.found_as,
            self.start + by,
            self.end + by,
            self.name_start + by,
            self.name_end + by,
            *((self.body_start + by, self.body_end + by) if self.has_body else NO_BODY),
            self.bound_type,
            self.container,
            self.is_test,
            self.is_field,
            self.outer_start + by,
            self.outer_end + by,
            None,
            None,
            None,
            self.signature,
            self.doc,
        )

    @property
    def has_body(self) -> bool:
        """Whether there is more than a head."""
        return self.body_start <= self.body_end

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


def definitions_in(
    tree: SyntaxTree, named: Iterable[Match], wholes: Iterable[Match]
) -> list[Definition]:
    """Return the definitions that matches found, in no order and in no place yet."""
    by_name: dict[int, Definition] = {}
    for match in named:
        definition = _definition(tree, match)
        known = by_name.setdefault(definition.name_start, definition)
        if known is not definition and _says_more(definition, known):
            by_name[definition.name_start] = definition
    found = list(by_name.values())
    outer = {match["inner"][0].byte_range: match["whole"][0] for match in wholes}
    if outer:
        for definition in found:
            _add_whole(definition, outer)
    return found


def placed(tree: SyntaxTree, definitions: Iterable[Definition]) -> list[Definition]:
    """Return definitions in the text's order, each placed in the one around it."""
    ordered = sorted(definitions, key=_order)
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
def _capture_of_definition(captured: tuple[str, ...]) -> str:
    return next(filter(_CAPTURED_KINDS.__contains__, captured))


def _definition(tree: SyntaxTree, match: Match) -> Definition:
    captured = _capture_of_definition(tuple(match))
    node, name = match[captured][0], match["name"][0]
    start, end = node.byte_range
    body = match["body"][0] if "body" in match else None
    bound_type = match["bound_type"][0] if "bound_type" in match else None
    container = match.get("container")
    return Definition(
        _CAPTURED_KINDS[captured],
        start,
        end,
        name.start_byte,
        name.end_byte,
        *(body.byte_range if body is not None else NO_BODY),
        tree.source[bound_type.start_byte : bound_type.end_byte] if bound_type else None,
        ".".join(own_name(tree.text_of(part)) for part in container) if container else "",
        captured == "test",
        captured == "field",
        start,
        end,
        node,
        node,
        body,
    )


def _add_whole(definition: Definition, outer: Mapping[tuple[int, int], Node]) -> None:
    place = definition.start, definition.end
    while not definition.is_field and place in outer:
        definition.whole = outer[place]
        place = definition.whole.byte_range
    # What belongs to it may also stand before it: Rust's attributes.
    definition.outer_start, definition.outer_end = place[0], max(place[1], definition.end)


def _says_more(definition: Definition, known: Definition) -> bool:
    """Tell which of two findings of one name counts.

    A variable that holds a function is found twice, once as each; a variable with a type, too.
    """
    if definition.container and not known.container:
        return True
    if known.found_as is CLASS and definition.found_as in TYPES:
        return definition.found_as is not CLASS
    if known.found_as is not VARIABLE:
        return definition.is_test and not known.is_test
    return definition.found_as is not VARIABLE or (
        known.bound_type is None and definition.bound_type is not None
    )


def _order(definition: Definition) -> tuple[int, int, int]:
    return definition.start, -definition.end, definition.name_start


def _place(tree: SyntaxTree, definition: Definition, parent: Definition | None) -> None:
    """Set what follows from the definition around one."""
    kind = definition.found_as
    is_local = False
    if definition.is_field:
        while parent is not None and parent.kind not in TYPES:
            parent = parent.parent
    elif kind is VARIABLE:
        while parent is not None and parent.kind is VARIABLE:
            parent = parent.parent
        is_local = parent is not None and parent.kind in FUNCTIONS
    definition.parent, definition.is_local, definition.row = parent, is_local, 0
    definition.depth = parent.depth + 1 if parent is not None else 0
    if kind is FUNCTION and (
        definition.container or (parent is not None and parent.kind in _METHOD_HOLDERS)
    ):
        kind = METHOD
    definition.kind = kind
    definition.qualified_name = "" if is_local else _qualified_name(tree, definition)


def _qualified_name(tree: SyntaxTree, definition: Definition) -> str:
    name = own_name(tree.text_between(definition.name_start, definition.name_end))
    if definition.container:
        name = f"{definition.container}.{name}"
    parent = definition.parent
    if parent is None or definition.depth > MAX_DEPTH:
        return name
    # Few local variables have something in them, so that only then they are named.
    return f"{parent.qualified_name or _qualified_name(tree, parent)}.{name}"
