"""How is a proposal shown, as it stands on the text now? Hunks, conflicts and what speaks against.

Between the review, which knows texts, and the messages, which people read.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from pairwright.checks.comparison import OutlineText, compare
from pairwright.checks.follow_up import follow_ups
from pairwright.checks.overlay import overlay_texts, text_before
from pairwright.checks.parsing import new_syntax_problems
from pairwright.checks.verdict import Problem
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.engine.changes.review import (
    HunkConflict,
    HunkState,
    Kept,
    Review,
    ReviewHunk,
    Texts,
)
from pairwright.engine.tasks.events import to_follow_up, to_verdict_view
from pairwright.engine.tasks.task import Task
from pairwright.errors import InvalidRequest, StaleChange
from pairwright.index.analysis import Analysis
from pairwright.protocol import messages
from pairwright.strategies.base import Proposal
from pairwright.text.diff import DiffKind, FileDiff, diff_texts, to_unified
from pairwright.workspace.paths import Protection, WorkspacePath, protection_of
from pairwright.workspace.snapshot import Snapshot

_MOST_REMEMBERED = 200_000
"""Characters of a diff that is remembered after its decision."""
_SHOWN_LINES = 6
"""Of each side of a conflict, in a message."""
_DIFF_KINDS = {
    FileEditKind.MODIFY: DiffKind.MODIFY,
    FileEditKind.RENAME: DiffKind.MODIFY,
    FileEditKind.CREATE: DiffKind.CREATE,
    FileEditKind.DELETE: DiffKind.DELETE,
}


def propose(
    task: Task, proposal: Proposal, *, base: Snapshot, current: Snapshot
) -> messages.ChangeReady:
    """Carry the proposal from the text it was made on to the current one; number its hunks.

    Hunks that the text has moved away from become conflicts, and are no part of the review.
    """
    review = Review(tuple(_hunks_of(proposal.change, base)))
    carried = review.carried(texts_of(review, current))
    task.review = Review(
        tuple(replace(hunk, hunk_id=f"h{number}") for number, hunk in enumerate(carried.hunks, 1))
    )
    task.proposed = tuple((hunk.hunk_id, hunk.path) for hunk in task.review.hunks)
    task.verdict = to_verdict_view(proposal.verdict)
    views = tuple(map(_to_view, task.review.hunks))
    diff = "".join(view.unified for view in views)
    task.diff = diff if len(diff) <= _MOST_REMEMBERED else ""
    return messages.ChangeReady(
        task_id=task.task_id,
        verdict=task.verdict,
        hunks=views,
        conflicts=tuple(
            messages.Conflict(
                path=each.path, reason=each.reason, ours=each.ours, theirs=each.theirs
            )
            for each in carried.conflicts
        ),
        follow_ups=tuple(
            map(to_follow_up, follow_ups(proposal.verdict.may_break, _touched(proposal.change)))
        ),
    )


def texts_of(review: Review, snapshot: Snapshot) -> Texts:
    """Return what stands now in every file that the review may still change."""
    return {
        path: text_before(snapshot, path)
        for hunk in review.hunks
        if hunk.state is HunkState.PENDING
        for path in hunk.paths
    }


def left_to_decide(
    task: Task, snapshot: Snapshot
) -> tuple[tuple[messages.HunkView, ...], tuple[messages.Conflict, ...]]:
    """Return the pending hunks on the text as it is now, and those that do not fit it."""
    carried = task.review.carried(texts_of(task.review, snapshot))
    return tuple(map(_to_view, carried.hunks)), to_conflicts(carried.conflicts)


def to_conflicts(conflicts: Iterable[HunkConflict]) -> tuple[messages.Conflict, ...]:
    """Return conflicts of hunks that are still to be decided."""
    return tuple(
        messages.Conflict(
            path=each.path,
            reason=each.reason,
            ours=each.ours,
            theirs=each.theirs,
            hunk_id=each.hunk_id,
        )
        for each in conflicts
    )


def unified_of(hunk: ReviewHunk) -> str:
    """Return what a hunk does as a unified diff, with the names of its files."""
    diff = FileDiff(hunk.new_path or hunk.path, _DIFF_KINDS[hunk.kind], hunk.hunks)
    unified = to_unified(diff, hunk.base or "")
    if hunk.new_path is not None:
        unified = _renamed_heading(hunk.path, hunk.new_path, unified)
    return unified


def explained(kept: Kept, snapshot: Snapshot) -> Kept:
    """Return the same, with the reasons of those files that have no text any more."""

    def explain(conflict: HunkConflict) -> HunkConflict:
        why = snapshot.unreadable.get(conflict.path)
        return conflict if why is None else replace(conflict, reason=f"it has no text now: {why}")

    return replace(kept, conflicts=tuple(map(explain, kept.conflicts)))


def require_no_conflict(kept: Kept) -> None:
    """Return when all that was asked for can be kept.

    Raises:
        StaleChange: the text changed under a hunk since it was shown; says both sides.
    """
    if not kept.conflicts:
        return
    first, more = kept.conflicts[0], len(kept.conflicts) - 1
    others = f", and {more} more" if more else ""
    raise StaleChange(
        f"{first.path} changed since the hunks were shown: {first.hunk_id} no longer fits "
        f"({first.reason}){others}; nothing was written: reject it, or keep the others\n"
        f"{both_sides(first.ours, first.theirs)}"
    )


def both_sides(ours: str, theirs: str, *, wanted: str = "the change wants") -> str:
    """Return what a conflict is about, for a person: both texts, bounded."""
    return f"{wanted}:\n{_excerpt(ours)}\nthere stands now:\n{_excerpt(theirs)}"


def require_approval(paths: Iterable[WorkspacePath], approved: Iterable[str]) -> None:
    """Return when every file that needs a person's yes has it.

    Raises:
        InvalidRequest: one has not; names all of them.
    """
    missing = sorted(set(needing_approval(paths)) - set(approved))
    if missing:
        names = ", ".join(missing)
        raise InvalidRequest(
            f"builds, tests or assistants obey {names}: nothing was written; look at the diff, and "
            "say yes to each of these files by name ('approvedPaths'), or reject their hunks"
        )


def needing_approval(paths: Iterable[WorkspacePath]) -> tuple[WorkspacePath, ...]:
    """Return those that are written only with a person's yes."""
    return tuple(
        sorted(path for path in paths if protection_of(path) is Protection.ONLY_WITH_APPROVAL)
    )


