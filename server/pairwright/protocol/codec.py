"""How does plain data become a message, and back? One of the two places that trust nothing."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pairwright.errors import InvalidRequest
from pairwright.protocol.messages import to_camel

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
    if isinstance(value, tuple):
        for item, raw in zip(value, data, strict=True):
            _require_exact_money(item, raw, place)
    elif is_dataclass(value) and isinstance(data, dict):
        for name in (field.name for field in fields(value)):
            wire_name = to_camel(name)
            _require_exact_money(getattr(value, name), data.get(wire_name), wire_name)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
