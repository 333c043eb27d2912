import os
from pathlib import Path

import pytest

from pairwright.errors import (
    PathOutsideWorkspace,
    ProtectedPath,
    StaleChange,
    UnknownTask,
    UnreadableFile,
    UserError,
)
from pairwright.journal.journal import FileWrite, Journal
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import WorkspacePath


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "ws"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_bytes(b"old a\r\n")
    (root / "b.sh").write_bytes(b"old b \xff\n")
    (root / "b.sh").chmod(0o750)
    (root / "gone.txt").write_bytes(b"")
    return root


@pytest.fixture
def journal(tmp_path: Path, root: Path) -> Journal:
    return Journal(tmp_path / "state", root)


def write(root: Path, path: str, content: bytes | None) -> FileWrite:
    target = root / path
    before = digest_bytes(target.read_bytes()) if target.exists() else None
    return FileWrite(WorkspacePath(path), before, content)


def tree_of(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def a_change(root: Path) -> list[FileWrite]:
    return [
        write(root, "pkg/a.py", b"new a\r\n"),
        write(root, "b.sh", b"new b \xfe\n"),
        write(root, "gone.txt", None),
        write(root, "new/deep/c.py", b"c\n"),
    ]


def test_a_change_writes_every_file_and_keeps_modes_and_bytes(journal: Journal, root: Path) -> None:
    journal.commit(a_change(root))
    assert (root / "pkg/a.py").read_bytes() == b"new a\r\n"
    assert (root / "b.sh").read_bytes() == b"new b \xfe\n"
    assert (root / "b.sh").stat().st_mode & 0o777 == 0o750
    assert (root / "new/deep/c.py").read_bytes() == b"c\n"
    assert not (root / "gone.txt").exists()


def test_undo_restores_every_file_and_removes_the_directories_made(
    journal: Journal, root: Path
) -> None:
    before = tree_of(root)
    entry = journal.commit(a_change(root), label="make it new")
    undo = journal.undo()
    assert tree_of(root) == before
    assert not (root / "new").exists()
    assert undo.undoes == entry.entry_id
    assert {record.path for record in undo.files} == {record.path for record in entry.files}


def test_an_undo_can_be_taken_back(journal: Journal, root: Path) -> None:
    entry = journal.commit(a_change(root))
    after = tree_of(root)
    undo = journal.undo(entry.entry_id)
    journal.undo(undo.entry_id)
    assert tree_of(root) == after
    assert journal.entry_to_undo(entry.entry_id).entry_id == entry.entry_id
    with pytest.raises(UnknownTask, match="already"):
        journal.entry_to_undo(undo.entry_id)


def test_undo_without_an_id_goes_back_one_change_after_the_other(
    journal: Journal, root: Path
) -> None:
    before = tree_of(root)
    journal.commit([write(root, "pkg/a.py", b"1")])
    journal.commit([write(root, "pkg/a.py", b"2")])
    journal.undo()
    assert (root / "pkg/a.py").read_bytes() == b"1"
    journal.undo()
    assert tree_of(root) == before
    with pytest.raises(UnknownTask, match="no change to take back"):
        journal.undo()


def test_undo_is_refused_when_a_file_was_changed_since(journal: Journal, root: Path) -> None:
    entry = journal.commit(a_change(root))
    (root / "b.sh").write_bytes(b"mine")
    after = tree_of(root)
    with pytest.raises(StaleChange, match=r"b\.sh"):
        journal.undo(entry.entry_id)
    assert tree_of(root) == after


def test_an_undone_or_unknown_entry_is_not_undone_again(journal: Journal, root: Path) -> None:
    entry = journal.commit(a_change(root))
    journal.undo(entry.entry_id)
    with pytest.raises(UnknownTask, match="already"):
        journal.undo(entry.entry_id)
    with pytest.raises(UnknownTask, match=r"no change '\.\./\.\./x'"):
        journal.undo("../../x")


@pytest.mark.parametrize("stale", ["pkg/a.py", "b.sh", "new/deep/c.py"])
def test_a_file_that_moved_on_refuses_the_whole_change(
    journal: Journal, root: Path, stale: str
) -> None:
    writes = a_change(root)
    (root / stale).parent.mkdir(parents=True, exist_ok=True)
    (root / stale).write_bytes(b"somebody else's")
    before = tree_of(root)
    with pytest.raises(StaleChange, match=stale):
        journal.commit(writes)
    assert tree_of(root) == before
    assert journal.entries() == ()


def test_a_file_saved_between_the_decision_and_its_turn_is_kept_and_the_rest_put_back(
    tmp_path: Path, root: Path
) -> None:
    def save_in_between(step: str) -> None:
        if step == "replace b.sh":
            (root / "b.sh").write_bytes(b"mine")

    journal = Journal(tmp_path / "state", root, on_step=save_in_between)
    before = tree_of(root)
    with pytest.raises(StaleChange, match=r"b\.sh"):
        journal.commit(a_change(root))
    assert tree_of(root) == {**before, "b.sh": (b"mine", 0o750)}
    assert journal.entries() == ()


class PowerCut(BaseException):
    """Ends the process, as far as the journal can tell."""


def test_recovery_never_overwrites_what_was_written_since_the_crash(
    tmp_path: Path, root: Path
) -> None:
    def cut(step: str) -> None:
        if step == "remove gone.txt":
            raise PowerCut

    before = tree_of(root)
    with pytest.raises(PowerCut):
        Journal(tmp_path / "state", root, on_step=cut).commit(a_change(root))
    assert tree_of(root) != before
    (root / "gone.txt").write_bytes(b"mine")
    journal = Journal(tmp_path / "state", root)
    journal.recover()
    assert tree_of(root) == {**before, "gone.txt": (b"mine", before["gone.txt"][1])}
    assert journal.entries() == ()
    assert not (root / "new").exists()


def test_a_file_replaced_by_a_link_since_the_crash_is_left_alone(
    tmp_path: Path, root: Path
) -> None:
    def cut(step: str) -> None:
        if step == "replace b.sh":
            raise PowerCut

    with pytest.raises(PowerCut):
        Journal(tmp_path / "state", root, on_step=cut).commit(a_change(root))
    outside = tmp_path / "outside"
    outside.write_bytes(b"theirs")
    (root / "b.sh").unlink()
    (root / "b.sh").symlink_to(outside)
    Journal(tmp_path / "state", root).recover()
    assert outside.read_bytes() == b"theirs"
    assert (root / "b.sh").is_symlink()
    assert (root / "pkg/a.py").read_bytes() == b"old a\r\n"
    assert list(root.rglob(".pairwright-*")) == []


def test_a_system_error_while_writing_puts_everything_back(tmp_path: Path, root: Path) -> None:
    def fail(step: str) -> None:
        if step == "remove gone.txt":
            raise OSError(28, "No space left on device")

    before = tree_of(root)
    with pytest.raises(UserError, match="No space left on device; nothing was changed"):
        Journal(tmp_path / "state", root, on_step=fail).commit(a_change(root))
    assert tree_of(root) == before


def test_a_system_error_while_staging_leaves_no_trace(tmp_path: Path, root: Path) -> None:
    def fail(step: str) -> None:
        if step == "stage gone.txt":
            raise OSError(30, "Read-only file system")

    before = tree_of(root)
    with pytest.raises(UserError, match="Read-only file system"):
        Journal(tmp_path / "state", root, on_step=fail).commit(a_change(root))
    assert tree_of(root) == before
    assert list((tmp_path / "state" / "pending").iterdir()) == []


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


def test_only_the_latest_changes_are_kept(tmp_path: Path, root: Path) -> None:
    journal = Journal(tmp_path / "state", root, keep=3)
    entries = [journal.commit([write(root, "b.sh", bytes([n]))]) for n in range(5)]
    assert [entry.entry_id for entry in journal.entries()] == [
        entry.entry_id for entry in entries[2:]
    ]


def test_a_damaged_entry_is_named_and_nothing_is_guessed(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "state" / "pending" / "000001-0123abcd"
    folder.mkdir(parents=True)
    (folder / "commit").write_bytes(b"{")
    before = tree_of(root)
    with pytest.raises(UserError, match="000001-0123abcd"):
        Journal(tmp_path / "state", root).recover()
    assert tree_of(root) == before
