import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")


@pytest.fixture
def quick_directory(tmp_path: Path) -> Iterator[Path]:
    """Give a directory in memory where there is one: a kill does not lose what was written."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as name:
        yield Path(name)


def test_a_kill_at_any_step_leaves_everything_old_or_everything_new(quick_directory: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journal.kill_points", str(quick_directory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = [result for kills in json.loads(done.stdout).values() for result in kills]
    assert len(results) >= 60
    assert {result["first"] for result in results} == {"old", "new"}
    assert all(result["second"] == result["first"] for result in results)
    assert all(result["pending"] == [] for result in results)
    assert any(result["again"] for result in results), "no recovery was killed itself"
