"""Which changes wait for a person, also after the daemon ended? A note for each, the latest only.

What is read again is treated like what was proposed: hunks follow the text as it is then, or are
shown as conflicts. Nothing of it is written into the workspace.
"""

import asyncio
import json
import logging
from pathlib import Path
from typing import Literal

from pairwright.editing.change import FileEditKind
from pairwright.engine.background import in_background
from pairwright.engine.changes.review import HunkState, Review, ReviewHunk
from pairwright.engine.tasks.task import Decision, Task, TaskState
from pairwright.errors import InvalidRequest, UserError
from pairwright.feedback.notes import Notebook
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.message import message
from pairwright.protocol.messages import FileChange, VerdictView
from pairwright.text.diff import Hunk
from pairwright.workspace.paths import parse_path

MOST_WAITING = 50
MOST_CHARACTERS = 8_000_000
"""Of one note; a larger change waits only as long as the daemon lives."""

State = Literal["pending", "kept", "rejected"]
_log = logging.getLogger(__name__)


@message
class LinesNote:
    """Lines that become others."""

    old_start: int
    old_lines: tuple[str, ...]
    new_start: int
    new_lines: tuple[str, ...]


@message
class HunkNote:
    """A hunk; `base` counts the note's texts, None where there is none."""

    hunk_id: str
    path: str
    kind: FileChange
    base: int | None
    hunks: tuple[LinesNote, ...]
    new_path: str | None
    state: State


@message
class DecisionNote:
    """What somebody said."""

    hunk_ids: tuple[str, ...]
    state: State
    client: str
    remark: str


@message
class ProposedNote:
    """A hunk that was ever to be reviewed."""

    hunk_id: str
    path: str


@message
class ChangeNote:
    """A change that waits."""

    task_id: str
    instruction: str
    proposer: str
    texts: tuple[str, ...]
    hunks: tuple[HunkNote, ...]
    proposed: tuple[ProposedNote, ...]
    verdict: VerdictView | None
    decisions: tuple[DecisionNote, ...]
    entry_ids: tuple[str, ...]


class Waiting:
    """The waiting changes of one workspace, on the disk; written behind the event loop's back."""

    def __init__(self, state_dir: Path) -> None:
        """Keep them below a state directory."""
        self._notebook = Notebook(state_dir / "waiting", most=MOST_WAITING)
        self._due: dict[str, str | None] = {}
        self._writing: asyncio.Task[None] | None = None

    def recall(self) -> tuple[Task, ...]:
        """Return the changes that waited, oldest first; what is damaged is left out. Blocking."""
        try:
            keys = self._notebook.keys()
        except OSError:
            _log.exception("cannot read the waiting changes")
            return ()
        tasks = (_read(self._notebook.recall(key), key) for key in keys)
        return tuple(task for task in tasks if task is not None)

    def note(self, task: Task) -> None:
        """Keep a change as it stands now; forget it when nothing of it waits."""
        is_waiting = task.state is TaskState.REVIEW and task.review.pending
        text = json.dumps(encode(_note_of(task))) if is_waiting else None
        if text is not None and len(text) > MOST_CHARACTERS:
            _log.warning("the change %s is too large to outlive the daemon", task.task_id)
            text = None
        self._due[task.task_id] = text
        if self._writing is None or self._writing.done():
            self._writing = in_background(self._write_due(), "keeping waiting changes")

    async def close(self) -> None:
        """Write what is due."""
        if self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])

    async def _write_due(self) -> None:
        while self._due:
            task_id = next(iter(self._due))
            await asyncio.to_thread(self._write, task_id, self._due.pop(task_id))

    def _write(self, task_id: str, text: str | None) -> None:
        if text is None:
            self._notebook.forget(task_id)
        else:
            self._notebook.remember(task_id, text)


def _note_of(task: Task) -> ChangeNote:
    texts: dict[str, int] = {}
    for hunk in task.review.hunks:
        if hunk.base is not None:
            texts.setdefault(hunk.base, len(texts))
    return ChangeNote(
        task_id=task.task_id,
        instruction=task.instruction,
        proposer=task.proposer,
        texts=tuple(texts),
        hunks=tuple(
            HunkNote(
                hunk_id=hunk.hunk_id,
                path=hunk.path,
                kind=hunk.kind.value,
                base=None if hunk.base is None else texts[hunk.base],
                hunks=tuple(_lines_of(each) for each in hunk.hunks),
                new_path=hunk.new_path,
                state=hunk.state.value,
            )
            for hunk in task.review.hunks
        ),
        proposed=tuple(ProposedNote(hunk_id=each, path=path) for each, path in task.proposed),
        verdict=task.verdict,
        decisions=tuple(
            DecisionNote(
                hunk_ids=each.hunk_ids,
                state=each.state.value,
                client=each.client,
                remark=each.remark,
            )
            for each in task.decisions
        ),
        entry_ids=task.entry_ids,
    )


def _lines_of(hunk: Hunk) -> LinesNote:
    return LinesNote(
        old_start=hunk.old_start,
        old_lines=hunk.old_lines,
        new_start=hunk.new_start,
        new_lines=hunk.new_lines,
    )


def _read(text: str | None, key: str) -> Task | None:
    """Return the change of a note; None when it is damaged."""
    try:
        note = decode(ChangeNote, json.loads(text or ""))
        if note.task_id != key:
            raise InvalidRequest("the note is of another change")
        return _task_of(note)
    except (ValueError, RecursionError, IndexError, UserError) as error:
        _log.warning("the waiting change %s is damaged: %s", key, error)
        return None


def _task_of(note: ChangeNote) -> Task:
    task = Task(note.instruction, proposer=note.proposer, task_id=note.task_id)
    task.state = TaskState.REVIEW
    task.review = Review(tuple(_hunk_of(each, note.texts) for each in note.hunks))
    task.proposed = tuple((each.hunk_id, parse_path(each.path)) for each in note.proposed)
    task.verdict = note.verdict
    task.decisions = tuple(
        Decision(each.hunk_ids, HunkState(each.state), each.client, each.remark)
        for each in note.decisions
    )
    task.entry_ids = note.entry_ids
    return task


def _hunk_of(note: HunkNote, texts: tuple[str, ...]) -> ReviewHunk:
    return ReviewHunk(
        hunk_id=note.hunk_id,
        path=parse_path(note.path),
        kind=FileEditKind(note.kind),
        base=None if note.base is None else texts[note.base],
        hunks=tuple(
            Hunk(each.old_start, each.old_lines, each.new_start, each.new_lines)
            for each in note.hunks
        ),
        new_path=None if note.new_path is None else parse_path(note.new_path),
        state=HunkState(note.state),
    )
