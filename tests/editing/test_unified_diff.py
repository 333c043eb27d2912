"""How is a unified diff read, git's and everybody else's?"""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.editing.blocks import (
    Block,
    DeleteFile,
    MalformedBlock,
    RenameFile,
    SearchReplace,
)
from pairwright.editing.frame import new_parser
from pairwright.editing.unified_diff import parse_diff_body, parse_unified_diff
from pairwright.text.diff import DiffKind, FileDiff, diff_texts, to_unified
from pairwright.text.ranges import split_lines
from tests.editing.workspaces import read_answer

HEADING = "--- a/x.py\n+++ b/x.py\n"
HUNK = "@@ -3,2 +3,2 @@ def f():\n a\n-b\n+c\n"
EDIT = SearchReplace("x.py", "a\nb\n", "a\nc\n", near_line=2)


def check(diff: str, *expected: Block) -> None:
    assert parse_unified_diff(diff) == expected


def refusal_of(diff: str) -> str:
    """Return why the only block of a diff is malformed."""
    (block,) = parse_unified_diff(diff)
    assert isinstance(block, MalformedBlock)
    return block.reason


@pytest.mark.parametrize(
    "heading",
    [
        HEADING,
        f"diff --git a/x.py b/x.py\nindex 0123abc..4567def 100644\n{HEADING}",
        "--- x.py\n+++ x.py\n",
        "--- x.py\t2024-01-01 10:00:00.000000000 +0100\n+++ x.py\t2024-01-02 10:00:00 +0100\n",
        "--- x.py 2024-01-01 10:00:00\n+++ x.py 2024-01-02 10:00:00\n",
        "Index: x.py\n===================================\n--- x.py\n+++ x.py\n",
        "--- i/x.py\n+++ w/x.py\n",
        '--- "a/x.py"\n+++ "b/x.py"\n',
        f"Here is the change:\n\n```diff\n{HEADING}",
        f"\ufeff{HEADING}",
    ],
)
def test_a_heading_of_any_make_names_the_file(heading: str) -> None:
    check(heading + HUNK, EDIT)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a/with space.py", "with space.py"),
        ("a/with space.py\t", "with space.py"),
        ('"a/caf\\303\\251.py"', "café.py"),
        ('"a/tab\\there \\"x\\".py"', 'tab\there "x".py'),
        ("a/a/x.py", "a/x.py"),
        ("a/café.py", "café.py"),
    ],
)
def test_a_name_is_read_as_it_was_written(written: str, meant: str) -> None:
    new = written.replace("a/", "b/", 1)
    check(f"--- {written}\n+++ {new}\n{HUNK}", SearchReplace(meant, "a\nb\n", "a\nc\n", 2))


def test_a_folder_called_a_is_no_prefix() -> None:
    check(f"--- a/x.py\n+++ a/x.py\n{HUNK}", SearchReplace("a/x.py", "a\nb\n", "a\nc\n", 2))


def test_several_files_and_hunks_are_read_in_order() -> None:
    second = "@@ -9 +9 @@\n-p\n+q\n"
    other = "--- a/y.py\n+++ b/y.py\n@@ -1 +1,2 @@\n p\n+q\n"
    check(
        HEADING + HUNK + second + other,
        EDIT,
        SearchReplace("x.py", "p\n", "q\n", 8),
        SearchReplace("y.py", "p\n", "p\nq\n", 0),
    )


def test_a_diff_with_carriage_returns_keeps_them_in_the_text() -> None:
    diff = (HEADING + HUNK).replace("\n", "\r\n")
    check(diff, SearchReplace("x.py", "a\r\nb\r\n", "a\r\nc\r\n", 2))


def test_a_file_that_comes_from_nothing_is_created() -> None:
    diff = "--- /dev/null\n+++ b/n.py\n@@ -0,0 +1,2 @@\n+x\n+y\n"
    check(diff, SearchReplace("n.py", "", "x\ny\n"))
    check("diff --git a/n b/n\nnew file mode 100644\nindex 0..e\n", SearchReplace("n", "", ""))


def test_an_empty_file_is_filled() -> None:
    check("--- a/n.py\n+++ b/n.py\n@@ -0,0 +1 @@\n+x\n", SearchReplace("n.py", "", "x\n"))


