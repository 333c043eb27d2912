# ruff: noqa
"""A module with every construct that the outline knows; ünïcode so that offsets differ from bytes."""

import os
import collections.abc as abc
from pkg import files, stack as st
from . import sibling
from ..upper.deep import thing
from starred import *

LIMIT: int = 3
first, second = 1, 2
LIMIT = 4

if os.name == "nt":
    CONDITIONAL = True


class Base:
    pass


class Stack(Base, abc.Sized, Generic[T], metaclass=Meta):
    """Holds ünïcode items.

    More of it.
    """

    size: int
    kind = "stack"

    def __init__(self, items: list[int] | None = None) -> None:
        # A comment before the docstring.
        """Begin empty."""
        local = 1
        self.items = items or []

    @property
    @cached("é")
    def top(self) -> int:
        return self.items[-1]

    class Inner:
        def method(self):
            return helper()


@decorate
async def outer(
    a: int,
    b: str = "x",
) -> None:
    r"""Raw doc."""

    def nested(x):
        return st.push(x)

    return nested(files.open_file(a))


square = lambda x: x * x


def handle(store: Store, *rest: int, flag=False, **options) -> Handle | None:
    # The store goes first.
    other = files.open_file(flag)
    typed: Handle = other
    for index, (first, second) in enumerate(rest):
        other.touch(index)
    with files.Reader(flag) as reader, store.lock():
        store.files().add(reader)
    try:
        pass
    except OSError as error:
        log.warning(f"{error.args}")
    if (found := other.find()) is not None:
        match found:
            case Special(value=inner):
                inner.close()
            case fallback:
                del fallback
    return [each.name for each in rest]


class TestStack:
    def test_pushes_ünïcode(self):
        assert Stack().top == 1
