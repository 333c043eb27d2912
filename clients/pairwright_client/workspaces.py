"""Which workspace is meant, and which of its files? Answered from where the person stands."""

import os
from pathlib import Path

from pairwright.protocol.rendezvous import workspace_around
from pairwright_client.errors import UsageError


def workspace_root(given: str | None) -> Path:
    """Return the real path of a workspace: the one given, else the repository around us.

    Outside of a repository it is the current directory.

    Raises:
        UsageError: it is no directory.
    """
    if given is not None:
        root = Path(os.path.realpath(given))
        if not root.is_dir():
            raise UsageError(f"not a directory: {given!r}")
        return root
    return workspace_around(Path.cwd())


def path_in_workspace(given: str, root: Path, here: Path) -> str:
    """Return a file's path relative to the root; it may be given from `here` or from the root.

    Raises:
        UsageError: it lies outside the workspace.
    """
    from_here = here / given
    # Unlike `Path.exists`, this is also the answer for what no file can be called.
    path = from_here if os.path.exists(from_here) else root / given
    # Only the directory is resolved: whether a link may be followed is the daemon's to say.
    place = Path(os.path.realpath(path.parent)) / path.name
    try:
        return place.relative_to(root).as_posix()
    except ValueError:
        raise UsageError(f"the file {given!r} lies outside the workspace {str(root)!r}") from None
