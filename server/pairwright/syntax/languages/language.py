"""What must be known of a language to read its files?

A language is data: where its grammar is, two queries, and its conventions. Nothing here imports a
grammar: one that is not installed leaves its files to the search by text.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from pairwright.syntax.nesting import Bound

MEANINGS = (
    *("name", "bound", "import_module", "linked", "comment", "block", "whole"),
    *("import", "inherit", "call", "type", "read"),
)
"""Captures that say what a match is: for each pattern it is the first of these that it has."""


class DocStyle(StrEnum):
    """Where a definition's documentation stands."""

    DOCSTRING = "docstring"
    """The first string in its body."""
    COMMENT_BEFORE = "comment_before"
    """The comments right before it."""
    NONE = "none"
    """Nowhere."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    The query `definitions` is read match by match. Each of its patterns is one of these:

    - a definition: `@name`, the whole as one of `@class`, `@interface`, `@enum`, `@type`,
      `@function`, `@method`, `@variable`, `@field`, `@module`, `@macro`, `@section`, `@key`,
      `@table`, `@test` (a function that is a test) or `@scope` (a block that names what its members
      belong to and is no definition itself: Rust's `impl`), and perhaps `@body`, `@container` (the
      name of the type that a method stands outside of: Go's receiver) and `@bound_type`. A
      `@function` directly in a class is a method, a `@variable` in a function a binding, and a
      `@field` belongs to the class around the function that it is in (`self.x = …`);
    - `@inner` and the `@whole` that belongs to it, such as its decorators or `export`;
    - an import: `@import_module` (several, where its name stands in pieces), perhaps
      `@import_name` and `@import_alias`;
    - a binding: `@bound`, a name that is local (a parameter, a loop's variable) or an attribute
      with a known type (`self.host`), and perhaps `@bound_type`, what it holds;
    - `@linked`, text in which `Language.link` finds what it imports;
    - `@comment`;
    - `@block`, where indentation is significant: the lines of one are indented alike.

    A pattern of the query `references` captures `@import`, `@inherit`, `@call`, `@type` or `@read`;
    the first of these, in this order, that captures a place names its role. `@read` should capture
    every other identifier, words such as `this` included, so that `a.b.c` is seen as a chain.
    """

    name: str
    suffixes: tuple[str, ...]
    """With the dot, in lower case."""
    grammar: tuple[str, str]
    """The module that holds the grammar, and the function in it that gives it."""
    definitions: str
    references: str
    test_path: re.Pattern[str]
    """Matches the whole path of a file that holds tests."""
    test_name: re.Pattern[str] | None = None
    """Matches the own name of a function that is a test, in a file that holds tests."""
    filenames: tuple[str, ...] = ()
    """Whole file names, in lower case, that say the language without a suffix: `makefile`."""
    doc_style: DocStyle = DocStyle.COMMENT_BEFORE
    doc_comment: re.Pattern[str] | None = None
    """Matches the beginning of comments that document; None: every comment does."""
    is_indentation_significant: bool = False
    has_clauses: bool = False
    """Whether a function may be written in pieces, one after the other: type, equations."""
    attributes: frozenset[str] = frozenset()
    """Types of nodes that begin a definition and that a signature leaves out: annotations."""
    module_alias: re.Pattern[str] | None = re.compile(r"([^\W\d]\w*)(?:\.|$)")
    """Finds, as its first group, the name that importing a whole module binds; None: no name."""
    link: re.Pattern[str] | None = None
    """Finds, as its first group, the files that a `@linked` text names."""
    member_separators: tuple[str, ...] = (".", "?.", "!.", "::")
    """What stands between a name and what it belongs to."""
    bounds: tuple[Bound, ...] = ()
    """What the grammar does not survive; a text past any of it is not parsed."""

    def is_test_path(self, path: str) -> bool:
        """Tell by a file's path whether it holds tests."""
        return self.test_path.fullmatch(path) is not None
