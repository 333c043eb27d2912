"""Which changes does the journal refuse, and what is left of them?"""

import os
from pathlib import Path

import pytest

from pairwright.errors import (
    PathOutsideWorkspace,
    ProtectedPath,
    UnreadableFile,
    UserError,
)
from pairwright.journal.admission import require_writable
from pairwright.journal.entries import FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import MAX_CHANGED_BYTES, digest_bytes
from pairwright.workspace.paths import WorkspacePath
from tests.journal.changes import a_change, tree_of, undo, write


def test_no_write_goes_through_a_symbolic_link(
    journal: Journal, root: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.py").write_bytes(b"theirs")
    (root / "link").symlink_to(outside)
    (root / "file.py").symlink_to(outside / "x.py")
    known = digest_bytes(b"theirs")
    for path in ("link/x.py", "file.py"):
        with pytest.raises(PathOutsideWorkspace, match="symbolic link"):
            journal.commit([FileWrite(WorkspacePath(path), known, b"ours")])
    with pytest.raises(PathOutsideWorkspace):
        journal.commit([FileWrite(WorkspacePath("link/new.py"), None, b"ours")])
    assert {path.name for path in outside.iterdir()} == {"x.py"}
    assert (outside / "x.py").read_bytes() == b"theirs"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "pkg/../../x", ""])
def test_no_write_leaves_the_workspace(journal: Journal, path: str) -> None:
    with pytest.raises(PathOutsideWorkspace):
        journal.commit([FileWrite(WorkspacePath(path), None, b"x")])


def test_a_protected_path_is_refused(journal: Journal, root: Path) -> None:
    with pytest.raises(ProtectedPath):
        journal.commit([FileWrite(WorkspacePath(".git/hooks/post-commit"), None, b"x")])
    assert not (root / ".git").exists()


def test_a_directory_or_pipe_in_a_files_place_is_left_alone(journal: Journal, root: Path) -> None:
    os.mkfifo(root / "pipe")
    for path in ("pipe", "pkg"):
        with pytest.raises(UnreadableFile, match="not a regular file"):
            journal.commit([FileWrite(WorkspacePath(path), None, b"x")])


def test_the_same_file_twice_is_a_mistake(journal: Journal, root: Path) -> None:
    with pytest.raises(ValueError, match="once"):
        journal.commit([write(root, "b.sh", b"1"), write(root, "b.sh", b"2")])


def test_a_damaged_entry_is_named_and_nothing_is_guessed(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "state" / "entries"
    folder.mkdir(parents=True)
    (folder / "000001-0123abcd.commit").write_bytes(b"{")
    before = tree_of(root)
    with pytest.raises(UserError, match="000001-0123abcd"):
        Journal(tmp_path / "state", root).recover()
    assert tree_of(root) == before


def test_a_file_that_needs_approval_is_written_only_when_it_was_approved_by_name(
    journal: Journal, root: Path
) -> None:
    path = WorkspacePath("pyproject.toml")
    with pytest.raises(ProtectedPath, match="approval"):
        journal.commit([FileWrite(path, None, b"x")], approved=[WorkspacePath("setup.py")])
    assert not (root / path).exists()
    journal.commit([FileWrite(path, None, b"x")], approved=[path])
    assert (root / path).read_bytes() == b"x"


@pytest.mark.parametrize("path", [".git/config", ".vscode/tasks.json", ".env"])
def test_no_approval_opens_what_is_never_changed(journal: Journal, path: str) -> None:
    parsed = WorkspacePath(path)
    with pytest.raises(ProtectedPath, match="never"):
        journal.commit([FileWrite(parsed, None, b"x")], approved=[parsed])
    with pytest.raises(ProtectedPath, match="never"):
        require_writable(parsed, [parsed])


def test_a_file_under_two_names_is_refused(journal: Journal, root: Path, tmp_path: Path) -> None:
    os.link(root / "b.sh", tmp_path / "outside")
    before = tree_of(root)
    with pytest.raises(UserError, match=r"'b\.sh' is one file under 2 names"):
        journal.commit(a_change(root))
    assert tree_of(root) == before
    assert (tmp_path / "outside").read_bytes() == before["b.sh"][0]


def test_a_read_only_file_is_refused_unless_its_mode_is_meant(journal: Journal, root: Path) -> None:
    (root / "b.sh").chmod(0o444)
    with pytest.raises(UserError, match=r"'b\.sh' is read-only"):
        journal.commit([write(root, "b.sh", b"x")])
    entry = journal.commit([write(root, "b.sh", b"x", mode=0o644)])
    assert tree_of(root)["b.sh"] == (b"x", 0o644)
    undo(journal, entry)
    assert tree_of(root)["b.sh"] == (b"old b \xff\n", 0o444)


def test_a_change_of_the_mode_alone_is_made_and_taken_back(journal: Journal, root: Path) -> None:
    before = tree_of(root)
    entry = journal.commit([write(root, "b.sh", before["b.sh"][0], mode=0o700)])
    assert tree_of(root)["b.sh"] == (before["b.sh"][0], 0o700)
    undo(journal, entry)
    assert tree_of(root) == before


def test_a_moved_file_keeps_its_mode_there_and_back(journal: Journal, root: Path) -> None:
    before = tree_of(root)
    entry = journal.commit(
        [
            write(root, "b.sh", None),
            write(root, "bin/b.sh", before["b.sh"][0], moved_from="b.sh"),
        ]
    )
    assert tree_of(root)["bin/b.sh"] == before["b.sh"]
    undo(journal, entry)
    assert tree_of(root) == before


def test_a_file_that_is_too_large_is_refused_either_way(journal: Journal, root: Path) -> None:
    with pytest.raises(UserError, match="larger than 16 MB"):
        journal.commit([write(root, "b.sh", bytes(MAX_CHANGED_BYTES + 1))])
    with (root / "big").open("wb") as opened:
        opened.truncate(100_000_000)
    with pytest.raises(UnreadableFile, match=r"'big' is larger than 16 MB"):
        journal.commit([FileWrite(WorkspacePath("big"), "0" * 64, b"x")])
    with pytest.raises(UnreadableFile, match="larger"):
        journal.read(WorkspacePath("big"))
