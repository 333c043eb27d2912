"""What did a process leave behind that was killed? Directories that nobody holds any more.

Whoever makes one holds a lock on it until its end, however that comes; so what can be locked is
nobody's, in this process's view of the others or in another one.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_BEFORE = "new-"


class HeldDirectory:
    """A directory of one's own in the system's temporary one, locked while it is in use."""

    def __init__(self, prefix: str) -> None:
        """Make it, and remove what killed processes left of the same kind.

        Raises:
            OSError: it cannot be made.
        """
        parent = Path(tempfile.gettempdir())
        for leftover in _leftovers(parent, prefix):
            remove_tree(leftover)
        made = Path(tempfile.mkdtemp(prefix=_BEFORE + prefix, dir=parent))
        self._held = os.open(made, _OPEN)
        fcntl.flock(self._held, fcntl.LOCK_EX)
        # Only a locked one bears the name that is looked for.
        self.path = made.rename(parent / made.name.removeprefix(_BEFORE)).resolve()

    def remove(self) -> None:
        """Remove it with all that is in it; harmless to repeat."""
        remove_tree(self.path)
        if self._held >= 0:
            os.close(self._held)
            self._held = -1


def remove_tree(path: Path) -> None:
    """Remove a directory as far as it can be removed."""
    for folder, _, _ in os.walk(path):
        # A test may have taken its own permission away.
        with suppress(OSError):
            Path(folder).chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)


def _leftovers(parent: Path, prefix: str) -> Iterator[Path]:
    for path in parent.glob(f"{prefix}*"):
        with suppress(OSError):
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and _is_free(path):
                yield path


def _is_free(path: Path) -> bool:
    held = os.open(path, _OPEN)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True
