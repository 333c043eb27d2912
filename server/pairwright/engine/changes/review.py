"""What is decided of a change, and what is not yet? A state machine, hunk by hunk.

    pending --> kept        for good: undo takes it back, reject does not
            \\-> rejected    for good

A value without effects: texts in, texts out. Pending hunks follow the text: what a person types,
and what becomes of the file when other hunks of it are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pairwright.editing.change import FileEditKind
from pairwright.errors import InvalidRequest, UnknownTask
from pairwright.text.diff import Hunk, apply_hunks
from pairwright.text.rebase import rebase
from pairwright.workspace.paths import WorkspacePath

Texts = Mapping[WorkspacePath, str | None]
"""What stands in each file now; None, or no key, for a file that is not there."""


class HunkState(StrEnum):
    """What a person said of a hunk."""

    PENDING = "pending"
    KEPT = "kept"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ReviewHunk:
    """What is decided as one: lines of a file, or a whole file that comes, goes or is renamed."""

    hunk_id: str
    path: WorkspacePath
    kind: FileEditKind
    base: str | None
    """The text that the hunks speak of; None for a file that is created."""
    hunks: tuple[Hunk, ...]
    """One for a file that is modified; else all of the file, perhaps none."""
    new_path: WorkspacePath | None = None
    """Where a renamed file goes."""
    state: HunkState = HunkState.PENDING

    @property
    def paths(self) -> tuple[WorkspacePath, ...]:
        """The files that are written when the hunk is kept."""
        return (self.path,) if self.new_path is None else (self.path, self.new_path)


@dataclass(frozen=True, slots=True)
class HunkConflict:
    """A hunk that cannot follow the text."""

    hunk_id: str
    path: WorkspacePath
    reason: str
    ours: str
    """What the change wants at that place."""
    theirs: str
    """What stands there now."""
    is_made: bool = False
    """Somebody made the very same change: keeping it takes no writing."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Pending hunks on the text as it is now: each is in exactly one of the two."""

    hunks: tuple[ReviewHunk, ...]
    conflicts: tuple[HunkConflict, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What becomes of the files, and of the review, when hunks are kept."""

    review: "Review"
    """With these hunks kept and the others carried behind them."""
    hunk_ids: tuple[str, ...]
    texts: Texts
    """The new text of each file; None where it goes away."""
    renamed: Mapping[WorkspacePath, WorkspacePath]
    """From where a renamed file comes, by its new path."""
    conflicts: tuple[HunkConflict, ...] = ()
    """Hunks that were asked for and cannot be kept; they are in none of the above."""


@dataclass(frozen=True, slots=True)
class Review:
    """A proposed change, as a person decides it."""

    hunks: tuple[ReviewHunk, ...] = ()

    @property
    def pending(self) -> tuple[str, ...]:
        """The ids of what is not decided yet."""
        return tuple(hunk.hunk_id for hunk in self.hunks if hunk.state is HunkState.PENDING)

    def carried(self, texts: Texts) -> Carried:
        """Return the pending hunks as they fit the texts now; nothing is decided by it."""
        carried = _carry((hunk for hunk in self.hunks if hunk.state is HunkState.PENDING), texts)
        places = {hunk.hunk_id: place for place, hunk in enumerate(self.hunks)}
        return Carried(
            tuple(sorted(carried.hunks, key=lambda hunk: places[hunk.hunk_id])),
            tuple(sorted(carried.conflicts, key=lambda each: places[each.hunk_id])),
        )

    def keep(self, hunk_ids: Iterable[str] | None, texts: Texts) -> Kept:
        """Keep pending hunks, all of them by default, on the texts as they are now.

        Raises:
            UnknownTask: a hunk id is not of this change.
            InvalidRequest: a hunk was decided before, or none is named.
        """
        asked = self._asked(hunk_ids)
        on_now = self.carried(texts)
        asked_conflicts = [each for each in on_now.conflicts if each.hunk_id in asked]
        made = {each.hunk_id for each in asked_conflicts if each.is_made}
        wanted = [hunk for hunk in on_now.hunks if hunk.hunk_id in asked]
        new_texts: dict[WorkspacePath, str | None] = {}
        for path in dict.fromkeys(hunk.path for hunk in wanted):
            of_file = [hunk for hunk in wanted if hunk.path == path]
            new_texts.update(_applied(of_file))
        return Kept(
            review=self._after(on_now, wanted, made, new_texts),
            hunk_ids=(*(hunk.hunk_id for hunk in wanted), *sorted(made)),
            texts=new_texts,
            renamed={hunk.new_path: hunk.path for hunk in wanted if hunk.new_path is not None},
            conflicts=tuple(each for each in asked_conflicts if not each.is_made),
        )

    def reject(self, hunk_ids: Iterable[str] | None) -> "Review":
        """Reject pending hunks, all of them by default; what was kept stays kept.

        Raises:
            UnknownTask: a hunk id is not of this change.
            InvalidRequest: a hunk was decided before, or none is named.
        """
        asked = self._asked(hunk_ids)
        return Review(
            tuple(
                replace(hunk, state=HunkState.REJECTED) if hunk.hunk_id in asked else hunk
                for hunk in self.hunks
            )
        )

    def _asked(self, hunk_ids: Iterable[str] | None) -> frozenset[str]:
        if hunk_ids is None:
            return frozenset(self.pending)
        asked = frozenset(hunk_ids)
        if not asked:
            raise InvalidRequest("no hunk is named: name those that you mean, or none for all")
        states = {hunk.hunk_id: hunk.state for hunk in self.hunks}
        for hunk_id in sorted(asked):
            if hunk_id not in states:
                raise UnknownTask(f"the change has no hunk {hunk_id!r}")
            if states[hunk_id] is HunkState.KEPT:
                raise InvalidRequest(
                    f"the hunk {hunk_id!r} is kept already: 'pairwright undo' takes it back"
                )
            if states[hunk_id] is HunkState.REJECTED:
                raise InvalidRequest(
                    f"the hunk {hunk_id!r} is rejected already: run the instruction again"
                )
        return asked

    def _after(
        self, on_now: Carried, kept: list[ReviewHunk], made: set[str], new_texts: Texts
    ) -> "Review":
        """Return the review whose pending hunks speak of the files as they are then."""
        kept_ids = made | {hunk.hunk_id for hunk in kept}
        carried = {hunk.hunk_id: hunk for hunk in on_now.hunks}
        hunks = []
        for hunk in self.hunks:
            if hunk.hunk_id in kept_ids:
                # Its texts are needed no more.
                hunk = replace(hunk, state=HunkState.KEPT, base=None, hunks=())
            elif hunk.hunk_id in carried and (text := new_texts.get(hunk.path)) is not None:
                before = [each for other in kept if other.path == hunk.path for each in other.hunks]
                hunk = _moved_behind(carried[hunk.hunk_id], before, text)
            hunks.append(hunk)
        return Review(tuple(hunks))


def _carry(hunks: Iterable[ReviewHunk], texts: Texts) -> Carried:
    carried: list[ReviewHunk] = []
    conflicts: list[HunkConflict] = []
    lines: dict[tuple[WorkspacePath, str], list[ReviewHunk]] = {}
    for hunk in hunks:
        if (conflict := _file_conflict(hunk, texts)) is not None:
            conflicts.append(conflict)
        elif hunk.kind in (FileEditKind.CREATE, FileEditKind.DELETE):
            carried.append(hunk)
        else:
            lines.setdefault((hunk.path, hunk.base or ""), []).append(hunk)
    for (path, base), group in lines.items():
        on_now = _carry_lines(group, base, texts[path] or "")
        carried += on_now.hunks
        conflicts += on_now.conflicts
    return _without_collisions(carried, conflicts)


def _file_conflict(hunk: ReviewHunk, texts: Texts) -> HunkConflict | None:
    """Return why a hunk does not fit what became of its file as a whole."""
    now = texts.get(hunk.path)
    wanted = "".join(line for each in hunk.hunks for line in each.new_lines)
    if hunk.kind is FileEditKind.CREATE:
        reason = None if now is None else "there is such a file by now"
    elif now is None:
        reason = "the file was removed"
    elif hunk.kind is FileEditKind.DELETE:
        reason = None if now == hunk.base else "the file that would be removed was changed"
    elif hunk.new_path is not None and texts.get(hunk.new_path) is not None:
        reason, now = f"there is a file {hunk.new_path!r} by now", texts[hunk.new_path]
    else:
        reason = None
    if reason is None:
        return None
    return HunkConflict(hunk.hunk_id, hunk.path, reason, wanted, now or "")


def _carry_lines(group: list[ReviewHunk], base: str, now: str) -> Carried:
    """Carry hunks that were made against one base text."""
    on_now = rebase(base, (each for hunk in group for each in hunk.hunks), now)
    hits = {conflict.hunk: conflict for conflict in on_now.conflicts}
    fitting = iter(on_now.hunks)
    carried, conflicts = [], []
    # In the order of the text, as `rebase` returns them.
    for hunk in sorted(group, key=lambda each: [line.old_start for line in each.hunks]):
        moved = tuple(next(fitting) for each in hunk.hunks if each not in hits)
        if len(moved) == len(hunk.hunks):
            carried.append(replace(hunk, base=now, hunks=moved))
            continue
        found = [hits[each] for each in hunk.hunks if each in hits]
        conflicts.append(
            HunkConflict(
                hunk.hunk_id,
                hunk.path,
                found[0].reason,
                ours="".join(line for hit in found for line in hit.wanted_lines),
                theirs="".join(line for hit in found for line in hit.current_lines),
                is_made=hunk.kind is FileEditKind.MODIFY and all(hit.is_made for hit in found),
            )
        )
    return Carried(tuple(carried), tuple(conflicts))


def _without_collisions(carried: list[ReviewHunk], conflicts: list[HunkConflict]) -> Carried:
    """Return what can be applied together: hunks of different bases may have come to one place."""
    fitting: list[ReviewHunk] = []
    for hunk in carried:
        if any(hunk.path == other.path and _collide(hunk, other) for other in fitting):
            wanted = "".join(line for each in hunk.hunks for line in each.new_lines)
            reason = "another pending hunk has come to the same place"
            conflicts.append(HunkConflict(hunk.hunk_id, hunk.path, reason, wanted, ""))
        else:
            fitting.append(hunk)
    return Carried(tuple(fitting), tuple(conflicts))


def _collide(one: ReviewHunk, other: ReviewHunk) -> bool:
    return any(
        left.old_start < right.old_end and right.old_start < left.old_end
        if left.old_lines or right.old_lines
        else left.old_start == right.old_start
        for left in one.hunks
        for right in other.hunks
    )


def _applied(of_file: list[ReviewHunk]) -> dict[WorkspacePath, str | None]:
    """Return what becomes of a file whose hunks speak of its text as it is now."""
    first = of_file[0]
    if first.kind is FileEditKind.DELETE:
        return {first.path: None}
    text = apply_hunks(first.base or "", (each for hunk in of_file for each in hunk.hunks))
    if first.new_path is not None:
        return {first.path: None, first.new_path: text}
    return {first.path: text}


def _moved_behind(hunk: ReviewHunk, kept: list[Hunk], text: str) -> ReviewHunk:
    """Return a carried hunk on the text in which other hunks of its file are kept."""

    def moved(each: Hunk) -> Hunk:
        growth = sum(other.growth for other in kept if other.old_end <= each.old_start)
        start = each.old_start + growth
        return replace(each, old_start=start, new_start=start)

    return replace(hunk, base=text, hunks=tuple(moved(each) for each in hunk.hunks))
