"""Which names does one file bind, and where does each scope begin and end?

It is made from the file's outline alone, so that it holds as long as the text does.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pairwright.index.resolving.dialects import Dialect, dialect_of
from pairwright.index.resolving.script_types import is_pattern, is_simple, taken_properties
from pairwright.syntax.outline import Import, Reference, ReferenceRole, Symbol, SymbolKind
from pairwright.syntax.packing import (
    BINDING_COLUMNS,
    ROLES,
    PackedOutline,
    unpack_imports,
    unpack_references,
    unpack_symbols,
)

FUNCTIONS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO})
TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})
CONTAINERS = TYPES | {SymbolKind.MODULE}
_SCOPES = FUNCTIONS | CONTAINERS
_INHERIT = ROLES.index(ReferenceRole.INHERIT)

_DEFAULT = "export default "
MAX_TYPES = 8
"""Of one variable; more are not remembered."""
WHOLE_FILE = -1
"""Stands for the scope around all others, as a row of a symbol."""


@dataclass(slots=True)
class FileNames:
    """The names of one file."""

    path: str
    dialect: Dialect
    symbols: Sequence[Symbol]
    by_qualified_name: dict[str, list[Symbol]] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each qualified name around others (empty: of the file) their names, and in full."""
    fields: set[str] = field(default_factory=set)
    """Those of the members that are seen through an object only."""
    locals: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Of each scope the names that are bound in it, and the types they were seen to have."""
    types: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Of each variable, by its qualified name, what it may hold and the scope that says so; where
    types stand behind a colon also what a function returns, and what a name is given to."""
    imports: dict[int, dict[str, list[Import]]] = field(default_factory=dict)
    """Of each scope the imported names."""
    import_places: dict[int, Import] = field(default_factory=dict)
    wildcards: list[Import] = field(default_factory=list)
    bases: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Of each class the receiver and the name of its bases, in their order."""
    parents: list[int] = field(default_factory=list)
    """Of each symbol the row of the scope around it."""
    binding_places: set[int] = field(default_factory=set)
    """Where a function binds a name of its own."""
    defaults: list[str] = field(default_factory=list)
    """Qualified names of what the file exports as its default."""
    taken_from: dict[int, tuple[str, int]] = field(default_factory=dict)
    """By where a pattern takes a property out of an object what that object is, as written, and
    the scope that says so."""
    _starts: list[int] = field(default_factory=list)
    _scopes: list[int] = field(default_factory=list)

    def scope_at(self, offset: int) -> int:
        """Return the row of the innermost scope in which a name at a place is looked up."""
        return self._scopes[bisect_right(self._starts, offset) - 1]

    def symbol_around(self, offset: int) -> Symbol | None:
        """Return the innermost function, class or module that a place is in."""
        best = None
        for symbol in self.symbols:
            if symbol.range.start > offset:
                break
            if offset < symbol.range.end and symbol.kind in _SCOPES:
                best = symbol
        return best

    def is_function(self, scope: int) -> bool:
        """Tell whether a scope is a function's."""
        return scope != WHOLE_FILE and self.symbols[scope].kind in FUNCTIONS

    def sees_members(self, holder: Symbol, *, is_innermost: bool) -> bool:
        """Tell whether a bare name in what a symbol holds may mean another thing in it."""
        if holder.kind not in CONTAINERS:
            return False
        if self.dialect.is_scripted:
            return holder.kind in (SymbolKind.MODULE, SymbolKind.ENUM)
        return is_innermost or self.dialect.are_members_bare

    def class_around(self, scope: int) -> str | None:
        """Return the qualified name of the innermost class around a scope."""
        while scope != WHOLE_FILE:
            symbol = self.symbols[scope]
            if symbol.kind in TYPES:
                return symbol.qualified_name
            holder = symbol.qualified_name.rpartition(".")[0]
            if symbol.kind is SymbolKind.METHOD and holder:
                return holder
            scope = self.parents[scope]
        return None


def names_of(packed: PackedOutline, path: str, language: str | None) -> FileNames:
    """Return the names of a file."""
    symbols = unpack_symbols(packed, path, range(packed.symbol_count))
    names = FileNames(path, dialect_of(language), symbols)
    _add_scopes(names)
    _add_members(names)
    _add_bindings(names, packed)
    _add_imports(names, unpack_imports(packed))
    roles = bytes(packed.reference_roles)
    heirs = [row for row, role in enumerate(roles) if role == _INHERIT] if _INHERIT in roles else []
    _add_bases(names, unpack_references(packed, path, heirs))
    return names


