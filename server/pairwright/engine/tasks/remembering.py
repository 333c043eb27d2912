"""What of a task is remembered for later ones? Attempts, verdicts and what people decided.

All of it stays in the workspace's state directory, and a person can switch it off. A task does not
fail because it cannot be remembered.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from pairwright.checks.overlay import overlay_texts
from pairwright.errors import PairwrightError, StaleChange
from pairwright.feedback.notes import Notebook
from pairwright.feedback.records import Attempt, Decision, ShownText, is_kept
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.model import Message, Model
from pairwright.settings import FeedbackSettings
from pairwright.strategies.base import (
    AnswerRead,
    Checked,
    ContextFile,
    Emit,
    KeptChange,
    LocalRecord,
    Proposal,
    StrategyChosen,
    StrategyEvent,
    TaskOutcome,
)
from pairwright.strategies.progress import diff_of
from pairwright.text.diff import diff_texts
from pairwright.text.rebase import rebase
from pairwright.workspace.documents import digest_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_LATEST = 200
"""Tasks that later ones learn from; they are read at the start of every task."""
_MOST_DONE = 2_000
_MOST_WATCHED = 100
"""Kept texts in memory: who edits, does so soon."""
Texts = Mapping[WorkspacePath, str | None]
_log = logging.getLogger(__name__)


Fate = Literal["undecided", "kept", "partly", "discarded"]


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A task that a model worked on."""

    task_id: str
    strategy: str
    is_sound: bool
    """The gate was content with one of its attempts."""
    fate: Fate
    """What people made of the whole change."""


class Remembering:
    """What one workspace remembers of its tasks."""

    def __init__(self, state_dir: Path, settings: FeedbackSettings | None = None) -> None:
        """Keep it below a state directory; the file is opened when it is first needed."""
        self._is_on = settings is None or settings.keep
        self._path = state_dir / "feedback.sqlite3"
        self._store: FeedbackStore | None = None
        self._kept: list[_Kept] = []
        self.notes = Notebook(state_dir / "notes")

    def close(self, snapshot: Snapshot) -> None:
        """Look a last time what became of kept texts, and let go of the file."""
        self.look_for_edits(snapshot)
        if self._store is not None:
            self._store.close()
            self._store = None

    def begin(self, task_id: str, strategy: str, instruction: str) -> "TaskMemory":
        """Return what listens to a task."""
        return TaskMemory(self, task_id, strategy, instruction)

    def record(self, cost_shares: Mapping[str, float] | None = None) -> LocalRecord:
        """Return what earlier tasks taught; nothing when it cannot be read.

        Args:
            cost_shares: what they cost, by their ids; see `TaskOutcome.cost_share`.
        """
        found: list[LocalRecord] = []
        self.attempt(lambda store: found.append(_record_of(store, cost_shares or {})))
        return found[0] if found else LocalRecord()

    @property
    def is_on(self) -> bool:
        """Whether anything is remembered."""
        return self._is_on

    def done(self) -> tuple[DoneTask, ...]:
        """Return the latest tasks that a model worked on; nothing when it cannot be read."""
        found: list[DoneTask] = []
        self.attempt(lambda store: found.extend(_done_in(store)))
        return tuple(found)

    def forget(self, task_id: str) -> None:
        """Forget a task that is run again."""
        self.attempt(lambda store: store.forget(task_id))

    def kept(self, task_id: str, hunks: int, before: Texts, after: Texts) -> None:
        """Remember that hunks were kept; `before` and `after` are the texts of their files."""
        self._decided(task_id, Decision.KEPT, hunks)
        for path, text in after.items():
            earlier = self._no_longer_watched(task_id, path, before.get(path) or "")
            if text is not None and self._is_on:
                self._kept.append(_Kept(task_id, path, earlier, text))
        del self._kept[:-_MOST_WATCHED]

    def _no_longer_watched(self, task_id: str, path: WorkspacePath, current: str) -> str:
        """Stop watching a file that a task changes anew; return what stood there before the task.

        What this change does to hunks that were kept before is nobody's edit by hand.
        """
        before = current
        for kept in [each for each in self._kept if each.path == path]:
            self._kept.remove(kept)
            if kept.task_id == task_id and kept.after == current:
                before = kept.before
            else:
                self._decided(kept.task_id, Decision.EDITED, kept.edited_hunks(current))
        return before

    def rejected(self, task_id: str, hunks: int) -> None:
        """Remember that hunks were rejected."""
        self._decided(task_id, Decision.REJECTED, hunks)

    def undone(self, task_id: str | None, hunks: int) -> None:
        """Remember that kept hunks were taken back."""
        if task_id is not None:
            self._kept = [kept for kept in self._kept if kept.task_id != task_id]
            self._decided(task_id, Decision.UNDONE, hunks)

    def look_for_edits(self, snapshot: Snapshot) -> None:
        """Remember which kept hunks were changed by hand since; each text is told of once."""
        for kept in tuple(self._kept):
            document = snapshot.documents.get(kept.path)
            if document is not None and document.digest == kept.digest:
                continue  # as it was kept; its text need not be read
            try:
                edited = kept.edited_hunks(document.text if document is not None else "")
            except StaleChange:
                continue  # it changes just now: the next look will tell
            if edited:
                self._kept.remove(kept)
                self._decided(kept.task_id, Decision.EDITED, edited)

    def _decided(self, task_id: str, decision: Decision, hunks: int) -> None:
        if hunks:
            self.attempt(lambda store: store.add_decision(task_id, decision, hunks))

    def attempt(self, work: Callable[[FeedbackStore], object]) -> None:
        """Do something with the store, if it is wanted at all; what goes wrong is only logged."""
        if not self._is_on:
            return
        try:
            if self._store is None:
                self._store = FeedbackStore(self._path)
            work(self._store)
        except PairwrightError as error:
            _log.warning("%s", error)
        except Exception:
            _log.exception("could not remember what a task did")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A text that people kept, and what stood there before."""

    task_id: str
    path: WorkspacePath
    before: str
    after: str
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", digest_text(self.after))

    def edited_hunks(self, current: str) -> int:
        """Return how many of its hunks are not there any more as they were kept."""
        if current == self.after:
            return 0
        taking_back = diff_texts(self.after, self.before)
        return len(rebase(self.after, taking_back, current).conflicts)


@dataclass(slots=True)
class TaskMemory:
    """Collects one task's attempts while it runs."""

    _remembering: Remembering
    _task_id: str
    _strategy: str
    _instruction: str
    _waiting: dict[int, Attempt] = field(default_factory=dict)
    """Answers that were read and not judged yet, by their attempt's number."""
    _ids: dict[int, int] = field(default_factory=dict)
    """What the store calls each attempt."""

    def listening(self, hear: Emit) -> Emit:
        """Return an emitter that notes what it hears, and passes it on."""

        async def listen(event: StrategyEvent) -> None:
            if isinstance(event, AnswerRead):
                self._note_answer(event)
            elif isinstance(event, Checked):
                self._note_verdict(event)
            elif isinstance(event, StrategyChosen):
                self._strategy = event.strategy
            await hear(event)

        return listen

    def ended(
        self,
        proposal: Proposal | None,
        base: Snapshot,
        shown: Iterable[ContextFile],
        difficulty: float,
    ) -> None:
        """Remember what came of the task."""
        for number, attempt in tuple(self._waiting.items()):
            self._add(number, attempt)
        numbers = proposal.attempts if proposal is not None else ()

        def add(store: FeedbackStore) -> None:
            texts = overlay_texts(base, proposal.change) if proposal is not None else {}
            store.add_task(
                self._task_id,
                instruction=self._instruction,
                shown=[ShownText(file.path, digest_text(file.text)) for file in shown],
                attempt_ids=[self._ids[number] for number in numbers if number in self._ids],
                diff=diff_of(base, texts),
                difficulty=difficulty,
            )

        self._remembering.attempt(add)

    def answered(self, model: Model, step: str, question: tuple[Message, ...], answer: str) -> None:
        """Remember what a model was asked beside edits, and what it said."""
        said = Attempt(
            task_id=self._task_id,
            strategy=self._strategy,
            tier=model.tier,
            model=model.name,
            edit_format="",
            question=question,
            answer=answer,
            is_applied=False,
            is_sound=None,
            checks={},
            step=step,
        )
        self._remembering.attempt(lambda store: store.add_attempt(said))

    def _note_answer(self, event: AnswerRead) -> None:
        attempt = Attempt(
            task_id=self._task_id,
            strategy=self._strategy,
            tier=event.tier,
            model=event.model,
            edit_format=event.edit_format,
            question=event.question,
            answer=event.answer,
            is_applied=event.is_applied,
            is_sound=None,
            checks={},
        )
        if event.is_applied:
            self._waiting[event.attempt] = attempt
        else:
            self._add(event.attempt, attempt)

    def _note_verdict(self, event: Checked) -> None:
        attempt = self._waiting.get(event.attempt)
        if attempt is not None:
            checks = {str(name): check.outcome.value for name, check in event.verdict.checks}
            judged = replace(attempt, is_sound=event.verdict.is_sound, checks=checks)
            self._add(event.attempt, judged)

    def _add(self, number: int, attempt: Attempt) -> None:
        self._waiting.pop(number, None)

        def add(store: FeedbackStore) -> None:
            self._ids[number] = store.add_attempt(attempt)

        self._remembering.attempt(add)


