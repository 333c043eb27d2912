import asyncio
import errno
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path

import pytest

from pairwright.workspace.documents import look_up
from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.watcher import Changes, EventSource, Hint, RecursiveSource, Watcher
from tests.support.waiting import eventually

if sys.platform == "linux":
    from pairwright.workspace.watcher import InotifySource

OpenSource = Callable[[Path, Hint], EventSource]


class Watched:
    """A watched directory, and what was reported of it."""

    def __init__(
        self,
        root: Path,
        open_source: OpenSource | None = None,
        *,
        compare_s: float = 60,
        mounts: str = "",
    ) -> None:
        self.disk = DiskFileSystem(root)
        self.root = root
        self.host = WorkspaceHost(self.disk)
        self.host.scan()
        self.reported: list[WorkspacePath] = []
        self.batches = 0
        self.reported_at = 0.0
        self.watcher = Watcher(
            root,
            self.disk,
            self.on_changes,
            asyncio.get_running_loop(),
            open_source=open_source,
            poll_s=0.05,
            compare_s=compare_s,
            mounts=lambda: mounts,
        )

    def on_changes(self, changes: Changes) -> None:
        self.batches += 1
        self.reported_at = time.perf_counter()
        self.reported.extend(changes)
        to_read, facts = self.host.admit(changes)
        with self.disk.reader() as reader:
            self.host.learn([*facts, *(look_up(reader, path)[0] for path in to_read)])

    def texts(self) -> dict[str, str]:
        return {path: document.text for path, document in self.host.snapshot.documents.items()}

    async def settles_as(self, **expected: str) -> None:
        wanted = {path.replace("__", "/") + ".py": text for path, text in expected.items()}
        await eventually(lambda: self.texts() == wanted, what=f"{wanted}, got {self.texts()}")

    async def settles_as_listed(self) -> None:
        """Wait until what was reported equals the disk, in stats and in texts."""

        def listed() -> dict[WorkspacePath, FileStat]:
            return {stat.path: stat for stat in self.disk.list_files()}

        await eventually(lambda: self.watcher.files == listed(), what="the listing")
        fresh = WorkspaceHost(self.disk).scan()
        assert self.host.snapshot.documents == fresh.documents
        assert self.texts() == {path: doc.text for path, doc in fresh.documents.items()}
        assert self.host.snapshot.unreadable == fresh.unreadable


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "b.py").write_text("1")
    watched = Watched(tmp_path)
    watched.watcher.start()
    yield watched
    watched.watcher.stop()


async def test_a_change_a_creation_and_a_deletion_are_seen(watched: Watched) -> None:
    (watched.root / "a.py").write_text("2")
    (watched.root / "new.py").write_text("n")
    (watched.root / "d" / "b.py").unlink()
    await watched.settles_as(a="2", new="n")


