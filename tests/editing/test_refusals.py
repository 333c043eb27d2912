from dataclasses import replace

import pytest

from pairwright.editing.blocks import (
    DeleteFile,
    RenameFile,
    SearchReplace,
    WholeFile,
    WholeSymbol,
)
from pairwright.editing.change import FileEdit, FileEditKind
from pairwright.editing.matching import place
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot
from tests.editing.placing import check_placed, check_refused
from tests.editing.workspaces import snapshot_of

OLD = "import os\n\ndef area(width, height):\n    return width * height\n\nprint(area(1, 2))\n"
NEW = OLD.replace("width * height", "float(width) * height").replace("import os\n", "")


def revision(number: int, files: dict[str, str]) -> Snapshot:
    return replace(snapshot_of(files), revision=number)


READ = revision(12, {"a.py": OLD})
NOW = revision(14, {"a.py": NEW})
QUOTED = "def area(width, height):\n    return width * height\n"


def test_what_changed_since_it_was_read_is_told_with_the_lines_as_they_are() -> None:
    check_refused(
        SearchReplace("a.py", QUOTED, "def area():\n    pass\n"),
        NOW,
        "the file changed since you read it (revision 12 -> 14): these lines are now:\n"
        "2: def area(width, height):\n3:     return float(width) * height",
        read=READ,
    )


def test_lines_that_are_gone_since_they_were_read_are_told_to_be() -> None:
    check_refused(
        SearchReplace("a.py", "import os\n", "import sys\n"),
        NOW,
        "since you read it (revision 12 -> 14): these lines are gone",
        "1: \n2: def area",
        read=READ,
    )


def test_lines_that_are_still_there_are_placed_though_the_file_changed() -> None:
    block = SearchReplace("a.py", "print(area(1, 2))\n", "print(area(3, 4))\n")
    assert place(block, NOW, None, read=READ).base_digest == NOW.documents[WP].digest


def test_lines_that_were_never_read_are_explained_by_the_nearest() -> None:
    block = SearchReplace("a.py", "def area(width, depth):\n", "x\n")
    check_refused(block, NOW, "nearest lines", "2: def area(width, height):", read=READ)


WP = WorkspacePath("a.py")


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (WholeFile("a.py", "x = 1\n"), "to write it whole would undo that"),
        (DeleteFile("a.py"), "to delete it would undo that"),
        (WholeSymbol("a.py", "area", "def area(): pass\n"), "to write it whole would undo that"),
    ],
)
def test_a_change_that_was_not_read_is_not_written_over(
    block: WholeFile | DeleteFile | WholeSymbol, reason: str
) -> None:
    check_refused(block, NOW, "(revision 12 -> 14)", reason, "return float(width)", read=READ)


def test_a_definition_that_did_not_change_may_be_written_whole() -> None:
    now = revision(14, {"a.py": OLD.replace("print(", "print(1, ")})
    block = WholeSymbol("a.py", "area", "def area(width, height):\n    return 7\n")
    assert place(block, now, None, read=READ).kind is FileEditKind.MODIFY


def test_a_file_that_came_or_went_since_the_read_is_said_to() -> None:
    check_refused(WholeFile("a.py", "x\n"), NOW, "was made since", read=revision(12, {}))
    check_refused(WholeFile("a.py", "x\n"), revision(14, {}), "was deleted", read=READ)
    check_refused(SearchReplace("a.py", "", "x\n"), revision(14, {}), "was deleted", read=READ)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (WholeFile("a.py", "x = 1\n"), "to write it whole would undo that."),
        (WholeSymbol("a.py", "area", "def area(): pass\n"), "read 'area' again"),
        (SearchReplace("a.py", QUOTED, "x\n"), "(revision 12 -> 14): the SEARCH lines are not in"),
    ],
)
def test_a_text_that_was_read_and_is_known_to_nobody_any_more_is_no_reason_to_write(
    block: WholeFile | WholeSymbol | SearchReplace, reason: str
) -> None:
    files = MemoryFileSystem({"a.py": NEW})
    unloaded = Document(WP, None, digest_text(OLD), None, Origin.DISK, files=files)
    check_refused(block, NOW, reason, read=Snapshot(12, {WP: unloaded}, {}))


def test_the_same_revision_is_no_change() -> None:
    block = WholeFile("a.py", "x = 1\n")
    assert place(block, NOW, None, read=NOW).kind is FileEditKind.MODIFY


def test_lines_of_another_file_name_that_file() -> None:
    files = {"a.py": OLD, "b.py": "x = 1\n", "c/d.py": "y = 1\n"}
    block = SearchReplace("b.py", QUOTED, "x\n")
    check_refused(block, files, "but in 'a.py' (line 3): name that file in '### FILE'")
    check_refused(block, files, "but in 'a.py' (line 3)", editable=files)
    assert "a.py" not in check_refused(block, files, editable=["b.py", "c/d.py"])
    block = SearchReplace("c/d.py", QUOTED, "x\n")
    check_refused(block, files, "but in 'a.py'", editable=files)
    assert "a.py" not in check_refused(block, files, "nothing in it is like them")


def test_lines_that_say_little_name_no_other_file() -> None:
    files = {"a.py": "}\n", "b.py": "x = 1\n"}
    assert "a.py" not in check_refused(SearchReplace("b.py", "}\n", ")\n"), files)


