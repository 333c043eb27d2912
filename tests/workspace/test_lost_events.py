import asyncio
import errno
import logging
import os
import time
from pathlib import Path

import pytest

from tests.support.waiting import eventually
from tests.workspace.watching import SilentSource, watching


async def test_lost_events_are_made_up_for_by_comparing_everything(tmp_path: Path) -> None:
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        (tmp_path / "a.py").write_text("unseen")
        source.hint(None)
        await watched.settles_as(a="unseen")


async def test_a_file_written_just_before_it_was_seen_counts_as_changed_after_lost_events(
    tmp_path: Path,
) -> None:
    (tmp_path / "old.py").write_text("1")
    os.utime(tmp_path / "old.py", (1, 1))
    (tmp_path / "young.py").write_text("1")
    ahead = time.time() + 60  # so that it cannot be old by the time it is seen
    os.utime(tmp_path / "young.py", (ahead, ahead))
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        source.hint(None)
        await eventually(lambda: watched.reported)
    assert watched.reported == ["young.py"]


@pytest.mark.parametrize("name", ["HEAD", "index"])
async def test_all_files_are_compared_when_git_changed_them(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        assert source.watched == {str(tmp_path), str(tmp_path / ".git")}
        (tmp_path / "a.py").write_text("checked out")
        source.hint(tmp_path / ".git" / "objects")
        source.hint(tmp_path / ".git" / f"{name}.lock")
        await asyncio.to_thread(lambda: None)
        source.hint(tmp_path / ".git" / name)
        await watched.settles_as(a="checked out")
    assert watched.reported == ["a.py"]


async def test_all_files_are_compared_now_and_then(tmp_path: Path) -> None:
    with watching(tmp_path, SilentSource().open, compare_s=0.05) as watched:
        (tmp_path / "a.py").write_text("unseen")
        await watched.settles_as(a="unseen")
        assert watched.watcher.notice == ""


async def test_a_network_file_system_is_compared_now_and_then_and_it_is_said(
    tmp_path: Path,
) -> None:
    mounts = f"36 35 0:1 / {tmp_path} rw - nfs4 server:/share rw\n"
    with watching(tmp_path, SilentSource().open, mounts=mounts) as watched:
        (tmp_path / "a.py").write_text("from elsewhere")
        await watched.settles_as(a="from elsewhere")
    assert "nfs4" in watched.watcher.notice


@pytest.mark.parametrize("fails_at", ["open", "watch"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
async def test_without_watches_files_are_compared_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fails_at: str, number: int
) -> None:
    source = SilentSource(fails_at, number)
    with caplog.at_level(logging.WARNING), watching(tmp_path, source.open) as watched:
        for text in ("1", "22", "333"):
            (tmp_path / "a.py").write_text(text)
            await watched.settles_as(a=text)
    assert len(caplog.records) == 1
    assert "cannot watch the workspace" in caplog.text
    assert "compared every 0.05 s" in watched.watcher.notice
    assert ("max_user_watches" in watched.watcher.notice) is (number == errno.ENOSPC)


async def test_a_watch_that_fails_later_turns_to_comparing(tmp_path: Path) -> None:
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        assert watched.watcher.notice == ""
        source.fails_at = "watch"
        (tmp_path / "new").mkdir()
        source.hint(tmp_path / "new")
        await eventually(lambda: watched.watcher.notice)
        assert source.is_stopped
        (tmp_path / "a.py").write_text("1")
        await watched.settles_as(a="1")


async def test_a_comparison_that_fails_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = SilentSource()
    with watching(tmp_path, source.open) as watched:
        (tmp_path / "a.py").write_text("1")
        source.breaks_once = True
        source.hint(None)
        await watched.settles_as(a="1")
    assert "could not compare" in caplog.text
