from pathlib import Path

import pytest

from pairwright.errors import StaleChange
from pairwright.workspace.documents import DiskFact, Document, Origin, digest_text, look_up
from pairwright.workspace.encodings import FileContent
from pairwright.workspace.files import DiskFileSystem, FileStat, MemoryFileSystem
from pairwright.workspace.paths import WorkspacePath, parse_path

A = parse_path("a.py")


class CountingFiles(MemoryFileSystem):
    """Counts how often a file is read."""

    reads = 0

    def read(self, path: WorkspacePath) -> FileContent:
        self.reads += 1
        return super().read(path)


def on_disk(files: MemoryFileSystem, text: str) -> Document:
    return Document(A, None, digest_text(text), None, Origin.DISK, files=files, revision=7)


def test_a_text_on_the_disk_is_read_when_asked_for_and_then_kept() -> None:
    files = CountingFiles({"a.py": "1\n"})
    document = on_disk(files, "1\n")
    assert files.reads == 0
    assert document.text == "1\n"
    files.write("a.py", "2\n")
    assert document.text == "1\n"
    assert files.reads == 1


def test_a_text_can_be_read_without_being_kept() -> None:
    files = CountingFiles({"a.py": "1\n"})
    document = on_disk(files, "1\n")
    assert (document.read_text(), document.read_text()) == ("1\n", "1\n")
    assert files.reads == 2


@pytest.mark.parametrize("content", ["2\n", b"\0", None])
def test_a_file_that_changed_since_is_stale(content: str | bytes | None) -> None:
    files = MemoryFileSystem({"a.py": "1\n"})
    document = on_disk(files, "1\n")
    if content is None:
        files.delete("a.py")
    else:
        files.write("a.py", content)
    for read in (document.read_text, lambda: document.text):
        with pytest.raises(StaleChange, match=r"'a\.py' changed .* since revision 7: try again"):
            read()
    files.write("a.py", "1\n")
    assert document.text == "1\n"


def test_documents_are_equal_when_they_say_the_same_of_the_same_file() -> None:
    document = Document(A, "1", "d", 1, Origin.OVERLAY)
    assert document == Document(A, "whatever", "d", 1, Origin.OVERLAY)
    assert hash(document) == hash(Document(A, "1", "d", 1, Origin.OVERLAY))
    others = [
        Document(parse_path("b.py"), "1", "d", 1, Origin.OVERLAY),
        Document(A, "1", "e", 1, Origin.OVERLAY),
        Document(A, "1", "d", 2, Origin.OVERLAY),
        Document(A, "1", "d", 1, Origin.DISK),
        Document(A, "1", "d", 1, Origin.OVERLAY, "utf-16-le"),
    ]
    assert document not in others
    assert document != "d"


def test_another_text_gives_another_document() -> None:
    document = Document(A, "1", digest_text("1"), None, Origin.DISK, "cp1252")
    other = document.with_text("2")
    assert (other.text, other.digest, other.encoding) == ("2", digest_text("2"), "cp1252")
    assert document.text == "1"


def test_another_look_at_the_directory_keeps_the_text() -> None:
    files = CountingFiles({"a.py": "1\n"})
    document = on_disk(files, "1\n")
    assert document.text == "1\n"
    stat = FileStat(A, 2, 3, 4)
    looked_at = document.with_stat(stat)
    assert (looked_at.text, looked_at.stat, files.reads) == ("1\n", stat, 1)
    assert looked_at == document


def test_a_look_at_a_file_tells_what_there_is_to_know() -> None:
    files = MemoryFileSystem({"a.py": b"# coding: latin-1\n'\xe9'\n", "b.py": b"\0"})
    fact, content = look_up(files, A)
    assert content is not None
    assert fact == DiskFact(A, files.stat(A), digest_text(content.text), "iso8859-1")
    path = parse_path("b.py")
    fact, content = look_up(files, path)
    assert (fact.stat, fact.digest, content) == (files.stat(path), None, None)
    assert "binary" in fact.problem
    gone = parse_path("gone.py")
    assert look_up(files, gone) == (DiskFact(gone, None, None), None)


def test_a_look_at_a_directory_or_a_link_gives_no_text(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "link").symlink_to("d")
    files = DiskFileSystem(tmp_path)
    assert look_up(files, parse_path("d"))[0].stat is None
    fact, content = look_up(files, parse_path("link"))
    assert content is None
    assert "symbolic link" in fact.problem


def test_a_file_that_goes_between_two_looks_is_gone() -> None:
    class Vanishing(MemoryFileSystem):
        def read(self, path: WorkspacePath) -> FileContent:
            self.delete(path)
            return super().read(path)

    assert look_up(Vanishing({"a.py": "1"}), A)[0] == DiskFact(A, None, None)
