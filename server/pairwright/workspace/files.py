"""What is on the disk? The seam between the workspace and its file system.

Nothing here follows a symbolic link, and nothing leaves the root.
"""

import errno
import os
import stat as stat_modes
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

from pairwright.errors import InvalidRequest, PathOutsideWorkspace, UnreadableFile
from pairwright.workspace.directories import OpenDirectories
from pairwright.workspace.encodings import FileContent, decode_bytes
from pairwright.workspace.ignore import VIRTUAL_ENVIRONMENT_MARK, IgnoreRules
from pairwright.workspace.paths import WorkspacePath, parse_path

MAX_FILE_BYTES = 1_000_000
"""A larger file is listed and not read."""

_OWN_SHORTAGE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
# Without O_NONBLOCK, opening a pipe that replaced a file would wait for ever.
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class FileStat(NamedTuple):
    """What a directory says about a file; two that are equal mean that it very likely is too."""

    path: WorkspacePath
    size: int
    mtime_ns: int
    inode: int
    problem: str = ""
    """Why it cannot be read, if that is known already."""


class FileReader(Protocol):
    """Where single files are read from."""

    def stat(self, path: WorkspacePath) -> FileStat | None:
        """Return what the directory says about a file, ignored or not; None: there is none."""
        ...

    def read(self, path: WorkspacePath) -> FileContent:
        """Return a file's text.

        Raises:
            UnreadableFile: missing, binary, undecodable, too large or not a regular file.
        """
        ...


