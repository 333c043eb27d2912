import pytest

from pairwright.checks.overlay import overlay_texts
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.errors import EditMismatch
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange
from pairwright.workspace.documents import digest_text
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of

SNAPSHOT = analysis_of("#- a.py\nx = 1\n#- b.py\ny = 2\n", {"c.png": "binary"}).snapshot
A, B, C, NEW = (WorkspacePath(name) for name in ("a.py", "b.py", "c.png", "new.py"))
DIGEST = digest_text("x = 1\n")
TO_TWO = TextEdit(TextRange(4, 5), "2")


def check_texts(expected: dict[str, str | None], *edits: FileEdit) -> None:
    assert overlay_texts(SNAPSHOT, SourceChange(1, edits)) == expected


def check_refused(reason: str, *edits: FileEdit) -> None:
    with pytest.raises(EditMismatch, match=reason):
        overlay_texts(SNAPSHOT, SourceChange(1, edits))


def test_every_kind_of_edit_gives_its_texts() -> None:
    check_texts({"a.py": "x = 2\n"}, FileEdit(A, FileEditKind.MODIFY, DIGEST, (TO_TWO,)))
    check_texts({"a.py": None}, FileEdit(A, FileEditKind.DELETE, DIGEST))
    check_texts(
        {"a.py": None, "new.py": "x = 2\n"},
        FileEdit(A, FileEditKind.RENAME, DIGEST, (TO_TWO,), NEW),
    )
    create = TextEdit(TextRange(0, 0), "z\n")
    check_texts({"new.py": "z\n"}, FileEdit(NEW, FileEditKind.CREATE, None, (create,)))


def test_edits_of_another_text_are_refused() -> None:
    check_refused("another text", FileEdit(A, FileEditKind.MODIFY, digest_text("old"), (TO_TWO,)))
    check_refused("another text", FileEdit(A, FileEditKind.DELETE, None))


def test_files_that_are_not_there_or_have_no_text_are_refused() -> None:
    check_refused("no such file", FileEdit(NEW, FileEditKind.MODIFY, DIGEST))
    check_refused("binary", FileEdit(C, FileEditKind.MODIFY, DIGEST))


def test_nothing_is_created_over_a_file() -> None:
    check_refused("already", FileEdit(A, FileEditKind.CREATE, None))
    check_refused("already", FileEdit(C, FileEditKind.CREATE, None))
    check_refused("already", FileEdit(A, FileEditKind.RENAME, DIGEST, (), B))
    check_refused("not said to what", FileEdit(A, FileEditKind.RENAME, DIGEST))


def test_edits_that_lie_outside_or_overlap_are_refused() -> None:
    outside = TextEdit(TextRange(4, 99), "")
    check_refused("do not fit", FileEdit(A, FileEditKind.MODIFY, DIGEST, (outside,)))
    check_refused("do not fit", FileEdit(A, FileEditKind.MODIFY, DIGEST, (TO_TWO, TO_TWO)))


def test_one_file_twice_is_refused() -> None:
    edit = FileEdit(A, FileEditKind.MODIFY, DIGEST, (TO_TWO,))
    check_refused("twice", edit, edit)
