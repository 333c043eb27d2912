"""How is a file below the root read and replaced without following a symbolic link?

Every step goes through an open directory: between the check of a path and its use nobody can put
a link in the way.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.errors import PathOutsideWorkspace, UnreadableFile
from pairwright.workspace.paths import WorkspacePath, parse_path

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file holds, and its permission bits."""

    content: bytes
    mode: int


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 digest of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class Tree:
    """The files below one directory."""

    def __init__(self, root: Path) -> None:
        """Speak of the files below `root`."""
        self._root = root

    def read(self, path: WorkspacePath) -> FileState | None:
        """Return what the file holds; None when there is none.

        Raises:
            PathOutsideWorkspace: a symbolic link is on the way.
            UnreadableFile: there is something else than a regular file.
        """
        try:
            with self._parent_of(path) as (directory, name):
                file = os.open(name, _FILE, dir_fd=directory)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _refusal(path, error) from None
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            os.close(file)
            raise UnreadableFile(f"{path!r} is not a regular file: it is left as it is")
        with os.fdopen(file, "rb") as opened:
            return FileState(opened.read(), stat.S_IMODE(status.st_mode))

    def missing_directories(self, path: WorkspacePath) -> tuple[str, ...]:
        """Return the directories that a file of that path still needs, outermost first.

        Raises:
            PathOutsideWorkspace: a symbolic link is on the way, or a file.
        """
        components = parse_path(path).split("/")[:-1]
        directory = os.open(self._root, _DIRECTORY)
        try:
            for number, component in enumerate(components):
                try:
                    inner = os.open(component, _DIRECTORY, dir_fd=directory)
                except FileNotFoundError:
                    return tuple(
                        "/".join(components[: count + 1])
                        for count in range(number, len(components))
                    )
                except OSError as error:
                    raise _refusal(path, error) from None
                os.close(directory)
                directory = inner
        finally:
            os.close(directory)
        return ()

    def make_directory(self, path: str) -> None:
        """Make a directory, unless it is there already."""
        with self._parent_of(WorkspacePath(path)) as (directory, name):
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=directory)
            os.fsync(directory)

    def remove_directory(self, path: str) -> None:
        """Remove a directory, unless it is gone or holds something."""
        with (
            suppress(FileNotFoundError, NotADirectoryError),
            self._parent_of(WorkspacePath(path)) as (directory, name),
        ):
            try:
                os.rmdir(name, dir_fd=directory)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
            os.fsync(directory)

    def write_beside(self, path: WorkspacePath, temporary: str, state: FileState) -> None:
        """Write a file, under a name of its own, to the disk; `replace` gives it the path."""
        with self._parent_of(path) as (directory, _):
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=directory)
            file = os.open(temporary, _NEW_FILE, 0o600, dir_fd=directory)
            with os.fdopen(file, "wb") as opened:
                opened.write(state.content)
                opened.flush()
                os.fchmod(file, state.mode)
                os.fsync(file)

    def replace(self, path: WorkspacePath, temporary: str) -> None:
        """Put what `write_beside` wrote in the file's place, at once and for good."""
        with self._parent_of(path) as (directory, name):
            os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            os.fsync(directory)

    def remove(self, path: WorkspacePath) -> None:
        """Remove a file, unless it is gone."""
        with suppress(FileNotFoundError), self._parent_of(path) as (directory, name):
            os.unlink(name, dir_fd=directory)
            os.fsync(directory)

    def remove_beside(self, path: WorkspacePath, temporary: str) -> None:
        """Remove what `write_beside` wrote, unless it is gone."""
        with (
            suppress(FileNotFoundError, NotADirectoryError),
            self._parent_of(path) as (directory, _),
        ):
            os.unlink(temporary, dir_fd=directory)

    @contextmanager
    def _parent_of(self, path: WorkspacePath) -> Iterator[tuple[int, str]]:
        """Give the open directory that holds the path, and the path's last component."""
        *components, name = parse_path(path).split("/")
        directory = os.open(self._root, _DIRECTORY)
        try:
            for component in components:
                inner = os.open(component, _DIRECTORY, dir_fd=directory)
                os.close(directory)
                directory = inner
            yield directory, name
        finally:
            os.close(directory)


def _refusal(path: str, error: OSError) -> PathOutsideWorkspace | UnreadableFile:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return PathOutsideWorkspace(
            f"{path!r} is, or lies behind, a symbolic link or a file: it is left as it is"
        )
    return UnreadableFile(f"{path!r} cannot be read: {error.strerror}")
