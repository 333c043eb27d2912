"""Which files are there, as another process sees them while this one is busy?

Listing a large tree takes about as long as importing what is to be done with it. The process
does nothing else, and whoever cannot have its answer lists the files himself.
"""

import marshal
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.paths import WorkspacePath

MOST_WAIT_S = 10.0
"""Seconds after which listing the files oneself is the lesser evil."""


class Listing:
    """The files of a workspace, being listed since this was made."""

    def __init__(self, root: Path) -> None:
        """Begin."""
        # `-P` keeps Python from importing modules of the current directory.
        command = [sys.executable, "-P", "-m", "pairwright.workspace.listing", os.fspath(root)]
        try:
            self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            self._process = None

    def files(self) -> Mapping[WorkspacePath, FileStat] | None:
        """Wait for the files that are not ignored; None: they could not be listed."""
        if self._process is None or self._process.stdout is None or self._process.stdout.closed:
            return None
        try:
            listed, _ = self._process.communicate(timeout=MOST_WAIT_S)
            if self._process.returncode != 0:
                return None
            return {each[0]: FileStat(*each) for each in marshal.loads(listed)}  # noqa: S302
        except (subprocess.TimeoutExpired, EOFError, ValueError, TypeError):
            return None

    def close(self) -> None:
        """End it, if it runs still; harmless to repeat."""
        if self._process is not None:
            with self._process as process:
                process.kill()


def main(root: Path) -> None:
    """Be the process: write what is there, and end."""
    listed = [tuple(stat) for stat in DiskFileSystem(root).list_files()]
    sys.stdout.buffer.write(marshal.dumps(listed))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
