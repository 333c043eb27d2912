"""How is a value put into JSON with comments, and all else left as it is? By where it stands.

Pure: text in, text out. What Zed, VS Code and opencode take for JSON may hold comments and commas
after the last member.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pairwright_client.errors import UsageError

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SCALAR = re.compile(r"[^\s,\[\]{}\"/:]+")
_REST_OF_LINE = re.compile(r"[ \t]*(?://[^\n]*|/\*[^\n]*?\*/[ \t]*)?(?=\r?\n|\Z)")
_MAX_DEPTH = 100


class Broken(UsageError):
    """The text is not what its name says, or cannot be changed without guessing."""


@dataclass(slots=True)
class _Value:
    """A value and where it stands."""

    start: int
    end: int
    members: dict[str, "_Value"] | None = None
    """Of an object."""
    ends_with_comma: bool = False
    data: Any = None
    keys: list[int] = field(default_factory=list)
    """Where an object's names begin."""


def merged(text: str, keys: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """Return the text with the entry's values under its keys.

    Raises:
        Broken: it is no JSON, or another kind of value lies where an object must be.
    """
    if not text.strip("\ufeff \t\r\n"):
        return snippet(keys, entry)
    expected = read(text)
    _put(expected, keys, entry)
    for name, value in entry.items():
        text = _with_value(text, (*keys, name), value)
    if read(text) != expected:
        raise Broken("it cannot be changed safely")
    return text


def snippet(keys: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """Return a whole file that says nothing else."""
    whole: dict[str, Any] = {}
    _put(whole, keys, entry)
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> Any:
    """Return the data that a text holds.

    Raises:
        Broken: it is no JSON, comments and last commas aside.
    """
    return _parse(text).data


def _put(data: Any, keys: tuple[str, ...], entry: Mapping[str, Any]) -> None:
    for key in keys:
        if not isinstance(data, dict):
            raise Broken(f"no object lies around {key!r}")
        data = data.setdefault(key, {})
    if not isinstance(data, dict):
        raise Broken(f"{keys[-1]!r} is no object")
    data.update(entry)


def _with_value(text: str, path: tuple[str, ...], value: Any) -> str:
    inner = _parse(text)
    depth = 0
    while depth < len(path) and inner.members is not None and path[depth] in inner.members:
        inner = inner.members[path[depth]]
        depth += 1
    if depth == len(path):
        if inner.data == value:
            return text
        return text[: inner.start] + json.dumps(value, ensure_ascii=False) + text[inner.end :]
    for key in reversed(path[depth + 1 :]):
        value = {key: value}
    return _with_member(text, inner, path[depth], value)


def _with_member(text: str, owner: _Value, key: str, value: Any) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    outer = _indent_at(text, owner.start)
    unit = "\t" if re.search(r"^\t", text, re.M) else "  "
    indent = outer + unit
    if owner.keys and "\n" in text[owner.start : owner.keys[0]]:
        indent = _indent_at(text, owner.keys[0])
        unit = indent[len(outer) :] or unit
    lines = json.dumps(value, indent=unit, ensure_ascii=False).split("\n")
    member = f"{json.dumps(key)}: {(newline + indent).join(lines)}"
    if not owner.members:
        # Comments in an empty object stay before what is put into it.
        inside = text[owner.start + 1 : owner.end - 1].rstrip()
        put = f"{inside}{newline}{indent}{member}{newline}{outer}"
        return text[: owner.start + 1] + put + text[owner.end - 1 :]
    last = max(child.end for child in owner.members.values())
    comma_end = text.index(",", _skip(text, last)) + 1 if owner.ends_with_comma else last
    rest = _REST_OF_LINE.match(text, comma_end)
    at = rest.end() if rest and rest.end() < owner.end else comma_end
    comma = "" if owner.ends_with_comma else ","
    return f"{text[:last]}{comma}{text[last:at]}{newline}{indent}{member}" + (
        text[at:] if "\n" in text[at : owner.end] else f"{newline}{outer}{text[at:].lstrip(' ')}"
    )


def _indent_at(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())]


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _parse(text: str) -> _Value:
    start = _skip(text, 1 if text.startswith("\ufeff") else 0)
    value = _parse_value(text, start, _MAX_DEPTH)
    if _skip(text, value.end) != len(text):
        raise Broken(f"something follows its end, at line {_line(text, value.end)}")
    return value


def _parse_value(text: str, at: int, depth: int) -> _Value:
    if depth == 0:
        raise Broken("it nests too deeply")
    if text.startswith("{", at):
        return _parse_object(text, at, depth)
    if text.startswith("[", at):
        return _parse_array(text, at, depth)
    found = _STRING.match(text, at) or _SCALAR.match(text, at)
    if found is None:
        raise Broken(f"it is no JSON at line {_line(text, at)}")
    try:
        return _Value(at, found.end(), data=json.loads(found.group(), parse_constant=_refuse))
    except ValueError:
        raise Broken(f"it is no JSON at line {_line(text, at)}") from None


def _parse_object(text: str, at: int, depth: int) -> _Value:
    members: dict[str, _Value] = {}
    value = _Value(at, at, members=members, data={})
    here = _skip(text, at + 1)
    while not text.startswith("}", here):
        name = _STRING.match(text, here)
        colon = _skip(text, name.end()) if name else here
        if name is None or not text.startswith(":", colon):
            raise Broken(f"it is no JSON at line {_line(text, here)}")
        child = _parse_value(text, _skip(text, colon + 1), depth - 1)
        key = json.loads(name.group())
        if key in members:
            raise Broken(f"{key!r} stands twice, at line {_line(text, here)}")
        members[key] = child
        value.data[key] = child.data
        value.keys.append(here)
        here, value.ends_with_comma = _after_item(text, child.end, "}")
    value.end = here + 1
    return value


def _parse_array(text: str, at: int, depth: int) -> _Value:
    value = _Value(at, at, data=[])
    here = _skip(text, at + 1)
    while not text.startswith("]", here):
        child = _parse_value(text, here, depth - 1)
        value.data.append(child.data)
        here, _ = _after_item(text, child.end, "]")
    value.end = here + 1
    return value


def _after_item(text: str, end: int, closing: str) -> tuple[int, bool]:
    here = _skip(text, end)
    if text.startswith(",", here):
        return _skip(text, here + 1), True
    if not text.startswith(closing, here):
        raise Broken(f"it is no JSON at line {_line(text, here)}")
    return here, False


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
