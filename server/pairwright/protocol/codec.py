"""How does plain data become a message, and back? One of the two places that trust nothing."""

from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from pairwright.errors import InvalidRequest
from pairwright.protocol.message import to_camel

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Return a message as JSON data: camelCase names, decimals as strings.

    A field that is None is left out when None is what its absence means.
    """
    if is_dataclass(value) and not isinstance(value, type):
        items = ((field, getattr(value, field.name)) for field in fields(value))
        return {
            to_camel(field.name): encode(item)
            for field, item in items
            if item is not None or field.default is not None
        }
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    return value


def decode(kind: type[T], data: Any) -> T:
    """Return JSON data as a message.

    Raises:
        InvalidRequest: the data is not such a message; says which field and why.
    """
    plain = _decode_plain(kind, data) if isinstance(data, dict) else None
    return _decode_any(kind, data) if plain is None else plain


def _decode_plain(kind: type[T], data: dict[Any, Any]) -> T | None:
    """Return the message of fields that are just what they should be; None: a closer look is due.

    Most messages are such, and a start need not wait for pydantic because of one.
    """
    plain_fields = _plain_fields(kind)  # type: ignore[arg-type]
    if plain_fields is None or not data.keys() <= plain_fields.keys():
        return None
    values = {}
    for wire_name, (name, types, is_required) in plain_fields.items():
        if wire_name in data:
            if type(data[wire_name]) not in types:
                return None
            values[name] = data[wire_name]
        elif is_required:
            return None
    return kind(**values)


def _decode_any(kind: type[T], data: Any) -> T:
    # Not at the top: it takes as long to import as all of the protocol.
    from pydantic import ValidationError

    try:
        adapter: TypeAdapter[T] = _adapter(kind)  # type: ignore[arg-type]
        decoded = adapter.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "params"
        raise InvalidRequest(f"{place}: {first['msg']}") from None
    _require_exact_money(decoded, data, "params")
    return decoded


def _require_exact_money(value: Any, data: Any, place: str) -> None:
    """Refuse a float where a message now has a decimal: it is not the amount that was meant."""
    if isinstance(value, Decimal) and isinstance(data, float):
        raise InvalidRequest(f"{place}: money is a decimal string, never a float")
    if isinstance(value, tuple) and data is not None:
        for item, raw in zip(value, data, strict=True):
            _require_exact_money(item, raw, place)
    elif is_dataclass(value) and isinstance(data, dict):
        for name in (field.name for field in fields(value)):
            wire_name = to_camel(name)
            _require_exact_money(getattr(value, name), data.get(wire_name), wire_name)


@cache
def _plain_fields(kind: Any) -> dict[str, tuple[str, tuple[type, ...], bool]] | None:
    """Return a message's fields by their wire names: own name, types, whether it must be there.

    None: it has other fields than strings, numbers and truth values.
    """
    if not is_dataclass(kind):
        return None
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for field in fields(kind):
        hint = hints[field.name]
        types = get_args(hint) if get_origin(hint) is UnionType else (hint,)
        if not {str, int, bool, type(None)}.issuperset(types):
            return None
        found[to_camel(field.name)] = field.name, types, field.default is MISSING
    return found


@cache
def _adapter(kind: Any) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
