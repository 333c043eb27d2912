"""Which names are in what TypeScript writes: in types, and in patterns that take apart?

Told from texts that may be cut off; what is not understood names nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MAX_NESTING = 12
_HEAD = re.compile(r"\s*([A-Za-z_$][\w$.]*)\s*(.?)", re.DOTALL)
_PROPERTY = re.compile(r"\s*([A-Za-z_$][\w$]*)\s*(?::\s*([A-Za-z_$][\w$]*)\s*)?(?:=|$)")
_SIMPLE = re.compile(r"[A-Za-z_$][\w$.]*")
_SEE_THROUGH = frozenset(
    {"Awaited", "Exclude", "Extract", "NonNullable", "Omit", "Partial", "Pick", "Promise"}
    | {"PromiseLike", "Readonly", "Required"}
)
"""Types whose first argument has, or comes to have, the members of the whole."""
_NO_NAMES = frozenset({"asserts", "infer", "keyof", "new", "readonly", "typeof", "unique"})
_OPENING, _CLOSING = "([{<", ")]}>"


@dataclass(frozen=True, slots=True)
class TakenProperty:
    """A property that a pattern takes out of an object."""

    name: str
    local: str
    """What it is called then; empty when that is a pattern again."""
    offset: int
    """Of the name, from the pattern's beginning."""


def type_chains(text: str, depth: int = 0) -> Iterator[str]:
    """Give the names in a written type, or call, that an object of it may be of."""
    text = text.replace("?.", ".").replace("!.", ".")
    for part, _ in _split(text, "|&"):
        inner = part.strip()
        if inner.startswith("(") and inner.endswith(")") and depth < _MAX_NESTING:
            yield from type_chains(inner[1:-1], depth + 1)
            continue
        head = _HEAD.match(part)
        if head is None or head[1] in _NO_NAMES:
            continue
        rest = part[head.end(1) :].strip()
        if head[2] and head[2] in "(<":
            end = _end_of_brackets(rest)
            if rest[end:].strip(" !;"):
                continue  # an array, a member of a type, or of what a call gives
            if head[2] == "<" and head[1] in _SEE_THROUGH:
                if depth < _MAX_NESTING:
                    arguments = [each for each, _ in _split(rest[1 : max(end - 1, 1)], ",")]
                    yield from type_chains(arguments[0], depth + 1)
                continue
        elif rest.strip("!;"):
            continue
        yield head[1]


def taken_properties(pattern: str) -> Iterator[TakenProperty]:
    """Give what a pattern such as `{ a, b: c, d = 1 }` takes, its own level only."""
    inner = pattern[1 : max(_end_of_brackets(pattern) - 1, 1)]
    for part, start in _split(inner, ","):
        found = _PROPERTY.match(part)
        if found is not None:
            yield TakenProperty(found[1], found[2] or found[1], 1 + start + found.start(1))
            continue
        name = _SIMPLE.match(part.lstrip())
        if name is not None and part.lstrip()[name.end() :].lstrip().startswith(":"):
            indent = len(part) - len(part.lstrip())
            yield TakenProperty(name[0], "", 1 + start + indent)


def is_pattern(text: str) -> bool:
    """Tell whether what is bound is not one name but a pattern that takes apart."""
    return text.startswith("{")


def is_simple(text: str) -> bool:
    """Tell whether a type or value is a chain of names and nothing else."""
    return _SIMPLE.fullmatch(text) is not None


def _end_of_brackets(text: str) -> int:
    """Return where the bracket is closed that a text begins with; its length: nowhere."""
    depth = 0
    for position, character in enumerate(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING and not _is_arrow(text, position):
            depth -= 1
            if depth == 0:
                return position + 1
    return len(text)


def _split(text: str, separators: str) -> list[tuple[str, int]]:
    """Split at separators that stand in no brackets; with each part goes where it begins."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING and not _is_arrow(text, position):
            depth -= 1
        elif character in separators and depth == 0:
            parts.append((text[start:position], start))
            start = position + 1
    return [*parts, (text[start:], start)]


def _is_arrow(text: str, position: int) -> bool:
    return text[position] == ">" and text[position - 1 : position] == "="
