"""Where do commands run? In a copy of the workspace, outside of it, that is removed afterwards.

The copy holds what the snapshot says, unsaved texts included, and the files without text (such as
binary fixtures) as they are on disk, up to a bound. It does not hold what the workspace ignores.
Each run finds it as if it were new: what an earlier run made, changed or removed is put right.

Files are copied by the kernel, which shares their blocks where the file system can; never by hard
link, since whoever wrote through one would write the workspace's own file.
"""

import os
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pairwright.checks.leftovers import HeldDirectory, remove_tree
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.encodings import encode_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

BORROWED_NAMES = ("node_modules", ".venv", "venv")
"""Directories of installed packages, which workspaces ignore and their tools cannot do without."""

_MOST_BINARY_BYTES = 64 * 1024 * 1024
"""Of all files without text together; the rest is left out, in the order of their paths."""
_MOST_BORROWED = 20
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_AT_ONCE = 1 << 30

_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a file of the copy is to say; no text of the workspace is kept for it."""

    digest: str
    document: Document | None = None
    text: str | None = None


class ScratchCopy:
    """A copy of a snapshot in a directory of its own; for one run at a time."""

    def __init__(self, root: Path, snapshot: Snapshot) -> None:
        """Make the empty directory; files come with the first `lay`."""
        self._root = root
        self._snapshot = snapshot
        self._held = HeldDirectory("pairwright-check-")
        self.directory = self._held.path / (root.name or "workspace")
        """Stands for the workspace's root; has its name."""
        self.temporary = self._held.path / "tmp"
        """For the temporary files of the tests."""
        self.cache = self._held.path / "cache"
        """For what tools may keep from one run to the next."""
        self.borrowed = _directories_to_borrow(root, snapshot)
        """Directories of installed packages; an empty one stands for each of them here."""
        self._laid: dict[str, tuple[str, _Stamp]] = {}
        self._folders: set[str] = set()

    @property
    def borrowed_places(self) -> tuple[tuple[Path, Path], ...]:
        """Each directory of installed packages, and the empty one that stands for it here."""
        return tuple((self._root / path, self.directory / path) for path in self.borrowed)

    def lay(self, texts: Mapping[WorkspacePath, str | None]) -> None:
        """Make the copy say what the snapshot says, with these texts instead; None: no such file.

        Only what differs from the present state of the copy is written.

        Raises:
            InvalidRequest: a text holds what its file's encoding cannot express.
            StaleChange: a file changed on the disk since the snapshot was made.
            OSError: the disk is full, or the like.
        """
        self.directory.mkdir(exist_ok=True)
        self.cache.mkdir(exist_ok=True)
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(exist_ok=True)
        wanted = self._wanted(texts)
        present = self._keep_only(wanted)
        for path, file in wanted.items():
            stamp = present.get(path)
            if stamp is None or self._laid.get(path) != (file.digest, stamp):
                self._write(path, file, is_there=stamp is not None)
        for path in self.borrowed:
            self._make_folder(path)

    def remove(self) -> None:
        """Remove the copy; what cannot be removed is left to the system's temporary directory."""
        self._held.remove()

    def _wanted(self, texts: Mapping[WorkspacePath, str | None]) -> dict[str, _Wanted]:
        wanted: dict[str, _Wanted] = {
            path: _Wanted(document.digest, document)
            for path, document in self._snapshot.documents.items()
        }
        room = _MOST_BINARY_BYTES
        for path in sorted(self._snapshot.unreadable):
            status = _regular_file(self._root / path)
            if status is not None and status.st_size <= room:
                wanted[path] = _Wanted(f"{status.st_ino} {status.st_size} {status.st_mtime_ns}")
                room -= status.st_size
        for path, text in texts.items():
            wanted.pop(path, None)
            if text is not None:
                wanted[path] = _Wanted(digest_text(text), text=text)
        return wanted

    def _keep_only(self, wanted: Mapping[str, _Wanted]) -> dict[str, _Stamp]:
        """Remove what is not wanted; return the stamp of each file that is there."""
        self._folders = {"."}
        folders = {os.path.dirname(path) for path in wanted} | set(self.borrowed)
        folders |= {str(parent) for folder in folders for parent in PurePosixPath(folder).parents}
        present: dict[str, _Stamp] = {}
        pending = [""]
        while pending:
            prefix = pending.pop()
            with os.scandir(self.directory / prefix) as entries:
                for entry in entries:
                    path = prefix + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if path in folders:
                            self._folders.add(path)
                            pending.append(f"{path}/")
                        else:
                            remove_tree(Path(entry.path))
                    elif path in wanted and entry.is_file(follow_symlinks=False):
                        present[path] = _stamp(entry.stat(follow_symlinks=False))
                    else:
                        os.unlink(entry.path)
        return present

    def _write(self, path: str, file: _Wanted, *, is_there: bool) -> None:
        original, target = self._root / path, self.directory / path
        self._make_folder(os.path.dirname(path))
        if is_there:
            # What a run left in the file's place is never written through.
            target.unlink()
        if file.text is None and (status := _copy(original, target, file.document)) is not None:
            self._laid[path] = (file.digest, status)
            return
        if file.text is None and file.document is None:
            return
        content = self._content(WorkspacePath(path), file)
        mode = _mode_of(_regular_file(original))
        descriptor = os.open(target, _NEW_FILE, mode)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            os.fchmod(descriptor, mode)
        self._laid[path] = (file.digest, _stamp(target.lstat()))

    def _content(self, path: WorkspacePath, file: _Wanted) -> bytes:
        document = file.document or self._snapshot.documents.get(path)
        text = file.text
        if text is None and document is not None:
            text = document.read_text()
        return encode_text(text or "", document.encoding if document else "utf-8")

    def _make_folder(self, path: str) -> None:
        if path and path not in self._folders:
            (self.directory / path).mkdir(parents=True, exist_ok=True)
            self._folders.add(path)


