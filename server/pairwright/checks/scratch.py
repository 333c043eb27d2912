"""Where do tests run? In a copy of the workspace, outside of it, that is removed afterwards.

The copy holds what the snapshot says, unsaved texts included, and the files without text (such as
binary fixtures) as they are on disk, up to a bound. It does not hold what the workspace ignores.
Each run finds it as if it were new: what an earlier run made, changed or removed is put right.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from pairwright.workspace.encodings import encode_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_MOST_BINARY_BYTES = 64 * 1024 * 1024
"""Of all files without text together; the rest is left out, in the order of their paths."""
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_Stamp = tuple[int, int, int, int]


class ScratchCopy:
    """A copy of a snapshot in a directory of its own; for one run at a time."""

    def __init__(self, root: Path, snapshot: Snapshot) -> None:
        """Make the empty directory; files come with the first `lay`."""
        self._root = root
        self._snapshot = snapshot
        self._base = Path(tempfile.mkdtemp(prefix="pairwright-check-")).resolve()
        self.directory = self._base / (root.name or "workspace")
        """Stands for the workspace's root; has its name."""
        self.temporary = self._base / "tmp"
        """For the temporary files of the tests."""
        self._written: dict[WorkspacePath, tuple[str | None, _Stamp]] = {}

    def lay(self, texts: Mapping[WorkspacePath, str | None]) -> None:
        """Make the copy say what the snapshot says, with these texts instead; None: no such file.

        Raises:
            InvalidRequest: a text holds what its file's encoding cannot express.
            OSError: the disk is full, or the like.
        """
        self.directory.mkdir(exist_ok=True)
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(exist_ok=True)
        wanted = self._wanted(texts)
        self._remove_strangers(wanted)
        for path, text in wanted.items():
            target = self.directory / path
            stamp = _stamp(target)
            if stamp is None or self._written.get(path) != (text, stamp):
                self._write(path, text)

    def remove(self) -> None:
        """Remove the copy; what cannot be removed is left to the system's temporary directory."""
        _remove_tree(self._base)

    def _wanted(self, texts: Mapping[WorkspacePath, str | None]) -> dict[WorkspacePath, str | None]:
        """Return the text of every file that is to be there; None: its bytes on the disk."""
        wanted: dict[WorkspacePath, str | None] = {
            path: document.text for path, document in self._snapshot.documents.items()
        }
        room = _MOST_BINARY_BYTES
        for path in sorted(self._snapshot.unreadable):
            status = _regular_file(self._root / path)
            if status is not None and status.st_size <= room:
                wanted[path] = None
                room -= status.st_size
        for path, text in texts.items():
            wanted.pop(path, None)
            if text is not None:
                wanted[path] = text
        return wanted

    def _remove_strangers(self, wanted: Mapping[WorkspacePath, str | None]) -> None:
        parents = {str(parent) for path in wanted for parent in PurePosixPath(path).parents}
        for folder, directories, files in os.walk(self.directory):
            below = PurePosixPath(os.path.relpath(folder, self.directory))
            for name in tuple(directories):
                path = Path(folder, name)
                if path.is_symlink():
                    path.unlink()
                elif str(below / name) not in parents:
                    directories.remove(name)
                    _remove_tree(path)
            for name in files:
                if WorkspacePath(str(below / name)) not in wanted:
                    Path(folder, name).unlink()

    def _write(self, path: WorkspacePath, text: str | None) -> None:
        original, target = self._root / path, self.directory / path
        if text is None:
            content = _read_regular_file(original)
            if content is None:
                return
        else:
            document = self._snapshot.documents.get(path)
            content = encode_text(text, document.encoding if document else "utf-8")
        target.parent.mkdir(parents=True, exist_ok=True)
        # A test may have put a link in the file's place: never write through it.
        target.unlink(missing_ok=True)
        target.write_bytes(content)
        status = _regular_file(original)
        target.chmod(0o600 | (status.st_mode & 0o777 if status else 0o644))
        stamp = _stamp(target)
        if stamp is not None:
            self._written[path] = (text, stamp)


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _regular_file(path: Path) -> os.stat_result | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _read_regular_file(path: Path) -> bytes | None:
    try:
        file = os.open(path, _OPEN_FILE)
    except OSError:
        return None
    with os.fdopen(file, "rb") as opened:
        return opened.read() if stat.S_ISREG(os.fstat(file).st_mode) else None


def _remove_tree(path: Path) -> None:
    for folder, _, _ in os.walk(path):
        # A test may have taken its own permission away.
        with suppress(OSError):
            Path(folder).chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)
