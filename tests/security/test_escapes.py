"""T17: no path, through whatever takes one, reads or writes anything outside the workspace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from pairwright.editing.blocks import (
    Block,
    DeleteFile,
    RenameFile,
    SearchReplace,
    WholeFile,
    WholeSymbol,
)
from pairwright.editing.change import FileEdit, FileEditKind
from pairwright.editing.frame import new_parser
from pairwright.editing.matching import changed_text, combine, place
from pairwright.editing.unified_diff import parse_unified_diff
from pairwright.errors import PairwrightError, PathOutsideWorkspace, Truncated, UserError
from pairwright.journal.calls import Calls
from pairwright.journal.entries import FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import Tree, digest_bytes
from pairwright.lsp.documents.sync import workspace_path
from pairwright.planning.document import read_document
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot
from tests.security.escapes import ALL, LINKS, SECRET, WORDS, Place, build_place

FILES = {"pkg/a.py": "def f():\n    return 1\n", "b.py": "b = 1\n"}
Answer = Callable[[str], str]


@pytest.fixture
def ground(tmp_path: Path) -> Place:
    return build_place(tmp_path)


@contextmanager
def nothing_escapes(ground: Place, word: str) -> Iterator[list[object]]:
    """Let the test attempt one path; give a list for whatever it gets to see."""
    before, guarded = ground.around(), ground.guarded()
    seen: list[object] = []
    yield seen
    assert ground.around() == before, f"{word!r} reached outside"
    assert ground.guarded() == guarded, f"{word!r} changed what is guarded"
    assert all(SECRET not in repr(each) for each in seen), f"{word!r} was read"


def test_there_are_enough_paths_to_try() -> None:
    assert len(set(ALL)) >= 70


@pytest.mark.parametrize("word", WORDS, ids=lambda word: repr(word)[:40])
def test_no_such_path_is_ever_both_valid_and_editable(word: str) -> None:
    block = WholeFile(word, "x\n")
    with pytest.raises(PairwrightError) as refusal:
        place(block, Snapshot(1, {}, {}), {cast("WorkspacePath", word)})
    assert len(str(refusal.value)) < 10_000


def snapshot_of() -> Snapshot:
    documents = {}
    for name, text in FILES.items():
        path = parse_path(name)
        documents[path] = Document(path, text, digest_text(text), None, Origin.DISK)
    return Snapshot(1, documents, {})


def write_all(ground: Place, blocks: tuple[Block, ...], seen: list[object]) -> None:
    """Place the blocks and write what they mean, as far as they get; remember every refusal."""
    for name, text in FILES.items():
        (ground.root / name).write_text(text)
    snapshot = snapshot_of()
    edits = []
    for block in blocks:
        for editable in (None, {cast("WorkspacePath", block.path), *snapshot.documents}):
            try:
                edits.append(place(block, snapshot, editable))
            except PairwrightError as error:
                seen.append(error)
    try:
        change = combine(1, edits)
    except PairwrightError as error:
        seen.append(error)
        return
    journal = Journal(ground.state, ground.root)
    for file_edit in change.files:
        try:
            journal.commit(writes_of(snapshot, file_edit))
        except PairwrightError as error:
            seen.append(error)


def writes_of(snapshot: Snapshot, file_edit: FileEdit) -> list[FileWrite]:
    document = snapshot.documents.get(file_edit.path)
    old = document.text if document else ""
    before = digest_bytes(old.encode()) if document else None
    new = changed_text(old, file_edit).encode()
    match file_edit.kind:
        case FileEditKind.DELETE:
            return [FileWrite(file_edit.path, before, None)]
        case FileEditKind.RENAME:
            assert file_edit.new_path is not None
            return [
                FileWrite(file_edit.path, before, None),
                FileWrite(file_edit.new_path, None, new),
            ]
        case _:
            return [FileWrite(file_edit.path, before, new)]


def blocks_with(word: str) -> tuple[Block, ...]:
    return (
        WholeFile(word, "x\n"),
        SearchReplace(word, "", "x\n"),
        SearchReplace(word, "b = 1\n", "x\n"),
        WholeSymbol(word, "f", "def f(): pass\n"),
        DeleteFile(word),
        RenameFile(word, "c.py"),
        RenameFile("b.py", word),
    )


@pytest.mark.parametrize("number", range(len(blocks_with(""))))
def test_no_block_leaves_the_workspace(ground: Place, number: int) -> None:
    for word in ground.words():
        with nothing_escapes(ground, word) as seen:
            write_all(ground, (blocks_with(word)[number],), seen)
            assert seen, f"{word!r} was not refused"


ANSWERS: dict[str, Answer] = {
    "search/replace": lambda word: (
        f"### FILE {word}\n<<<<<<< SEARCH\n=======\nx\n>>>>>>> REPLACE\n### END 1\n"
    ),
    "whole file": lambda word: f"### FILE {word}\n<<<<<<< WHOLE\nx\n>>>>>>> WHOLE\n### END 1\n",
    "quoted": lambda word: f'### FILE "{word}"\n<<<<<<< WHOLE\nx\n>>>>>>> WHOLE\n### END 1\n',
    "quoted octal": lambda word: (
        f'### FILE "{octal(word)}"\n<<<<<<< WHOLE\nx\n>>>>>>> WHOLE\n### END 1\n'
    ),
    "symbol": lambda word: (
        f"### FILE {word}\n<<<<<<< SYMBOL f\ndef f(): pass\n>>>>>>> SYMBOL\n### END 1\n"
    ),
    "diff": lambda word: (
        f"### FILE {word}\n<<<<<<< DIFF\n@@ -0,0 +1 @@\n+x\n>>>>>>> DIFF\n### END 1\n"
    ),
    "diff in the file of another": lambda word: (
        f"### FILE b.py\n<<<<<<< DIFF\n--- a/{word}\n+++ b/{word}\n@@ -0,0 +1 @@\n+x\n"
        ">>>>>>> DIFF\n### END 1\n"
    ),
    "delete": lambda word: f"### DELETE {word}\n### END 1\n",
    "rename": lambda word: f"### RENAME {word}\n### TO c.py\n### END 1\n",
    "rename target": lambda word: f"### RENAME b.py\n### TO {word}\n### END 1\n",
}
DIFFS: dict[str, Answer] = {
    "new file": lambda word: f"--- /dev/null\n+++ b/{word}\n@@ -0,0 +1 @@\n+x\n",
    "without prefix": lambda word: f"--- /dev/null\n+++ {word}\n@@ -0,0 +1 @@\n+x\n",
    "changed file": lambda word: f"--- a/{word}\n+++ b/{word}\n@@ -1 +1 @@\n-b = 1\n+x\n",
    "removed file": lambda word: f"--- a/{word}\n+++ /dev/null\n@@ -1 +0,0 @@\n-b = 1\n",
    "climbing from the prefix": lambda word: f"--- /dev/null\n+++ b/../{word}\n@@ -0,0 +1 @@\n+x\n",
    "quoted octal": lambda word: f'--- /dev/null\n+++ "b/{octal(word)}"\n@@ -0,0 +1 @@\n+x\n',
    "renamed": lambda word: (
        f"diff --git a/b.py b/{word}\nsimilarity index 100%\nrename from b.py\nrename to {word}\n"
    ),
    "renamed from": lambda word: (
        f"diff --git a/{word} b/c.py\nsimilarity index 100%\nrename from {word}\nrename to c.py\n"
    ),
    "link": lambda word: (
        f"diff --git a/{word} b/{word}\nnew file mode 120000\n--- /dev/null\n+++ b/{word}\n"
        "@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n"
    ),
}


def octal(word: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in word.encode("utf-8", "surrogatepass"))


def names_the_word(blocks: tuple[Block, ...], word: str) -> bool:
    """Tell whether the path came through as written; in a line, blanks at its end cannot."""
    names = {name for block in blocks for name in (block.path, getattr(block, "new_path", ""))}
    return word in names


@pytest.mark.parametrize("form", ANSWERS)
def test_no_answer_leaves_the_workspace(ground: Place, form: str) -> None:
    read = 0
    for word in ground.words():
        with nothing_escapes(ground, word) as seen:
            parser = new_parser()
            try:
                blocks = (*parser.feed(ANSWERS[form](word)), *parser.finish())
            except Truncated as error:
                seen.append(error)
                continue
            read += names_the_word(blocks, word)
            write_all(ground, blocks, seen)
    is_heading_ignored = form == "diff in the file of another"
    assert is_heading_ignored or read >= 60, "the form does not carry the paths"


@pytest.mark.parametrize("form", DIFFS)
def test_no_diff_leaves_the_workspace(ground: Place, form: str) -> None:
    for word in ground.words():
        with nothing_escapes(ground, word) as seen:
            write_all(ground, parse_unified_diff(DIFFS[form](word)), seen)


def test_the_journal_writes_and_removes_nothing_elsewhere(ground: Place) -> None:
    journal = Journal(ground.state, ground.root)
    canary = digest_bytes((ground.outside / "canary.txt").read_bytes())
    for word in ground.words():
        with nothing_escapes(ground, word) as seen:
            for before, content in (
                (None, b"x\n"),
                (canary, b"x\n"),
                (canary, None),
            ):
                path = cast("WorkspacePath", word)
                with pytest.raises(PairwrightError) as refusal:
                    journal.commit([FileWrite(path, before, content)], approved=(path,))
                seen.append(refusal.value)


def test_a_file_that_shares_its_inode_with_another_is_not_written(ground: Place) -> None:
    old = digest_bytes((ground.root / "hard.txt").read_bytes())
    with nothing_escapes(ground, "hard.txt"), pytest.raises(UserError, match="hard link"):
        Journal(ground.state, ground.root).commit(
            [FileWrite(parse_path("hard.txt"), old, b"new\n")]
        )


TREE_CALLS: dict[str, Callable[[Tree, WorkspacePath], object]] = {
    "read": lambda tree, path: tree.read(path),
    "missing directories": lambda tree, path: tree.missing_directories(path),
    "make a directory": lambda tree, path: tree.make_directory(path),
    "remove a directory": lambda tree, path: tree.remove_directory(path),
    "write": lambda tree, path: tree.write_beside(path, ".tmp", b"x\n", 0o644),
    "remove": lambda tree, path: tree.remove(path),
}


@pytest.mark.parametrize("call", TREE_CALLS)
def test_no_call_of_the_journals_tree_leaves_the_workspace(ground: Place, call: str) -> None:
    tree = Tree(ground.root, Calls(lambda step: None))
    for word in (*WORDS, *(link for link in LINKS if "/" in link)):
        with nothing_escapes(ground, word) as seen:
            try:
                seen.append(TREE_CALLS[call](tree, cast("WorkspacePath", word)))
            except (PairwrightError, OSError) as error:
                seen.append(error)


@pytest.mark.parametrize("call", ["read", "stat"])
def test_nothing_elsewhere_is_read_from_the_disk(ground: Place, call: str) -> None:
    disk = DiskFileSystem(ground.root)
    for word in ground.words():
        path = cast("WorkspacePath", word)
        with nothing_escapes(ground, word) as seen:
            if "\0" in word or "\ud800" in word:
                continue  # no system has such a name, and `parse_path` gives none
            try:
                found = disk.read(path) if call == "read" else disk.stat(path)
            except PairwrightError as error:
                seen.append(error)
            else:
                seen.append(found)
                assert call == "stat" or word.startswith((".git/", ".vscode/"))


def test_the_listing_names_links_and_reads_none(ground: Place) -> None:
    with nothing_escapes(ground, "the listing") as seen:
        listed = list(DiskFileSystem(ground.root).list_files())
        seen += listed
        problems = {stat.path: stat.problem for stat in listed}
        for link in ("link.txt", "chain.txt", "dangling.txt", "linkdir", "pkg/up", "rootlink"):
            assert "symbolic link" in problems[WorkspacePath(link)]


def test_a_plan_names_only_files_of_the_workspace(ground: Place) -> None:
    for word in ground.words():
        for written in (f"`{word}`", word, f'"{word}"'):
            document = read_document(f"# Plan\n\nDo it.\n\n## 1. Step\n\n- files: {written}\n")
            if document.plan is None:
                assert document.problems
                continue
            for step in document.plan.steps:
                assert all(parse_path(path) == path for path in step.files), word


def test_no_uri_of_an_editor_names_a_file_elsewhere(ground: Place) -> None:
    for word in ground.words():
        for uri in (word, f"file://{word}", f"file://{ground.root}/{word}", f"file:{word}"):
            if "\ud800" in uri:
                continue  # JSON text from the wire holds none
            path = workspace_path(uri, ground.root)
            if path is not None:
                with nothing_escapes(ground, uri) as seen:
                    seen.append(read_or_refusal(ground, path))


def read_or_refusal(ground: Place, path: WorkspacePath) -> object:
    try:
        return DiskFileSystem(ground.root).read(path)
    except PairwrightError as error:
        return error


def test_a_path_is_checked_before_anything_is_looked_up() -> None:
    for word in ("/etc/passwd", "../x", "file:///etc/passwd"):
        with pytest.raises(PathOutsideWorkspace):
            parse_path(word)