class FileSystem(FileReader, Protocol):
    """Where files are listed and read."""

    def list_files(self) -> Iterator[FileStat]:
        """Give every file that is not ignored, in a fixed order; symbolic links as unreadable."""
        ...

    def reader(self) -> AbstractContextManager[FileReader]:
        """Return a reader for many files in a row, quickest in the order of their paths."""
        ...


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory that is not ignored, with its files and the rules that hold in it."""

    path: str
    """Below the root; empty for the root itself."""
    files: tuple[FileStat, ...]
    rules: IgnoreRules


class DiskFileSystem:
    """The files below a directory."""

    def __init__(self, root: Path) -> None:
        """Take the directory as it is now; symbolic links in its own path are followed once.

        Raises:
            InvalidRequest: it is no directory.
        """
        if not root.is_dir():
            raise InvalidRequest(f"the workspace {root.name!r} is not a directory")
        self._root = root.resolve()

    def list_files(self) -> Iterator[FileStat]:
        """Give every file that is not ignored, in a fixed order."""
        for directory in self.walk():
            yield from directory.files

    def walk(self, entering: Callable[[str], object] | None = None) -> Iterator[Directory]:
        """Give every directory that is not ignored, the root first; unreadable ones are left out.

        Directories reached through symbolic links are not entered.

        Args:
            entering: called with each directory's path before it is listed.

        Raises:
            OSError: this process, not the directory, is why one cannot be opened.
        """
        pending: list[tuple[str, IgnoreRules]] = [("", IgnoreRules())]
        with OpenDirectories(self._root) as directories:
            while pending:
                path, outer_rules = pending.pop()
                if entering is not None:
                    entering(path)
                try:
                    listed = _list_directory(directories.open(path), path, outer_rules)
                except OSError as error:
                    if error.errno in _OWN_SHORTAGE:
                        raise
                    continue
                if listed is not None:
                    directory, subdirectories = listed
                    yield directory
                    pending += [(inner, directory.rules) for inner in reversed(subdirectories)]

    def reader(self) -> "DiskReader":
        """Return a reader for many files in a row; a context manager."""
        return DiskReader(self._root)

    def stat(self, path: WorkspacePath) -> FileStat | None:
        """Return what the directory says about a file; None: there is none."""
        with self.reader() as reader:
            return reader.stat(path)

    def read(self, path: WorkspacePath) -> FileContent:
        """Return a file's text.

        Raises:
            UnreadableFile: missing, binary, undecodable, too large or not a regular file.
        """
        with self.reader() as reader:
            return reader.read(path)


class DiskReader:
    """Reads files that lie near each other without opening their directories again and again.

    A directory that was moved meanwhile is read where it is now: for one batch, not for long.
    """

    def __init__(self, root: Path) -> None:
        """Take the root, resolved."""
        self._directories = OpenDirectories(root)

    def __enter__(self) -> "DiskReader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._directories.close()

    def stat(self, path: WorkspacePath) -> FileStat | None:
        """Return what the directory says about a file; None: there is none."""
        parent, _, name = path.rpartition("/")
        try:
            directory_fd = self._directories.open(parent)
            status = os.stat(name, dir_fd=directory_fd, follow_symlinks=False)
        except OSError:
            return None
        return None if stat_modes.S_ISDIR(status.st_mode) else _file_stat(path, status)

    def read(self, path: WorkspacePath) -> FileContent:
        """Return a file's text.

        Raises:
            UnreadableFile: missing, binary, undecodable, too large or not a regular file.
        """
        parent, _, name = path.rpartition("/")
        try:
            data = _read_regular_file(self._directories.open(parent), name, path)
        except OSError as error:
            raise UnreadableFile(f"{path!r} {_reason(error)}") from error
        return decode_bytes(data, path)


class MemoryFileSystem:
    """Files in a dictionary that its owner may change; the twin of the disk, without links."""

    def __init__(self, files: Mapping[str, str | bytes] | None = None) -> None:
        """Take the files' texts (UTF-8) or bytes by path."""
        self.files: dict[WorkspacePath, bytes] = {}
        self._mtimes: dict[WorkspacePath, int] = {}
        self._clock = 0
        for path, content in (files or {}).items():
            self.write(path, content)

    def write(self, path: str, content: str | bytes) -> None:
        """Create or replace a file."""
        self._clock += 1
        parsed = parse_path(path)
        self.files[parsed] = content.encode() if isinstance(content, str) else content
        self._mtimes[parsed] = self._clock

    def delete(self, path: str) -> None:
        """Remove a file."""
        del self.files[parse_path(path)]

    def list_files(self) -> Iterator[FileStat]:
        """Give every file that is not ignored, in a fixed order."""
        rules_of: dict[str, IgnoreRules | None] = {}
        for path in sorted(self.files):
            rules = self._rules_in(path.rpartition("/")[0], rules_of)
            if rules is not None and not rules.ignores_file(path):
                yield self._stat(path)

    def reader(self) -> AbstractContextManager[FileReader]:
        """Return these files."""
        return nullcontext(self)

    def stat(self, path: WorkspacePath) -> FileStat | None:
        """Return what is known about a file; None: there is none."""
        return self._stat(path) if path in self.files else None

    def read(self, path: WorkspacePath) -> FileContent:
        """Return a file's text.

        Raises:
            UnreadableFile: missing, binary, undecodable or too large.
        """
        if path not in self.files:
            raise UnreadableFile(f"{path!r} does not exist")
        if len(self.files[path]) > MAX_FILE_BYTES:
            raise UnreadableFile(f"{path!r} {_TOO_LARGE}")
        return decode_bytes(self.files[path], path)

    def _stat(self, path: WorkspacePath) -> FileStat:
        return FileStat(path, len(self.files[path]), self._mtimes[path], inode=0)

    def _rules_in(
        self, directory: str, rules_of: dict[str, IgnoreRules | None]
    ) -> IgnoreRules | None:
        """Return a directory's rules, None when it is ignored; `rules_of` remembers."""
        if directory in rules_of:
            return rules_of[directory]
        outer: IgnoreRules | None = IgnoreRules()
        if directory:
            outer = self._rules_in(directory.rpartition("/")[0], rules_of)
        rules = None
        if outer is not None and not (directory and self._is_ignored(directory, outer)):
            rules = outer.entering(directory, lambda name: self._text(directory, name))
        rules_of[directory] = rules
        return rules

    def _is_ignored(self, directory: str, rules: IgnoreRules) -> bool:
        mark = WorkspacePath(f"{directory}/{VIRTUAL_ENVIRONMENT_MARK}")
        return mark in self.files or rules.ignores_directory(directory)

    def _text(self, directory: str, name: str) -> str | None:
        data = self.files.get(WorkspacePath(f"{directory}/{name}" if directory else name))
        return None if data is None else data.decode("utf-8", "replace")


