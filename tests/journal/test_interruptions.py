"""What becomes of a change that is interrupted, or whose files somebody else changes meanwhile?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from pairwright.errors import (
    UserError,
)
from pairwright.journal.journal import Journal
from tests.journal.changes import a_change, tree_of, write


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
