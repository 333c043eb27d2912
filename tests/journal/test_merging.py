"""How do several changes become one that takes them back?"""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.errors import UserError
from pairwright.journal.entries import EntryNote, JournalEntry
from pairwright.journal.hunks import hunks_of
from pairwright.journal.journal import Journal
from pairwright.journal.merging import merge, merge_hunks
from pairwright.journal.pairing import counterparts
from pairwright.journal.reverting import RevertedFile, revert, revert_each
from pairwright.workspace.paths import WorkspacePath
from tests.journal.changes import tree_of, undo, undo_together, write
from tests.journal.entries_in_memory import Change, Kept, entry_of

A, B, C = WorkspacePath("a"), WorkspacePath("b"), WorkspacePath("c")
Move = dict[str, str]


def changes_of(kept: Kept, *steps: tuple[dict[str, Change], Move]) -> list[JournalEntry]:
    return [
        entry_of(changes, entry_id=f"00000{number}-0", moved=moved, kept=kept)[0]
        for number, (changes, moved) in enumerate(steps, 1)
    ]


def check_merged(
    current: dict[WorkspacePath, bytes | None], *steps: tuple[dict[str, Change], Move]
) -> tuple[RevertedFile, ...]:
    """Return what takes all steps back as one; each file must be written once."""
    kept = Kept()
    results = revert_each(changes_of(kept, *steps), kept, current)
    assert not any(result.conflicts for result in results)
    files = merge(results)
    assert len({file.path for file in files}) == len(files)
    assert all(current.get(file.path) == file.before for file in files)
    return files


def test_a_file_that_changed_twice_goes_back_at_once_and_keeps_what_the_user_did() -> None:
    first: Change = (b"1\n2\n3\n4\n", b"one\n2\n3\n4\n")
    second: Change = (b"one\n2\n3\n4\n", b"one\n2\n3\nfour\n")
    (file,) = check_merged({A: b"one\n2\nmine\n3\nfour\n"}, ({"a": first}, {}), ({"a": second}, {}))
    assert file.content == b"1\n2\nmine\n3\n4\n"


def test_a_file_that_came_and_changed_goes_and_one_that_came_and_went_needs_nothing() -> None:
    files = check_merged(
        {A: b"2", B: None},
        ({"a": (None, b"1"), "b": (None, b"b")}, {}),
        ({"a": (b"1", b"2"), "b": (b"b", None)}, {}),
    )
    assert files == (RevertedFile(A, b"2", None),)


def test_a_file_that_moved_twice_moves_back_to_where_it_began() -> None:
    files = check_merged(
        {A: None, B: None, C: b"x\n"},
        ({"a": (b"x\n", None), "b": (None, b"x\n")}, {"b": "a"}),
        ({"b": (b"x\n", None), "c": (None, b"x\n")}, {"c": "b"}),
    )
    assert {(file.path, file.content, file.moved_from) for file in files} == {
        (A, b"x\n", C),
        (C, None, None),
    }


def test_a_file_that_moved_there_and_back_is_where_it_was() -> None:
    steps = (
        ({"a": (b"x\n", None), "b": (None, b"x\n")}, {"b": "a"}),
        ({"b": (b"x\n", None), "a": (None, b"x\n")}, {"a": "b"}),
    )
    assert [file for file in check_merged({A: b"x\n"}, *steps) if file.moved_from] == []


@pytest.mark.parametrize(("now", "restored"), [(0o755, 0o600), (0o644, 0o600), (0o700, None)])
def test_only_a_mode_that_nobody_changed_since_is_restored(now: int, restored: int | None) -> None:
    kept = Kept()
    entries = [
        entry_of({"a": (b"1", b"2")}, entry_id="000001-0", modes=(0o600, 0o644), kept=kept)[0],
        entry_of({"a": (b"2", b"3")}, entry_id="000002-0", modes=(0o644, 0o755), kept=kept)[0],
    ]
    # At 0o644 somebody took the newer mode back already: the older one is what stands.
    results = revert_each(entries, kept, {A: b"3"}, modes={A: now})
    (file,) = merge(results, modes={A: now})
    assert file.content == b"1"
    assert file.mode == restored


def test_a_mode_that_went_there_and_back_is_no_change() -> None:
    kept = Kept()
    entries = [
        entry_of({"a": (b"1", b"1")}, entry_id=f"00000{n}-0", modes=modes, kept=kept)[0]
        for n, modes in enumerate([(0o644, 0o755), (0o755, 0o644)], 1)
    ]
    results = revert_each(entries, kept, {A: b"1"}, modes={A: 0o644})
    assert merge(results, modes={A: 0o644}) == ()


def test_the_hunks_of_all_are_named_when_one_is_taken_back_in_part() -> None:
    kept = Kept()
    change: Change = (b"1\n2\n3\n", b"one\n2\nthree\n")
    entries = changes_of(kept, ({"a": change}, {}), ({"b": change}, {}))
    first, _ = ids = [hunk.hunk_id for hunk in hunks_of(entries[0], kept)]
    now = {A: change[1], B: change[1]}
    whole = revert_each(entries, kept, now)
    assert merge_hunks(whole, entries, kept) is None
    part = revert_each(entries, kept, now, hunks={entries[0].entry_id: ids[:1]})
    others = [hunk.hunk_id for hunk in hunks_of(entries[1], kept)]
    assert merge_hunks(part, entries, kept) == (*others, first)


