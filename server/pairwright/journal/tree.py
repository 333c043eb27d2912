"""How is a file below the root read and replaced without following a symbolic link?

Every step goes through an open directory: between the check of a path and its use nobody can put
a link in the way.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pairwright.errors import PathOutsideWorkspace, UnreadableFile
from pairwright.journal.calls import OPEN_DIRECTORY, Calls
from pairwright.workspace.paths import WorkspacePath, parse_path

MAX_CHANGED_BYTES = 16_000_000
"""A larger file is not changed: it is read whole, and old and new bytes are kept."""

ROOT = "the workspace"
"""How the root itself is shown."""

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file holds, its permission bits, and under how many names it is known."""

    content: bytes
    mode: int
    links: int = 1


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 digest of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class Tree:
    """The files below one directory."""

    def __init__(self, root: Path, calls: Calls) -> None:
        """Speak of the files below `root`."""
        self._root = root
        self._calls = calls

    def read(self, path: WorkspacePath) -> FileState | None:
        """Return what the file holds; None when there is none.

        Raises:
            PathOutsideWorkspace: a symbolic link is on the way.
            UnreadableFile: there is something else than a regular file, or too large a one.
            OSError: the system does not let it be read; names the path.
        """
        try:
            with self._calls.announced("read", path), self._parent_of(path) as (directory, name):
                # Opening a device can do something: what is no file is not opened.
                _require_regular(path, os.stat(name, dir_fd=directory, follow_symlinks=False))
                file = os.open(name, _FILE, dir_fd=directory)
                with os.fdopen(file, "rb") as opened:
                    status = os.fstat(file)
                    _require_regular(path, status)
                    content = opened.read(MAX_CHANGED_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise _refusal(path) from None
            raise
        if len(content) > MAX_CHANGED_BYTES:
            raise _too_large(path)
        return FileState(content, stat.S_IMODE(status.st_mode), status.st_nlink)

    def missing_directories(self, path: WorkspacePath) -> tuple[str, ...]:
        """Return the directories that a file of that path still needs, outermost first.

        Raises:
            PathOutsideWorkspace: a symbolic link is on the way, or a file.
            OSError: the system does not let them be opened; names the path.
        """
        components = parse_path(path).split("/")[:-1]
        for count in range(len(components), 0, -1):
            try:
                with self._opened(components[:count], path):
                    break
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise _refusal(path) from None
                raise
        else:
            count = 0
        return tuple(
            "/".join(components[:length]) for length in range(count + 1, len(components) + 1)
        )

    def make_directory(self, path: str) -> None:
        """Make a directory, unless it is there already."""
        with self._parent_of(WorkspacePath(path)) as (directory, name):
            self._calls.make_directory(directory, name, mode=0o777, shown=path)
            self._calls.sync(directory, shown=_parent(path))

    def remove_directory(self, path: str) -> None:
        """Remove a directory, unless it is gone or holds something."""
        with self._parent_if_any(WorkspacePath(path)) as found:
            if found is not None:
                self._calls.remove_directory(*found, shown=path)
                self._calls.sync(found[0], shown=_parent(path))

    def write_beside(
        self, path: WorkspacePath, temporary: str, content: bytes, mode: int | None
    ) -> None:
        """Write a file, under a name of its own, to the disk; `replace` gives it the path."""
        with self._parent_of(path) as (directory, _):
            self._calls.write_new(directory, temporary, content, mode=mode, shown=path)

    def replace(self, path: WorkspacePath, temporary: str) -> None:
        """Put what `write_beside` wrote in the file's place, at once; for good after `sync`."""
        with self._parent_of(path) as (directory, name):
            self._calls.rename(directory, temporary, name, shown=path)

    def remove(self, path: WorkspacePath) -> None:
        """Remove a file, unless it is gone; for good after `sync`."""
        with self._parent_if_any(path) as found:
            if found is not None:
                self._calls.unlink(*found, shown=path)

    def remove_beside(self, path: WorkspacePath, temporary: str) -> None:
        """Remove what `write_beside` wrote, unless it is gone."""
        with self._parent_if_any(path) as found:
            if found is not None:
                self._calls.unlink(found[0], temporary, shown=path)

    def sync(self, path: WorkspacePath) -> None:
        """Return when it is on the disk which files are in the file's directory."""
        with self._parent_if_any(path) as found:
            if found is not None:
                self._calls.sync(found[0], shown=_parent(path))

    @contextmanager
    def _parent_of(self, path: WorkspacePath) -> Iterator[tuple[int, str]]:
        """Give the open directory that holds the path, and the path's last component."""
        *components, name = parse_path(path).split("/")
        with self._opened(components, path) as directory:
            yield directory, name

    @contextmanager
    def _parent_if_any(self, path: WorkspacePath) -> Iterator[tuple[int, str] | None]:
        """Give the open directory as `_parent_of` does; None when there is no such directory."""
        *components, name = parse_path(path).split("/")
        try:
            directory = self._open(components, path)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise
            yield None
            return
        try:
            yield directory, name
        finally:
            os.close(directory)

    @contextmanager
    def _opened(self, components: list[str], path: str) -> Iterator[int]:
        directory = self._open(components, path)
        try:
            yield directory
        finally:
            os.close(directory)

    def _open(self, components: list[str], path: str) -> int:
        with self._calls.announced("enter", path):
            directory = os.open(self._root, OPEN_DIRECTORY)
            for component in components:
                outer = directory
                try:
                    directory = os.open(component, OPEN_DIRECTORY, dir_fd=outer)
                finally:
                    os.close(outer)
        return directory


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or ROOT


def _require_regular(path: str, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise _refusal(path)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(f"{path!r} is not a regular file: it is left as it is")
    if status.st_size > MAX_CHANGED_BYTES:
        raise _too_large(path)


def _refusal(path: str) -> PathOutsideWorkspace:
    return PathOutsideWorkspace(
        f"{path!r} is, or lies behind, a symbolic link or a file: it is left as it is"
    )


def _too_large(path: str) -> UnreadableFile:
    return UnreadableFile(
        f"{path!r} is larger than {MAX_CHANGED_BYTES // 1_000_000} MB: it is left as it is"
    )