def test_a_file_that_goes_to_nothing_is_deleted() -> None:
    check("--- a/x.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n", DeleteFile("x.py"))
    check("diff --git a/n b/n\ndeleted file mode 100644\nindex e..0\n", DeleteFile("n"))


def test_a_renamed_file_is_edited_by_its_old_path() -> None:
    rename = "diff --git a/x.py b/z.py\nsimilarity index 90%\nrename from x.py\nrename to z.py\n"
    check(rename, RenameFile("x.py", "z.py"))
    check(f"{rename}--- a/x.py\n+++ b/z.py\n{HUNK}", RenameFile("x.py", "z.py"), EDIT)
    quoted = rename.replace("from x.py", 'from "caf\\303\\251"')
    check(quoted, RenameFile("café", "z.py"))


def test_a_last_line_without_a_line_end_has_none() -> None:
    no_end = "\\ No newline at end of file\n"
    check(
        f"{HEADING}@@ -1,2 +1,2 @@\n a\n-b\n{no_end}+c\n",
        SearchReplace("x.py", "a\nb", "a\nc\n", 0),
    )
    check(
        f"{HEADING}@@ -1,2 +1,2 @@\n-b\n+c\n a\n{no_end}", SearchReplace("x.py", "b\na", "c\na", 0)
    )


def test_a_blank_context_line_may_have_lost_its_mark() -> None:
    whole = SearchReplace("x.py", "a\n\nb\n", "a\n\nc\n", 0)
    check(f"{HEADING}@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", whole)
    last = SearchReplace("x.py", "b\n\n", "c\n\n", 0)
    check(f"{HEADING}@@ -1,2 +1,2 @@\n-b\n+c\n\n", last)
    behind = f"{HEADING}@@ -1 +1 @@\n-b\n+c\n\n\n"
    check(behind, SearchReplace("x.py", "b\n", "c\n", 0))


@pytest.mark.parametrize("counts", ["-3,1 +3,1", "-3 +3,9", "-3,9 +3"])
def test_wrong_counts_do_no_harm_when_the_hunk_is_followed_by_something(counts: str) -> None:
    miscounted = HUNK.replace("-3,2 +3,2", counts)
    other = "--- a/y.py\n+++ b/y.py\n@@ -1 +1 @@\n-p\n+q\n"
    check(HEADING + miscounted + other, EDIT, SearchReplace("y.py", "p\n", "q\n", 0))
    check(f"```diff\n{HEADING}{miscounted}```\nDone.\n", EDIT)


@pytest.mark.parametrize("numbers", ["@@ @@", "@@ ... @@", "@@", "@@ def f():"])
def test_a_hunk_may_come_without_numbers(numbers: str) -> None:
    check(f"{HEADING}{numbers}\n a\n-b\n+c\n", SearchReplace("x.py", "a\nb\n", "a\nc\n"))


def test_lines_that_look_like_a_heading_are_lines_where_the_hunk_counts_them() -> None:
    sql = "--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n x\n--- old\n+++ new\n"
    check(sql, SearchReplace("q.sql", "x\n-- old\n", "x\n++ new\n", 0))


def test_a_signature_and_words_behind_the_last_hunk_are_no_lines_of_it() -> None:
    check(f"{HEADING}{HUNK}-- \n2.39.0\n", EDIT)
    check(f"{HEADING}{HUNK}\nThat is all.\n", EDIT)
    check(f"{HEADING}{HUNK}commit 0123\nAuthor: x\n\n    - a message\n", EDIT)


