"""Which files' names are at hand? Those of the files asked for last; a text is read once."""

from collections import OrderedDict
from threading import Lock

from pairwright.index.index import Index
from pairwright.index.resolving.files import FileNames, names_of
from pairwright.workspace.paths import WorkspacePath

MAX_KEPT_BYTES = 8_000_000
"""Of packed outlines, whose names are kept: they take up four times as much."""


class FileNamesCache:
    """The names of files, by path and digest; serves every index. Safe in any thread."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        """Start with none; keep those of so many bytes of packed outlines."""
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[FileNames, int]] = OrderedDict()
        self._kept_bytes = 0

    def get(self, index: Index, path: str) -> FileNames | None:
        """Return the names of a file; None: it is not there, or of no language."""
        file = index.files.get(WorkspacePath(path))
        if file is None or file.packed is None:
            return None
        key = (path, file.digest)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept[0]
        names = names_of(file.packed, path, file.language)
        self._keep(key, names, len(file.packed.content))
        return names

    def _keep(self, key: tuple[str, str], names: FileNames, size: int) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = names, size
                self._kept_bytes += size
            while self._kept_bytes > self._max_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self._kept_bytes -= freed
