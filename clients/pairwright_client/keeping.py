"""How are chosen hunks kept? What speaks against them is said first, and the person decides."""

from collections.abc import Sequence

from pairwright.protocol import messages
from pairwright.protocol.terminal import visible
from pairwright_client.client import DaemonClient
from pairwright_client.render import show_conflict
from pairwright_client.review import ReadLine, confirm
from pairwright_client.terminal import Screen

_NOTHING = messages.AcceptResult(entry_id=None, files=())


async def keep_hunks(
    client: DaemonClient,
    screen: Screen,
    read_line: ReadLine,
    task_id: str,
    hunks: Sequence[messages.HunkView],
) -> messages.AcceptResult:
    """Have chosen hunks written, once the person knows what speaks against it."""
    chosen = {hunk.hunk_id: hunk for hunk in hunks}
    if not chosen:
        return _NOTHING
    checked = await _check(client, task_id, chosen)
    for conflict in checked.conflicts:
        show_conflict(screen, conflict)
        chosen.pop(conflict.hunk_id or "", None)
    approved = []
    for path in checked.needs_approval:
        screen.line()
        question = f"Builds, tests or assistants obey {visible(path)}. Write it?"
        if await confirm(screen, read_line, question):
            approved.append(path)
        else:
            chosen = {key: hunk for key, hunk in chosen.items() if path not in _paths_of(hunk)}
    if not chosen:
        return _NOTHING
    if len(chosen) < len(hunks):
        checked = await _check(client, task_id, chosen)
    for note in checked.notes:
        screen.line()
        screen.line(f"! {visible(note)}.", "yellow")
    if checked.notes and not await confirm(screen, read_line, "Write them all the same?"):
        return _NOTHING
    return await client.accept(
        messages.AcceptParams(
            task_id=task_id, hunk_ids=tuple(chosen), approved_paths=tuple(approved)
        )
    )


async def _check(
    client: DaemonClient, task_id: str, chosen: dict[str, messages.HunkView]
) -> messages.AcceptResult:
    return await client.accept(
        messages.AcceptParams(task_id=task_id, hunk_ids=tuple(chosen), check_only=True)
    )


def _paths_of(hunk: messages.HunkView) -> tuple[str, ...]:
    return (hunk.path,) if hunk.new_path is None else (hunk.path, hunk.new_path)
