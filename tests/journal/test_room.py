import os
import zlib
from pathlib import Path

import pytest

from pairwright.errors import UserError
from pairwright.journal.history import EntryState, states_of
from pairwright.journal.journal import Journal
from tests.journal.changes import leftovers, reverted, tree_of, undo, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "ws"
    root.mkdir()
    (root / "a").write_bytes(b"0")
    return root


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_the_oldest_changes_give_way_and_it_is_said(root: Path, state_dir: Path) -> None:
    journal = Journal(state_dir, root, keep=3)
    entries = [journal.commit([write(root, "a", bytes([n]))]) for n in range(5)]
    assert [entry.pruned for entry in entries] == [
        (),
        (),
        (),
        (entries[0].entry_id,),
        (entries[1].entry_id,),
    ]
    states = states_of(journal.entries(), journal.content)
    assert list(states.values()) == [EntryState.PRUNED] * 2 + [EntryState.STANDING] * 3
    with pytest.raises(UserError, match="no longer be taken back"):
        reverted(journal, journal.entries()[0])
    undo(journal, entries[4])
    assert (root / "a").read_bytes() == b"\x03"
    assert leftovers(root, state_dir) == []


def test_the_size_is_limited_by_what_is_kept_compressed(root: Path, state_dir: Path) -> None:
    journal = Journal(state_dir, root, max_bytes=50_000)
    pruned: list[str] = []
    for _ in range(5):
        pruned += journal.commit([write(root, "a", os.urandom(20_000))]).pruned
    kept = sum(path.stat().st_size for path in (state_dir / "blobs").iterdir())
    assert kept <= 50_000
    assert pruned
    assert [entry.entry_id for entry in journal.entries() if entry.is_pruned] == pruned
    journal.commit([write(root, "a", b"text\n" * 200_000)])
    newest = journal.entries()[-1]
    assert not newest.is_pruned, "what is compressed well takes little"


def test_the_newest_change_is_never_given_up(root: Path, state_dir: Path) -> None:
    journal = Journal(state_dir, root, max_bytes=10)
    before = tree_of(root)
    journal.commit([write(root, "a", os.urandom(5_000))])
    entry = journal.commit([write(root, "a", b"0")])
    assert [known.is_pruned for known in journal.entries()] == [True, False]
    undo(journal, entry)
    assert tree_of(root) != before


def test_the_same_content_is_kept_once(root: Path, state_dir: Path) -> None:
    journal = Journal(state_dir, root)
    entry = journal.commit([write(root, "a", b"1"), write(root, "b", b"1")])
    undo(journal, undo(journal, entry))
    assert len(list((state_dir / "blobs").iterdir())) == 2


def test_only_touched_files_are_kept(root: Path, state_dir: Path) -> None:
    (root / "other").write_bytes(b"untouched")
    journal = Journal(state_dir, root)
    journal.commit([write(root, "a", b"1")])
    assert len(list((state_dir / "blobs").iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [b"", b"garbage", zlib.compress(b"another content"), None],
    ids=["emptied", "overwritten", "exchanged", "one bit"],
)
def test_a_damaged_content_is_noticed_and_only_what_needs_it_is_refused(
    root: Path, state_dir: Path, damage: bytes | None
) -> None:
    (root / "b").write_bytes(b"b")
    journal = Journal(state_dir, root)
    hurt = journal.commit([write(root, "a", b"1" * 100)])
    sound = journal.commit([write(root, "b", b"2")])
    blob = state_dir / "blobs" / str(hurt.files[0].before)
    kept = blob.read_bytes()
    blob.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]) if damage is None else damage)
    before = tree_of(root)
    with pytest.raises(UserError, match="damaged on the disk"):
        reverted(journal, hurt)
    assert tree_of(root) == before
    undo(journal, sound)
    assert (root / "b").read_bytes() == b"b"
    assert len(journal.entries()) == 3


def test_a_content_that_is_missing_is_named(root: Path, state_dir: Path) -> None:
    journal = Journal(state_dir, root)
    entry = journal.commit([write(root, "a", b"1")])
    (state_dir / "blobs" / str(entry.files[0].before)).unlink()
    with pytest.raises(UserError, match="no longer holds"):
        reverted(journal, entry)


def test_a_damaged_copy_is_replaced_when_its_content_comes_again(
    root: Path, state_dir: Path
) -> None:
    journal = Journal(state_dir, root)
    entry = journal.commit([write(root, "a", b"1")])
    (state_dir / "blobs" / str(entry.files[0].after)).write_bytes(b"garbage")
    (root / "b").write_bytes(b"b")
    journal.commit([write(root, "b", b"1")])
    undo(journal, entry)
    assert (root / "a").read_bytes() == b"0"


def test_a_damaged_manifest_hides_one_entry_and_loses_no_content(
    root: Path, state_dir: Path
) -> None:
    journal = Journal(state_dir, root)
    hurt = journal.commit([write(root, "a", b"1")])
    sound = journal.commit([write(root, "a", b"2")])
    manifest = state_dir / "entries" / f"{hurt.entry_id}.done"
    kept = manifest.read_bytes()
    manifest.write_bytes(kept[:40])
    journal.recover()
    assert journal.entries() == (sound,)
    manifest.write_bytes(kept)
    assert [entry.entry_id for entry in journal.entries()] == [hurt.entry_id, sound.entry_id]
    undo(journal, sound)
    undo(journal, hurt)
    assert (root / "a").read_bytes() == b"0"


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b'{"format": 3}', b'{"format": 2, "files": 1}', b"\xff", b"null"],
)
def test_no_manifest_is_believed_that_is_not_ours(
    root: Path, state_dir: Path, manifest: bytes
) -> None:
    journal = Journal(state_dir, root)
    journal.commit([write(root, "a", b"1")])
    (state_dir / "entries/000007-00000000.done").write_bytes(manifest)
    assert len(journal.entries()) == 1
    with pytest.raises(UserError, match="damaged, or of another version"):
        journal.entry("000007-00000000")


def test_a_digest_is_no_path(root: Path, state_dir: Path) -> None:
    with pytest.raises(ValueError, match="no digest"):
        Journal(state_dir, root).content("../entries/x")
