"""Which number has a name? One table for all indexes that follow from each other.

Names are only ever added, so that a number means the same to every one of these indexes, and joins
between files are joins of numbers.
"""

from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]


class Names:
    """The identifiers that files define and use; the empty one is 0. Safe with threads."""

    def __init__(self, strings: Iterable[str] = ("",)) -> None:
        """Take the first names, each once, the empty one first."""
        self._strings = list(strings)
        self._numbers = dict(zip(self._strings, range(len(self._strings)), strict=True))
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._strings)

    def __getitem__(self, number: int) -> str:
        """Return the name of a number."""
        return self._strings[number]

    def strings(self, numbers: Iterable[int]) -> list[str]:
        """Return the names of numbers."""
        return list(map(self._strings.__getitem__, numbers))

    def number(self, name: str) -> int | None:
        """Return the number of a name; None when no file ever had it."""
        return self._numbers.get(name)

    def numbers(self, names: Sequence[str]) -> Numbers:
        """Return the numbers of names; new ones get the next numbers."""
        known = list(map(self._numbers.get, names))
        if None in known:
            with self._lock:
                known = [
                    self._added(name) if number is None else number
                    for name, number in zip(names, known, strict=True)
                ]
        return np.array(known, np.uint32)

    def _added(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = len(self._strings)
            self._strings.append(name)
            self._numbers[name] = number
        return number