def test_a_new_line_that_is_anywhere_by_chance_is_not_taken_for_the_edit() -> None:
    text = "".join(f"value_{number:02} = {number}\n" for number in range(60)) + "pass\n"
    check_refused(SearchReplace("a.py", "value_03 = 4\n", "pass\n"), {"a.py": text}, "4: value_03")
    block = SearchReplace("a.py", "value_01 = 2\nvalue_02 = 3\n", "value_50 = 50\nvalue_51 = 51\n")
    check_refused(block, {"a.py": text}, "2: value_01")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("cart.py", "shop/cart.py"),
        ("Shop/Cart.py", "shop/cart.py"),
        ("shop/cart.js", "shop/cart.py"),
        ("shop/carts.py", "shop/cart.py"),
        ("src/shop/cart.py", "shop/cart.py"),
    ],
)
def test_a_wrong_path_is_told_the_right_one(path: str, meant: str) -> None:
    files = {"shop/cart.py": "x\n", "shop/price.py": "y\n", "a.py": "z\n"}
    check_refused(SearchReplace(path, "x\n", "y\n"), files, f"did you mean {meant}?")
    check_refused(DeleteFile(path), files, f"did you mean {meant}?")
    check_refused(WholeSymbol(path, "f", "x"), files, f"did you mean {meant}?")


def test_a_wrong_path_among_the_files_of_the_plan_is_told_the_right_one() -> None:
    files = {"shop/cart.py": "x\n", "cart.py": "y\n"}
    block = SearchReplace("cart.py", "y\n", "z\n")
    check_refused(block, files, "did you mean shop/cart.py?", editable=["shop/cart.py"])


def test_a_path_that_is_like_no_other_is_not_guessed() -> None:
    check_refused(DeleteFile("zzz.md"), {"shop/cart.py": "x\n"}, "this file does not exist")


def test_a_file_is_deleted() -> None:
    file_edit = place(DeleteFile("a.py"), NOW, None)
    assert file_edit == FileEdit(WP, FileEditKind.DELETE, NOW.documents[WP].digest)


def test_a_file_is_renamed() -> None:
    file_edit = place(RenameFile("a.py", "./pkg//b.py"), NOW, None)
    digest = NOW.documents[WP].digest
    assert file_edit == FileEdit(
        WP, FileEditKind.RENAME, digest, new_path=WorkspacePath("pkg/b.py")
    )


def test_a_file_may_change_the_case_of_its_own_name() -> None:
    assert place(RenameFile("a.py", "A.py"), NOW, None).new_path == "A.py"


@pytest.mark.parametrize(
    ("new_path", "reason"),
    [
        ("a.py", "nothing would change"),
        ("./a.py", "nothing would change"),
        ("b.py", "there is a file 'b.py' already"),
        ("B.py", "do not tell case apart"),
        ("logo.png", "there is a file 'logo.png' already"),
        ("b.py/c.py", "'b.py' is a file"),
        ("pkg", "is a folder"),
        ("../b.py", ".."),
        ("/tmp/b.py", "absolute"),
        (".git/config", "never changed by a model"),
        (".github/workflows/ci.yml", "its own approval"),
        ("", "is empty"),
    ],
)
def test_a_file_is_renamed_to_a_free_path_only(new_path: str, reason: str) -> None:
    files = {"a.py": "a\n", "b.py": "b\n", "pkg/x.py": "x\n"}
    snapshot = snapshot_of(files, {"logo.png": "it is binary"})
    check_refused(RenameFile("a.py", new_path), snapshot, reason)


def test_a_rename_needs_both_paths_in_the_plan() -> None:
    block = RenameFile("a.py", "b.py")
    check_refused(block, NOW, "only these are: a.py", editable=["a.py"])
    check_refused(block, NOW, "only these are: b.py", editable=["b.py"])
    assert place(block, NOW, {WP, WorkspacePath("b.py")}).new_path == "b.py"


def test_a_rename_that_was_made_already_is_recognised() -> None:
    check_refused(RenameFile("old.py", "a.py"), NOW, "'a.py' does: already renamed?")


def test_a_file_without_text_is_neither_deleted_nor_renamed() -> None:
    snapshot = snapshot_of({}, {"logo.png": "it is binary"})
    check_refused(DeleteFile("logo.png"), snapshot, "it is binary")
    check_refused(RenameFile("logo.png", "icon.png"), snapshot, "it is binary")


def test_a_new_file_is_not_another_one_in_other_case() -> None:
    block = WholeFile("readme.md", "x\n")
    check_refused(block, {"README.md": "y\n"}, "is 'README.md' on systems that do not tell case")


PROTECTED = ["conftest.py", "pyproject.toml", ".github/workflows/ci.yml"]


@pytest.mark.parametrize("path", PROTECTED)
def test_what_needs_approval_is_edited_only_when_it_is_named(path: str) -> None:
    files = {path: "a\n"}
    block = SearchReplace(path, "a\n", "b\n")
    check_refused(block, files, "its own approval")
    check_refused(block, files, "only these are: a.py", editable=["a.py"])
    assert place(block, snapshot_of(files), {WorkspacePath(path)}).kind is FileEditKind.MODIFY


@pytest.mark.parametrize("path", [".git/config", ".vscode/settings.json", ".env", "x.pth"])
def test_what_is_never_edited_is_refused_even_when_it_is_named(path: str) -> None:
    for block in (
        WholeFile(path, "b\n"),
        DeleteFile(path),
        RenameFile(path, "b.py"),
        RenameFile("b.py", path),
        WholeSymbol(path, "f", "x\n"),
    ):
        check_refused(block, {path: "a\n", "b.py": "a\n"}, "never", editable=[path, "b.py"])


def test_a_file_that_is_created_is_checked_for_approval_as_well() -> None:
    check_refused(WholeFile("conftest.py", "x\n"), {}, "its own approval")
    check_placed(WholeFile("tests/a.py", "x\n"), {}, "x\n")
