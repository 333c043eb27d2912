import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak import storms
from tests.soak.figures import Figures
from tests.support.waiting import eventually
from tests.workspace.watching import Forgetful, Watched, watching


async def test_many_changes_come_in_few_batches(watched: Watched) -> None:
    for i in range(200):
        (watched.root / f"f{i}.py").write_text("x")
    await eventually(lambda: len(watched.texts()) == 202)
    assert watched.batches < 20


async def test_a_storm_ends_equal_to_a_fresh_listing(watched: Watched) -> None:
    await asyncio.to_thread(_storm, watched.root)
    await watched.settles_as_listed()
    assert len(watched.watcher.files) == 500


@pytest.mark.skipif(sys.platform != "linux", reason="its queue is what overflows")
async def test_a_storm_without_most_of_its_events_ends_equal_too(tmp_path: Path) -> None:
    forgetful = Forgetful()
    with watching(tmp_path, forgetful.open) as watched:
        await asyncio.to_thread(_storm, tmp_path)
        forgetful.overflow()
        await watched.settles_as_listed()
        assert forgetful.dropped > 1000


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_checkouts_between_branches_end_equal_to_a_fresh_listing(tmp_path: Path) -> None:
    await asyncio.to_thread(_two_branches, tmp_path)
    with watching(tmp_path) as watched:
        for branch in ("one", "two", "one", "two"):
            await asyncio.to_thread(_git, tmp_path, "checkout", "-q", branch)
            await watched.settles_as_listed()
        assert len(watched.watcher.files) == 433


def _storm(root: Path) -> None:
    """Create 1,000 files, change 1,000, delete 500 and move the rest."""
    for old in ("a.py", "d"):
        path = root / old
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for i in range(20):
        directory = root / f"pkg{i}" / "inner"
        directory.mkdir(parents=True)
        for j in range(50):
            (directory / f"m{j}.py").write_text("x = 1\n")
    for i in range(0, 20, 2):
        for j in range(50):
            file = root / f"pkg{i}" / "inner" / f"m{j}.py"
            file.with_suffix(".tmp").write_text("x = 2\n")
            file.with_suffix(".tmp").replace(file)
        (root / f"pkg{i}").rename(root / f"moved{i}")
    for i in range(1, 20, 2):
        for j in range(50):
            (root / f"pkg{i}" / "inner" / f"m{j}.py").write_text("x = 3\n")
        shutil.rmtree(root / f"pkg{i}" / "inner")
    (root / "moved0").rename(root / "moved_again")
    for j in range(50):
        (root / "moved_again" / "inner" / f"m{j}.py").write_text("x = 4\n")


def _two_branches(root: Path) -> None:
    _git(root, "init", "-q", "-b", "one")
    for branch, text in (("one", "1"), ("two", "2")):
        if branch == "two":
            _git(root, "checkout", "-q", "-b", branch)
            for i in range(0, 300, 3):
                (root / f"p{i % 7}" / f"m{i}.py").unlink()
        numbers = range(300) if branch == "one" else range(200, 500)
        for i in numbers:
            (root / f"p{i % 7}").mkdir(exist_ok=True)
            (root / f"p{i % 7}" / f"m{i}.py").write_text(text)
        _git(root, "add", "-A")
        _git(root, "commit", "-q", "-m", branch)


def _git(root: Path, *arguments: str) -> None:
    own = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=root, check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are measured by /proc")
async def test_an_engine_in_a_storm_answers_and_ends_equal_to_a_cold_one() -> None:
    said: list[str] = []
    figures = Figures(said.append)
    await storms.run(figures, files=100, checkouts=1)
    assert not figures.broken, "\n".join(said)
    promised = {figure.promise.partition(":")[0] for figure in figures.all}
    assert {"no watches", "missed events", "100 changes while stopped"} <= promised