def _add_scopes(names: FileNames) -> None:
    """Cut the file into pieces of one innermost scope each."""
    ends: list[tuple[int, int, int]] = []
    starts, scopes = [0], [WHOLE_FILE]

    def leave(until: int) -> None:
        while ends and ends[-1][0] <= until:
            end, _, around = ends.pop()
            starts.append(end)
            scopes.append(around)

    for row, symbol in enumerate(names.symbols):
        leave(symbol.range.start)
        around = ends[-1][1] if ends else WHOLE_FILE
        names.parents.append(around)
        if symbol.kind not in _SCOPES:
            continue
        begin = symbol.name_range.end
        if symbol.body_range and (names.dialect.are_headers_outside or symbol.kind in TYPES):
            begin = symbol.body_range.start
        starts.append(begin)
        scopes.append(row)
        ends.append((symbol.range.end, row, around))
    leave(1 << 62)
    order = sorted(range(len(starts)), key=starts.__getitem__)
    names._starts = [starts[each] for each in order]
    names._scopes = [scopes[each] for each in order]


def _add_members(names: FileNames) -> None:
    for row, symbol in enumerate(names.symbols):
        qualified = symbol.qualified_name
        names.by_qualified_name.setdefault(qualified, []).append(symbol)
        holder, _, name = qualified.rpartition(".")
        names.members.setdefault(holder, {})[name] = qualified
        if not holder and names.dialect.is_scripted and symbol.signature.startswith(_DEFAULT):
            names.defaults.append(qualified)
        if symbol.kind is SymbolKind.VARIABLE and names.is_function(names.parents[row]):
            names.fields.add(qualified)


def _add_bindings(names: FileNames, packed: PackedOutline) -> None:
    symbols = names.symbols if names.dialect.is_scripted else ()
    own_places = {each.name_range.start: each.qualified_name for each in symbols}
    words = packed.names
    split_words = [(receiver, name) for receiver, _, name in (w.rpartition(".") for w in words)]
    functions = {row for row, symbol in enumerate(names.symbols) if symbol.kind in FUNCTIONS}
    for name_id, type_id, start, row in zip(
        *map(packed.binding_column, BINDING_COLUMNS), strict=True
    ):
        receiver, name = split_words[name_id]
        bound_type, scope = words[type_id], row - 1
        if is_pattern(words[name_id]) and names.dialect.is_scripted:
            _add_taken(names, words[name_id], start, bound_type, scope)
        elif own_places and scope != WHOLE_FILE and names.symbols[scope].name_range.start == start:
            _add_type(names, own_places[start], bound_type, scope)
        elif receiver:
            holder = names.class_around(scope)
            if holder is not None and bound_type:
                _add_type(names, f"{holder}.{name}", bound_type, scope)
        elif scope in functions:
            names.binding_places.add(start)
            if start in own_places:
                # A parameter that is a member as well, and means it.
                around = names.symbols[scope].qualified_name
                names.members.setdefault(around, {})[name] = own_places[start]
                if bound_type:
                    _add_type(names, own_places[start], bound_type, scope)
            bound = names.locals.setdefault(scope, {})
            types = bound.setdefault(name, ())
            if bound_type and len(types) < MAX_TYPES:
                bound[name] = (*types, bound_type)
        elif bound_type:
            holder = names.symbols[scope].qualified_name + "." if scope != WHOLE_FILE else ""
            _add_type(names, holder + name, bound_type, scope)


def _add_taken(names: FileNames, pattern: str, start: int, holder: str, scope: int) -> None:
    """Note what a pattern takes out of what, and so what its names hold."""
    if holder.startswith("require("):
        return  # an import, which says more
    for taken in taken_properties(pattern):
        names.taken_from[start + taken.offset] = holder, scope
        if taken.local and names.is_function(scope) and is_simple(holder):
            bound = names.locals.setdefault(scope, {})
            bound[taken.local] = (*bound.get(taken.local, ()), f"{holder}.{taken.name}")


def _add_type(names: FileNames, variable: str, bound_type: str, scope: int) -> None:
    types = names.types.get(variable, ())
    if len(types) < MAX_TYPES:
        names.types[variable] = (*types, (bound_type, scope))


def _add_imports(names: FileNames, imports: Iterable[Import]) -> None:
    for imported in imports:
        names.import_places[imported.range.start] = imported
        scope = names.scope_at(imported.range.start)
        if imported.name == "*":
            names.wildcards.append(imported)
        elif imported.alias:
            in_scope = names.imports.setdefault(scope, {})
            in_scope.setdefault(imported.alias, []).append(imported)


def _add_bases(names: FileNames, heirs: Iterable[Reference]) -> None:
    heads = [symbol for symbol in names.symbols if symbol.kind in TYPES]
    position = 0
    for reference in heirs:
        start = reference.range.start
        while position < len(heads) and _head_end(heads[position]) <= start:
            position += 1
        if position == len(heads):
            return
        head = heads[position]
        if head.name_range.end <= start:
            receiver, _, name = reference.name.rpartition(".")
            receiver = ".".join(part for part in (reference.receiver, receiver) if part)
            names.bases.setdefault(head.qualified_name, []).append((receiver, name))


def _head_end(symbol: Symbol) -> int:
    return symbol.body_range.start if symbol.body_range else symbol.range.end


def first_of(symbols: Mapping[str, list[Symbol]], qualified_name: str) -> Symbol | None:
    """Return the first definition of a qualified name."""
    found = symbols.get(qualified_name)
    return found[0] if found else None
