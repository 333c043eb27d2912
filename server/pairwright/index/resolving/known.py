"""What was found out about an index already?

What is kept never changes, so that threads share it: at worst two of them find the same.
"""

from collections.abc import MutableMapping
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from pairwright.index.index import Index
from pairwright.index.resolving.meanings import Meaning, Meanings
from pairwright.index.resolving.names import FileNamesCache

MAX_KEPT = 15_000
"""Answers of each kind that are kept."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


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