async def parse_notes(analysis: Analysis, kept: Kept, outline: OutlineText) -> tuple[str, ...]:
    """Return which files would parse worse than they did."""
    problems: dict[str, Problem] = {}
    comparison = await compare(analysis, kept.texts, kept.renamed, outline)
    for problem in await asyncio.to_thread(new_syntax_problems, comparison):
        problems.setdefault(problem.path, problem)
    return tuple(
        f"{path} does not parse with only these hunks (line {problem.line + 1})"
        for path, problem in problems.items()
    )


def _hunks_of(change: SourceChange, base: Snapshot) -> Iterable[ReviewHunk]:
    texts = overlay_texts(base, change)
    for file_number, edit in enumerate(change.files):
        old = text_before(base, edit.path)
        new = texts[edit.new_path or edit.path]
        hunks = diff_texts(old or "", new or "")
        if edit.kind is not FileEditKind.MODIFY:
            yield ReviewHunk(f"{file_number}", edit.path, edit.kind, old, hunks, _target_of(edit))
            continue
        for number, hunk in enumerate(hunks):
            yield ReviewHunk(f"{file_number}.{number}", edit.path, edit.kind, old, (hunk,))


def _touched(change: SourceChange) -> frozenset[WorkspacePath]:
    old_and_new = ((edit.path, edit.new_path) for edit in change.files)
    return frozenset(path for paths in old_and_new for path in paths if path is not None)


def _target_of(edit: FileEdit) -> WorkspacePath | None:
    return edit.new_path if edit.kind is FileEditKind.RENAME else None


def _to_view(hunk: ReviewHunk) -> messages.HunkView:
    """Return a hunk with its unified diff, so that a client needs no diff of its own."""
    first = hunk.hunks[0] if hunk.hunks else None
    return messages.HunkView(
        hunk_id=hunk.hunk_id,
        path=hunk.path,
        old_start=first.old_start if first else 0,
        old_lines=tuple(line for each in hunk.hunks for line in each.old_lines),
        new_start=first.new_start if first else 0,
        new_lines=tuple(line for each in hunk.hunks for line in each.new_lines),
        unified=unified_of(hunk),
        file_change=hunk.kind.value,
        new_path=hunk.new_path,
        needs_approval=bool(needing_approval(hunk.paths)),
    )


def _renamed_heading(old: str, new: str, unified: str) -> str:
    """Name both files above a diff that `to_unified` wrote of the new one."""
    _, at, body = unified.partition("\n@@")
    return f"diff --git a/{old} b/{new}\nrename from {old}\nrename to {new}\n{at[1:]}{body}"


def _excerpt(text: str) -> str:
    lines = text.splitlines() or ["(nothing)"]
    shown = [f"    {line}" for line in lines[:_SHOWN_LINES]]
    if len(lines) > _SHOWN_LINES:
        shown.append(f"    … {len(lines) - _SHOWN_LINES} more lines")
    return "\n".join(shown)
