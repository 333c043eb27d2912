"""What do `history`, `undo` and `redo` say? What was written here, and what was taken back."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pairwright.protocol import history_messages as messages
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.queries import ask, write_json
from pairwright_client.render import show_hunk
from pairwright_client.terminal import Screen
from pairwright_client.workspaces import path_in_workspace, workspace_root

_STANDINGS = {
    "standing": "",
    "undone": "undone",
    "partly": "partly undone",
    "forgotten": "stays for good",
}
_LEAST_LABEL = 16
_MOST_FILES = 18
"""Columns."""


def history(args: argparse.Namespace) -> int:
    """Show what was written, or one entry of it with its hunks."""
    params = messages.HistoryParams(entry_id=args.entry, limit=args.limit)
    result = ask(args, lambda client: client.history(params))
    screen = Screen.of(sys.stdout)
    if args.json:
        write_json(result)
    elif args.entry is None:
        show_history(screen, result, now=datetime.now().astimezone())
    else:
        show_entry(screen, result.entries[0], now=datetime.now().astimezone())
    return 0


def undo(args: argparse.Namespace) -> int:
    """Take a change back, or a part of it."""
    params = messages.UndoParams(
        entry_id=args.entry,
        task_id=args.task,
        paths=_paths_of(args),
        hunk_ids=tuple(args.hunk) or None,
    )
    undone = ask(args, lambda client: client.undo(params))
    if args.json:
        write_json(undone)
    else:
        again = "Bring it back with 'pairwright redo'."
        show_undone(Screen.of(sys.stdout), undone, verb="Took back", again=again)
    return 0


def redo(args: argparse.Namespace) -> int:
    """Take an undo back."""
    params = messages.RedoParams(
        entry_id=args.entry,
        task_id=args.task,
        paths=_paths_of(args),
        hunk_ids=tuple(args.hunk) or None,
    )
    redone = ask(args, lambda client: client.redo(params))
    if args.json:
        write_json(redone)
    else:
        again = "Take it back again with 'pairwright undo'."
        show_undone(Screen.of(sys.stdout), redone, verb="Brought back", again=again)
    return 0


def show_history(screen: Screen, result: messages.HistoryResult, *, now: datetime) -> None:
    """Write entries as a table, the newest first."""
    if not result.entries:
        screen.line("Nothing was written in this workspace yet.")
        return
    headings = ("#", "when", "files", "state")
    rows = [headings, *(_row(entry, now) for entry in result.entries)]
    labels = ["change", *(_label(entry) for entry in result.entries)]
    # The label takes what is left of the line.
    used = max(len(line) for line in figures.columns(rows, right=frozenset({0})))
    width = max(_LEAST_LABEL, min(max(map(len, labels)), screen.width - used - 2))
    cells = [
        (*row[:2], _cut(label, width), *row[2:]) for row, label in zip(rows, labels, strict=True)
    ]
    titles, *lines = figures.columns(cells, right=frozenset({0}))
    screen.line(titles, "dim")
    for line, entry in zip(lines, result.entries, strict=True):
        is_dim = entry.standing == "undone" or entry.kind != "change"
        screen.line(line, *(("dim",) if is_dim else ()))
    screen.line()
    more = result.total - len(result.entries)
    if more > 0:
        screen.line(f"{more:,} older: 'pairwright history --limit {result.total}' shows them.")
    if result.notice:
        screen.line(f"! {_sentence(result.notice)}", "yellow")
    screen.line(
        "'pairwright history #' shows one of them, 'pairwright undo #' takes it back.", "dim"
    )


def show_entry(screen: Screen, entry: messages.HistoryEntry, *, now: datetime) -> None:
    """Write one entry: what it did, hunk by hunk."""
    screen.line(f"Change {entry.number}: {_label(entry)}", "bold")
    state = _STANDINGS[entry.standing]
    about = [when(entry.written_at, now), f"by {visible(entry.client)}" if entry.client else ""]
    screen.line("  " + ", ".join(each for each in (*about, state) if each), "dim")
    if entry.task_id:
        screen.line(f"  task {visible(entry.task_id)}", "dim")
    for file in entry.files:
        screen.line()
        screen.line(f"{_file_title(file)}  +{file.added:,} -{file.removed:,}", "bold")
        if file.in_editor:
            screen.line("  an editor had it open, and made the change", "dim")
        for hunk in file.hunks:
            gone = "  undone" if hunk.hunk_id in file.undone_hunks else ""
            screen.line(f"  hunk {visible(hunk.hunk_id)}{gone}", "cyan")
            show_hunk(screen, hunk, has_heading=False)
    for line in _next_steps(entry):
        screen.line(line, "dim")


def show_undone(screen: Screen, undone: messages.UndoResult, *, verb: str, again: str) -> None:
    """Write what was taken back, and how that is taken back in turn."""
    name = _changes(undone.numbers or (undone.number,)) if undone.number else "the change"
    if undone.is_part:
        name = f"a part of {name}"
    label = f": {_first_line(undone.label)}" if undone.label else "."
    if not undone.files:
        screen.line(f"Nothing had to be written for {name}: all is as it would be already.")
        return
    screen.line(f"{verb} {name}{label}", "bold")
    count = figures.counted(len(undone.files), "file")
    screen.line(f"  {count}: {visible(', '.join(undone.files))}")
    screen.line(f"  {again}", "dim")


def when(written_at: str, now: datetime) -> str:
    """Return a time as a person at `now` would say it."""
    try:
        time = datetime.fromisoformat(written_at).astimezone(now.tzinfo)
    except ValueError:
        return visible(written_at)
    if time.date() == now.date():
        return f"today {time:%H:%M}"
    if time.date() == (now - timedelta(days=1)).date():
        return f"yesterday {time:%H:%M}"
    day = f"{time.day} {time:%b}"
    return f"{day} {time:%H:%M}" if time.year == now.year else f"{day} {time.year}"


def _paths_of(args: argparse.Namespace) -> tuple[str, ...] | None:
    root = workspace_root(args.workspace)
    return tuple(path_in_workspace(file, root, Path.cwd()) for file in args.file) or None


def _row(entry: messages.HistoryEntry, now: datetime) -> tuple[str, ...]:
    state = _STANDINGS[entry.standing]
    return (str(entry.number), when(entry.written_at, now), _files(entry), state)


def _label(entry: messages.HistoryEntry) -> str:
    label = _first_line(entry.label) or "(no instruction)"
    if entry.kind == "change":
        return label
    sign = "↶ undo" if entry.kind == "undo" else "↷ redo"
    numbers = entry.change_numbers or (entry.change_number,)
    of = f" of {_listed(numbers)}" if entry.change_number else ""
    return f"{sign}{of}: {label}"


def _next_steps(entry: messages.HistoryEntry) -> list[str]:
    """Return what can be done about an entry, below an empty line."""
    number = entry.number
    steps = []
    if entry.standing in ("standing", "partly"):
        # To take an undo back is to do again.
        step = f"redo {number}' brings" if entry.kind == "undo" else f"undo {number}' takes"
        steps.append(f"'pairwright {step} it back; with --file or --hunk, only a part.")
    if entry.kind == "change" and entry.standing in ("undone", "partly"):
        steps.append(
            f"'pairwright redo {number}' brings back what was undone, or a --file or --hunk of it."
        )
    return ["", *steps] if steps else []


def _changes(numbers: Sequence[int]) -> str:
    return f"change {numbers[0]}" if len(numbers) == 1 else f"changes {_listed(numbers)}"


def _listed(numbers: Sequence[int | None]) -> str:
    *others, last = map(str, numbers)
    return f"{', '.join(others)} and {last}" if others else last


def _first_line(label: str) -> str:
    return visible(label).strip().partition("\n")[0]


def _files(entry: messages.HistoryEntry) -> str:
    names = [visible(file.path.rpartition("/")[2]) for file in entry.files]
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    shown = names[0] if names else ""
    return f"{_cut(shown, _MOST_FILES - len(more))}{more}"


def _file_title(file: messages.HistoryFile) -> str:
    if file.moved_from is not None:
        return f"{visible(file.moved_from)} → {visible(file.path)}"
    word = {"create": " (new)", "delete": " (removed)"}.get(file.file_change, "")
    return f"{visible(file.path)}{word}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{visible(text[1:])}."
