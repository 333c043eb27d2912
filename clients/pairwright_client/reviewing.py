"""What of that which waits does the person keep? The command `review`, on a terminal."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from pairwright.errors import InvalidRequest
from pairwright.protocol.change_messages import ChangesResult, ChangeView
from pairwright.protocol.messages import HunkView, RejectParams
from pairwright.protocol.rendezvous import Rendezvous
from pairwright.protocol.terminal import visible
from pairwright_client import discovery, figures
from pairwright_client.client import DaemonClient
from pairwright_client.interruption import run_interruptible
from pairwright_client.keeping import keep_hunks
from pairwright_client.queries import ask, write_json
from pairwright_client.render import show_conflict, show_hunk
from pairwright_client.review import ReadLine, TypedLines, ask_about_hunk
from pairwright_client.terminal import Screen
from pairwright_client.workspaces import workspace_root

_SHORT_ID = 8
_HELP = (
    "y  keep this hunk",
    "n  reject this hunk, and say why if you like",
    "a  keep this hunk and all that follow",
    "q  leave this hunk and all that follow as they are",
    "?  show this list",
)


@dataclass
class Decided:
    """What the person said; what is in neither stays to be decided."""

    kept: list[HunkView] = field(default_factory=list)
    rejected: list[tuple[HunkView, str]] = field(default_factory=list)
    """Each with the remark."""


def review(args: argparse.Namespace) -> int:
    """Show what waits; on a terminal decide one change, which is named or the only one.

    Raises:
        InvalidRequest: a change is named, and nobody can be asked.
    """
    if args.json or not sys.stdin.isatty():
        if args.change is not None:
            raise InvalidRequest("not a terminal, so nobody can be asked: run it in one")
        waiting = ask(args, lambda client: client.changes())
        if args.json:
            write_json(waiting)
        else:
            show_waiting(Screen.of(sys.stdout), waiting)
        return 0
    root = workspace_root(args.workspace)
    peer = discovery.find_or_start(Rendezvous.for_workspace(root))
    screen = Screen.of(sys.stdout)

    async def work() -> int:
        async with DaemonClient(peer, root) as client:
            return await review_change(client, screen, TypedLines(sys.stdin.fileno()), args.change)

    return run_interruptible(work())


async def review_change(
    client: DaemonClient, screen: Screen, read_line: ReadLine, wanted: str | None
) -> int:
    """List what waits, or have one change decided.

    Raises:
        InvalidRequest: no waiting change is meant, or more than one.
    """
    waiting = await client.changes()
    if wanted is None and len(waiting.changes) != 1:
        show_waiting(screen, waiting)
        return 0
    change = find_change(waiting, wanted)
    show_change(screen, change)
    decided = await decide(screen, read_line, change)
    result = await keep_hunks(client, screen, read_line, change.task_id, decided.kept)
    for hunk, remark in decided.rejected:
        await client.reject(
            RejectParams(task_id=change.task_id, hunk_ids=(hunk.hunk_id,), remark=remark)
        )
    left = len(change.hunks) - sum(hunk.state != "pending" for hunk in change.hunks)
    left -= len(decided.rejected) + (len(decided.kept) if result.entry_id is not None else 0)
    screen.line()
    if result.entry_id is not None:
        screen.line(f"Written: {visible(', '.join(result.files))}", "green")
    if decided.rejected:
        count = figures.counted(len(decided.rejected), "hunk")
        screen.line(f"Rejected: {count}; {visible(change.proposer)} is told.")
    if left > 0:
        screen.line(f"Still to be decided: {figures.counted(left, 'hunk')}.")
    return 0


def find_change(waiting: ChangesResult, wanted: str | None) -> ChangeView:
    """Return the change whose id begins so; the only one by default.

    Raises:
        InvalidRequest: there is none, or more than one.
    """
    found = [each for each in waiting.changes if each.task_id.startswith(wanted or "")]
    if len(found) == 1:
        return found[0]
    reason = f"{len(found)} changes begin" if found else "no waiting change begins"
    raise InvalidRequest(f"{reason} with {wanted!r}: `pairwright review` lists them")


def show_waiting(screen: Screen, waiting: ChangesResult) -> None:
    """Write what waits, one line each."""
    if not waiting.changes:
        screen.line("Nothing waits to be decided.")
    for change in waiting.changes:
        count = figures.counted(len(change.pending) + len(change.conflicts), "hunk")
        label = visible(change.label).partition("\n")[0]
        by = visible(change.proposer)
        screen.line(f"{change.task_id[:_SHORT_ID]}  {count}, proposed by {by}: {label}")
    if waiting.changes:
        screen.line()
        screen.line("'pairwright review CHANGE' decides one of them.", "dim")


def show_change(screen: Screen, change: ChangeView) -> None:
    """Write what a change is for, and what the gate says of it."""
    screen.line(f"{visible(change.proposer)} proposes: {visible(change.label)}", "bold")
    if change.verdict is not None:
        screen.line(f"  {visible(change.verdict.badge)}", "dim")
        if not change.verdict.is_sound:
            screen.line("The gate did not pass this change: look closely.", "yellow")
    for conflict in change.conflicts:
        show_conflict(screen, conflict)


async def decide(screen: Screen, read_line: ReadLine, change: ChangeView) -> Decided:
    """Ask about each hunk; the end of the input leaves the others as they are."""
    decided = Decided()
    hunks: Sequence[HunkView] = change.pending
    for position, hunk in enumerate(hunks):
        screen.line()
        show_hunk(screen, hunk)
        for each in change.in_use:
            if each.hunk_id == hunk.hunk_id:
                where = f"{visible(each.where)} ({visible(each.client)})"
                screen.line(f"  ! a person is typing in {where}", "yellow")
        answer = await ask_about_hunk(
            screen, read_line, f"Keep hunk {position + 1} of {len(hunks)}?", _HELP
        )
        if answer == "y":
            decided.kept.append(hunk)
        elif answer == "n":
            screen.prompt(f"Why not? (for {visible(change.proposer)}; empty: nothing) ")
            decided.rejected.append((hunk, (await read_line() or "").strip()))
        elif answer == "a":
            decided.kept += hunks[position:]
            break
        else:
            break
    return decided
