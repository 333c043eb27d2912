import asyncio
import os
import shutil
import time
from pathlib import Path

import pytest

from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import parse_path
from pairwright.workspace.watcher import Changes, RecursiveSource, Watcher
from tests.support.waiting import eventually
from tests.workspace.watching import SilentSource, Watched, watching


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


async def test_a_hint_counts_although_size_and_time_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        source.hint(tmp_path / "a.py")
        await eventually(lambda: watched.reported == ["a.py"])


async def test_what_was_there_is_listed_once_and_not_reported(watched: Watched) -> None:
    assert list(watched.watcher.files) == ["a.py", "d/b.py"]
    (watched.root / "c.py").write_text("1")
    await eventually(lambda: watched.reported)
    assert watched.reported == ["c.py"]
    assert watched.watcher.files[parse_path("c.py")] == watched.disk.stat(parse_path("c.py"))


async def test_a_file_that_came_and_went_is_reported_as_gone(tmp_path: Path) -> None:
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        source.hint(tmp_path / "brief.py")
        await eventually(lambda: watched.reported == ["brief.py"])
        assert dict(watched.watcher.files) == {}


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


async def test_nothing_is_reported_after_the_end(watched: Watched) -> None:
    with watching(watched.root) as other:
        watched.watcher.stop()
        (watched.root / "a.py").write_text("2")
        await other.settles_as(a="2", d__b="1")
    assert watched.reported == []


async def test_a_platform_that_watches_whole_trees_is_understood(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    with watching(tmp_path, RecursiveSource) as watched:
        (tmp_path / "node_modules" / "x.js").write_text("x")
        (tmp_path / "p").mkdir()
        (tmp_path / "p" / "a.py").write_text("1")
        await watched.settles_as(p__a="1")
        (tmp_path / "p" / "a.py").rename(tmp_path / "b.py")
        await watched.settles_as(b="1")
    assert "node_modules/x.js" not in watched.reported


async def test_what_differs_from_a_listing_of_somebody_else_is_reported(tmp_path: Path) -> None:
    for name in ("same.py", "changed.py", "gone.py"):
        (tmp_path / name).write_text("1")
    disk = DiskFileSystem(tmp_path)
    listed = {stat.path: stat for stat in disk.list_files()}
    (tmp_path / "changed.py").write_text("12")
    (tmp_path / "gone.py").unlink()
    (tmp_path / "new.py").write_text("n")
    reported: list[Changes] = []
    loop = asyncio.get_running_loop()
    watcher = Watcher(tmp_path, disk, reported.append, loop, listed=listed)
    assert dict(watcher.files) == listed
    watcher.start()
    await eventually(lambda: bool(reported))
    assert {path: stat is None for changes in reported for path, stat in changes.items()} == {
        "changed.py": False,
        "gone.py": True,
        "new.py": False,
    }
    (tmp_path / "same.py").write_text("watched by now")
    await eventually(lambda: "same.py" in reported[-1])
    watcher.stop()
