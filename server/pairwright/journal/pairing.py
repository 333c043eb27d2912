"""Which hunk of an undo took which hunk of a change away? Only where that is certain."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pairwright.errors import UserError
from pairwright.journal.entries import JournalEntry
from pairwright.journal.hunks import Contents, EntryHunk, hunks_of

_Lines = tuple[str, tuple[str, ...], tuple[str, ...]]


def counterparts(entry: JournalEntry, undo: JournalEntry, contents: Contents) -> Mapping[str, str]:
    """Return the id of the undo's hunk that took each hunk of the entry away, and nothing else.

    Hunks that others were merged with are not in it, nor any when contents were given up.
    """
    try:
        taken = [
            hunk
            for hunk in hunks_of(entry, contents)
            if undo.hunks is None or hunk.hunk_id in undo.hunks
        ]
        undoing = hunks_of(undo, contents)
    except UserError:
        return {}
    by_lines = _by_lines(undoing)
    pairs = {}
    for (path, old, new), hunks in _by_lines(taken).items():
        # Among equal ones the order tells, as long as none is missing.
        found = by_lines.get((path, new, old), [])
        if len(found) == len(hunks):
            pairs.update(
                {hunk.hunk_id: other.hunk_id for hunk, other in zip(hunks, found, strict=True)}
            )
    return pairs


def _by_lines(hunks: Sequence[EntryHunk]) -> Mapping[_Lines, list[EntryHunk]]:
    found: defaultdict[_Lines, list[EntryHunk]] = defaultdict(list)
    for hunk in hunks:
        found[hunk.path, hunk.hunk.old_lines, hunk.hunk.new_lines].append(hunk)
    return found
