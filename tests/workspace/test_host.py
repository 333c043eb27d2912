import pytest

from pairwright.errors import InvalidRequest, StaleChange
from pairwright.workspace.documents import Change, ChangeCause, Document, Origin
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import ROOT, WorkspaceHost
from pairwright.workspace.paths import parse_path

A = parse_path("a.py")
B = parse_path("b.py")


def make_host(**files: str | bytes) -> tuple[WorkspaceHost, MemoryFileSystem]:
    system = MemoryFileSystem({name + ".py": content for name, content in files.items()})
    host = WorkspaceHost(system)
    host.scan()
    return host, system


def edit(text: str | None, version: int | None = 1, path: str = "a.py") -> Change:
    return Change(parse_path(path), text, version, ChangeCause.EDITOR)


def document(host: WorkspaceHost, path: str = "a.py") -> Document:
    return host.snapshot.documents[parse_path(path)]


def test_a_scan_reads_every_file_and_says_what_it_could_not_read() -> None:
    host, _ = make_host(a="1\n", b=b"\0")
    assert host.snapshot.revision == 1
    assert document(host).origin is Origin.DISK
    assert list(host.snapshot.documents) == [A]
    assert "binary" in host.snapshot.unreadable[B]


def test_an_editors_text_covers_the_disk_until_it_is_closed() -> None:
    host, system = make_host(a="disk\n")
    host.apply([edit("typed\n", version=3)])
    assert document(host).text == "typed\n"
    assert (document(host).version, document(host).origin) == (3, Origin.OVERLAY)
    system.write("a.py", "saved elsewhere\n")
    host.apply([edit(None, version=None)])
    assert document(host).text == "saved elsewhere\n"
    assert document(host).origin is Origin.DISK


@pytest.mark.parametrize("version", [3, 2, 0, -1])
def test_a_version_that_is_not_newer_is_refused(version: int) -> None:
    host, _ = make_host(a="disk\n")
    host.apply([edit("new\n", version=3)])
    with pytest.raises(StaleChange, match="version 3"):
        host.apply([edit("old\n", version=version)])
    assert document(host).text == "new\n"


def test_versions_begin_anew_after_a_file_was_closed() -> None:
    host, _ = make_host(a="disk\n")
    host.apply([edit("x", version=9)])
    host.apply([edit(None, version=None)])
    host.apply([edit("y", version=1)])
    assert document(host).text == "y"


def test_an_editors_text_without_version_is_refused() -> None:
    host, _ = make_host()
    with pytest.raises(InvalidRequest, match="no version"):
        host.apply([edit("x", version=None)])


def test_a_batch_is_applied_whole_or_not_at_all() -> None:
    host, _ = make_host(a="disk\n")
    host.apply([edit("x", version=5)])
    before = host.snapshot
    with pytest.raises(StaleChange):
        host.apply([edit("new file", path="c.py"), edit("late", version=4)])
    assert host.snapshot is before


@pytest.mark.parametrize("cause", [ChangeCause.DISK, ChangeCause.SCAN, ChangeCause.TASK])
@pytest.mark.parametrize("text", ["other\n", None])
def test_no_other_cause_touches_an_open_text(cause: ChangeCause, text: str | None) -> None:
    host, _ = make_host(a="disk\n")
    host.apply([edit("typed\n")])
    host.apply([Change(A, text, None, cause)])
    assert document(host).text == "typed\n"


def test_what_the_disk_got_meanwhile_shows_when_the_editor_lets_go() -> None:
    host, system = make_host(a="disk\n")
    host.apply([edit("typed\n")])
    system.delete("a.py")
    host.refresh([A])
    host.apply([edit(None, version=None)])
    assert A not in host.snapshot.documents


def test_a_file_that_was_never_saved_exists_while_it_is_open() -> None:
    host, _ = make_host()
    host.apply([edit("new\n")])
    assert document(host).text == "new\n"
    host.apply([edit(None, version=None)])
    assert A not in host.snapshot.documents
    assert A not in host.snapshot.unreadable


def test_an_open_text_is_readable_although_the_disk_is_not() -> None:
    host, _ = make_host(a=b"\0")
    host.apply([edit("typed\n")])
    assert A not in host.snapshot.unreadable
    host.apply([edit(None, version=None)])
    assert A in host.snapshot.unreadable


def test_an_overlay_keeps_the_encoding_of_the_disk() -> None:
    host, _ = make_host(a=b"# coding: latin-1\nx = '\xe9'\n")
    host.apply([edit("# coding: latin-1\nx = 'è'\n")])
    assert document(host).encoding == "iso8859-1"


def test_every_change_makes_a_new_revision_and_leaves_old_snapshots_alone() -> None:
    host, _ = make_host(a="1\n")
    first = host.snapshot
    second = host.apply([Change(A, "2\n", None, ChangeCause.TASK)])
    assert (first.revision, second.revision) == (1, 2)
    assert first.documents[A].text == "1\n"
    assert second is host.snapshot


def test_a_snapshot_cannot_be_changed() -> None:
    host, _ = make_host(a="1\n")
    with pytest.raises(TypeError):
        host.snapshot.documents[B] = document(host)  # type: ignore[index]


def test_a_refresh_sees_changes_creations_and_deletions() -> None:
    host, system = make_host(a="1\n", b="1\n")
    system.write("a.py", "2\n")
    system.delete("b.py")
    system.write("c.py", "3\n")
    system.write("d.py", b"\0")
    host.refresh([A, B, parse_path("c.py"), parse_path("d.py")])
    texts = {path: document.text for path, document in host.snapshot.documents.items()}
    assert texts == {"a.py": "2\n", "c.py": "3\n"}
    assert list(host.snapshot.unreadable) == ["d.py"]


def test_a_refresh_of_unchanged_files_keeps_the_revision() -> None:
    host, _ = make_host(a="1\n", b=b"\0")
    before = host.snapshot
    assert host.refresh([A, B, parse_path("missing.py")]) is before


def test_a_new_scan_forgets_what_is_gone_and_keeps_what_is_open() -> None:
    host, system = make_host(a="1\n", b="1\n")
    host.apply([edit("typed\n")])
    system.delete("b.py")
    host.scan()
    assert list(host.snapshot.documents) == [A]
    assert document(host).text == "typed\n"


def test_past_the_cap_on_files_nothing_is_read_and_it_is_said() -> None:
    system = MemoryFileSystem({f"f{i}.py": "x" for i in range(7)})
    snapshot = WorkspaceHost(system, max_files=3).scan()
    assert list(snapshot.documents) == ["f0.py", "f1.py", "f2.py"]
    assert "more than 3 files" in snapshot.unreadable[parse_path("f5.py")]
    assert "not even listed" in snapshot.unreadable[ROOT]


def test_past_the_cap_on_bytes_nothing_is_read_and_it_is_said() -> None:
    system = MemoryFileSystem({"a.py": "x" * 60, "b.py": "x" * 60, "c.py": "x" * 40})
    snapshot = WorkspaceHost(system, max_bytes=100).scan()
    assert list(snapshot.documents) == ["a.py", "c.py"]
    assert "MB of text" in snapshot.unreadable[B]
