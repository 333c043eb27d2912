"""How are lines said in GBNF, the grammar notation of llama.cpp?

Every line that a grammar lets a model write freely is one that no parser takes for a marker.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from pairwright.editing.markers import BLOCK_MARKERS, is_like_block_marker

_MARKER_LENGTH = 7
_MARK_RULES = {"<": "less", ">": "more", "=": "equal"}
_MOST_MARKS = {"<": 1, ">": 3, "=": _MARKER_LENGTH}
"""How often a new line may repeat a mark at its beginning: no line may read as a marker."""
_DOUBTFUL_AT_EDGE = "<>=#`"
_DOUBTFUL_INDENTED = "`<>="
_STEPS = ("    ", "\t", "  ")
_DEEPEST = 8
_LONG_LINE = 120
"""A model that repeats itself within a line comes to an end, too."""
_MAX_COMPARED = 200
"""A longer line is not told apart: a rule nests once for each of its characters."""
_BLANKS = " \t"
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"'}
_PLAIN = re.compile(r"[A-Za-z0-9]")
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f-\x9f\ud800-\udfff]')


def literal(text: str) -> str:
    """Return a text as a quoted terminal."""
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), text) + '"'


def none_of(characters: Iterable[str]) -> str:
    """Return the class of all characters but these."""
    shown = dict.fromkeys(characters)
    return "[^" + "".join(c if _PLAIN.match(c) else _escape(c) for c in shown) + "]"


def indentation_step(lines: Iterable[str]) -> str | None:
    """Return what all indentations are made of; None when they are mixed, or when there are none.

    `lines` have no line ends.
    """
    bodies = ((line, line.lstrip(_BLANKS)) for line in lines)
    indentations = {line.removesuffix(body) for line, body in bodies if body} - {""}
    for step in _STEPS if indentations else ():
        if all(indentation == step * _depth(indentation, step) for indentation in indentations):
            return step
    return None


def can_be_quoted(line: str) -> bool:
    """Tell whether a line can stand in a block without being taken for a marker."""
    if is_like_block_marker(line):
        return False
    opening = line[:_MARKER_LENGTH]
    if opening not in [marker[:_MARKER_LENGTH] for marker in BLOCK_MARKERS]:
        return True
    return opening[0] == "=" and line[_MARKER_LENGTH:].startswith("=")


class LineRules:
    """The rules `line`, `text` and those below them, and rules for "any line but this one".

    New lines look like the files' own: they are indented by whole steps where all of those are;
    and they begin with a mark, a hash or a backquote only where some of those do. That is how
    small models begin to talk instead of writing code.
    """

    def __init__(self, lines: Collection[str]) -> None:
        """Read the files' lines, which have no line ends."""
        self._step = indentation_step(lines)
        self._most_characters = max([_LONG_LINE, *map(len, lines)])
        first_at_edge = {line[:1] for line in lines}
        first = {line.lstrip(_BLANKS)[:1] for line in lines}
        self._marks = [mark for mark in _MARK_RULES if mark in first_at_edge]
        self._barred_at_edge = "".join(c for c in _DOUBTFUL_AT_EDGE if c not in first_at_edge)
        self._barred_indented = "".join(c for c in _DOUBTFUL_INDENTED if c not in first)

    def definitions(self, max_lines: int) -> Iterator[str]:
        """Yield the rules; `text` is at most `max_lines` lines."""
        yield f"text ::= line{{0,{max_lines}}}"
        yield f'rest ::= [^\\n]{{0,{self._most_characters}}} "\\n"'
        yield f"in0 ::= {' | '.join(self._departures('', 0, is_at_edge=True))}"
        if self._step is None:
            yield 'line ::= "\\n" | in0'
        else:
            yield f'line ::= "\\n" | {" | ".join(f"in{depth}" for depth in range(_DEEPEST + 1))}'
            for depth in range(1, _DEEPEST + 1):
                first = none_of("\n" + _BLANKS + self._barred_indented)
                yield f"in{depth} ::= {literal(self._step * depth)} {first} rest"
        for mark in self._marks:
            for length in range(1, min(_MOST_MARKS[mark], _MARKER_LENGTH - 1) + 1):
                ways = ['"\\n"', f"{none_of(mark + chr(10))} rest", *_longer_marks(mark, length)]
                yield f"{_MARK_RULES[mark]}{length} ::= {' | '.join(ways)}"
        # Eight equal signs are a heading's underline; seven are a marker.
        yield f'equal{_MARKER_LENGTH} ::= "=" rest'

    def any_but(self, line: str) -> str:
        """Return the alternatives for any line that `line` allows, but this one."""
        if len(line) > _MAX_COMPARED:
            return "line"
        ways = ['"\\n"'] if line else []
        if self._step is None:
            ways.append(self._any_other(line, is_at_edge=True))
            return " | ".join(ways)
        body = line.lstrip(_BLANKS)
        depth = _depth(line.removesuffix(body), self._step) if body else None
        ways += [f"in{other}" for other in range(_DEEPEST + 1) if other != depth]
        if depth is not None:
            other_body = self._any_other(body, is_at_edge=depth == 0)
            ways.append(f"{literal(self._step * depth)} ( {other_body} )")
        return " | ".join(ways)

    def _any_other(self, body: str, *, is_at_edge: bool) -> str:
        """Follow the body to some character, then depart from it."""
        rule = ""
        for length in range(len(body), -1, -1):
            ways = self._departures(body, length, is_at_edge=is_at_edge)
            if length < len(body):
                ways.append(f"{literal(body[length])} ( {rule} )")
            rule = " | ".join(ways)
        return rule

    def _departures(self, body: str, length: int, *, is_at_edge: bool) -> list[str]:
        """Return how a line that has the body's first `length` characters may go on otherwise."""
        begun = body[:length]
        following = body[length : length + 1]
        marks = set(begun) if is_at_edge and length <= _MARKER_LENGTH else set()
        mark = marks.pop() if len(marks) == 1 and marks <= set(_MARK_RULES) else None
        if mark and length == _MARKER_LENGTH:
            return []
        ways = ['"\\n"'] if 0 < length < len(body) else []
        excluded = "\n" + following + (mark or "")
        if mark and following != mark:
            ways += _longer_marks(mark, length)
        if length == 0 and is_at_edge:
            excluded += "".join(_MARK_RULES) + self._barred_at_edge
            ways += [
                f"{literal(first)} {_MARK_RULES[first]}1"
                for first in self._marks
                if first != following
            ]
        elif length == 0:
            excluded += self._barred_indented
        if length == 0 and self._step:
            excluded += _BLANKS
        return [*ways, f"{none_of(excluded)} rest"]


def _longer_marks(mark: str, length: int) -> list[str]:
    """Return how a line that begins with `length` equal marks goes on with one more, if it may."""
    if length >= _MOST_MARKS[mark]:
        return []
    return [f"{literal(mark)} {_MARK_RULES[mark]}{length + 1}"]


def _depth(indentation: str, step: str) -> int:
    return len(indentation) // len(step)


def _escape(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else character
