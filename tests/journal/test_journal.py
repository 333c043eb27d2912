import fcntl
import os
import tempfile
from pathlib import Path

import pytest

from pairwright.errors import (
    PathOutsideWorkspace,
    StaleChange,
    UnknownTask,
    UserError,
)
from pairwright.journal.entries import EntryNote, FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import WorkspacePath
from tests.journal.changes import a_change, tree_of, undo, write


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
    assert undone.reverts == (entry.entry_id,)
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
