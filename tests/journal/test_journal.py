import fcntl
import os
import tempfile
from collections.abc import Callable
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
from pairwright.journal.admission import require_writable
from pairwright.journal.entries import EntryNote, FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import MAX_CHANGED_BYTES, digest_bytes
from pairwright.workspace.paths import WorkspacePath
from tests.journal.changes import tree_of, undo, write


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
    entry = journal.commit(a_change(root), EntryNote("make it new", "task", "editor"))
    undone = undo(journal, entry)
    assert tree_of(root) == before
    assert undone.reverts == entry.entry_id
    assert {record.path for record in undone.files} == {record.path for record in entry.files}


def test_a_redo_is_the_undo_of_an_undo(journal: Journal, root: Path) -> None:
    before = tree_of(root)
    entry = journal.commit(a_change(root))
    after = tree_of(root)
    redone = undo(journal, undo(journal, entry))
    assert tree_of(root) == after
    undo(journal, redone)
    assert tree_of(root) == before


def test_what_is_remembered_is_the_same_after_a_restart(
    journal: Journal, root: Path, tmp_path: Path
) -> None:
    note = EntryNote("make it new", "task-1", "editor-2")
    entry = journal.commit(a_change(root), note)
    again = Journal(tmp_path / "state", root)
    assert again.entries() == (entry,)
    assert again.entry(entry.entry_id) == entry
    assert (entry.label, entry.task_id, entry.client) == ("make it new", "task-1", "editor-2")
    kept = {
        str(record.path): again.content(record.before) for record in entry.files if record.before
    }
    assert kept["b.sh"] == b"old b \xff\n"
    undo(again, entry)
    assert (root / "b.sh").read_bytes() == b"old b \xff\n"


def test_a_directory_that_somebody_uses_stays(journal: Journal, root: Path) -> None:
    entry = journal.commit(a_change(root))
    (root / "new/mine.txt").write_bytes(b"mine")
    undo(journal, entry)
    assert (root / "new/mine.txt").read_bytes() == b"mine"
    assert not (root / "new/deep").exists()


def test_what_an_editor_did_is_remembered_and_not_written(journal: Journal, root: Path) -> None:
    path = WorkspacePath("pkg/a.py")
    on_disk = (root / path).read_bytes()
    old, new = b"unsaved\n", b"changed\n"
    entry = journal.commit(
        [
            FileWrite(path, digest_bytes(old), new, in_editor=True, old_content=old),
            write(root, "b.sh", b"b\n"),
        ]
    )
    assert (root / path).read_bytes() == on_disk
    assert (root / "b.sh").read_bytes() == b"b\n"
    (record,) = (record for record in entry.files if record.path == path)
    assert record.in_editor
    assert (journal.content(record.before or ""), journal.content(record.after or "")) == (old, new)


def test_an_entry_can_be_of_an_editor_alone(journal: Journal, root: Path) -> None:
    before = tree_of(root)
    path = WorkspacePath("pkg/a.py")
    write = FileWrite(path, digest_bytes(b"1"), b"2", in_editor=True, old_content=b"1")
    journal.commit([write])
    assert tree_of(root) == before
    assert len(journal.entries()) == 1


def test_what_an_editor_had_must_be_what_its_digest_says(journal: Journal) -> None:
    path = WorkspacePath("pkg/a.py")
    with pytest.raises(ValueError, match="old content"):
        journal.commit([FileWrite(path, digest_bytes(b"1"), b"2", in_editor=True)])


def test_an_unknown_entry_is_named(journal: Journal) -> None:
    with pytest.raises(UnknownTask, match=r"no change '\.\./\.\./x'"):
        journal.entry("../../x")


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
        if step == "fsync b.sh":
            (root / "b.sh").write_bytes(b"mine")

    journal = Journal(tmp_path / "state", root, on_step=save_in_between)
    before = tree_of(root)
    with pytest.raises(StaleChange, match=r"b\.sh"):
        journal.commit(a_change(root))
    assert tree_of(root) == {**before, "b.sh": (b"mine", 0o750)}
    assert journal.entries() == ()


def at_second(call: str, error: Callable[[], BaseException]) -> Callable[[str], None]:
    """Fail at the second of these calls: the first clears what an earlier attempt left."""
    seen: list[str] = []

    def on_step(step: str) -> None:
        seen.append(step)
        if step == call and seen.count(call) == 2:
            raise error()

    return on_step


class PowerCut(BaseException):
    """Ends the process, as far as the journal can tell."""


def test_recovery_never_overwrites_what_was_written_since_the_crash(
    tmp_path: Path, root: Path
) -> None:
    cut = at_second("unlink gone.txt", PowerCut)

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


