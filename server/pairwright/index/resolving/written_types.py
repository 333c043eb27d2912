"""Which names are in a written type? Those whose objects have its members."""

import re
from collections.abc import Iterable, Iterator

from pairwright.index.resolving import script_types
from pairwright.index.resolving.dialects import Dialect
from pairwright.syntax.outline import Symbol

_MAX_NESTING = 12
_ANNOTATION_HEAD = re.compile(r"\s*([A-Za-z_$][\w$.]*)\s*(\[?)")
_SEE_THROUGH = frozenset(
    {"Optional", "Union", "Type", "type", "Annotated", "Final", "ClassVar", "Required"}
    | {"NotRequired", "Awaitable", "Self"}
)


def type_chains(text: str, dialect: Dialect) -> Iterator[str]:
    """Give the names in a written type that an object of it may be of."""
    return script_types.type_chains(text) if dialect.is_scripted else _chains(text)


def returned_types(functions: Iterable[Symbol]) -> list[str]:
    """Return what functions of one name say after an arrow that they return, without quotes."""
    after_arrow = (each.signature.rpartition("->") for each in functions)
    return list(dict.fromkeys(text.strip().strip("\"'") for _, arrow, text in after_arrow if arrow))


def _chains(text: str, depth: int = 0) -> Iterator[str]:
    for part in _split(text.replace('"', "").replace("'", ""), "|"):
        head = _ANNOTATION_HEAD.match(part)
        if head is None:
            continue
        if not head[2]:
            if head[1] != "None":
                yield head[1]
        elif head[1].rpartition(".")[2] in _SEE_THROUGH and depth < _MAX_NESTING:
            for argument in _split(part[head.end() :].rstrip().removesuffix("]"), ","):
                yield from _chains(argument, depth + 1)
        else:
            yield head[1]


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands in no brackets."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
