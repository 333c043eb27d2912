import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairwright.journal.journal import Journal

_MEMORY = Path("/dev/shm")


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """Give a directory in memory where there is one: a kill does not lose what was written."""
    old_mask = os.umask(0o022)
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else tmp_path) as name:
        yield Path(name)
    os.umask(old_mask)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "ws"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_bytes(b"old a\r\n")
    (root / "b.sh").write_bytes(b"old b \xff\n")
    (root / "b.sh").chmod(0o750)
    (root / "gone.txt").write_bytes(b"")
    return root


@pytest.fixture
def journal(tmp_path: Path, root: Path) -> Journal:
    return Journal(tmp_path / "state", root)