def test_what_is_put_back_gets_its_directory_again(tmp_path: Path, root: Path) -> None:
    def cut(step: str) -> None:
        if step == "rename b.sh":
            raise PowerCut

    before = tree_of(root)
    changes = [write(root, "b.sh", b"new"), write(root, "pkg/a.py", None)]
    with pytest.raises(PowerCut):
        Journal(tmp_path / "state", root, on_step=cut).commit(changes)
    (root / "pkg").rmdir()
    (root / "b.sh").write_bytes(b"mine")
    Journal(tmp_path / "state", root).recover()
    assert tree_of(root) == {**before, "b.sh": (b"mine", 0o750)}


def test_a_directory_replaced_since_the_crash_is_somebody_elses(tmp_path: Path, root: Path) -> None:
    def cut(step: str) -> None:
        if step == "rename b.sh":
            raise PowerCut

    changes = [write(root, "b.sh", b"new"), write(root, "pkg/a.py", None)]
    with pytest.raises(PowerCut):
        Journal(tmp_path / "state", root, on_step=cut).commit(changes)
    (root / "pkg").rmdir()
    (root / "pkg").write_bytes(b"mine")
    journal = Journal(tmp_path / "state", root)
    journal.recover()
    assert (root / "pkg").read_bytes() == b"mine"
    assert (root / "b.sh").read_bytes() == b"old b \xff\n"
    journal.recover()


def test_a_file_replaced_by_a_link_since_the_crash_is_left_alone(
    tmp_path: Path, root: Path
) -> None:
    def cut(step: str) -> None:
        if step == "rename b.sh":
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
    fail = at_second("unlink gone.txt", lambda: OSError(28, "No space left on device"))

    before = tree_of(root)
    with pytest.raises(
        UserError, match=r"gone\.txt: No space left on device \(ENOSPC\); nothing was changed"
    ):
        Journal(tmp_path / "state", root, on_step=fail).commit(a_change(root))
    assert tree_of(root) == before


def test_a_system_error_while_staging_leaves_no_trace(tmp_path: Path, root: Path) -> None:
    def fail(step: str) -> None:
        if step == "read gone.txt":
            raise OSError(30, "Read-only file system")

    before = tree_of(root)
    with pytest.raises(UserError, match="Read-only file system"):
        Journal(tmp_path / "state", root, on_step=fail).commit(a_change(root))
    assert tree_of(root) == before
    assert list((tmp_path / "state" / "entries").iterdir()) == []


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


def test_a_name_with_a_line_break_is_no_path(journal: Journal) -> None:
    with pytest.raises(PathOutsideWorkspace, match="control character"):
        journal.commit([FileWrite(WorkspacePath("a\nb.py"), None, b"x")])


def test_the_journal_may_lie_on_another_file_system(root: Path) -> None:
    """T6: nothing is ever renamed from the journal into the workspace."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == root.stat().st_dev:
        pytest.skip("there is no second file system")
    with tempfile.TemporaryDirectory(dir=memory) as name:
        journal = Journal(Path(name) / "state", root)
        before = tree_of(root)
        entry = journal.commit(a_change(root))
        undo(journal, entry)
        assert tree_of(root) == before


def test_only_one_process_writes_at_a_time(tmp_path: Path, root: Path) -> None:
    inside: list[str] = []

    def intrude(step: str) -> None:
        if step == "rename pkg/a.py" and not inside:
            inside.append(step)
            lock = os.open(tmp_path / "state/lock", os.O_RDWR)
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(lock)

    Journal(tmp_path / "state", root, on_step=intrude).commit(a_change(root))
    assert inside


def test_what_the_first_version_kept_is_given_up_openly(
    tmp_path: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entry = tmp_path / "state/done/000001-0123abcd"
    entry.mkdir(parents=True)
    (entry / "commit").write_bytes(b"{}")
    journal = Journal(tmp_path / "state", root)
    journal.recover()
    assert "can no longer be taken back: 1" in caplog.text
    assert not (tmp_path / "state/done").exists()
    assert journal.entries() == ()


def test_what_was_interrupted_under_the_first_version_is_not_touched(
    tmp_path: Path, root: Path
) -> None:
    entry = tmp_path / "state/pending/000001-0123abcd"
    entry.mkdir(parents=True)
    (entry / "commit").write_bytes(b"{}")
    with pytest.raises(UserError, match="'000001-0123abcd' was interrupted"):
        Journal(tmp_path / "state", root).recover()
    assert (entry / "commit").exists()
