"""What do tests of the journal do again and again? Trees, writes, and undoing whole entries."""

import stat
from collections.abc import Collection, Sequence
from pathlib import Path

from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.journal.journal import Journal
from pairwright.journal.merging import merge, merge_hunks
from pairwright.journal.reverting import Reverted, revert, revert_each
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import WorkspacePath

Tree = dict[str, tuple[bytes, int]]


def write(
    root: Path,
    path: str,
    content: bytes | None,
    *,
    mode: int | None = None,
    moved_from: str | None = None,
) -> FileWrite:
    """Return a write upon what the file holds now."""
    target = root / path
    before = digest_bytes(target.read_bytes()) if target.exists() else None
    moved = None if moved_from is None else WorkspacePath(moved_from)
    return FileWrite(WorkspacePath(path), before, content, mode=mode, moved_from=moved)


def tree_of(root: Path) -> Tree:
    """Return every regular file's bytes and mode, and every directory as an empty one."""
    return {
        str(path.relative_to(root)): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mode if path.is_dir() else stat.S_IMODE(path.stat().st_mode),
        )
        for path in sorted(root.rglob("*"))
        if path.is_file() or path.is_dir()
    }


def reverted(
    journal: Journal,
    entry: JournalEntry,
    *,
    paths: Collection[WorkspacePath] | None = None,
    hunks: Collection[str] | None = None,
) -> Reverted:
    """Return what takes an entry back, upon what the disk holds now."""
    states = {record.path: journal.read(record.path) for record in entry.files}
    return revert(
        entry,
        journal.content,
        {path: state.content if state else None for path, state in states.items()},
        paths=paths,
        hunks=hunks,
        modes={path: state.mode for path, state in states.items() if state},
    )


def undo(
    journal: Journal,
    entry: JournalEntry,
    *,
    paths: Collection[WorkspacePath] | None = None,
    hunks: Collection[str] | None = None,
) -> JournalEntry:
    """Take an entry back, or a part of it; nothing may conflict."""
    result = reverted(journal, entry, paths=paths, hunks=hunks)
    assert result.conflicts == ()
    return journal.commit(
        [file.to_write() for file in result.files],
        EntryNote(entry.label, entry.task_id, entry.client, (entry.entry_id,), result.hunks),
        approved=[record.path for record in entry.files],
    )


def undo_together(journal: Journal, entries: Sequence[JournalEntry]) -> JournalEntry:
    """Take several entries back as one; nothing may conflict."""
    paths = {record.path for entry in entries for record in entry.files}
    states = {path: journal.read(path) for path in paths}
    modes = {path: state.mode for path, state in states.items() if state}
    current = {path: state.content if state else None for path, state in states.items()}
    results = revert_each(entries, journal.content, current, modes=modes)
    assert not any(result.conflicts for result in results)
    note = EntryNote(
        reverts=tuple(result.entry_id for result in results),
        hunks=merge_hunks(results, entries, journal.content),
    )
    writes = [file.to_write() for file in merge(results, modes=modes)]
    return journal.commit(writes, note, approved=tuple(paths))


def leftovers(root: Path, state_dir: Path) -> list[str]:
    """Return what an interrupted change left that nobody needs."""
    beside = [str(path.relative_to(root)) for path in root.rglob(".pairwright-*")]
    entries = [
        path.name
        for path in (state_dir / "entries").iterdir()
        if path.suffix not in (".done", ".pruned")
    ]
    journal = Journal(state_dir, root)
    used = {
        digest
        for entry in journal.entries()
        for record in entry.files
        for digest in (record.before, record.after)
        if digest and not entry.is_pruned
    }
    kept = {path.name for path in (state_dir / "blobs").iterdir()}
    return [*beside, *entries, *(kept ^ used)]


def a_change(root: Path) -> list[FileWrite]:
    return [
        write(root, "pkg/a.py", b"new a\r\n"),
        write(root, "b.sh", b"new b \xfe\n"),
        write(root, "gone.txt", None),
        write(root, "new/deep/c.py", b"c\n"),
    ]
