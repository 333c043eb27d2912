import os
from pathlib import Path

import pytest

from pairwright.checks.scratch import ScratchCopy
from pairwright.errors import StaleChange
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.encodings import FileContent
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot
from tests.checks.support import analysis_of, write_files

WORKSPACE = "#- a.py\nx = 1\n#- pkg/b.py\ny = 2\n#- run.sh\n#!/bin/sh\n"
A, NEW = WorkspacePath("a.py"), WorkspacePath("new/c.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    write_files(analysis_of(WORKSPACE), root)
    (root / "run.sh").chmod(0o755)
    (root / "image.png").write_bytes(b"\0\1\2")
    (root / "link").symlink_to(root / "a.py")
    return root


@pytest.fixture
def copy(root: Path) -> ScratchCopy:
    unreadable = {"image.png": "binary", "link": "a symbolic link", "gone": "missing"}
    return ScratchCopy(root, analysis_of(WORKSPACE, unreadable).snapshot)


def files_of(copy: ScratchCopy) -> dict[str, bytes]:
    return {
        str(path.relative_to(copy.directory)): path.read_bytes()
        for path in copy.directory.rglob("*")
        if path.is_file()
    }


PLAIN = {
    "a.py": b"x = 1\n",
    "pkg/b.py": b"y = 2\n",
    "run.sh": b"#!/bin/sh\n",
    "image.png": b"\0\1\2",
}


def test_the_copy_holds_texts_and_binary_files_but_no_links(copy: ScratchCopy, root: Path) -> None:
    copy.lay({})
    assert files_of(copy) == PLAIN
    assert copy.directory.name == "project"
    assert not copy.directory.is_relative_to(root)
    assert (copy.directory / "run.sh").stat().st_mode & 0o100
    copy.remove()


def test_a_variant_is_laid_over_and_taken_off_again(copy: ScratchCopy) -> None:
    copy.lay({A: None, NEW: "z\n"})
    without = {path: content for path, content in PLAIN.items() if path != "a.py"}
    assert files_of(copy) == {**without, "new/c.py": b"z\n"}
    copy.lay({})
    assert files_of(copy) == PLAIN
    assert not (copy.directory / "new").exists()
    copy.remove()


def test_what_a_run_did_to_the_copy_is_put_right(copy: ScratchCopy, root: Path) -> None:
    copy.lay({})
    (copy.directory / "a.py").write_text("x = 9\n")
    (copy.directory / "pkg" / "b.py").unlink()
    (copy.directory / "pkg" / "b.py").symlink_to(root / "a.py")
    (copy.directory / "left" / "over").mkdir(parents=True)
    (copy.directory / "left" / "over" / "x").touch()
    (copy.directory / "image.png").unlink()
    (copy.directory / "outside").symlink_to(root)
    (copy.temporary / "junk").touch()
    copy.lay({})
    assert files_of(copy) == PLAIN
    assert not (copy.directory / "left").exists()
    assert list(copy.temporary.iterdir()) == []
    assert (root / "a.py").read_text() == "x = 1\n"
    copy.remove()


def test_files_that_need_no_change_are_not_written_again(copy: ScratchCopy) -> None:
    copy.lay({})
    before = (copy.directory / "pkg/b.py").stat()
    copy.lay({A: "x = 2\n"})
    assert (copy.directory / "pkg/b.py").stat() == before
    copy.remove()


def test_the_copy_can_be_removed_even_when_a_run_locked_it(copy: ScratchCopy) -> None:
    copy.lay({})
    (copy.directory / "pkg").chmod(0o000)
    copy.remove()
    assert not copy.directory.parent.exists()


class Unreadable(DiskFileSystem):
    """A disk of which nobody may take a text."""

    def read(self, path: WorkspacePath) -> FileContent:
        raise AssertionError("read as a text")


def disk_copy(root: Path, reader: DiskFileSystem | None = None) -> ScratchCopy:
    """Return a copy of documents whose texts are on the disk and nowhere else."""
    files = DiskFileSystem(root)
    documents = {}
    for name in ("a.py", "pkg/b.py", "run.sh"):
        path = WorkspacePath(name)
        digest = digest_text(files.read(path).text)
        documents[path] = Document(
            path, None, digest, None, Origin.DISK, stat=files.stat(path), files=reader or files
        )
    return ScratchCopy(root, Snapshot(1, documents, {}))


def test_files_of_the_disk_are_copied_and_never_linked(root: Path) -> None:
    copy = disk_copy(root)
    copy.lay({})
    for name in ("a.py", "pkg/b.py", "run.sh"):
        ours, theirs = (copy.directory / name).stat(), (root / name).stat()
        assert ours.st_nlink == 1
        assert ours.st_ino != theirs.st_ino
        assert ours.st_mode == theirs.st_mode
    with open(copy.directory / "a.py", "a") as file:
        file.write("by a test\n")
    assert (root / "a.py").read_text() == "x = 1\n"
    copy.remove()


def test_no_text_of_the_disk_is_kept_in_memory(root: Path) -> None:
    copy = disk_copy(root, Unreadable(root))
    copy.lay({A: "x = 2\n"})
    assert (copy.directory / "run.sh").read_bytes() == b"#!/bin/sh\n"
    copy.remove()


def test_a_file_that_changed_on_the_disk_is_not_taken_for_the_snapshots(root: Path) -> None:
    copy = disk_copy(root)
    (root / "a.py").write_text("x = 1234\n")
    with pytest.raises(StaleChange, match=r"a\.py"):
        copy.lay({})
    copy.remove()


def test_a_file_that_was_only_touched_is_read_and_found_the_same(root: Path) -> None:
    copy = disk_copy(root)
    os.utime(root / "a.py", ns=(1, 1))
    copy.lay({})
    assert (copy.directory / "a.py").read_text() == "x = 1\n"
    copy.remove()


def test_a_link_in_a_files_place_is_not_followed(root: Path, tmp_path: Path) -> None:
    copy = disk_copy(root)
    (tmp_path / "secret").write_text("x = 1\n")
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(tmp_path / "secret")
    with pytest.raises(StaleChange):
        copy.lay({})
    copy.remove()


def test_installed_packages_have_an_empty_place_that_stays(root: Path) -> None:
    (root / "node_modules" / "lib").mkdir(parents=True)
    (root / "venv").symlink_to(root / "node_modules")
    copy = disk_copy(root)
    for _ in range(2):
        copy.lay({})
        assert list((copy.directory / "node_modules").iterdir()) == []
    assert copy.borrowed_places == ((root / "node_modules", copy.directory / "node_modules"),)
    assert not (copy.directory / "venv").exists()
    copy.remove()


def test_a_directory_in_a_files_place_makes_way_for_it(copy: ScratchCopy) -> None:
    copy.lay({})
    (copy.directory / "a.py").unlink()
    (copy.directory / "a.py" / "below").mkdir(parents=True)
    copy.lay({})
    assert files_of(copy) == PLAIN
    copy.remove()
