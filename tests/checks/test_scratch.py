from pathlib import Path

import pytest

from pairwright.checks.scratch import ScratchCopy
from pairwright.workspace.paths import WorkspacePath
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
