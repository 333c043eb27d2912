import time

import pytest

from pairwright.errors import InvalidRequest, StaleChange
from pairwright.workspace.admission import ROOT
from pairwright.workspace.documents import (
    Change,
    ChangeCause,
    DiskFact,
    Document,
    Origin,
    digest_text,
    look_up,
)
from pairwright.workspace.files import FileStat, MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath, parse_path

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


def learned(**files: str | bytes) -> tuple[WorkspaceHost, MemoryFileSystem]:
    """Return a host that was told of the files as a reader elsewhere saw them."""
    system = MemoryFileSystem({name + ".py": content for name, content in files.items()})
    host = WorkspaceHost(system)
    stats = {stat.path: stat for stat in system.list_files()}
    to_read, facts = host.admit(stats)
    host.learn([*facts, *(look_up(system, path)[0] for path in to_read)])
    return host, system


def test_what_is_learned_is_what_a_scan_finds() -> None:
    host, system = learned(a="1\n", b=b"\0", c=b"# coding: latin-1\n'\xe9'\n")
    scanned = WorkspaceHost(system).scan()
    assert host.snapshot.documents == scanned.documents
    assert host.snapshot.unreadable == scanned.unreadable
    assert host.snapshot.revision == 1
    assert document(host).text == "1\n"


def test_a_learned_text_that_changed_since_is_stale_until_it_is_learned_again() -> None:
    host, system = learned(a="1\n")
    system.write("a.py", "2\n")
    with pytest.raises(StaleChange, match="revision 1"):
        assert document(host).text
    host.learn([look_up(system, A)[0]])
    assert document(host).text == "2\n"
    assert host.snapshot.revision == 2


def test_facts_without_change_keep_the_revision() -> None:
    host, system = learned(a="1\n", b=b"\0")
    before = host.snapshot
    assert host.learn([look_up(system, A)[0], look_up(system, B)[0]]) is before
    assert host.learn([DiskFact(parse_path("never.py"), None, None)]) is before
    assert host.learn([]) is before


def test_a_file_that_was_touched_keeps_the_revision_and_is_known_anew() -> None:
    host, system = learned(a="1\n")
    assert document(host).text == "1\n"
    system.write("a.py", "1\n")
    host.learn([look_up(system, A)[0]])
    assert host.snapshot.revision == 1
    assert document(host).stat == system.stat(A)


def test_facts_of_files_that_are_gone_or_became_unreadable_remove_them() -> None:
    host, system = learned(a="1\n", b="1\n")
    system.delete("a.py")
    system.write("b.py", b"\0")
    host.learn([look_up(system, A)[0], look_up(system, B)[0]])
    assert dict(host.snapshot.documents) == {}
    assert list(host.snapshot.unreadable) == ["b.py"]
    assert host.snapshot.revision == 2
    system.delete("b.py")
    host.learn([look_up(system, B)[0]])
    assert dict(host.snapshot.unreadable) == {}


def test_an_open_text_stays_whatever_is_learned() -> None:
    host, system = learned(a="1\n")
    host.apply([edit("typed\n")])
    system.write("a.py", "2\n")
    host.learn([look_up(system, A)[0]])
    assert document(host).text == "typed\n"
    host.apply([edit(None, version=None)])
    assert document(host).text == "2\n"


def test_expected_files_are_pending_until_they_are_learned() -> None:
    host, system = make_host(a="1\n")
    system.write("b.py", "2\n")
    system.write("c.py", "3\n")
    c = parse_path("c.py")
    assert host.expect([A, B, c]).pending == {A, B, c}
    assert document(host).text == "1\n"
    assert host.learn([look_up(system, B)[0]]).pending == {A, c}
    assert host.learn([look_up(system, A)[0]]).pending == {c}
    assert host.snapshot.revision == 2
    assert host.refresh([c]).pending == frozenset()


def test_expecting_what_is_expected_changes_nothing() -> None:
    host, _ = make_host()
    before = host.expect([A])
    assert host.expect([A]) is before
    assert host.expect([]) is before
    assert before.revision == 1


def test_an_open_text_is_never_pending() -> None:
    host, _ = make_host(a="1\n", b="1\n")
    host.apply([edit("typed\n")])
    assert host.expect([A, B]).pending == {B}
    assert host.apply([edit("typed\n", path="b.py")]).pending == frozenset()


def test_the_disks_facts_are_those_that_were_learned() -> None:
    host, system = learned(a="1\n", b=b"\0")
    host.apply([edit("typed\n"), edit("new\n", path="c.py")])
    facts = host.disk_facts()
    assert dict(facts) == {path: look_up(system, path)[0] for path in (A, B)}
    assert len(facts) == 2
    host.apply([Change(A, "written\n", None, ChangeCause.TASK)])
    assert list(host.disk_facts()) == [B]
    assert list(facts) == [A, B]


