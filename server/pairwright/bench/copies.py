"""What is edited in place of the user's tree? A copy, in which versions can be switched.

With git the versions are commits, and switching is a checkout; without it files are rewritten as
fast as they can be.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from pairwright.bench.children import MeasurementFailed
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath

_GIT_TIMEOUT_S = 600.0
# The copy's texts must be what was written, whatever the tree says of its line ends and filters.
_ATTRIBUTES = "* -text -filter -ident -working-tree-encoding\n"
_SETTINGS = (
    "user.name=bench",
    "user.email=bench@localhost",
    "gc.auto=0",
    "core.autocrlf=false",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
)


def copy_tree(root: Path, files: Iterable[FileStat], target: Path) -> None:
    """Copy files; what is ignored or no regular file stays behind."""
    for stat in files:
        place = target / stat.path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / stat.path, place)


class Versions:
    """Versions of some files of a copy; version 0 is what was copied."""

    def __init__(self, root: Path, paths: Sequence[WorkspacePath]) -> None:
        """Take the files that are another text in every version."""
        self._root = root
        self._originals = {path: (root / path).read_bytes() for path in paths}
        self._git = shutil.which("git")
        if self._git is not None:
            self._run("init", "-q")
            (root / ".git" / "info").mkdir(exist_ok=True)
            (root / ".git" / "info" / "attributes").write_text(_ATTRIBUTES)
            self._commit("v0")

    @property
    def way(self) -> str:
        """How versions are switched, for people to read."""
        return "git checkout" if self._git is not None else "rewriting"

    def make(self, number: int) -> None:
        """Make a version, a line longer in every file than the one before, and switch to it."""
        self._write(number)
        if self._git is not None:
            self._commit(f"v{number}")

    def switch(self, number: int) -> None:
        """Give every file its text of a version that was made."""
        if self._git is not None:
            self._run("checkout", "-q", f"v{number}")
        else:
            self._write(number)

    def _write(self, number: int) -> None:
        for path, original in self._originals.items():
            (self._root / path).write_bytes(original + b"\n" * number)

    def _commit(self, tag: str) -> None:
        self._run("add", "-A", "-f")
        self._run("commit", "-q", "--allow-empty", "-m", tag)
        self._run("tag", tag)

    def _run(self, *arguments: str) -> None:
        assert self._git is not None  # noqa: S101 - asked before
        options = [part for setting in _SETTINGS for part in ("-c", setting)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        result = subprocess.run(
            [self._git, *options, *arguments],
            cwd=self._root,
            env={**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_GIT_TIMEOUT_S,
            check=False,
        )
        if result.returncode:
            raise MeasurementFailed(f"git {arguments[0]} failed in the copy: {result.stderr[:200]}")
