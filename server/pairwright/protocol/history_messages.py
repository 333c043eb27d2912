"""What do our questions about written changes carry? The history, taking back, doing again.

Worded like `messages`: camelCase on the wire, an unknown field is an error.
"""

from typing import Literal

from pairwright.protocol.message import message
from pairwright.protocol.messages import FileChange, HunkView

Standing = Literal["standing", "undone", "partly", "forgotten"]


@message
class HistoryParams:
    """Which written changes to tell; the newest first."""

    entry_id: str | None = None
    """Only this one, with its hunks."""
    limit: int = 50


@message
class HistoryFile:
    """One file of a written change."""

    path: str
    file_change: FileChange
    added: int
    removed: int
    """Lines."""
    in_editor: bool
    """An editor had it open and made the change; else the file was written."""
    moved_from: str | None = None
    """Where a renamed file was before."""
    hunks: tuple[HunkView, ...] = ()
    """Only when one entry was asked for; their ids are what `pairwright/undo` takes."""
    undone_hunks: tuple[str, ...] = ()
    """Those of them that were taken back since."""


@message
class HistoryEntry:
    """One written change."""

    entry_id: str
    number: int
    """What the id begins with: short for it, among those that are remembered."""
    kind: Literal["change", "undo", "redo"]
    label: str
    """The instruction; of an undo or a redo, that of the change that it speaks of."""
    written_at: str
    """ISO 8601, in UTC."""
    client: str
    task_id: str | None
    reverts: str | None
    """The entry that this one takes back; of several, as those of a task, the newest."""
    also_reverts: tuple[str, ...] = ()
    """The others, the newest first."""
    change_number: int | None = None
    """Of an undo or a redo: the number of the change that it speaks of, while it is known."""
    change_numbers: tuple[int, ...] = ()
    """Of an undo or a redo: those of all changes that it speaks of."""
    standing: Standing
    """Whether all, nothing or some of it is still there; `forgotten`: it stands for good, because
    its old texts gave way to newer ones."""
    files: tuple[HistoryFile, ...]


@message
class HistoryResult:
    """Written changes, the newest first."""

    entries: tuple[HistoryEntry, ...]
    total: int
    """How many there are, told or not."""
    notice: str = ""
    """Whether older ones were forgotten; empty when none were."""


@message
class UndoParams:
    """What to take back; without any field it is the last change that stands."""

    entry_id: str | None = None
    task_id: str | None = None
    """All that was kept of a task; not together with `entry_id`."""
    paths: tuple[str, ...] | None = None
    """Only these files of it."""
    hunk_ids: tuple[str, ...] | None = None
    """Only these hunks of it, by the ids of `pairwright/history`."""


@message
class RedoParams:
    """Which undo to take back; without any field it is the last one that stands."""

    entry_id: str | None = None
    """The undo, or a change: what was taken back of it."""
    task_id: str | None = None
    """All that was taken back of a task; not together with `entry_id`."""
    paths: tuple[str, ...] | None = None
    """Only these files of it."""
    hunk_ids: tuple[str, ...] | None = None
    """Only these hunks of it, by the ids that the undo or the change has."""


@message
class UndoResult:
    """What was restored."""

    entry_id: str
    """The change that was taken back; of a task, the last of its changes."""
    files: tuple[str, ...]
    undo_id: str | None = None
    """The entry that did it, which can be taken back in turn; None when nothing had to change."""
    label: str = ""
    """The instruction of the change."""
    number: int = 0
    """Of `entry_id`."""
    is_part: bool = False
    """Whether other parts of it are as they were."""
    numbers: tuple[int, ...] = ()
    """Of all changes that were taken or brought back: several, of a task."""
