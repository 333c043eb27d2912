"""How is an entry made without a disk? From each file's old and new bytes."""

from collections.abc import Mapping

from pairwright.errors import UserError
from pairwright.journal.entries import FileRecord, JournalEntry
from pairwright.journal.hunks import Contents
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import WorkspacePath

Change = tuple[bytes | None, bytes | None]


class Kept:
    """Contents by their digest, as the journal gives them."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def add(self, content: bytes | None) -> str | None:
        if content is None:
            return None
        digest = digest_bytes(content)
        self._contents[digest] = content
        return digest

    def __call__(self, digest: str) -> bytes:
        if digest not in self._contents:
            raise UserError(f"the journal no longer holds the content {digest[:12]}")
        return self._contents[digest]


def entry_of(
    changes: Mapping[str, Change],
    *,
    entry_id: str = "000001-00000000",
    reverts: tuple[str, ...] = (),
    hunks: tuple[str, ...] | None = None,
    modes: tuple[int, int] = (0o644, 0o644),
    moved: Mapping[str, str] | None = None,
    kept: Kept | None = None,
    is_pruned: bool = False,
) -> tuple[JournalEntry, Contents]:
    """Return an entry that made these changes, and what gives its contents."""
    kept = kept or Kept()
    moves = moved or {}
    records = tuple(
        FileRecord(
            WorkspacePath(path),
            kept.add(before),
            kept.add(after),
            0 if before is None else modes[0],
            0 if after is None else modes[1],
            moved_from=WorkspacePath(moves[path]) if path in moves else None,
        )
        for path, (before, after) in changes.items()
    )
    entry = JournalEntry(
        entry_id, "label", "task", "client", reverts, hunks, "", records, is_pruned=is_pruned
    )
    return entry, kept