def _done_in(store: FeedbackStore) -> Iterator[DoneTask]:
    runs = store.runs(latest=_MOST_DONE)
    for task_id, decisions in store.decisions(latest=_MOST_DONE).items():
        run = runs.get(task_id)
        if run is not None:
            yield DoneTask(task_id, run.strategy, run.is_sound, _fate_of(decisions))


def _fate_of(decisions: Mapping[Decision, int]) -> Fate:
    if not decisions:
        return "undecided"
    whole = is_kept(decisions)
    if whole is None:
        return "partly"
    return "kept" if whole else "discarded"


def _record_of(store: FeedbackStore, cost_shares: Mapping[str, float]) -> LocalRecord:
    tasks = store.tasks(latest=_LATEST)
    runs = store.runs(latest=_LATEST)
    return LocalRecord(
        kept=tuple(
            KeptChange(task.instruction, _paths_in(task.diff), task.diff)
            for task in tasks
            if task.is_kept and task.diff
        ),
        difficulties=tuple(task.difficulty for task in tasks),
        outcomes=tuple(
            TaskOutcome(
                strategy=run.strategy,
                is_good=run.is_sound if task.is_kept is None else task.is_kept,
                suffix=PurePosixPath(task.shown[0].path).suffix if task.shown else "",
                difficulty=task.difficulty,
                cost_share=cost_shares.get(task.task_id),
            )
            for task in tasks
            if (run := runs.get(task.task_id)) is not None
        ),
    )


def _paths_in(diff: str) -> tuple[str, ...]:
    """Return the files that a diff of ours speaks of."""
    lines = (line for line in diff.split("\n") if line.startswith(("--- ", "+++ ")))
    paths = (line[4:].partition("/")[2] for line in lines if not line.endswith("/dev/null"))
    return tuple(dict.fromkeys(paths))