_PIECE = 65_536
_TOO_LARGE = f"is larger than {MAX_FILE_BYTES // 1_000_000} MB"


def shown_path(path: str) -> WorkspacePath:
    """Return a path of the disk as it is shown: bytes that are not UTF-8 are spelled out."""
    if path.isascii():
        return WorkspacePath(path)
    return WorkspacePath(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _list_directory(
    directory_fd: int, path: str, outer_rules: IgnoreRules
) -> tuple[Directory, list[str]] | None:
    """Return a directory and the subdirectories to enter; None: it is one to stay out of."""
    with os.scandir(directory_fd) as entries:
        by_name = {entry.name: entry for entry in entries}
    mark = by_name.get(VIRTUAL_ENVIRONMENT_MARK)
    if path and mark is not None and mark.is_file(follow_symlinks=False):
        return None
    rules = outer_rules.entering(
        path, lambda name: _text(directory_fd, name) if name in by_name else None
    )
    prefix = path + "/" if path else ""
    files = []
    subdirectories = []
    for name in sorted(by_name):
        entry = by_name[name]
        entry_path = prefix + name
        if entry.is_dir(follow_symlinks=False):
            if not rules.ignores_directory(entry_path):
                subdirectories.append(entry_path)
        elif not rules.ignores_file(entry_path):
            with suppress(FileNotFoundError):
                files.append(_file_stat(entry_path, entry.stat(follow_symlinks=False)))
    return Directory(path, tuple(files), rules), subdirectories


def _file_stat(path: str, status: os.stat_result) -> FileStat:
    problem = ""
    if stat_modes.S_ISREG(status.st_mode):
        if status.st_size > MAX_FILE_BYTES:
            problem = _TOO_LARGE
    elif stat_modes.S_ISLNK(status.st_mode):
        problem = "is a symbolic link, which is not followed"
    else:
        problem = "is not a regular file"
    shown = shown_path(path)
    if shown != path:
        problem = "has a name that is not UTF-8"
    else:
        try:
            parse_path(path)
        except PathOutsideWorkspace:
            problem = "has a name that not every platform allows"
    if problem:
        problem = f"{shown!r} {problem}"
    return FileStat(shown, status.st_size, status.st_mtime_ns, status.st_ino, problem)


def _read_regular_file(directory_fd: int, name: str, path: str) -> bytes:
    """Return a file's bytes; anything but a regular file is refused before it is opened."""
    known = _file_stat(path, os.stat(name, dir_fd=directory_fd, follow_symlinks=False))
    if known.problem:
        raise UnreadableFile(known.problem)
    fd = os.open(name, _OPEN_FILE, dir_fd=directory_fd)
    try:
        status = os.fstat(fd)
        if not stat_modes.S_ISREG(status.st_mode):
            raise UnreadableFile(f"{path!r} is not a regular file")
        # One byte more than there should be, so that most often the second read is the end.
        data = os.read(fd, min(status.st_size, MAX_FILE_BYTES) + 1)
        while len(data) <= MAX_FILE_BYTES and (piece := os.read(fd, _PIECE)):
            data += piece
    finally:
        os.close(fd)
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(f"{path!r} {_TOO_LARGE}")
    return data


def _text(directory_fd: int, name: str) -> str | None:
    """Return an ignore file's text; one that cannot be read counts as missing."""
    try:
        return _read_regular_file(directory_fd, name, name).decode("utf-8", "replace")
    except (OSError, UnreadableFile):
        return None


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT:
            return "does not exist"
        case errno.ENOTDIR | errno.ELOOP:
            return "lies behind a symbolic link or a file"
        case errno.EACCES | errno.EPERM:
            return "may not be read by this user"
        case _:
            return "cannot be read: " + os.strerror(error.errno or 0)
