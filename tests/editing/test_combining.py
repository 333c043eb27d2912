from dataclasses import replace

import pytest

from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.editing.matching import combine
from pairwright.errors import EditMismatch
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath


def edit_of(path: str, *edits: tuple[int, int, str], digest: str = "d") -> FileEdit:
    return FileEdit(
        WorkspacePath(path),
        FileEditKind.MODIFY,
        digest,
        tuple(TextEdit(TextRange(start, end), text) for start, end, text in edits),
    )


def test_edits_of_one_file_are_merged_in_order() -> None:
    other = edit_of("b", (0, 1, "z"))
    change = combine(7, [edit_of("a", (4, 5, "y")), other, edit_of("a", (0, 1, "x"))])
    assert change == SourceChange(7, (edit_of("a", (0, 1, "x"), (4, 5, "y")), other))


def test_a_block_written_twice_counts_once() -> None:
    once = edit_of("a", (0, 1, "x"))
    assert combine(7, [once, once]).files == (once,)
    create = FileEdit(WorkspacePath("n"), FileEditKind.CREATE, None, ())
    assert combine(7, [create, create]).files == (create,)


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ([edit_of("a", (0, 3, "x")), edit_of("a", (2, 4, "y"))], "same lines"),
        ([edit_of("a", (2, 2, "x")), edit_of("a", (2, 2, "y"))], "same lines"),
        ([edit_of("a", (0, 1, "x")), edit_of("a", (4, 5, "y"), digest="e")], "different texts"),
        (
            [
                FileEdit(WorkspacePath("a"), FileEditKind.CREATE, None, ()),
                FileEdit(
                    WorkspacePath("a"),
                    FileEditKind.CREATE,
                    None,
                    (TextEdit(TextRange(0, 0), "x"),),
                ),
            ],
            "create or replace",
        ),
        (
            [edit_of("a", (0, 1, "x")), FileEdit(WorkspacePath("a"), FileEditKind.DELETE, "d")],
            "deletes this file, and another one changes it",
        ),
    ],
)
def test_edits_that_cannot_all_be_meant_are_refused(edits: list[FileEdit], reason: str) -> None:
    with pytest.raises(EditMismatch, match=reason):
        combine(7, edits)


def test_no_edits_are_an_empty_change() -> None:
    assert combine(7, []) == SourceChange(7, ())


def renamed(path: str, new_path: str, *edits: tuple[int, int, str]) -> FileEdit:
    return replace(
        edit_of(path, *edits), kind=FileEditKind.RENAME, new_path=WorkspacePath(new_path)
    )


@pytest.mark.parametrize("is_renamed_first", [True, False])
def test_edits_of_a_renamed_file_go_with_it(is_renamed_first: bool) -> None:
    edits = [renamed("a", "b"), edit_of("a", (4, 5, "y")), edit_of("a", (0, 1, "x"))]
    change = combine(7, edits if is_renamed_first else reversed(edits))
    assert change.files == (renamed("a", "b", (0, 1, "x"), (4, 5, "y")),)


def test_a_file_renamed_twice_to_the_same_path_is_renamed_once() -> None:
    once = renamed("a", "b")
    assert combine(7, [once, edit_of("a", (0, 1, "x")), once]).files == (
        renamed("a", "b", (0, 1, "x")),
    )


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ([renamed("a", "b"), renamed("a", "c")], "a: two blocks rename this file"),
        ([renamed("a", "c"), renamed("b", "c")], "c: a file is renamed to this path"),
        ([renamed("a", "b"), edit_of("b", (0, 1, "x"))], "b: a file is renamed to this path"),
        ([renamed("a", "b"), renamed("b", "a")], "a file is renamed to this path"),
        (
            [renamed("a", "b"), FileEdit(WorkspacePath("a"), FileEditKind.DELETE, "d")],
            "deletes this file",
        ),
        (
            [renamed("a", "b"), FileEdit(WorkspacePath("a"), FileEditKind.CREATE, None)],
            "create or replace",
        ),
    ],
)
def test_a_rename_that_contradicts_another_block_is_refused(
    edits: list[FileEdit], reason: str
) -> None:
    with pytest.raises(EditMismatch, match=reason):
        combine(7, edits)
