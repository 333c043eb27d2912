"""T22: what can be edited is changed by the edited word alone; everything else is left alone."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairwright.errors import PairwrightError, PathOutsideWorkspace, UnreadableFile
from pairwright.journal.entries import FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.encodings import encode_text
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath, parse_path
from tests.journal.changes import undo
from tests.journal.corpus import DEEP, EDITED, MARK, SPECIAL, TEXTS, UNREADABLE, build_corpus

Facts = dict[bytes, tuple[int, int, bytes | str]]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "ws"
    root.mkdir()
    build_corpus(root)
    yield root
    # Longer than a path can be: nobody else could remove it.
    _remove_deep(root)


@pytest.fixture
def journal(root: Path, tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state", root)


def _remove_deep(root: Path) -> None:
    outer = root
    here = Path.cwd()
    os.chdir(outer)
    try:
        for component in DEEP.split("/"):
            os.chdir(component)
        Path("deep.txt").unlink(missing_ok=True)
        for component in reversed(DEEP.split("/")):
            os.chdir("..")
            Path(component).rmdir()
    finally:
        os.chdir(here)


def facts_of(root: Path) -> Facts:
    """Return mode, links and content of everything, without following or opening odd files."""
    facts: Facts = {}
    for directory, _, names, descriptor in os.fwalk(os.fsencode(root)):
        for name in names:
            status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            content: bytes | str = b""
            if stat.S_ISREG(status.st_mode):
                file = os.open(name, os.O_RDONLY, dir_fd=descriptor)
                with os.fdopen(file, "rb") as opened:
                    content = hashlib.file_digest(opened, "sha256").hexdigest()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(name, dir_fd=descriptor)
            facts[os.path.join(directory, name)] = (status.st_mode, status.st_nlink, content)
    return facts


def edit(root: Path, path: WorkspacePath) -> FileWrite:
    """Return the write of an edited word, as an engine makes it of a file's text."""
    content = DiskFileSystem(root).read(path)
    assert MARK in content.text
    return FileWrite(
        path,
        digest_bytes(encode_text(content.text, content.encoding)),
        encode_text(content.text.replace(MARK, EDITED), content.encoding),
    )


def test_the_corpus_is_as_large_as_promised(root: Path) -> None:
    assert len(facts_of(root)) >= 48
    assert len(TEXTS) >= 28


def test_one_word_is_edited_in_every_text_and_taken_back_byte_for_byte(
    root: Path, journal: Journal
) -> None:
    """T22: encodings, marks, line ends, final newlines, modes, names."""
    before = facts_of(root)
    paths = [parse_path(text.path) for text in TEXTS]
    entry = journal.commit([edit(root, path) for path in paths])
    for text, path in zip(TEXTS, paths, strict=True):
        state = journal.read(path)
        assert state is not None
        assert state.content == text.edited, path
        assert state.mode == text.mode, path
    after = facts_of(root)
    edited = {os.path.join(os.fsencode(root), path.encode()) for path in paths}
    assert {key: fact for key, fact in after.items() if key not in edited} == {
        key: fact for key, fact in before.items() if key not in edited
    }
    undo(journal, entry)
    assert facts_of(root) == before


def test_an_empty_file_gets_its_first_line_and_loses_it_again(root: Path, journal: Journal) -> None:
    path = WorkspacePath("empty.txt")
    entry = journal.commit([FileWrite(path, digest_bytes(b""), b"first\n")])
    assert (root / path).read_bytes() == b"first\n"
    undo(journal, entry)
    assert (root / path).read_bytes() == b""


def test_everything_is_listed_and_what_cannot_be_read_says_so(root: Path) -> None:
    """T22: listed, never crashed on."""
    files = DiskFileSystem(root)
    listed = {fact.path: fact for fact in files.list_files()}
    made = [path for path in SPECIAL if os.path.lexists(root / path)]
    expected = {text.path for text in TEXTS} | UNREADABLE.keys() | {"sparse.bin", *made}
    assert expected <= listed.keys()
    assert len(listed) >= 48
    problems = 0
    for path, fact in listed.items():
        try:
            files.read(path)
            assert not fact.problem
        except UnreadableFile:
            problems += 1
    assert problems >= len(UNREADABLE) + 8


@pytest.mark.parametrize("name", SPECIAL)
def test_what_is_no_plain_file_of_ones_own_is_never_replaced(
    root: Path, journal: Journal, name: str
) -> None:
    """T22: pipes, sockets, devices, links of either kind, read-only and forbidden files."""
    target = root / name
    if not os.path.lexists(target):
        pytest.skip("cannot be made here")
    before = facts_of(root)
    readable = stat.S_ISREG(target.lstat().st_mode) and os.access(target, os.R_OK)
    known = digest_bytes(target.read_bytes()) if readable else None
    path = parse_path(name)
    for content in (b"ours", None):
        with pytest.raises(PairwrightError, match=name.replace(".", r"\.")):
            journal.commit([FileWrite(path, known, content)])
    below = WorkspacePath(f"{name}/below.txt")
    with pytest.raises(PairwrightError):
        journal.commit([FileWrite(below, None, b"ours")])
    assert facts_of(root) == before


def test_a_text_that_nobody_can_tell_is_taken_back_only_as_a_whole(
    root: Path, journal: Journal
) -> None:
    for name, content in UNREADABLE.items():
        path = parse_path(name)
        entry = journal.commit([FileWrite(path, digest_bytes(content), b"replaced\n")])
        undo(journal, entry)
        assert (root / name).read_bytes() == content


@pytest.mark.parametrize("name", ["line\nbreak.txt", "back\\slash", "latin-\udce9.txt"])
def test_a_name_that_not_every_platform_allows_is_no_path(journal: Journal, name: str) -> None:
    with pytest.raises(PathOutsideWorkspace):
        journal.commit([FileWrite(WorkspacePath(name), None, b"x")])


def test_a_file_called_git_is_as_protected_as_the_directory(root: Path, journal: Journal) -> None:
    (root / ".git").write_bytes(b"gitdir: ../elsewhere\n")
    before = facts_of(root)
    with pytest.raises(PairwrightError, match="never"):
        journal.commit([FileWrite(WorkspacePath(".git"), digest_bytes(b""), b"x")])
    assert facts_of(root) == before
    assert ".git" not in {fact.path for fact in DiskFileSystem(root).list_files()}
