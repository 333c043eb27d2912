"""Which files of the workspace end as an import says?"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from pairwright.syntax.outline import Import
from pairwright.workspace.paths import WorkspacePath


class PathTable:
    """Finds files and directories by an end of their path."""

    def __init__(self, paths: Collection[WorkspacePath]) -> None:
        """Read the paths once."""
        self.paths = paths
        self._by_name: dict[str, list[WorkspacePath]] = defaultdict(list)
        self._in_directory: dict[str, list[WorkspacePath]] = defaultdict(list)
        self._directories: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            directory, _, name = path.rpartition("/")
            self._by_name[name].append(path)
            self._in_directory[directory].append(path)
        for directory in self._in_directory:
            self._directories[directory.rpartition("/")[2]].append(directory)

    def beside(self, importer: str, relative: str, endings: Sequence[str]) -> WorkspacePath | None:
        """Return the file at a path that counts from a file's directory."""
        return self.at(joined(importer.rpartition("/")[0], relative), endings)

    def at(self, path: str | None, endings: Sequence[str]) -> WorkspacePath | None:
        """Return the file at a path with the first of the endings that is there."""
        if path is not None:
            for ending in endings:
                if path + ending in self.paths:
                    return WorkspacePath(path + ending)
        return None

    def ending_in(self, end: str, endings: Sequence[str], importer: str) -> WorkspacePath | None:
        """Return the file whose path ends so; of several the nearest to the importer."""
        for ending in endings:
            whole = "/" + end + ending
            named = self._by_name.get(whole.rpartition("/")[2], ())
            found = [path for path in named if ("/" + path).endswith(whole)]
            if found:
                return WorkspacePath(nearest(found, importer))
        return None

    def named(self, name: str) -> Sequence[WorkspacePath]:
        """Return the files of a name, wherever they are."""
        return self._by_name.get(name, ())

    def directories_named(self, last: str) -> Iterable[str]:
        """Give the directories whose last part this is, or ends so after a dot."""
        for name, directories in self._directories.items():
            if name == last or name.endswith("." + last):
                yield from directories

    def files_in(self, directory: str, suffixes: tuple[str, ...]) -> tuple[WorkspacePath, ...]:
        """Return a directory's own files with one of the suffixes, sorted."""
        files = self._in_directory.get(directory, ())
        return tuple(path for path in files if path.endswith(suffixes))


def joined(directory: str, relative: str) -> str | None:
    """Return a path that counts from a directory; None when it leaves the workspace."""
    parts = directory.split("/") if directory else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def directories_above(path: str) -> Iterator[str]:
    """Give the directories around a file, its own first and the root (empty) last."""
    directory = path.rpartition("/")[0]
    while directory:
        yield directory
        directory = directory.rpartition("/")[0]
    yield ""


def nearest(paths: Iterable[str], importer: str) -> str:
    """Return the path that shares most directories with a file; of several the shortest."""
    return min(paths, key=lambda path: (-shared_depth(path, importer), len(path), path))


def shared_depth(path: str, other: str) -> int:
    """Return how many directories two files share."""
    depth = 0
    for mine, theirs in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != theirs:
            break
        depth += 1
    return depth


Resolve = Callable[[PathTable, Import, WorkspacePath], tuple[WorkspacePath, ...]]
"""Returns the files that one import means, given who imports."""
