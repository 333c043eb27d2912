"""Which files' names are at hand? Those of the files asked for last; a text is read once."""

from collections import OrderedDict

from pairwright.index.index import Index
from pairwright.index.resolving.files import FileNames, names_of
from pairwright.workspace.paths import WorkspacePath

MAX_FILES = 600
"""Whose names are kept: a few tens of megabytes."""


class FileNamesCache:
    """The names of files, by path and digest; serves every index of a workspace."""

    def __init__(self) -> None:
        """Start with none."""
        self._index: Index | None = None
        self._at_hand: dict[str, FileNames | None] = {}
        self._kept: OrderedDict[tuple[str, str], FileNames] = OrderedDict()

    def get(self, index: Index, path: str) -> FileNames | None:
        """Return the names of a file; None: it is not there, or of no language."""
        if index is not self._index or len(self._at_hand) > MAX_FILES:
            self._index = index
            self._at_hand = {}
        if path not in self._at_hand:
            self._at_hand[path] = self._read(index, path)
        return self._at_hand[path]

    def _read(self, index: Index, path: str) -> FileNames | None:
        file = index.files.get(WorkspacePath(path))
        if file is None or file.packed is None:
            return None
        key = (path, file.digest)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        names = self._kept[key] = names_of(file.packed, path, file.language)
        if len(self._kept) > MAX_FILES:
            self._kept.popitem(last=False)
        return names
