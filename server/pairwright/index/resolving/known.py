"""What was found out about an index already, and how far may a question go on?

What is kept never changes, so that threads share it: at worst two of them find the same.
"""

from collections.abc import Callable, MutableMapping
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from pairwright.index.index import Index
from pairwright.index.resolving.meanings import Meaning, Meanings
from pairwright.index.resolving.names import FileNamesCache

MAX_STEPS_OF_USE = 2_000
"""Names that are followed for one use of a name; beyond, what it means counts as unknown."""
MAX_STEPS = 400_000
"""Names that are followed for one question."""
USES_BETWEEN_CHECKS = 100
"""After how many uses it is asked again whether to stop."""
MAX_KEPT = 30_000
"""Answers of each kind that are kept."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class OutOfSteps(Exception):
    """A use leads further than is worth following."""


class Steps:
    """Counts down what a question may still follow."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        """Start with all; stop when this says so."""
        self._should_stop = should_stop
        self._left = MAX_STEPS
        self._left_of_use = 0
        self._uses = 0
        self._was_stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether someone wants the question to end."""
        self._was_stopped = self._was_stopped or self._should_stop()
        return self._was_stopped

    def allow(self) -> None:
        """Begin with the next use."""
        self._uses += 1
        if self._uses % USES_BETWEEN_CHECKS == 0 and self.is_stopped:
            self._left = 0
        self._left_of_use = min(MAX_STEPS_OF_USE, self._left)

    def take(self) -> None:
        """Take one step.

        Raises:
            OutOfSteps: there is none left.
        """
        if self._left_of_use <= 0:
            raise OutOfSteps
        self._left_of_use -= 1
        self._left -= 1


class _Kept(dict[_Key, _Value]):
    """The latest answers; when there are too many, it begins anew."""

    def __setitem__(self, key: _Key, value: _Value) -> None:
        if len(self) >= MAX_KEPT:
            self.clear()
        super().__setitem__(key, value)


class Known:
    """What was found out about one index."""

    def __init__(self, files: FileNamesCache) -> None:
        """Start with what is known of single files."""
        self.files = files
        self.namesakes: MutableMapping[str, tuple[Meaning, ...]] = _Kept()
        self.chains: MutableMapping[tuple[str, int, str], Meanings] = _Kept()
        self.exports: MutableMapping[tuple[str, str], Meanings] = _Kept()
        self.objects: MutableMapping[Meaning, Meanings] = _Kept()
        self.ancestors: MutableMapping[tuple[str, str], tuple[tuple[Meaning, ...], bool]] = _Kept()


_FILES = FileNamesCache()
_BY_INDEX: WeakKeyDictionary[Index, Known] = WeakKeyDictionary()
_LOCK = Lock()


def known_of(index: Index) -> Known:
    """Return what is known of an index, for as long as it lives. Safe in any thread."""
    with _LOCK:
        known = _BY_INDEX.get(index)
        if known is None:
            known = _BY_INDEX[index] = Known(_FILES)
        return known
