"""What is on the disk? The seam between the workspace and its file system.

Nothing here follows a symbolic link, and nothing leaves the root.
"""

import errno
import os
import stat as stat_modes
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from pairwright.errors import InvalidRequest, PathOutsideWorkspace, UnreadableFile
from pairwright.workspace.encodings import FileContent, decode_bytes
from pairwright.workspace.ignore import VIRTUAL_ENVIRONMENT_MARK, IgnoreRules
from pairwright.workspace.paths import WorkspacePath, parse_path

MAX_FILE_BYTES = 1_000_000
"""A larger file is listed and not read."""

_OPEN_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe that replaced a file would wait for ever.
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FileStat:
    """What a directory says about a file; two that are equal mean that it very likely is too."""

    path: WorkspacePath
    size: int
    mtime_ns: int
    inode: int
    problem: str = ""
    """Why it cannot be read, if that is known already."""


class FileSystem(Protocol):
    """Where files are read from."""

    def list_files(self) -> Iterator[FileStat]:
        """Give every file that is not ignored, in a fixed order; symbolic links as unreadable."""
        ...

    def stat(self, path: WorkspacePath) -> FileStat | None:
        """Return what the directory says about a file, ignored or not; None: there is none."""
        ...

    def read(self, path: WorkspacePath) -> FileContent:
        """Return a file's text.

        Raises:
            UnreadableFile: missing, binary, undecodable, too large or not a regular file.
        """
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

    def walk(self) -> Iterator[Directory]:
        """Give every directory that is not ignored, the root first; unreadable ones are left out.

        Directories reached through symbolic links are not entered.
        """
        pending: list[tuple[str, IgnoreRules]] = [("", IgnoreRules())]
        while pending:
            path, outer_rules = pending.pop()
            try:
                directory_fd = self._open_directory(path)
            except OSError:
                continue
            try:
                if path and _has_file(directory_fd, VIRTUAL_ENVIRONMENT_MARK):
                    continue
                rules = outer_rules.entering(path, partial(_text, directory_fd))
                files, subdirectories = _list_directory(directory_fd, path, rules)
            finally:
                os.close(directory_fd)
            yield Directory(path, files, rules)
            pending += [(subdirectory, rules) for subdirectory in reversed(subdirectories)]

    def stat(self, path: WorkspacePath) -> FileStat | None:
        """Return what the directory says about a file; None: there is none."""
        parent, _, name = path.rpartition("/")
        try:
            directory_fd = self._open_directory(parent)
        except OSError:
            return None
        try:
            return _file_stat(path, os.stat(name, dir_fd=directory_fd, follow_symlinks=False))
        except OSError:
            return None
        finally:
            os.close(directory_fd)

    def read(self, path: WorkspacePath) -> FileContent:
        """Return a file's text.

        Raises:
            UnreadableFile: missing, binary, undecodable, too large or not a regular file.
        """
        parent, _, name = path.rpartition("/")
        try:
            directory_fd = self._open_directory(parent)
            try:
                data = _read_regular_file(directory_fd, name, path)
            finally:
                os.close(directory_fd)
        except OSError as error:
            raise UnreadableFile(f"{path!r} {_reason(error)}") from error
        return decode_bytes(data, path)

    def _open_directory(self, path: str) -> int:
        """Open a directory by walking its components from the root; no link is followed."""
        if ".." in path.split("/"):
            raise PathOutsideWorkspace(f"{path!r} leaves the workspace")
        fd = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for component in path.split("/") if path else ():
            try:
                inner_fd = os.open(component, _OPEN_DIRECTORY, dir_fd=fd)
            finally:
                os.close(fd)
            fd = inner_fd
        return fd


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


_TOO_LARGE = f"is larger than {MAX_FILE_BYTES // 1_000_000} MB"


def _list_directory(
    directory_fd: int, path: str, rules: IgnoreRules
) -> tuple[tuple[FileStat, ...], list[str]]:
    """Return the files and the subdirectories that are not ignored, both sorted."""
    prefix = path + "/" if path else ""
    files = []
    subdirectories = []
    with os.scandir(directory_fd) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            entry_path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if not rules.ignores_directory(entry_path):
                    subdirectories.append(entry_path)
                continue
            if rules.ignores_file(entry_path):
                continue
            with suppress(FileNotFoundError):
                files.append(_file_stat(entry_path, entry.stat(follow_symlinks=False)))
    return tuple(files), subdirectories


def _file_stat(path: str, status: os.stat_result) -> FileStat:
    problem = ""
    if stat_modes.S_ISLNK(status.st_mode):
        problem = "is a symbolic link, which is not followed"
    elif not stat_modes.S_ISREG(status.st_mode):
        problem = "is not a regular file"
    elif status.st_size > MAX_FILE_BYTES:
        problem = _TOO_LARGE
    shown = path
    try:
        path.encode()
        parse_path(path)
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        problem = "has a name that is not UTF-8"
    except PathOutsideWorkspace:
        problem = "has a name that not every platform allows"
    return FileStat(
        path=WorkspacePath(shown),
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        inode=status.st_ino,
        problem=f"{shown!r} {problem}" if problem else "",
    )


def _read_regular_file(directory_fd: int, name: str, path: str) -> bytes:
    """Return a file's bytes; anything but a regular file is refused before it is opened."""
    known = _file_stat(path, os.stat(name, dir_fd=directory_fd, follow_symlinks=False))
    if known.problem:
        raise UnreadableFile(known.problem)
    fd = os.open(name, _OPEN_FILE, dir_fd=directory_fd)
    with open(fd, "rb", buffering=0) as file:
        if not stat_modes.S_ISREG(os.fstat(fd).st_mode):
            raise UnreadableFile(f"{path!r} is not a regular file")
        data = b""
        while len(data) <= MAX_FILE_BYTES and (piece := file.read(MAX_FILE_BYTES + 1)):
            data += piece
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(f"{path!r} {_TOO_LARGE}")
    return data


def _has_file(directory_fd: int, name: str) -> bool:
    with suppress(OSError):
        status = os.stat(name, dir_fd=directory_fd, follow_symlinks=False)
        return stat_modes.S_ISREG(status.st_mode)
    return False


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
