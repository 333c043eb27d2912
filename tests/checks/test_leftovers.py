"""Is what a killed process left behind removed, and nothing that somebody holds?"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pairwright.checks.leftovers import HeldDirectory

PREFIX = "pairwright-kept-"
HOLDER = (
    "import time\nfrom pairwright.checks.leftovers import HeldDirectory\n"
    f"held = HeldDirectory({PREFIX!r})\n(held.path / 'file').write_text('x')\n"
    "print(held.path, flush=True)\ntime.sleep(60)\n"
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_process_held_goes_with_the_next_one_and_what_a_living_one_holds_stays(
    temporary: Path,
) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        theirs = Path(holder.stdout.readline().strip())
        ours = HeldDirectory(PREFIX)
        assert (theirs / "file").exists()
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    assert theirs.exists()
    other = HeldDirectory(PREFIX)
    assert sorted(temporary.iterdir()) == sorted([ours.path, other.path])
    for each in (ours, other):
        each.remove()
        each.remove()
    assert list(temporary.iterdir()) == []


def test_what_is_no_directory_or_has_another_name_stays(temporary: Path) -> None:
    kept = [temporary / f"{PREFIX}file", temporary / "elsewhere", temporary / f"{PREFIX}link"]
    kept[0].touch()
    kept[1].mkdir()
    kept[2].symlink_to(kept[1])
    held = HeldDirectory(PREFIX)
    held.remove()
    assert sorted(temporary.iterdir()) == sorted(kept)


def test_one_whose_folders_cannot_be_entered_is_removed(temporary: Path) -> None:
    held = HeldDirectory(PREFIX)
    closed = held.path / "closed"
    closed.mkdir()
    (closed / "file").touch()
    os.chmod(closed, 0)
    held.remove()
    assert list(temporary.iterdir()) == []
