"""How does each change stand? As it was made, taken back, in part, or beyond taking back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pairwright.errors import UserError
from pairwright.journal.entries import JournalEntry
from pairwright.journal.hunks import Contents, hunks_of
from pairwright.journal.pairing import counterparts


class EntryState(StrEnum):
    """How a change stands now."""

    STANDING = "standing"
    UNDONE = "undone"
    PARTLY_UNDONE = "partly_undone"
    PRUNED = "pruned"
    """It stands, and can no longer be taken back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a change stands, and which of its hunks do not."""

    state: EntryState
    gone: frozenset[str] | None
    """The ids of the hunks that were surely taken back; None: all of them."""


def standings_of(entries: Sequence[JournalEntry], contents: Contents) -> Mapping[str, Standing]:
    """Return how each entry stands, by its id; undos are entries as well.

    An undo that was taken back in turn counts for nothing.

    Args:
        entries: all of them, oldest first.
        contents: gives the bytes of a digest, as `Journal.content` does.
    """
    standings: dict[str, Standing] = {}
    undos: dict[str, list[JournalEntry]] = {}
    for entry in reversed(entries):
        standing = _standing_of(entry, undos.get(entry.entry_id, ()), standings, contents)
        standings[entry.entry_id] = standing
        if standing.state is not EntryState.UNDONE:
            for entry_id in entry.reverts:
                undos.setdefault(entry_id, []).append(entry)
    return {entry.entry_id: standings[entry.entry_id] for entry in entries}


def states_of(entries: Sequence[JournalEntry], contents: Contents) -> Mapping[str, EntryState]:
    """Return how each entry stands, by its id, as `standings_of` does."""
    standings = standings_of(entries, contents)
    return {entry_id: standing.state for entry_id, standing in standings.items()}


def is_undo(entry: JournalEntry, entries: Sequence[JournalEntry]) -> bool:
    """Tell whether an entry took changes away; one that brought them back did not."""
    by_id = {each.entry_id: each for each in entries}
    depth = 0
    while entry.reverts:
        depth += 1
        known = [by_id[entry_id] for entry_id in entry.reverts if entry_id in by_id]
        if not known:
            break
        # Invariant: an entry takes back changes only, undos only or redos only.
        entry = known[0]
    return depth % 2 == 1


def changes_behind(
    entry: JournalEntry, entries: Sequence[JournalEntry]
) -> tuple[JournalEntry, ...]:
    """Return the changes that a chain of undos and redos speaks of, the newest first.

    Where one is no longer remembered, what is next to it in the chain stands for it.
    """
    by_id = {each.entry_id: each for each in entries}
    found: dict[str, JournalEntry] = {}
    waiting = [entry]
    while waiting:
        each = waiting.pop()
        known = [by_id[entry_id] for entry_id in each.reverts if entry_id in by_id]
        waiting += known
        if not known:
            found[each.entry_id] = each
    return tuple(sorted(found.values(), key=lambda each: each.entry_id, reverse=True))


def latest_change(entries: Sequence[JournalEntry], contents: Contents) -> JournalEntry | None:
    """Return what an undo without an id takes back: the last change of which something stands."""
    states = states_of(entries, contents)
    for entry in reversed(entries):
        if not entry.reverts and states[entry.entry_id] in (
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
        if entry.reverts and undos.isdisjoint(entry.reverts):
            undos.add(entry.entry_id)
    for entry in reversed(entries):
        if not entry.reverts:
            return None
        if entry.entry_id in undos and states[entry.entry_id] in (
            EntryState.STANDING,
            EntryState.PARTLY_UNDONE,
        ):
            return entry
    return None


def _standing_of(
    entry: JournalEntry,
    undos: Sequence[JournalEntry],
    standings: Mapping[str, Standing],
    contents: Contents,
) -> Standing:
    """Return how an entry stands, given the undos of it that stand, wholly or in part."""
    untouched = EntryState.PRUNED if entry.is_pruned else EntryState.STANDING
    if not undos:
        return Standing(untouched, frozenset())
    partly = {
        undo.entry_id
        for undo in undos
        if standings[undo.entry_id].state is EntryState.PARTLY_UNDONE
    }
    if any(undo.hunks is None and undo.entry_id not in partly for undo in undos):
        return Standing(EntryState.UNDONE, None)
    hunk_ids = _hunk_ids(entry, contents)
    if hunk_ids is None:
        return Standing(EntryState.PARTLY_UNDONE, frozenset())
    gone: set[str] = set()
    is_certain = True
    for undo in undos:
        taken = hunk_ids if undo.hunks is None else hunk_ids & set(undo.hunks)
        if undo.entry_id in partly:
            back = standings[undo.entry_id].gone or frozenset()
            pairs = counterparts(entry, undo, contents)
            is_certain = is_certain and taken <= pairs.keys()
            taken = {each for each in taken if each in pairs and pairs[each] not in back}
        gone |= taken
    if gone >= hunk_ids:
        return Standing(EntryState.UNDONE, None)
    state = EntryState.PARTLY_UNDONE if gone or not is_certain else untouched
    return Standing(state, frozenset(gone))


def _hunk_ids(entry: JournalEntry, contents: Contents) -> set[str] | None:
    """Return the ids of an entry's hunks; None when they cannot be known any more."""
    try:
        return {hunk.hunk_id for hunk in hunks_of(entry, contents)}
    except UserError:
        return None
