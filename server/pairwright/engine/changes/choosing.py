"""Which part of which changes does an undo or a redo mean? Said by entry, task, file and hunk.

Only what still can be taken or brought back is chosen: what is gone already does not hold up the
rest, also when somebody edited since where it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pairwright.errors import InvalidRequest, UnknownTask
from pairwright.journal.entries import JournalEntry
from pairwright.journal.history import (
    EntryState,
    Standing,
    is_undo,
    latest_change,
    latest_undo,
    standings_of,
)
from pairwright.journal.hunks import choose_hunks, hunks_of
from pairwright.journal.journal import Journal
from pairwright.journal.pairing import counterparts
from pairwright.protocol.history_messages import RedoParams, UndoParams
from pairwright.workspace.paths import WorkspacePath, parse_path


@dataclass(frozen=True, slots=True)
class Part:
    """What of one entry is meant."""

    entry: JournalEntry
    hunk_ids: frozenset[str] | None
    """None: all of it."""


def parts_to_undo(journal: Journal, params: UndoParams) -> tuple[Part, ...]:
    """Return what an undo takes back, the oldest first.

    Raises:
        UnknownTask: there is no such change, or nothing of it is left to take back.
        InvalidRequest: the request contradicts itself.
    """
    wanted = _Wanted.of(params)
    known = _Known(journal)
    if params.task_id is not None:
        of_task = [each for each in known.entries if each.task_id == params.task_id]
        standing = [each for each in of_task if not each.reverts and not known.is_gone(each)]
        if not standing:
            what = "was taken back already" if of_task else "wrote nothing here"
            raise UnknownTask(f"the task {params.task_id!r} {what}")
        return tuple(known.part_left(each, wanted) for each in standing)
    entry = _entry_to_undo(known, params)
    if known.is_gone(entry):
        raise UnknownTask(
            f"the change {entry.entry_id!r} was taken back already: 'pairwright redo "
            f"{number_of(entry.entry_id)}' brings it back"
        )
    part = known.part_left(entry, wanted)
    if part.hunk_ids is not None and not part.hunk_ids:
        raise UnknownTask(f"that part of the change {entry.entry_id!r} was taken back already")
    return (part,)


def parts_to_redo(journal: Journal, params: RedoParams) -> tuple[Part, ...]:
    """Return what a redo takes back of undos, the oldest first.

    Raises:
        UnknownTask: there is no such undo, or it was taken back already.
        InvalidRequest: the request contradicts itself, or means what was taken back with more.
    """
    wanted = _Wanted.of(params)
    known = _Known(journal)
    if params.task_id is not None:
        of_task = [each for each in known.entries if each.task_id == params.task_id]
        undos = [each for each in of_task if known.is_standing_undo(each)]
        if not undos:
            what = "is not taken back: nothing to do again" if of_task else "wrote nothing here"
            raise UnknownTask(f"the task {params.task_id!r} {what}")
        return tuple(known.part_left(each, wanted) for each in undos)
    named = _entry_to_redo(known, params)
    if is_undo(named, known.entries):
        undos = [] if known.is_gone(named) else [named]
    else:
        # Who names a change means the undos of it.
        undos = [each for each in known.undos_of(named) if not known.is_gone(each)]
    if not undos:
        raise UnknownTask(f"the change {named.entry_id!r} is not taken back: nothing to do again")
    if undos == [named]:
        parts = [known.part_left(named, wanted)]
    else:
        parts = _parts_of_undos(known, named, undos, wanted)
    left = tuple(part for part in parts if part.hunk_ids is None or part.hunk_ids)
    if not left:
        raise UnknownTask(f"that part of the change {named.entry_id!r} is not taken back")
    return left


def find_entry(entries: Sequence[JournalEntry], name: str) -> JournalEntry:
    """Return the entry of an id; its number, as in `12`, is enough where only one has it.

    Raises:
        UnknownTask: there is none.
    """
    for entry in entries:
        if entry.entry_id == name:
            return entry
    if name.isascii() and name.isdigit():
        numbered = [entry for entry in entries if number_of(entry.entry_id) == int(name)]
        if len(numbered) == 1:
            return numbered[0]
    raise UnknownTask(f"there is no change {name!r}: 'pairwright history' lists them")


def number_of(entry_id: str) -> int:
    """Return the number that an entry's id begins with."""
    digits = entry_id.partition("-")[0]
    return int(digits) if digits.isdigit() else 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The files and hunks that a request names; None: all."""

    paths: frozenset[WorkspacePath] | None
    hunk_ids: frozenset[str] | None

    @classmethod
    def of(cls, params: UndoParams | RedoParams) -> "_Wanted":
        """Return them of a request that does not contradict itself."""
        if params.entry_id is not None and params.task_id is not None:
            raise InvalidRequest("name a change or a task, not both")
        has_parts = params.paths is not None or params.hunk_ids is not None
        if params.task_id is not None and has_parts:
            raise InvalidRequest("a task is meant as a whole: name one of its changes instead")
        for name, parts in (("file", params.paths), ("hunk", params.hunk_ids)):
            if parts is not None and not parts:
                raise InvalidRequest(
                    f"no {name} is named: name those that you mean, or none for all"
                )
        return cls(
            None if params.paths is None else frozenset(map(parse_path, params.paths)),
            None if params.hunk_ids is None else frozenset(params.hunk_ids),
        )

    @property
    def is_all(self) -> bool:
        return self.paths is None and self.hunk_ids is None

    def among(self, entry: JournalEntry) -> "_Wanted":
        """Return what an entry has of the files."""
        if self.paths is None:
            return self
        return replace(self, paths=self.paths & {record.path for record in entry.files})


class _Known:
    """What the journal remembers, read once."""

    def __init__(self, journal: Journal) -> None:
        self.content = journal.content
        self.entries = journal.entries()

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        return standings_of(self.entries, self.content)

    def is_gone(self, entry: JournalEntry) -> bool:
        return self.standings[entry.entry_id].state is EntryState.UNDONE

    def is_standing_undo(self, entry: JournalEntry) -> bool:
        return is_undo(entry, self.entries) and not self.is_gone(entry)

    def undos_of(self, entry: JournalEntry) -> list[JournalEntry]:
        return [each for each in self.entries if entry.entry_id in each.reverts]

    def hunk_ids(self, entry: JournalEntry) -> frozenset[str]:
        return frozenset(hunk.hunk_id for hunk in hunks_of(entry, self.content))

    def entry_of_hunk(self, hunk_id: str) -> JournalEntry:
        for entry in reversed(self.entries):
            if not entry.is_pruned and hunk_id in self.hunk_ids(entry):
                return entry
        raise UnknownTask(
            f"no change has a hunk {hunk_id!r}: 'pairwright history ENTRY' lists them"
        )

    def part_left(self, entry: JournalEntry, wanted: _Wanted) -> Part:
        """Return what is wanted of an entry and not gone already."""
        gone = self.standings[entry.entry_id].gone
        if entry.is_pruned or (wanted.is_all and not gone):
            return Part(entry, None)
        hunks = hunks_of(entry, self.content)
        chosen = choose_hunks(entry, hunks, paths=wanted.paths, hunks=wanted.hunk_ids)
        left = chosen - (chosen if gone is None else gone)
        return Part(entry, None if len(left) == len(hunks) else frozenset(left))


def _entry_to_undo(known: _Known, params: UndoParams) -> JournalEntry:
    if params.entry_id is not None:
        return find_entry(known.entries, params.entry_id)
    if params.hunk_ids is not None:
        return known.entry_of_hunk(params.hunk_ids[0])
    latest = latest_change(known.entries, known.content)
    if latest is None:
        raise UnknownTask("there is no change to take back")
    return latest


def _entry_to_redo(known: _Known, params: RedoParams) -> JournalEntry:
    if params.entry_id is not None:
        return find_entry(known.entries, params.entry_id)
    if params.hunk_ids is not None:
        return known.entry_of_hunk(params.hunk_ids[0])
    latest = latest_undo(known.entries, known.content)
    if latest is None:
        raise UnknownTask("there is no undo to take back since the last change")
    return latest


def _parts_of_undos(
    known: _Known, change: JournalEntry, undos: Sequence[JournalEntry], wanted: _Wanted
) -> list[Part]:
    """Return what brings back the wanted part of a change, of the undos that took it."""
    if wanted.hunk_ids is None and all(len(undo.reverts) == 1 for undo in undos):
        choose_hunks(change, (), paths=wanted.paths)  # for its refusal of unknown files
        return [known.part_left(undo, wanted.among(undo)) for undo in undos]
    own = {undo.entry_id: known.hunk_ids(undo) for undo in undos}
    of_undos = frozenset().union(*own.values()) & (wanted.hunk_ids or frozenset())
    meant = choose_hunks(
        change,
        hunks_of(change, known.content),
        paths=wanted.paths,
        hunks=None if wanted.hunk_ids is None else wanted.hunk_ids - of_undos,
    )
    parts = []
    for undo in undos:
        pairs = counterparts(change, undo, known.content)
        taken = meant if undo.hunks is None else meant & set(undo.hunks)
        if not taken <= pairs.keys():
            raise _taken_with_more(change, undo)
        chosen = {pairs[each] for each in taken} | (of_undos & own[undo.entry_id])
        parts.append(_without_gone(known, undo, chosen, own[undo.entry_id]))
    return parts


def _without_gone(
    known: _Known, undo: JournalEntry, chosen: Collection[str], all_hunks: Collection[str]
) -> Part:
    left = frozenset(chosen) - (known.standings[undo.entry_id].gone or frozenset())
    return Part(undo, None if len(left) == len(all_hunks) else left)


def _taken_with_more(change: JournalEntry, undo: JournalEntry) -> InvalidRequest:
    number = number_of(undo.entry_id)
    return InvalidRequest(
        f"what is meant of the change {change.entry_id!r} was taken back together with other "
        f"lines: 'pairwright redo {number}' brings all of it back, and 'pairwright history "
        f"{number}' lists the hunks that can be brought back alone"
    )
