"""Which system calls change files, and which file is each about?

Every call is announced before it is made, and one that fails names its file. A file that cannot be
made durable is removed again: after a failed `fsync` nobody knows what the disk holds.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OnStep = Callable[[str], None]
"""Told each call before it is made: its name and its file, as in `fsync pkg/a.py`."""

OPEN_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Calls:
    """The calls of one journal; names are relative to an open directory, `shown` is for people."""

    def __init__(self, on_step: OnStep) -> None:
        """Announce to `on_step`; what it raises is as if the call had failed."""
        self._on_step = on_step

    @contextmanager
    def announced(self, call: str, shown: str) -> Iterator[None]:
        """Announce a call; an `OSError` of it names the file as it is shown."""
        try:
            self._on_step(f"{call} {shown}")
            yield
        except OSError as error:
            error.filename = shown
            raise

    @contextmanager
    def opened(self, folder: Path, shown: str) -> Iterator[int]:
        """Give a directory, open; not one behind a symbolic link."""
        with self.announced("enter", shown):
            directory = os.open(folder, OPEN_DIRECTORY)
        try:
            yield directory
        finally:
            os.close(directory)

    def write_new(
        self, directory: int, name: str, content: bytes, *, mode: int | None, shown: str
    ) -> None:
        """Write a new file, and return when its bytes are on the disk.

        Args:
            mode: its permission bits; None: what a new file gets here.
        """
        with self.announced("open", shown):
            file = os.open(name, _NEW_FILE, 0o666 if mode is None else 0o600, dir_fd=directory)
        try:
            try:
                with self.announced("write", shown):
                    _write_all(file, content)
                if mode is not None:
                    with self.announced("chmod", shown):
                        os.fchmod(file, mode)
                with self.announced("fsync", shown):
                    os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            error.filename = shown
            with suppress(OSError):
                os.unlink(name, dir_fd=directory)
            raise

    def rename(self, directory: int, old: str, new: str, *, shown: str) -> None:
        """Give a file another name in its directory; durable after `sync`."""
        with self.announced("rename", shown):
            os.rename(old, new, src_dir_fd=directory, dst_dir_fd=directory)

    def unlink(self, directory: int, name: str, *, shown: str) -> None:
        """Remove a file, unless it is gone; durable after `sync`."""
        with suppress(FileNotFoundError), self.announced("unlink", shown):
            os.unlink(name, dir_fd=directory)

    def make_directory(self, directory: int, name: str, *, mode: int, shown: str) -> None:
        """Make a directory, unless it is there; durable after `sync`."""
        with suppress(FileExistsError), self.announced("mkdir", shown):
            os.mkdir(name, mode, dir_fd=directory)

    def remove_directory(self, directory: int, name: str, *, shown: str) -> None:
        """Remove a directory, unless it is gone, holds something, or is none; durable as above."""
        try:
            with self.announced("rmdir", shown):
                os.rmdir(name, dir_fd=directory)
        except OSError as error:
            if error.errno not in _STAYS:
                raise

    def sync(self, directory: int, *, shown: str) -> None:
        """Return when the directory's names are on the disk."""
        with self.announced("fsync", shown):
            os.fsync(directory)


def system_reason(error: OSError) -> str:
    """Return which file the system refused, and why, with the error's name."""
    name = errno.errorcode.get(error.errno or 0, "unknown error")
    return f"{error.filename or 'the workspace'}: {error.strerror} ({name})"


_STAYS = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR)


def _write_all(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