@pytest.mark.parametrize(
    ("diff", "reason"),
    [
        ("", "no unified diff"),
        ("- a list\n- of words\n", "no unified diff"),
        (HUNK, "before any '--- path'"),
        (HEADING, "changes nothing"),
        (f"{HEADING}@@ -3,2 +3,2 @@\n a\n", "was it cut?"),
        (f"{HEADING}@@ -3,0 +4 @@\n+c\n", "new lines only"),
        (f"{HEADING}@@ -3,2 +3,2 @@\na\n-b\n+c\n", "begins neither with"),
        (f"{HEADING}{HUNK}\n+more\n", "does not count"),
        (f"{HEADING}{HUNK}lost its mark\n+more\n", "does not count"),
        (f"{HEADING}@@ -1,2 +1,3 @@\n a\n```\n+b\n", "begins neither with"),
        (f"--- a/x.py\n+++ b/y.py\n{HUNK}", "names two files"),
        ("diff --git a/x b/y\nrename from x\n", "needs both"),
        ("diff --git a/x b/y\ncopy from x\ncopy to y\n", "cannot copy"),
        ("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "mode of a file"),
        ("diff --git a/x b/x\nnew file mode 120000\n", "symbolic link"),
        ("diff --git a/x b/x\nindex 1..2\nBinary files a/x and b/x differ\n", "binary"),
        ("diff --git a/x b/x\nGIT binary patch\nliteral 3\n", "binary"),
        ("--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "creates and deletes"),
        ("--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "has no old lines"),
        ("--- a/x\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "has no new lines"),
    ],
)
def test_what_no_block_can_say_is_refused_with_a_reason(diff: str, reason: str) -> None:
    assert reason in refusal_of(diff)


@pytest.mark.parametrize("cut", range(len(HEADING), len(HEADING + HUNK) - 1))
def test_a_last_hunk_that_was_cut_is_refused(cut: int) -> None:
    text = (HEADING + HUNK)[:cut]
    (block,) = parse_unified_diff(text)
    # A cut within the last line leaves all lines there: then the text is short, not the hunk.
    assert isinstance(block, MalformedBlock) or text.endswith("+")


@given(st.text(alphabet="+-@ \n\\ab`/", max_size=80), st.booleans())
def test_any_text_is_read_to_some_end(text: str, is_headed: bool) -> None:
    blocks = parse_unified_diff((HEADING if is_headed else "") + text)
    assert blocks
    for block in blocks:
        assert not isinstance(block, MalformedBlock) or block.reason


@pytest.mark.parametrize("piece", [" ", "--- ", "+\n", "\n", "--- a\n+++ a\n", "@@ @@\n", "\\\n"])
def test_a_huge_diff_costs_no_more_than_its_length(piece: str) -> None:
    many = piece * (100_000 // len(piece))
    began = time.perf_counter()
    parse_unified_diff(f"--- a/x{many}")
    parse_unified_diff(HEADING + HUNK + many)
    assert time.perf_counter() - began < 5


def in_answer(body: str, path: str = "x.py") -> tuple[Block, ...]:
    answer = f"### FILE {path}\n<<<<<<< DIFF\n{body}>>>>>>> DIFF\n### END 1\n"
    return read_answer(new_parser(), answer)


@pytest.mark.parametrize(
    "body", [HUNK, HEADING + HUNK, f"--- x.py\n+++ x.py\n{HUNK}", HUNK.replace(",2", ",7")]
)
def test_a_block_needs_no_heading_and_counts_for_nothing(body: str) -> None:
    assert in_answer(body) == (EDIT,)
    assert in_answer(body.replace("\n", "\r\n"))[0].path == "x.py"


def test_a_block_of_bare_lines_is_one_hunk() -> None:
    assert in_answer(" a\n-b\n+c\n") == (SearchReplace("x.py", "a\nb\n", "a\nc\n"),)


def test_the_hunks_of_a_block_are_counted_as_one() -> None:
    first, second = in_answer(HUNK + "@@ -9 +9 @@\n-p\n+q\n")
    assert (first, second) == (EDIT, SearchReplace("x.py", "p\n", "q\n", 8))


def test_a_text_with_our_own_markers_fits_into_a_diff_block() -> None:
    (block,) = in_answer("@@ @@\n-<<<<<<< SEARCH\n+<<<<<<< WHOLE\n >>>>>>> DIFF\n")
    assert block == SearchReplace(
        "x.py", "<<<<<<< SEARCH\n>>>>>>> DIFF\n", "<<<<<<< WHOLE\n>>>>>>> DIFF\n"
    )


def test_a_block_without_a_file_line_may_name_its_file_itself() -> None:
    answer = "<<<<<<< DIFF\n{}>>>>>>> DIFF\n### END 1\n"
    assert read_answer(new_parser(), answer.format(HEADING + HUNK)) == (EDIT,)
    (block,) = read_answer(new_parser(), answer.format(HUNK))
    assert isinstance(block, MalformedBlock)
    assert "no '### FILE path' line" in block.reason


def test_hints_of_the_answer_serve_where_the_hunk_has_none() -> None:
    answer = (
        "### FILE x.py\n### AT 7\n### AT f\n<<<<<<< DIFF\n@@ @@\n-b\n+c\n>>>>>>> DIFF\n### END 1\n"
    )
    assert read_answer(new_parser(), answer) == (SearchReplace("x.py", "b\n", "c\n", 6, "f"),)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "holds no hunk"),
        ("so I would change it\n", "holds no hunk"),
        ("@@ @@\n a\nb\n", "begins neither with"),
        (f"--- a/y.py\n+++ b/y.py\n{HUNK}", "and the FILE line another file"),
    ],
)
def test_a_block_that_is_no_diff_of_its_file_is_malformed(body: str, reason: str) -> None:
    (block,) = in_answer(body)
    assert isinstance(block, MalformedBlock)
    assert block.path == "x.py"
    assert reason in block.reason


def test_a_block_may_create_and_delete_its_file() -> None:
    created = parse_diff_body("n.py", "--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+x\n")
    assert created == (SearchReplace("n.py", "", "x\n"),)
    assert parse_diff_body("n.py", "--- a/n.py\n+++ /dev/null\n") == (DeleteFile("n.py"),)


lines = st.sampled_from(
    ["a\n", "b\n", "\n", "- c\n", "-- d\n", "++ e\n", "@@\n", "--- f\n", " g\n"]
)
texts = st.lists(lines, min_size=1, max_size=12).map("".join)


@given(texts, texts, st.booleans())
def test_a_diff_that_is_written_reads_back_as_what_it_does(
    old: str, new: str, is_open: bool
) -> None:
    new = new.removesuffix("\n") if is_open else new
    hunks = diff_texts(old, new)
    if not hunks:
        return
    blocks = parse_unified_diff(to_unified(FileDiff("x.py", DiffKind.MODIFY, hunks), old))
    assert applied(old, blocks) == new


def applied(text: str, blocks: tuple[Block, ...]) -> str:
    """Replace lines exactly where the blocks say, from the last to the first."""
    result = list(split_lines(text))
    for block in reversed(blocks):
        assert isinstance(block, SearchReplace)
        assert block.near_line is not None
        search = split_lines(block.search)
        place = slice(block.near_line, block.near_line + len(search))
        assert tuple(result[place]) == search
        result[place] = split_lines(block.replace)
    return "".join(result)


OLD = {
    "café.py": "x = 1\n",
    "with space.py": "a\nb\nc",
    "gone.py": "gone\n",
    "moved.py": "".join(f"line {number}\n" for number in range(9)),
    "empty.py": "",
}
NEW = {
    "café.py": "x = 2\n",
    "with space.py": "a\nB\nc",
    "there.py": OLD["moved.py"].replace("line 4", "LINE 4"),
    "new/file.py": "new\n\n",
}


def test_what_git_writes_is_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    old_tree = tree_of(tmp_path, OLD)
    for name in OLD:
        (tmp_path / name).unlink()
    new_tree = tree_of(tmp_path, NEW)
    blocks = parse_unified_diff(git(tmp_path, "diff", "-M", old_tree, new_tree))
    context = "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\n"
    assert sorted(blocks, key=repr) == sorted(
        (
            SearchReplace("café.py", "x = 1\n", "x = 2\n", 0),
            SearchReplace("with space.py", "a\nb\nc", "a\nB\nc", 0),
            DeleteFile("gone.py"),
            DeleteFile("empty.py"),
            RenameFile("moved.py", "there.py"),
            SearchReplace("moved.py", context, context.replace("line 4", "LINE 4"), 1),
            SearchReplace("new/file.py", "", "new\n\n"),
        ),
        key=repr,
    )


def tree_of(root: Path, files: Mapping[str, str]) -> str:
    """Write the files and return the name of git's tree of them."""
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(text.encode())
    git(root, "add", "-A")
    return git(root, "write-tree").strip()


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", *arguments],
        cwd=root,
        capture_output=True,
        check=True,
        timeout=20,
    )
    return done.stdout.decode()
