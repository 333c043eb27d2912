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
        return adapter.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "params"
        raise InvalidRequest(f"{place}: {first['msg']}") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
