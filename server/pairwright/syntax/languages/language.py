"""What must be known of a language to read its files?"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class DocStyle(StrEnum):
    """Where a definition's documentation stands."""

    DOCSTRING = "docstring"
    """The first string in its body."""
    COMMENT_BEFORE = "comment_before"
    """A `/** … */` comment right before it."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language."""

    name: str
    suffixes: tuple[str, ...]
    load_grammar: Callable[[], object]
    """Gives what the parser calls a language: a capsule."""
    definitions: str
    """A query whose matches each hold `@name`, one of `@class`, `@function`, `@variable` and
    `@module`, and perhaps `@body`; or `@inner` and the `@whole` that belongs to it, such as its
    decorators or `export`; or `@from` and `@imported`; or a `@comment`."""
    references: str
    """A query that captures `@call`, `@import`, `@inherit` and `@read`; the first that captures
    a place names its role."""
    doc_style: DocStyle
    is_indentation_significant: bool
    is_test_path: Callable[[str], bool]
    """Tells by a file's path whether it holds tests."""