def test_an_undos_hunk_is_known_by_what_it_took() -> None:
    kept = Kept()
    old, new = b"x\n1\n2\nx\n3\n", b"y\n1\n2\ny\nthree\n"
    change, _ = entry_of({"a": (old, new)}, kept=kept)
    back, _ = entry_of({"a": (b"mine\n" + new, b"mine\n" + old)}, entry_id="000002-0", kept=kept)
    pairs = counterparts(change, back, kept)
    assert list(pairs) == [hunk.hunk_id for hunk in hunks_of(change, kept)]
    assert list(pairs.values()) == [hunk.hunk_id for hunk in hunks_of(back, kept)]


def test_a_hunk_that_went_together_with_others_has_no_counterpart() -> None:
    kept = Kept()
    change, _ = entry_of({"a": (b"1\n2\n3\n", b"one\n2\nthree\n")}, kept=kept)
    merged, _ = entry_of({"a": (b"one\ntwo\nthree\n", b"1\n2\n3\n")}, entry_id="2", kept=kept)
    assert counterparts(change, merged, kept) == {}
    assert counterparts(change, merged, Kept()) == {}
    twice, _ = entry_of({"a": (b"x\n", b"y\n")}, kept=kept)
    more, _ = entry_of({"a": (b"y\n0\ny\n", b"x\n0\nx\n")}, entry_id="2", kept=kept)
    assert counterparts(twice, more, kept) == {}


def test_an_undo_of_several_is_one_entry_after_a_restart_and_a_redo_brings_all_back(
    journal: Journal, root: Path, tmp_path: Path
) -> None:
    before = tree_of(root)
    first = journal.commit([write(root, "b.sh", b"1\n"), write(root, "new/deep/c.py", b"c\n")])
    second = journal.commit([write(root, "b.sh", b"2\n"), write(root, "new/d.py", b"d\n")])
    after = tree_of(root)
    undone = undo_together(journal, [first, second])
    assert tree_of(root) == before
    again = Journal(tmp_path / "state", root)
    assert again.entries()[-1] == undone
    assert undone.reverts == (second.entry_id, first.entry_id)
    redone = undo(again, undone)
    assert tree_of(root) == after
    undo(again, redone)
    assert tree_of(root) == before


CONTENTS = st.sampled_from([None, b"", b"1\n2\n3\n", b"1\ntwo\n3\n", b"1\n2\n3\n4\n", b"\xff\0"])


@given(st.lists(st.tuples(CONTENTS, CONTENTS, CONTENTS), min_size=3, max_size=6))
def test_undoing_all_at_once_and_redoing_is_as_if_nothing_had_happened(
    states: list[tuple[bytes | None, ...]],
) -> None:
    kept = Kept()
    steps = []
    for old, new in pairwise(states):
        pairs = zip("abc", zip(old, new, strict=True), strict=True)
        changed = {path: pair for path, pair in pairs if pair[0] != pair[1]}
        if changed:
            steps.append((changed, _move_in(changed)))
    if not steps:
        return
    first, last = (dict(zip((A, B, C), states[at], strict=True)) for at in (0, -1))
    entries = changes_of(kept, *steps)
    results = revert_each(entries, kept, last)
    assert not any(result.conflicts for result in results)
    assert merge_hunks(results, entries, kept) is None
    files = merge(results)
    now = {**last, **{file.path: file.content for file in files}}
    assert now == first
    if not files:
        return
    undone, _ = entry_of(
        {file.path: (file.before, file.content) for file in files},
        entry_id="000009-0",
        moved={file.path: file.moved_from for file in files if file.moved_from},
        kept=kept,
    )
    redone = revert(undone, kept, now)
    assert redone.conflicts == ()
    assert {**now, **{file.path: file.content for file in redone.files}} == last


def _move_in(changes: dict[str, Change]) -> Move:
    """Call a removed and a new file one that moved."""
    removed = [path for path, (_, new) in changes.items() if new is None]
    came = [path for path, (old, _) in changes.items() if old is None]
    return {came[0]: removed[0]} if removed and came else {}


def manifest_of(state_dir: Path, entry: JournalEntry) -> Path:
    return state_dir / "entries" / f"{entry.entry_id}.done"


def test_an_undo_of_one_is_written_as_ever(journal: Journal, root: Path, tmp_path: Path) -> None:
    """What earlier versions wrote is read, and they read what needs nothing new."""
    entry = journal.commit([write(root, "b.sh", b"1\n")])
    undone = undo(journal, entry)
    stored = [json.loads(manifest_of(tmp_path / "state", e).read_bytes()) for e in (entry, undone)]
    assert [fields["reverts"] for fields in stored] == [None, entry.entry_id]
    assert not any("also_reverts" in fields for fields in stored)
    assert [e.reverts for e in journal.entries()] == [(), (entry.entry_id,)]


@pytest.mark.parametrize("more", ['"x"', "[1]", "[null]", "null", "{}"])
def test_a_manifest_that_takes_back_what_is_no_entry_is_damaged(
    journal: Journal, root: Path, tmp_path: Path, more: str
) -> None:
    undone = undo(journal, journal.commit([write(root, "b.sh", b"1\n")]))
    manifest = manifest_of(tmp_path / "state", undone)
    fields = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**fields, "also_reverts": json.loads(more)}))
    with pytest.raises(UserError, match="is damaged"):
        journal.entry(undone.entry_id)


def test_an_entry_that_is_not_there_is_never_taken_back(journal: Journal, root: Path) -> None:
    entry = journal.commit([write(root, "b.sh", b"1\n")])
    with pytest.raises(UserError, match="no change"):
        journal.commit(
            [write(root, "b.sh", b"2\n")], EntryNote(reverts=(entry.entry_id, "000009-00000000"))
        )
    assert (root / "b.sh").read_bytes() == b"1\n"
