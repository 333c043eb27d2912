"""Where do a workspace's daemon and its clients meet? Both sides ask here, so that they agree.

A workspace is known by its real path: two ways to write it lead to one daemon. Sockets lie in a
directory that only this user can enter; what must outlive the daemon lies in the state directory.
"""

import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pairwright.errors import InvalidSettings

RUNTIME_DIR_VARIABLE = "PAIRWRIGHT_RUNTIME_DIR"
"""Environment: where sockets, locks and logs lie instead."""

STATE_DIR_VARIABLE = "PAIRWRIGHT_STATE_DIR"
"""Environment: where ledgers and journals lie instead."""

MAX_SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103
"""`sun_path` less its final zero."""


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """The meeting place of one workspace."""

    root: Path
    """The workspace's real path."""
    directory: Path
    """Ours alone, mode 0700; it exists."""
    socket: Path
    """Where the daemon listens."""
    lock: Path
    """The daemon holds an exclusive `flock` on it as long as it lives."""
    log: Path
    """What the daemon writes to its standard output and error."""

    @property
    def mcp_socket(self) -> Path:
        """Where the daemon listens for assistants; its name is shorter than that of `socket`."""
        return self.directory / "mcp"

    @property
    def mcp_token(self) -> Path:
        """Holds the bearer token of HTTP, while the daemon listens for that."""
        return self.directory / "mcp.token"

    @classmethod
    def for_workspace(cls, root: str | os.PathLike[str]) -> "Rendezvous":
        """Return the meeting place of a workspace, and make its directory.

        Raises:
            InvalidSettings: the directory is not safe, cannot be made, or its name is too long.
        """
        real = Path(os.path.realpath(root))
        directory = runtime_dir() / _digest(real)
        _make_private(directory)
        socket = directory / "sock"
        length = len(os.fsencode(socket))
        if length > MAX_SOCKET_PATH_BYTES:
            raise InvalidSettings(
                f"the socket's path would be {length} bytes long and may have "
                f"{MAX_SOCKET_PATH_BYTES}: set {RUNTIME_DIR_VARIABLE} to a shorter directory"
            )
        return cls(real, directory, socket, directory / "lock", directory / "log")


def workspace_around(here: Path) -> Path:
    """Return the real path of the repository around a directory; outside of one, of itself."""
    real = Path(os.path.realpath(here))
    return next((place for place in (real, *real.parents) if (place / ".git").exists()), real)


def runtime_dir() -> Path:
    """Return this user's directory for sockets, made when missing and checked to be private.

    Raises:
        InvalidSettings: it is a symlink, belongs to someone else, is open to others, or cannot
            be made.
    """
    directory = runtime_place()
    _make_private(directory)
    return directory


def runtime_place() -> Path:
    """Return where the directory for sockets is or will be; nothing is made.

    Raises:
        InvalidSettings: the environment names no absolute path.
    """
    override = os.environ.get(RUNTIME_DIR_VARIABLE)
    session = os.environ.get("XDG_RUNTIME_DIR")
    if override:
        directory = Path(override)
        if not directory.is_absolute():
            raise InvalidSettings(f"{RUNTIME_DIR_VARIABLE} is not an absolute path: {override!r}")
    elif session and os.path.isdir(session):
        directory = Path(session) / "pairwright"
    else:
        directory = Path(tempfile.gettempdir()) / f"pairwright-{os.getuid()}"
    return directory


def state_dir(root: str | os.PathLike[str]) -> Path:
    """Return where a workspace's ledger and journal lie, made when missing.

    Raises:
        InvalidSettings: it is not private, or cannot be made.
    """
    directory = state_place(root)
    _make_private(directory)
    return directory


def cache_dir() -> Path:
    """Return where outlines lie that all workspaces share, made when missing.

    Raises:
        InvalidSettings: it is not private, or cannot be made.
    """
    override = os.environ.get(STATE_DIR_VARIABLE)
    base = Path(override) if override else platformdirs.user_cache_path("pairwright")
    directory = base / "outlines"
    _make_private(directory)
    return directory


def demo_state_dir() -> Path:
    """Return where all demos have their ledger: their workspaces go, what was spent stays.

    Raises:
        InvalidSettings: it is not private, or cannot be made.
    """
    directory = _all_states() / "demo"
    _make_private(directory)
    return directory


def state_place(root: str | os.PathLike[str]) -> Path:
    """Return where a workspace's ledger and journal are or will be; nothing is made.

    Raises:
        InvalidSettings: the environment names no absolute path.
    """
    return _all_states() / _digest(Path(os.path.realpath(root)))


def require_private(directory: Path) -> None:
    """Check that only this user can enter a directory.

    Raises:
        InvalidSettings: it is no directory, belongs to someone else, or is open to others.
    """
    info = os.lstat(directory)
    if not stat.S_ISDIR(info.st_mode):
        raise InvalidSettings(f"not a directory of its own: {str(directory)!r}; remove it")
    if info.st_uid != os.getuid():
        raise InvalidSettings(f"the directory {str(directory)!r} belongs to another user")
    if stat.S_IMODE(info.st_mode) & 0o077:
        raise InvalidSettings(
            f"the directory {str(directory)!r} is open to other users: chmod 700 it"
        )


def _all_states() -> Path:
    override = os.environ.get(STATE_DIR_VARIABLE)
    base = Path(override) if override else platformdirs.user_state_path("pairwright")
    if not base.is_absolute():
        raise InvalidSettings(f"{STATE_DIR_VARIABLE} is not an absolute path: {override!r}")
    return base


def _digest(root: Path) -> str:
    """Return a name for a real path: short, since socket paths are, and without meaning."""
    return hashlib.blake2b(os.fsencode(root), digest_size=10).hexdigest()


def _make_private(directory: Path) -> None:
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        # Not `exist_ok`: that follows a symlink which someone else may have laid in a shared place.
        with suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        require_private(directory)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise InvalidSettings(f"cannot make the directory {str(directory)!r}: {reason}") from None
