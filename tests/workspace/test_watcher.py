import asyncio
import errno
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest

from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.watcher import EventSource, Hint, RecursiveSource, Watcher
from tests.support.waiting import eventually

OpenSource = Callable[[Path, Hint], EventSource]


class Watched:
    """A watched directory, and what was reported of it."""

    def __init__(self, root: Path, open_source: OpenSource | None = None) -> None:
        files = DiskFileSystem(root)
        self.root = root
        self.host = WorkspaceHost(files)
        self.host.scan()
        self.reported: list[WorkspacePath] = []
        self.watcher = Watcher(
            root,
            files,
            self.on_paths_changed,
            asyncio.get_running_loop(),
            open_source=open_source,
            poll_s=0.05,
        )

    def on_paths_changed(self, paths: tuple[WorkspacePath, ...]) -> None:
        self.reported.extend(paths)
        self.host.refresh(paths)

    def texts(self) -> dict[str, str]:
        return {path: document.text for path, document in self.host.snapshot.documents.items()}

    async def settles_as(self, **expected: str) -> None:
        wanted = {path.replace("__", "/") + ".py": text for path, text in expected.items()}
        await eventually(lambda: self.texts() == wanted, what=f"{wanted}, got {self.texts()}")


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
    assert watched.host.snapshot.revision < 50


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
async def test_without_watches_files_are_compared_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fails_at: str
) -> None:
    source = SilentSource(fails_at)
    with caplog.at_level(logging.WARNING):
        watched = Watched(tmp_path, source.open)
        watched.watcher.start()
        for text in ("1", "22", "333"):
            (tmp_path / "a.py").write_text(text)
            await watched.settles_as(a=text)
        watched.watcher.stop()
    assert len(caplog.records) == 1
    assert "cannot watch the workspace" in caplog.text


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

    def __init__(self, fails_at: str = "") -> None:
        self.hint: Hint | None = None
        self._fails_at = fails_at

    def open(self, root: Path, hint: Hint) -> EventSource:
        self._fail("open")
        self.hint = hint
        return self

    def watch(self, directories: Iterable[str]) -> bool:
        self._fail("watch")
        return False

    def stop(self) -> None:
        pass

    def _fail(self, at: str) -> None:
        if self._fails_at == at:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")
