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
