"""How is a directory reached without following a symbolic link?

From the root, component by component; the chain of directories that lead to the last one stays
open, because the next is most often near it.
"""

import os
from pathlib import Path
from types import TracebackType

from pairwright.errors import PathOutsideWorkspace

_OPEN_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_OPEN = 32
"""Deeper directories are opened one by one from the last of these, and not kept."""


class OpenDirectories:
    """The directories below a root, opened one at a time; a context manager."""

    def __init__(self, root: Path) -> None:
        """Take the root; it is opened with the first directory."""
        self._root = root
        self._chain: list[tuple[str, int]] = []
        """Names and descriptors, the root's first."""
        self._path = ""
        self._deep_fd: int | None = None

    def __enter__(self) -> "OpenDirectories":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, path: str) -> int:
        """Return a directory's descriptor, good until the next call; it is not to be closed.

        Raises:
            OSError: it cannot be reached, or only through a link.
        """
        if self._chain and path == self._path:
            return self._chain[-1][1] if self._deep_fd is None else self._deep_fd
        components = path.split("/") if path else []
        if ".." in components:
            raise PathOutsideWorkspace(f"{path!r} leaves the workspace")
        if not self._chain:
            root_fd = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._chain.append(("", root_fd))
        self._path = "\0"  # no directory's: what follows may fail half-way
        self._keep_common(components)
        for name in components[len(self._chain) - 1 : _MOST_OPEN]:
            self._chain.append((name, os.open(name, _OPEN_DIRECTORY, dir_fd=self._chain[-1][1])))
        if len(components) > _MOST_OPEN:
            self._deep_fd = _open_below(self._chain[-1][1], components[_MOST_OPEN:])
        self._path = path
        return self._chain[-1][1] if self._deep_fd is None else self._deep_fd

    def close(self) -> None:
        """Close what is open."""
        self._keep_common(None)

    def _keep_common(self, components: list[str] | None) -> None:
        """Close what does not lead to a directory; everything for None."""
        if self._deep_fd is not None:
            os.close(self._deep_fd)
            self._deep_fd = None
        kept = 0
        if components is not None:
            kept = 1
            for (name, _), component in zip(self._chain[1:], components, strict=False):
                if name != component:
                    break
                kept += 1
        while len(self._chain) > kept:
            os.close(self._chain.pop()[1])


def _open_below(fd: int, components: list[str]) -> int:
    inner_fd = os.open(components[0], _OPEN_DIRECTORY, dir_fd=fd)
    for name in components[1:]:
        outer_fd = inner_fd
        try:
            inner_fd = os.open(name, _OPEN_DIRECTORY, dir_fd=outer_fd)
        finally:
            os.close(outer_fd)
    return inner_fd