def _directories_to_borrow(root: Path, snapshot: Snapshot) -> tuple[str, ...]:
    homes = {"", *(os.path.dirname(path) for path in snapshot.documents if _is_package(path))}
    known = {path.split("/")[0] for path in snapshot.documents}
    found = [
        path
        for home in sorted(homes)
        for name in BORROWED_NAMES
        if (path := f"{home}/{name}" if home else name) not in known
        and (root / path).is_dir()
        and not (root / path).is_symlink()
        and not any(document.startswith(f"{path}/") for document in snapshot.documents)
    ]
    return tuple(found[:_MOST_BORROWED])


def _is_package(path: WorkspacePath) -> bool:
    return PurePosixPath(path).name in ("package.json", "pyproject.toml")


def _copy(original: Path, target: Path, document: Document | None) -> _Stamp | None:
    """Copy a file as it lies on the disk; None when that is not what the snapshot says."""
    if document is not None and (document.origin is not Origin.DISK or document.stat is None):
        return None
    try:
        source = os.open(original, _OPEN_FILE)
    except OSError:
        return None
    with os.fdopen(source, "rb", buffering=0):
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode) or not _is_as_known(status, document):
            return None
        copy = os.open(target, _NEW_FILE, _mode_of(status))
        with os.fdopen(copy, "wb", buffering=0):
            _copy_bytes(source, copy)
            os.fchmod(copy, _mode_of(status))
            if _is_as_known(os.fstat(source), document):
                return _stamp(os.fstat(copy))
    target.unlink()
    return None


def _is_as_known(status: os.stat_result, document: Document | None) -> bool:
    known = document.stat if document is not None else None
    return known is None or (known.size, known.mtime_ns, known.inode) == (
        status.st_size,
        status.st_mtime_ns,
        status.st_ino,
    )


def _copy_bytes(source: int, target: int) -> None:
    with suppress(OSError, AttributeError):
        while os.copy_file_range(source, target, _AT_ONCE):
            pass
        return
    # Another file system, or a platform without the call.
    os.lseek(source, 0, os.SEEK_SET)
    os.ftruncate(target, 0)
    os.lseek(target, 0, os.SEEK_SET)
    while piece := os.read(source, 1 << 20):
        os.write(target, piece)


def _mode_of(status: os.stat_result | None) -> int:
    return 0o600 | (status.st_mode & 0o777 if status else 0o644)


def _stamp(status: os.stat_result) -> _Stamp:
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _regular_file(path: Path) -> os.stat_result | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
