"""What does one file define, use and break?

The values only: `extraction` finds them, `packing` makes them small. Broken code is data: its
outline holds what could be read, and the problems.
"""

from dataclasses import dataclass
from enum import StrEnum

from pairwright.text.ranges import TextRange


class SymbolKind(StrEnum):
    """What a definition is."""

    MODULE = "module"
    """A module, a package or a namespace that is written as a block."""
    CLASS = "class"
    """A class, a struct, a record or an object."""
    INTERFACE = "interface"
    """An interface, a trait or a protocol."""
    ENUM = "enum"
    TYPE = "type"
    """Another name for a type."""
    FUNCTION = "function"
    METHOD = "method"
    VARIABLE = "variable"
    """A variable, a constant, a field or a member of an enumeration."""
    MACRO = "macro"
    SECTION = "section"
    """A heading with what follows it."""
    KEY = "key"
    """A key of a data file, a selector of a style sheet, an `id` of a page."""
    TABLE = "table"


class ReferenceRole(StrEnum):
    """How a name is used."""

    IMPORT = "import"
    INHERIT = "inherit"
    CALL = "call"
    TYPE = "type"
    READ = "read"
    """Any other use."""


UNKNOWN_RECEIVER = "?"
"""Stands for an expression that is no chain of names."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition."""

    qualified_name: str
    """Within its file, such as `Stack.push`."""
    name: str
    """Its own: `push`; a heading's or a key's may hold dots."""
    kind: SymbolKind
    path: str
    range: TextRange
    name_range: TextRange
    signature: str
    doc: str
    body_range: TextRange | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a name, each place of it."""

    name: str
    """As written: `open_file`; of an import, the module as well: `pkg.files`, `./files`."""
    path: str
    range: TextRange
    role: ReferenceRole
    receiver: str = ""
    """What stands before it, with dots between: `self.host` of `self.host->scan`; empty for a
    bare name, `super()` for a call without arguments, `UNKNOWN_RECEIVER` for anything else."""


@dataclass(frozen=True, slots=True)
class Import:
    """A name that comes from elsewhere."""

    module: str
    """As written, without quotes: `pkg.files`, `..files`, `./files`, `java.util.List`."""
    name: str
    """What of the module: empty for the module itself, `*` for everything."""
    alias: str
    """How the file calls it; empty when it is imported for its effect or under many names."""
    range: TextRange
    """Of the name, or of the module when there is none."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A local name, or an attribute whose type is seen (`self.host`)."""

    name: str
    type: str
    """What it holds, as written, called or annotated: `WorkspaceHost`; empty when unknown."""
    start: int
    """Where the name stands, in code points."""
    scope: int
    """The innermost definition around it, as an index into the outline's symbols; -1: none."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A place that does not parse."""

    range: TextRange
    message: str


@dataclass(frozen=True, slots=True)
class FileOutline:
    """What one file means, alone."""

    path: str
    digest: str
    language: str | None
    """None when no language is known for the file: no symbols, no problems, only text."""
    symbols: tuple[Symbol, ...] = ()
    """In the order of their beginnings, outer before inner."""
    references: tuple[Reference, ...] = ()
    """In the order of their beginnings."""
    imports: tuple[Import, ...] = ()
    bindings: tuple[Binding, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    not_parsed: str = ""
    """Why a file of a known language was not read: no grammar, too large, or too tangled."""
