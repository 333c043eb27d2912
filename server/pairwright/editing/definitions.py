"""Which definitions does a text hold, and which lines are theirs? Asked of the syntax, by name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pairwright.editing.lines import TextLines, lines_of
from pairwright.syntax.extraction import OutlinedText, outlined
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.syntax.packing import unpack_problems, unpack_symbols

_SEPARATOR = re.compile(r"::|->|#|\\|/")
_COMMENT_LINE = re.compile(r"\s*(?://|--|;|@|#(?!include|define|undef|if|el|end|pragma|!))")
"""A comment, an attribute or a decorator; not what a preprocessor reads."""
_BLOCK_COMMENT_OPEN, _BLOCK_COMMENT_CLOSE = "/*", "*/"
_DECORATIONS = ("@", "#[")
_DEADLY = "yaml"
"""Its parser dies of deep nesting, and the process with it; the index reads it in another one."""
_KEPT_OUTLINES = 2


@dataclass(frozen=True, slots=True)
class Definitions:
    """What one text defines."""

    symbols: tuple[Symbol, ...]
    outlined: OutlinedText | None
    """None: the file's language is not known."""
    not_parsed: str = ""
    """Why nothing is known of it."""

    def named(self, name: str) -> list[Symbol]:
        """Return the definitions of exactly that qualified name."""
        return [symbol for symbol in self.symbols if symbol.qualified_name == name]

    def called(self, name: str) -> list[Symbol]:
        """Return the definitions of that name, or whose qualified name ends with it."""
        return self.named(name) or [
            symbol for symbol in self.symbols if symbol.qualified_name.endswith(f".{name}")
        ]

    def around(self, offset: int) -> str:
        """Return the qualified name of the innermost definition, no variable, at an offset."""
        holding = [
            each
            for each in self.symbols
            if each.range.start <= offset < each.range.end and each.kind is not SymbolKind.VARIABLE
        ]
        return min(holding, key=lambda each: len(each.range)).qualified_name if holding else ""


@dataclass(frozen=True, slots=True)
class Extent:
    """The lines of a definition, half-open."""

    start: int
    end: int
    rest: str = ""
    """What stands on the last line behind it: a semicolon, a comma."""


class SharedLine(Exception):
    """A definition shares a line with other code; the message names the line, one-based."""


@lru_cache(maxsize=_KEPT_OUTLINES)
def definitions_of(path: str, text: str) -> Definitions:
    """Return what a file's text defines; the latest answers are kept."""
    return _definitions(path, text, None)


def definitions_after(path: str, text: str, before: Definitions) -> Definitions:
    """Return what a text defines that came by an edit from the one that is known."""
    return _definitions(path, text, before.outlined)


def own_spelling(name: str, path: str) -> Iterator[str]:
    """Give the ways in which a file may call what a model calls `name`: without its module."""
    spelled = ".".join(part for part in _SEPARATOR.sub(".", name.strip()).split(".") if part)
    yield name
    yield spelled
    modules = path.rpartition(".")[0].replace("/", ".").split(".")
    for count in range(1, len(modules) + 1):
        module = ".".join(modules[-count:]) + "."
        if spelled.startswith(module):
            yield spelled.removeprefix(module)


def extent_of(symbol: Symbol, text: str) -> Extent:
    """Return a definition's lines; blank ones at its end are not its own.

    Raises:
        SharedLine: other code stands before it on its first line, or behind it on its last.
    """
    lines = lines_of(text)
    start = lines.line_of(symbol.range.start)
    own = text[symbol.range.start : symbol.range.end]
    last = symbol.range.start + max(len(own.rstrip()) - 1, 0)
    end = lines.line_of(last) + 1
    before = text[lines.start_of(start) : symbol.range.start]
    line_start = lines.start_of(end - 1)
    rest = lines.contents[end - 1][last + 1 - line_start :].strip()
    if before.strip():
        raise SharedLine(f"line {start + 1}")
    if rest.strip(";,"):
        raise SharedLine(f"line {end}")
    return Extent(start, end, rest)


def is_decoration(line: str) -> bool:
    """Tell whether a line is an attribute or a decorator of the definition after it."""
    return line.lstrip().startswith(_DECORATIONS)


def decorations_above(line: int, lines: Sequence[str]) -> int:
    """Return the first of the lines of attributes and decorators right above a line."""
    first = line
    while first > 0 and is_decoration(lines[first - 1]):
        first -= 1
    return first


def comments_above(line: int, lines: Sequence[str]) -> int:
    """Return the first of the lines of comments, attributes and decorators right above a line."""
    first = line
    while first > 0:
        above = lines[first - 1]
        if above.rstrip().endswith(_BLOCK_COMMENT_CLOSE):
            opening = _opening_of_comment(first - 1, lines)
            if opening is None:
                return first
            first = opening
        elif _COMMENT_LINE.match(above):
            first -= 1
        else:
            return first
    return first


def is_broken(definitions: Definitions, symbol: Symbol) -> bool:
    """Tell whether a definition holds something that does not parse: its end may be a guess."""
    if definitions.outlined is None or not definitions.outlined.packed.has_problems:
        return False
    own = symbol.range
    return any(
        problem.range.start <= own.end and own.start <= problem.range.end
        for problem in unpack_problems(definitions.outlined.packed)
    )


def line_of_symbol(symbol: Symbol, lines: TextLines) -> int:
    """Return the one-based line at which a definition is named."""
    return lines.line_of(symbol.name_range.start) + 1


def _opening_of_comment(last: int, lines: Sequence[str]) -> int | None:
    """Return the line that begins with the comment that ends a line; None: other code is there."""
    for number in range(last, -1, -1):
        if _BLOCK_COMMENT_OPEN in lines[number]:
            return number if lines[number].lstrip().startswith(_BLOCK_COMMENT_OPEN) else None
    return None


def _definitions(path: str, text: str, before: OutlinedText | None) -> Definitions:
    language = language_of(path)
    if language is None:
        return Definitions((), None, "no language is known for such a file")
    if language.name == _DEADLY:
        return Definitions((), None, f"{language.name} is not read here")
    found = outlined(language, text, before)
    if found.packed.not_parsed:
        return Definitions((), None, found.packed.not_parsed)
    symbols = unpack_symbols(found.packed, path, range(found.packed.symbol_count))
    return Definitions(tuple(symbols), found)
