"""Files that come, go or are renamed: each is one decision, and can be taken back."""

import os
from pathlib import Path

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.protocol import messages
from tests.engine.desks import Desk, given, open_desk

LATIN = "# coding: latin-1\nb = 'é'\n".encode("latin-1")


async def shown(desk: Desk) -> tuple[str, messages.HunkView]:
    result = await desk.run(strategy="given")
    (hunk,) = desk.change_ready().hunks
    return result.task_id, hunk


async def test_a_renamed_file_is_one_hunk_that_shows_both_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.RENAME, "b.py", "# moved\n", "c.py")
    async with open_desk(tmp_path, {"a.py": "", "b.py": "b = 1\n"}) as desk:
        _, hunk = await shown(desk)
        assert (hunk.file_change, hunk.path, hunk.new_path) == ("rename", "b.py", "c.py")
        assert hunk.unified.startswith(
            "diff --git a/b.py b/c.py\nrename from b.py\nrename to c.py\n@@ "
        )
        assert "+# moved\n b = 1\n" in hunk.unified


async def test_a_renamed_file_keeps_its_bytes_its_encoding_and_its_mode_there_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, FileEditKind.RENAME, "b.py", "", "pkg/c.py")
    async with open_desk(tmp_path, {"a.py": "", "b.py": LATIN}) as desk:
        (desk.root / "b.py").chmod(0o754)
        task_id, _ = await shown(desk)
        await desk.accept(task_id)
        moved = desk.root / "pkg/c.py"
        assert moved.read_bytes() == LATIN
        assert moved.stat().st_mode & 0o777 == 0o754
        assert not (desk.root / "b.py").exists()
        (entry,) = await desk.history()
        assert [(f.path, f.moved_from, f.file_change) for f in entry.files] == [
            ("pkg/c.py", "b.py", "rename")
        ]
        moved.write_bytes(LATIN + b"mine = 1\n")
        await desk.undo()
        assert (desk.root / "b.py").read_bytes() == LATIN + b"mine = 1\n"
        assert (desk.root / "b.py").stat().st_mode & 0o777 == 0o754
        assert sorted(os.listdir(desk.root)) == ["a.py", "b.py"]


@pytest.mark.parametrize("kind", [FileEditKind.CREATE, FileEditKind.DELETE])
async def test_an_empty_file_can_come_and_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: FileEditKind
) -> None:
    given(monkeypatch, kind, "b.py")
    files = {"a.py": "", "b.py": ""} if kind is FileEditKind.DELETE else {"a.py": ""}
    async with open_desk(tmp_path, files) as desk:
        task_id, hunk = await shown(desk)
        word = "deleted" if kind is FileEditKind.DELETE else "new"
        assert f"{word} file mode" in hunk.unified
        before = (desk.root / "b.py").exists()
        await desk.accept(task_id)
        assert (desk.root / "b.py").exists() is not before
        await desk.undo()
        assert (desk.root / "b.py").exists() is before
        await desk.redo()
        assert (desk.root / "b.py").exists() is not before