def test_admission_tells_what_is_to_be_read_and_what_is_known_already() -> None:
    link = FileStat(B, 1, 1, 1, "'b.py' is a symbolic link")
    gone = parse_path("c.py")
    host = WorkspaceHost(MemoryFileSystem())
    to_read, facts = host.admit({A: FileStat(A, 1, 1, 1), B: link, gone: None})
    assert to_read == (A,)
    assert facts == (DiskFact(B, link, None, problem=link.problem), DiskFact(gone, None, None))


def admitted(host: WorkspaceHost, *names: str, size: int = 1) -> tuple[WorkspacePath, ...]:
    paths = [parse_path(name) for name in names]
    to_read, facts = host.admit({path: FileStat(path, size, 1, 1) for path in paths})
    host.learn(facts)
    return to_read


def test_the_cap_on_files_holds_over_many_admissions() -> None:
    host = WorkspaceHost(MemoryFileSystem(), max_files=2)
    assert admitted(host, "a.py") == (A,)
    assert admitted(host, "a.py", "b.py", "c.py") == (A, B)
    assert "more than 2 files" in host.snapshot.unreadable[parse_path("c.py")]
    host.admit({A: None})
    assert admitted(host, "c.py") == ("c.py",)
    assert admitted(host, "d.py", "e.py", "f.py") == ()
    assert "not even listed" in host.snapshot.unreadable[ROOT]


def test_the_cap_on_bytes_holds_over_many_admissions() -> None:
    host = WorkspaceHost(MemoryFileSystem(), max_bytes=100)
    assert admitted(host, "a.py", size=60) == (A,)
    assert admitted(host, "b.py", size=60) == ()
    assert "MB of text" in host.snapshot.unreadable[B]
    assert admitted(host, "a.py", size=30) == (A,)
    assert admitted(host, "b.py", size=60) == (B,)


def test_files_that_were_learned_without_admission_count_as_well() -> None:
    host = WorkspaceHost(MemoryFileSystem(), max_files=1)
    host.learn([DiskFact(A, FileStat(A, 1, 1, 1), digest_text("1"))])
    assert admitted(host, "b.py") == ()


def test_what_the_caps_keep_out_is_not_learned_and_not_a_fact_of_the_disk() -> None:
    host = WorkspaceHost(MemoryFileSystem(), max_files=1)
    admitted(host, "a.py", "b.py", "c.py")
    host.learn([DiskFact(B, FileStat(B, 1, 1, 1), digest_text("late"))])
    assert B not in host.snapshot.documents
    assert dict(host.disk_facts()) == {}
    host.refresh([B])
    assert B not in host.snapshot.documents


def test_a_keystroke_costs_little_in_a_large_workspace() -> None:
    system = MemoryFileSystem()
    host = WorkspaceHost(system)
    paths = [parse_path(f"pkg{i % 50}/m{i}.py") for i in range(10_000)]
    host.learn(DiskFact(path, FileStat(path, 1, 1, 1), digest_text("1")) for path in paths)
    text = "def name(argument): return argument + 1\n" * 5_000
    durations = []
    for version in range(40):
        began_at = time.thread_time()
        host.apply([edit(text + str(version), version, path=paths[0])])
        durations.append(time.thread_time() - began_at)
    assert sorted(durations)[37] <= 0.003
    assert len(host.snapshot.documents) == 10_000


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


def test_a_snapshot_counts_the_pending_files_of_which_nothing_is_known() -> None:
    host, system = make_host(a="1\n", b=b"\0")
    c, d = parse_path("c.py"), parse_path("d.py")
    system.write("c.py", "3\n")
    assert host.expect([A, B, c, d]).unseen == 2
    assert host.expect([c, d]).unseen == 2
    assert host.apply([edit("typed\n", path="d.py")]).unseen == 1
    assert host.apply([edit(None, version=None, path="d.py")]).unseen == 1
    assert host.learn([look_up(system, A)[0], look_up(system, B)[0]]).unseen == 1
    assert host.learn([look_up(system, c)[0]]).unseen == 0
    assert host.learn([look_up(system, c)[0]]).unseen == 0
    assert host.snapshot.pending == frozenset()
    assert host.expect([A]).unseen == 0


def test_of_what_a_directory_says_of_a_file_there_is_one_object() -> None:
    host, system = make_host()
    system.write("a.py", "1\n")
    listed = {stat.path: stat for stat in system.list_files()}
    to_read, _ = host.admit(listed)
    host.learn([look_up(system, path)[0] for path in to_read])
    assert document(host).stat is listed[A]
    system.write("a.py", "2\n")
    host.learn([look_up(system, A)[0]])
    assert document(host).stat == system.stat(A) != listed[A]
