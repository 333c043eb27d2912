"""What does one file define, use and break?

Stub for the foundation: the owner of this module adds `outline_of(path, text) -> FileOutline`.
"""

from dataclasses import dataclass
from enum import StrEnum

from pairwright.text.ranges import TextRange


class SymbolKind(StrEnum):
    """What a definition is."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    VARIABLE = "variable"


class ReferenceRole(StrEnum):
    """How a name is used."""

    CALL = "call"
    IMPORT = "import"
    INHERIT = "inherit"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition."""

    qualified_name: str
    """Within its file, such as `Stack.push`."""
    kind: SymbolKind
    path: str
    range: TextRange
    name_range: TextRange
    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a name."""

    name: str
    """As written: `open_file`, or the module of an import: `pkg.files`."""
    path: str
    range: TextRange
    role: ReferenceRole


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
    """None when no grammar is known for the file: no symbols, no problems, only text."""
    symbols: tuple[Symbol, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
