"""What may anybody say in LSP? Each message of the specification's own model, whole or spoiled.

The library's types are generated from that model (`metaModel.json` of LSP 3.18), so the messages
here are too: any member may be there or not, any variant of a union be chosen. A spoiled one has
one place in it that is something else.
"""

import enum
import random
import types as python_types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from lsprotocol import _hooks, converters
from lsprotocol import types as lsp

from pairwright.protocol.commands import COMMANDS

ENDS_THE_SESSION = frozenset({"shutdown", "exit"})
METHODS = tuple(sorted(set(lsp.METHOD_TO_TYPES) - ENDS_THE_SESSION))
"""Whoever may say them: what only a server says is an unknown method to one."""
NOTIFICATIONS = frozenset(
    method for method, kinds in lsp.METHOD_TO_TYPES.items() if kinds[1] is None
)
_CONVERTER = converters.get_converter()
_DEEPEST = 6
_MOST_ITEMS = 3
_WORDS = ("", "push", "stack", "ä\U0001f600", "a\r\nb\u2028c", "x" * 300, "%00", "\x00")
_NUMBERS = (0, 1, 2, 7, 13, 1000, 2**31 - 1)
_ODD: tuple[Any, ...] = (
    *(None, True, -1, 2**31, 2**70, 1.5, "", "text", [], {}, [None], {"uri": 5}),
    *("\ud800", "x" * 20_000, [[[[[]]]]], {"": {"": {"": None}}}),
)


class TypedMessages:
    """Makes messages at random; of one seed always the same."""

    def __init__(self, chance: random.Random, uris: Sequence[str]) -> None:
        """Speak of the documents at these URIs, mostly."""
        self._chance = chance
        self._uris = uris

    def method(self) -> str:
        """Return a method of the specification."""
        return self._chance.choice(METHODS)

    def params(self, method: str) -> Any:
        """Return params as the specification has them."""
        kind = lsp.METHOD_TO_TYPES[method][2]
        return None if kind is None else _CONVERTER.unstructure(self._value(kind, 0))

    def spoiled(self, method: str) -> Any:
        """Return such params with one place that is something else, gone or too much."""
        params = self.params(method)
        places = list(_places(params))
        if not places:
            return self._chance.choice(_ODD)
        owner, key = self._chance.choice(places)
        how = self._chance.random()
        if how < 0.6:
            owner[key] = self._chance.choice(_ODD)
        elif how < 0.9:
            del owner[key]
        elif isinstance(owner, dict):
            owner["unheard-of"] = self._chance.choice(_ODD)
        else:
            owner *= 50
        return params

    def _value(self, kind: Any, depth: int) -> Any:
        origin = get_origin(kind)
        if origin in (Union, python_types.UnionType):
            return self._value(self._variant(get_args(kind), depth), depth)
        if origin is Literal:
            return self._chance.choice(get_args(kind))
        if origin is tuple:
            return tuple(self._value(each, depth + 1) for each in get_args(kind))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            key, value = get_args(kind)
            return {
                self._value(key, depth): self._value(value, depth + 1) for _ in self._few(depth)
            }
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return [self._value(get_args(kind)[0], depth + 1) for _ in self._few(depth)]
        if isinstance(kind, type) and attrs.has(kind):
            return self._object(kind, depth)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self._chance.choice(list(kind))
        return self._plain(kind)

    def _object(self, kind: type, depth: int) -> Any:
        return kind(
            **{
                field.name: self._member(field, depth)
                for field in attrs.fields(kind)
                if field.init and (field.default is attrs.NOTHING or self._chance.random() < 0.5)
            }
        )

    def _member(self, field: "attrs.Attribute[Any]", depth: int) -> Any:
        name = field.name
        if name.endswith("uri") and field.type is str:
            return self._chance.choice(self._uris)
        if name == "command" and field.type is str:
            return self._chance.choice(COMMANDS)
        if isinstance(field.default, str):  # it may say nothing else
            return field.default
        return self._value(field.type, depth + 1)

    def _variant(self, variants: Sequence[Any], depth: int) -> Any:
        if type(None) in variants and depth > _DEEPEST:
            return type(None)
        return self._chance.choice(variants)

    def _few(self, depth: int) -> range:
        return range(0 if depth > _DEEPEST else self._chance.randrange(_MOST_ITEMS + 1))

    def _plain(self, kind: Any) -> Any:
        if kind is type(None) or kind is None:
            return None
        if kind is bool:
            return self._chance.random() < 0.5
        if kind is int:
            return self._chance.choice(_NUMBERS)
        if kind is float:
            return self._chance.random()
        if kind is str:
            return self._chance.choice(_WORDS)
        # `Any`, and the names that stand for it: data of the client's own.
        return self._chance.choice((None, 5, "text", {"a": [1]}, []))


def _places(value: Any) -> typing.Iterator[tuple[Any, Any]]:
    """Return every member and item of JSON data, by its owner and its key."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield value, key
            yield from _places(value[key])


_hooks._resolve_forward_references()
