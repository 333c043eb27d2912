"""How does each change stand? As it was made, taken back, in part, or beyond taking back."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pairwright.errors import UserError
from pairwright.journal.entries import JournalEntry
from pairwright.journal.hunks import Contents, hunks_of


class EntryState(StrEnum):
    """How a change stands now."""

    STANDING = "standing"
    UNDONE = "undone"
    PARTLY_UNDONE = "partly_undone"
    PRUNED = "pruned"
    """It stands, and can no longer be taken back."""


def states_of(entries: Sequence[JournalEntry], contents: Contents) -> Mapping[str, EntryState]:
    """Return how each entry stands, by its id; undos are entries as well.

    An undo that was taken back in turn counts for nothing.

    Args:
        entries: all of them, oldest first.
        contents: gives the bytes of a digest, as `Journal.content` does.
    """
    states: dict[str, EntryState] = {}
    undos: dict[str, list[JournalEntry]] = {}
    for entry in reversed(entries):
        state = _state_of(entry, undos.get(entry.entry_id, ()), states, contents)
        states[entry.entry_id] = state
        if entry.reverts is not None and state is not EntryState.UNDONE:
            undos.setdefault(entry.reverts, []).append(entry)
    return {entry.entry_id: states[entry.entry_id] for entry in entries}


def latest_change(entries: Sequence[JournalEntry], contents: Contents) -> JournalEntry | None:
    """Return what an undo without an id takes back: the last change of which something stands."""
    states = states_of(entries, contents)
    for entry in reversed(entries):
        if entry.reverts is None and states[entry.entry_id] in (
            EntryState.STANDING,
            EntryState.PARTLY_UNDONE,
        ):
            return entry
    return None


def latest_undo(entries: Sequence[JournalEntry], contents: Contents) -> JournalEntry | None:
    """Return what a redo without an id takes back: the last undo, unless a change came after it."""
    states = states_of(entries, contents)
    undos: set[str] = set()
    for entry in entries:
        if entry.reverts is not None and entry.reverts not in undos:
            undos.add(entry.entry_id)
    for entry in reversed(entries):
        if entry.reverts is None:
            return None
        if entry.entry_id in undos and states[entry.entry_id] in (
            EntryState.STANDING,
            EntryState.PARTLY_UNDONE,
        ):
            return entry
    return None


def _state_of(
    entry: JournalEntry,
    undos: Sequence[JournalEntry],
    states: Mapping[str, EntryState],
    contents: Contents,
) -> EntryState:
    """Return how an entry stands, given the undos of it that stand, wholly or in part."""
    whole = [undo for undo in undos if states[undo.entry_id] is not EntryState.PARTLY_UNDONE]
    if any(undo.hunks is None for undo in whole):
        return EntryState.UNDONE
    gone = {hunk_id for undo in whole for hunk_id in undo.hunks or ()}
    if gone and gone >= _hunk_ids(entry, contents):
        return EntryState.UNDONE
    if undos:
        return EntryState.PARTLY_UNDONE
    return EntryState.PRUNED if entry.is_pruned else EntryState.STANDING


def _hunk_ids(entry: JournalEntry, contents: Contents) -> set[str]:
    try:
        return {hunk.hunk_id for hunk in hunks_of(entry, contents)}
    except UserError:
        return {"unknown"}  # more than any undo names