async def test_a_change_before_the_first_event_is_seen(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (tmp_path / "early.py").write_text("e")
    watched.watcher.start()
    await watched.settles_as(early="e")
    watched.watcher.stop()


async def test_a_save_by_renaming_is_seen(watched: Watched) -> None:
    (watched.root / "a.py.tmp").write_text("2")
    (watched.root / "a.py.tmp").replace(watched.root / "a.py")
    await watched.settles_as(a="2", d__b="1")


async def test_files_in_directories_made_at_once_are_seen(watched: Watched) -> None:
    deep = watched.root / "x" / "y" / "z"
    deep.mkdir(parents=True)
    (deep / "c.py").write_text("c")
    await watched.settles_as(a="1", d__b="1", x__y__z__c="c")
    (deep / "c.py").write_text("again")
    await watched.settles_as(a="1", d__b="1", x__y__z__c="again")


async def test_a_directory_that_moves_is_followed(watched: Watched) -> None:
    (watched.root / "d").rename(watched.root / "e")
    await watched.settles_as(a="1", e__b="1")
    (watched.root / "e" / "b.py").write_text("2")
    await watched.settles_as(a="1", e__b="2")
    shutil.rmtree(watched.root / "e")
    await watched.settles_as(a="1")


async def test_directories_that_change_places_are_told_apart(watched: Watched) -> None:
    (watched.root / "other").mkdir()
    (watched.root / "other" / "c.py").write_text("c")
    await watched.settles_as(a="1", d__b="1", other__c="c")
    (watched.root / "d").rename(watched.root / "moved")
    (watched.root / "other").rename(watched.root / "d")
    await watched.settles_as(a="1", moved__b="1", d__c="c")
    (watched.root / "d" / "c.py").write_text("2")
    (watched.root / "moved" / "b.py").write_text("2")
    await watched.settles_as(a="1", moved__b="2", d__c="2")


async def test_ignored_files_are_not_reported(watched: Watched) -> None:
    (watched.root / "node_modules").mkdir()
    (watched.root / "node_modules" / "x.js").write_text("x")
    (watched.root / "a.pyc").write_bytes(b"x")
    (watched.root / "a.py").write_text("2")
    await watched.settles_as(a="2", d__b="1")
    assert set(watched.reported) == {"a.py"}


async def test_new_ignore_rules_hide_files_at_once(watched: Watched) -> None:
    (watched.root / ".gitignore").write_text("d/\n")
    await eventually(lambda: "d/b.py" in watched.reported)


async def test_many_changes_come_in_few_batches(watched: Watched) -> None:
    for i in range(200):
        (watched.root / f"f{i}.py").write_text("x")
    await eventually(lambda: len(watched.texts()) == 202)
    assert watched.batches < 20


async def test_lost_events_are_made_up_for_by_comparing_everything(tmp_path: Path) -> None:
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    (tmp_path / "a.py").write_text("unseen")
    assert source.hint is not None
    source.hint(None)
    await watched.settles_as(a="unseen")
    watched.watcher.stop()


async def test_a_hint_counts_although_size_and_time_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    assert source.hint is not None
    source.hint(str(tmp_path / "a.py"))
    await eventually(lambda: watched.reported == ["a.py"])
    watched.watcher.stop()


@pytest.mark.parametrize("fails_at", ["open", "watch"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
async def test_without_watches_files_are_compared_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fails_at: str, number: int
) -> None:
    source = SilentSource(fails_at, number)
    with caplog.at_level(logging.WARNING):
        watched = Watched(tmp_path, source.open)
        watched.watcher.start()
        for text in ("1", "22", "333"):
            (tmp_path / "a.py").write_text(text)
            await watched.settles_as(a=text)
        watched.watcher.stop()
    assert len(caplog.records) == 1
    assert "cannot watch the workspace" in caplog.text
    assert "compared every 0.05 s" in watched.watcher.notice
    assert ("max_user_watches" in watched.watcher.notice) is (number == errno.ENOSPC)


async def test_a_watch_that_fails_later_turns_to_comparing(tmp_path: Path) -> None:
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    assert watched.watcher.notice == ""
    source.fails_at = "watch"
    (tmp_path / "new").mkdir()
    assert source.hint is not None
    source.hint(str(tmp_path / "new"))
    await eventually(lambda: watched.watcher.notice)
    assert source.is_stopped
    (tmp_path / "a.py").write_text("1")
    await watched.settles_as(a="1")
    watched.watcher.stop()


async def test_a_network_file_system_is_compared_now_and_then_and_it_is_said(
    tmp_path: Path,
) -> None:
    mounts = f"36 35 0:1 / {tmp_path} rw - nfs4 server:/share rw\n"
    watched = Watched(tmp_path, SilentSource().open, mounts=mounts)
    watched.watcher.start()
    (tmp_path / "a.py").write_text("from elsewhere")
    await watched.settles_as(a="from elsewhere")
    watched.watcher.stop()
    assert "nfs4" in watched.watcher.notice


async def test_all_files_are_compared_now_and_then(tmp_path: Path) -> None:
    watched = Watched(tmp_path, SilentSource().open, compare_s=0.05)
    watched.watcher.start()
    (tmp_path / "a.py").write_text("unseen")
    await watched.settles_as(a="unseen")
    assert watched.watcher.notice == ""
    watched.watcher.stop()


async def test_what_was_there_is_listed_once_and_not_reported(watched: Watched) -> None:
    assert list(watched.watcher.files) == ["a.py", "d/b.py"]
    (watched.root / "c.py").write_text("1")
    await eventually(lambda: watched.reported)
    assert watched.reported == ["c.py"]
    assert watched.watcher.files[parse_path("c.py")] == watched.disk.stat(parse_path("c.py"))


async def test_a_file_that_came_and_went_is_reported_as_gone(tmp_path: Path) -> None:
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    assert source.hint is not None
    source.hint(str(tmp_path / "brief.py"))
    await eventually(lambda: watched.reported == ["brief.py"])
    assert dict(watched.watcher.files) == {}
    watched.watcher.stop()


async def test_a_change_comes_with_what_the_directory_says(watched: Watched) -> None:
    seen: list[Changes] = []
    watcher = Watcher(
        watched.root, watched.disk, seen.append, asyncio.get_running_loop(), mounts=str
    )
    watcher.start()
    (watched.root / "a.py").unlink()
    await eventually(lambda: seen)
    (watched.root / "n.py").write_text("new")
    await eventually(lambda: len(seen) == 2)
    watcher.stop()
    path = parse_path("n.py")
    assert seen == [{"a.py": None}, {path: watched.disk.stat(path)}]
    assert list(watcher.files) == ["d/b.py", "n.py"]


@pytest.mark.parametrize("name", ["HEAD", "index"])
async def test_all_files_are_compared_when_git_changed_them(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    assert source.watched == {str(tmp_path), str(tmp_path / ".git")}
    (tmp_path / "a.py").write_text("checked out")
    assert source.hint is not None
    source.hint(str(tmp_path / ".git" / "objects"))
    source.hint(str(tmp_path / ".git" / f"{name}.lock"))
    await asyncio.to_thread(lambda: None)
    source.hint(str(tmp_path / ".git" / name))
    await watched.settles_as(a="checked out")
    watched.watcher.stop()
    assert watched.reported == ["a.py"]


@pytest.mark.parametrize("kind", ["file", "link"])
async def test_a_git_directory_that_lies_elsewhere_is_not_watched(
    tmp_path: Path, kind: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ws").mkdir()
    if kind == "file":
        (tmp_path / "ws" / ".git").write_text(f"gitdir: {tmp_path}/elsewhere\n")
    else:
        (tmp_path / "ws" / ".git").symlink_to(tmp_path / "elsewhere")
    source = SilentSource()
    Watched(tmp_path / "ws", source.open).watcher.stop()
    assert source.watched == {str(tmp_path / "ws")}


async def test_a_directory_made_again_at_once_is_watched(watched: Watched) -> None:
    for text in ("2", "3"):
        shutil.rmtree(watched.root / "d")
        (watched.root / "d").mkdir()
        (watched.root / "d" / "b.py").write_text(text)
        await watched.settles_as(a="1", d__b=text)
    (watched.root / "d" / "c.py").write_text("4")
    await watched.settles_as(a="1", d__b="3", d__c="4")


async def test_a_directory_that_becomes_an_environment_is_hidden(watched: Watched) -> None:
    (watched.root / "d" / "pyvenv.cfg").write_text("")
    await watched.settles_as(a="1")


async def test_a_name_that_is_not_utf8_is_reported_as_it_is_listed(watched: Watched) -> None:
    name = os.fsencode(watched.root) + b"/caf\xe9.py"
    os.mknod(name)
    await eventually(lambda: watched.reported == ["caf\\xe9.py"])
    assert "caf\\xe9.py" in watched.watcher.files
    os.unlink(name)
    await eventually(lambda: "caf\\xe9.py" not in watched.watcher.files)


async def test_a_file_written_just_before_it_was_seen_counts_as_changed_after_lost_events(
    tmp_path: Path,
) -> None:
    (tmp_path / "old.py").write_text("1")
    os.utime(tmp_path / "old.py", (1, 1))
    (tmp_path / "young.py").write_text("1")
    ahead = time.time() + 60  # so that it cannot be old by the time it is seen
    os.utime(tmp_path / "young.py", (ahead, ahead))
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    assert source.hint is not None
    source.hint(None)
    await eventually(lambda: watched.reported)
    watched.watcher.stop()
    assert watched.reported == ["young.py"]


async def test_a_comparison_that_fails_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = SilentSource()
    watched = Watched(tmp_path, source.open)
    watched.watcher.start()
    (tmp_path / "a.py").write_text("1")
    source.breaks_once = True
    assert source.hint is not None
    source.hint(None)
    await watched.settles_as(a="1")
    watched.watcher.stop()
    assert "could not compare" in caplog.text


async def test_a_save_is_reported_soon(watched: Watched) -> None:
    durations = []
    for i in range(30):
        count = watched.batches
        began_at = time.perf_counter()
        (watched.root / "a.py").write_text(f"{i}")
        await eventually(lambda count=count: watched.batches > count)  # type: ignore[misc]
        durations.append(watched.reported_at - began_at)
    # Half of them, not nearly all: other processes may take the machine for a while.
    assert sorted(durations)[15] < 0.06


async def test_a_storm_ends_equal_to_a_fresh_listing(watched: Watched) -> None:
    await asyncio.to_thread(_storm, watched.root)
    await watched.settles_as_listed()
    assert len(watched.watcher.files) == 500


@pytest.mark.skipif(sys.platform != "linux", reason="its queue is what overflows")
async def test_a_storm_without_most_of_its_events_ends_equal_too(tmp_path: Path) -> None:
    forgetful = Forgetful()
    watched = Watched(tmp_path, forgetful.open)
    watched.watcher.start()
    await asyncio.to_thread(_storm, tmp_path)
    forgetful.overflow()
    await watched.settles_as_listed()
    assert forgetful.dropped > 1000
    watched.watcher.stop()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_checkouts_between_branches_end_equal_to_a_fresh_listing(tmp_path: Path) -> None:
    await asyncio.to_thread(_two_branches, tmp_path)
    watched = Watched(tmp_path)
    watched.watcher.start()
    for branch in ("one", "two", "one", "two"):
        await asyncio.to_thread(_git, tmp_path, "checkout", "-q", branch)
        await watched.settles_as_listed()
    assert len(watched.watcher.files) == 433
    watched.watcher.stop()


async def test_nothing_is_reported_after_the_end(watched: Watched) -> None:
    other = Watched(watched.root)
    other.watcher.start()
    watched.watcher.stop()
    (watched.root / "a.py").write_text("2")
    await other.settles_as(a="2", d__b="1")
    other.watcher.stop()
    assert watched.reported == []


async def test_a_platform_that_watches_whole_trees_is_understood(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    watched = Watched(tmp_path, RecursiveSource)
    watched.watcher.start()
    (tmp_path / "node_modules" / "x.js").write_text("x")
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.py").write_text("1")
    await watched.settles_as(p__a="1")
    (tmp_path / "p" / "a.py").rename(tmp_path / "b.py")
    await watched.settles_as(b="1")
    watched.watcher.stop()
    assert "node_modules/x.js" not in watched.reported


class SilentSource:
    """Gives no hints of its own; fails on demand, as a system without free watches does."""

    def __init__(self, fails_at: str = "", number: int = errno.ENOSPC) -> None:
        self.hint: Hint | None = None
        self.watched: set[str] = set()
        self.fails_at = fails_at
        self.breaks_once = False
        self.is_stopped = False
        self._number = number

    def open(self, root: Path, hint: Hint) -> EventSource:
        self._fail("open")
        self.hint = hint
        return self

    def watch(self, directory: str) -> None:
        self._fail("watch")
        if self.breaks_once:
            self.breaks_once = False
            raise RuntimeError("broken")
        self.watched.add(directory)

    def keep_only(self, directories: Collection[str]) -> None:
        self.watched &= set(directories)

    def stop(self) -> None:
        self.is_stopped = True

    def _fail(self, at: str) -> None:
        if self.fails_at == at:
            raise OSError(self._number, os.strerror(self._number))


class Forgetful:
    """Passes on one hint of ten, as a system whose queue overflows, until that is told."""

    def __init__(self) -> None:
        self.dropped = 0
        self._seen = 0
        self._pass_on: Hint | None = None

    def open(self, root: Path, hint: Hint) -> EventSource:
        self._pass_on = hint
        return InotifySource(self._sometimes) if sys.platform == "linux" else SilentSource()

    def overflow(self) -> None:
        if self._pass_on is not None:
            self._pass_on(None)

    def _sometimes(self, path: str | None) -> None:
        self._seen += 1
        if self._seen % 10:
            self.dropped += 1
        elif self._pass_on is not None:
            self._pass_on(path)


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
