"""What was tried for a task, and what is kept of it?

An attempt is one usable answer of one model, judged by the gate. An attempt that mends some failing
tests and breaks none is progress: the next attempt builds on it and sees the next failure.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pairwright.checks.follow_up import advice_on
from pairwright.checks.verdict import Outcome, TestRun, Verdict
from pairwright.editing.change import FileEditKind, SourceChange
from pairwright.editing.matching import combine
from pairwright.errors import BudgetExceeded, ModelError, PairwrightError
from pairwright.llm.model import Model
from pairwright.planning.plan import Plan
from pairwright.strategies.answering import (
    Answering,
    Asked,
    quoted_in,
    renames_of,
    texts_after,
)
from pairwright.strategies.base import (
    Checked,
    ContextFile,
    EditProposed,
    Emit,
    Note,
    ProgressKept,
    Proposal,
    StrategyContext,
)
from pairwright.strategies.progress import advanced, change_from, diff_of, new_lines, text_of
from pairwright.strategies.prompting import Failure
from pairwright.strategies.stalling import Stall
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

ABOUT_THE_TEXT = frozenset({"draft", "review", "expert_attempt", "dry_run", "missed"})
"""The notes that quote the text as it is, or what was to become of it."""


@dataclass(frozen=True, slots=True)
class Try:
    """How a model is asked once.

    Tries differ on purpose: a model that is shown its own wrong answer, or a wrong plan, tends to
    write the same again.
    """

    temperature: float
    sees_plan: bool = False
    sees_failure: bool = False
    """Whether it is told what the attempt before wrote, and how that failed."""
    may_repair: bool = True
    """Whether an answer that cannot be used is answered with the reasons, once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one usable answer makes of the text that it was asked about."""

    attempt: int
    texts: Mapping[WorkspacePath, str | None]
    """None where a file goes away."""
    renamed: Mapping[WorkspacePath, WorkspacePath] = field(default_factory=dict)
    """By its new path, what the file was called before."""
    quoted: Mapping[WorkspacePath, tuple[str, ...]] = field(default_factory=dict)
    """Which lines of a file are quoted to go away."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A usable change that was not judged yet."""

    attempts: tuple[int, ...]
    """The answers that it is made of, in order; at least one."""
    change: SourceChange
    """Against the text that the task is pinned to."""
    texts: Mapping[WorkspacePath, str | None]
    """What it makes of the present text."""
    renamed: Mapping[WorkspacePath, WorkspacePath]
    quoted: Mapping[WorkspacePath, tuple[str, ...]]
    """Which lines of a file were quoted to go away, by the file's path on the present text."""
    diff: str
    """Its hunks, as a unified diff against the present text."""


class Attempts:
    """Everything that was tried for one task, and the best of it."""

    def __init__(self, ctx: StrategyContext, emit: Emit) -> None:
        """Begin with nothing tried."""
        self.ctx = ctx
        """The task as the next attempt finds it: the text moves on with the progress."""
        self.emit = emit
        self.best: Proposal | None = None
        self.plan: Plan | None = None
        """What the models follow; None while there is no plan."""
        self.notes: tuple[Note, ...] = ()
        """What the models are told beside the task."""
        self.shown: tuple[ContextFile, ...] | None = None
        """What the models see in place of the context."""
        self.failure: Failure | None = None
        """What the latest attempt on the present text failed on."""
        self.answer = ""
        """The latest answer, as it was written; empty once the text has moved on."""
        self.is_unplaced = False
        """Whether the latest answer is whole and has edits, which could not be placed."""
        self.outage: ModelError | None = None
        """Why the latest rung ended without an answer, if it did."""
        self.stall: Stall | None = None
        """Watches the tries for a standstill, which ends them; None: nobody watches."""
        self._answering = Answering(emit)
        self._origin = ctx.analysis.snapshot
        self._progress: dict[WorkspacePath, str | None] = {}
        self._renamed: dict[WorkspacePath, WorkspacePath] = {}
        """By its path on the present text, what the origin calls a renamed file."""
        self._quoted: dict[WorkspacePath, tuple[str, ...]] = {}
        self._failing = frozenset(ctx.failing_tests)
        self._kept: list[int] = []
        """The attempts whose progress the present text has."""
        self._progress_count = 0
        self._verdicts: dict[str, Verdict] = {}
        """What the gate said of changes of the present text, by their diffs."""

    @property
    def count(self) -> int:
        """How many answers were asked for so far."""
        return self._answering.count

    def paid_since(self, count: int) -> tuple[int, ...]:
        """Return the numbers of the answers that were asked for, and paid, after so many."""
        unpaid = self._answering.unpaid
        return tuple(each for each in range(count + 1, self.count + 1) if each not in unpaid)

    @property
    def present(self) -> Snapshot:
        """The text that the next attempt is about."""
        return self.ctx.analysis.snapshot

    @property
    def progress_count(self) -> int:
        """How often the text moved on."""
        return self._progress_count

    @property
    def failing(self) -> frozenset[str]:
        """The tests that fail on the present text, as far as they are named."""
        return self._failing

    def why_not(self) -> str:
        """Return in one line what the latest attempt failed on."""
        if self.outage is not None:
            return str(self.outage).partition("\n")[0]
        if self.failure is None:
            return "some tests still fail" if self._progress_count else "no attempt was possible"
        return self.failure.evidence.partition("\n")[0]

    async def until_sound(
        self, next_gain: Callable[[], Awaitable[Proposal | None]]
    ) -> Proposal | None:
        """Ask for gains until one is sound; else return the best attempt, None when there is none.

        Raises:
            PairwrightError: it cannot go on, and no attempt came before that could be returned.
        """

        async def climb() -> Proposal | None:
            while proposal := await next_gain():
                if proposal.verdict.is_sound:
                    return proposal
            return None

        return await self.concluded(climb())

    async def concluded(self, work: Coroutine[Any, Any, Proposal | None]) -> Proposal | None:
        """Return what comes of the work when it is sound; else the best attempt.

        Raises:
            PairwrightError: it cannot go on, and no attempt came before that could be returned.
        """
        try:
            proposal = await work
        except PairwrightError:
            # A spent budget, a model without an answer, a full disk: what is found is not lost.
            if self.best is None:
                raise
            return self.best
        is_sound = proposal is not None and proposal.verdict.is_sound
        return proposal if is_sound else self.best

    async def rung(self, work: Coroutine[Any, Any, Proposal | None]) -> Proposal | None:
        """Return what comes of work that is not the last resort.

        A model that does not answer costs the rung, not the task.
        """
        self.outage = None
        try:
            return await work
        except ModelError as error:
            self.outage = error
            return None

    async def work(self, model: Model, tries: Iterable[Try]) -> Proposal | None:
        """Let a model try until the gate is content; progress on the way is built on."""
        for each in tries:
            proposal = await self._attempt(model, each)
            if proposal is not None and proposal.verdict.is_sound:
                return proposal
        return None

    async def gain(self, model: Model, tries: Iterable[Try]) -> Proposal | None:
        """Let a model try; return the first proposal that is sound or makes progress.

        A standstill ends it.
        """
        for each in tries:
            if self.stall is not None and self.stall.reason:
                return None
            failing = self._failing
            proposal = await self._attempt(model, each)
            if proposal is not None and (proposal.verdict.is_sound or self._failing != failing):
                return proposal
        return None

    async def samples(self, model: Model, tries: Iterable[Try]) -> list[Sample]:
        """Let a model try without judging; return the usable answers.

        Raises:
            BudgetExceeded, ModelError: no more answers come, and none was usable before.
        """
        found: list[Sample] = []
        try:
            for each in tries:
                sample = await self.sample(model, each)
                found += [sample] if sample is not None else []
        except (BudgetExceeded, ModelError):
            if not found:
                raise
        return found

    async def by_tool(self, texts: Mapping[WorkspacePath, str | None]) -> Proposal | None:
        """Have what a tool made of the present text judged, as an answer that nobody paid for.

        Returns:
            What is sound or makes progress; None when the gate is not content.

        Raises:
            UserError: it cannot be judged.
        """
        number = self._answering.next_number()
        failing = self._failing
        for path, text in texts.items():
            kind = FileEditKind.MODIFY if text is not None else FileEditKind.DELETE
            old_text = text_of(self.present, path)
            await self.emit(EditProposed(number, path, kind, old_text, text or ""))
        proposal = await self.judge(self.sample_from((Draft(number, texts),)))
        is_gain = proposal.verdict.is_sound or self._failing != failing
        return proposal if is_gain else None

    async def judge(self, sample: Sample) -> Proposal:
        """Have the gate judge a sample of the present text; note what it says.

        Raises:
            UserError: it cannot be judged.
        """
        verdict = await self._verdict_on(sample)
        proposal = Proposal(sample.change, verdict, (*self._kept, *sample.attempts))
        if verdict.applies.outcome is Outcome.PASSED and (
            self.best is None or verdict.score > self.best.verdict.score
        ):
            self.best = proposal
        run = verdict.test_run
        if run is not None and frozenset() < frozenset(run.failing) < self._failing:
            await self._keep(sample, run)
        elif not verdict.is_sound:
            wrote = new_lines(self.ctx.analysis.snapshot, sample.texts)
            self.failure = Failure(wrote=wrote, evidence=self._evidence(verdict))
        return proposal

    async def sample(self, model: Model, each: Try) -> Sample | None:
        """Let a model try once without judging; None when nothing of its answer can be used."""
        draft = await self.draft(
            self.ctx,
            Asked(
                model,
                each.temperature,
                plan=self.plan if each.sees_plan else None,
                failure=self.failure if each.sees_failure else None,
                notes=self.notes,
                shown=self.shown,
                may_repair=each.may_repair,
            ),
        )
        return None if draft is None else self.sample_from((draft,))

    async def draft(self, ctx: StrategyContext, asked: Asked) -> Draft | None:
        """Ask once, of any text: `ctx` may differ from the present one.

        None when nothing of the answer can be used; `failure` and `is_unplaced` tell more.
        """
        answer = await self._answering.answer(ctx, asked)
        self.answer = answer.text
        self.is_unplaced = bool(answer.rejections) and not answer.is_cut and not answer.is_empty
        if self.stall is not None and answer.is_empty:
            self.stall.note_empty()
        if answer.rejections:
            self.failure = Failure(wrote="", evidence="\n".join(answer.rejections))
            return None
        base = ctx.analysis.snapshot
        answered = combine(base.revision, answer.edits)
        return Draft(
            attempt=answer.attempt,
            texts=texts_after(base, answered),
            renamed=renames_of(answered),
            quoted=quoted_in(answered),
        )

    def sample_from(
        self,
        drafts: Iterable[Draft],
        texts: Mapping[WorkspacePath, str | None] | None = None,
    ) -> Sample:
        """Return one change of drafts of the present text, that were made one on the other.

        Args:
            drafts: in their order.
            texts: what they make of the present text together; by default, of the last that
                speaks of a file, what it says.
        """
        drafts = tuple(drafts)
        renamed, quoted = dict(self._renamed), dict(self._quoted)
        merged: dict[WorkspacePath, str | None] = {}
        for draft in drafts:
            merged.update(draft.texts)
            for new, old in draft.renamed.items():
                renamed[new] = renamed.get(old, old)
                quoted[new] = quoted.pop(old, ())
            for path, lines in draft.quoted.items():
                quoted[path] = (*quoted.get(path, ()), *lines)
        made = merged if texts is None else texts
        return Sample(
            attempts=tuple(draft.attempt for draft in drafts),
            change=change_from(self._origin, {**self._progress, **made}, renamed, quoted),
            texts=made,
            renamed=renamed,
            quoted=quoted,
            diff=diff_of(self.present, made),
        )

    async def _verdict_on(self, sample: Sample) -> Verdict:
        """Ask the gate; while a standstill is watched for, never of the same text twice."""
        known = self._verdicts.get(sample.diff) if self.stall is not None else None
        if known is None:
            known = await self.ctx.gate.check(sample.change)
            await self.emit(Checked(sample.attempts[-1], known))
            self._verdicts[sample.diff] = known
        if self.stall is not None:
            self.stall.note(sample.diff, known)
        return known

    def _evidence(self, verdict: Verdict) -> str:
        """Return what the gate found, and below it which shown files the change may break."""
        editable = {file.path for file in self.ctx.context if file.is_editable}
        advice = advice_on(verdict.may_break, editable)
        return "\n".join(filter(None, (verdict.evidence, advice)))

    async def _attempt(self, model: Model, each: Try) -> Proposal | None:
        sample = await self.sample(model, each)
        return None if sample is None else await self.judge(sample)

    async def _keep(self, sample: Sample, run: TestRun) -> None:
        self._failing = frozenset(run.failing)
        self._kept += sample.attempts
        self._progress_count += 1
        self._verdicts.clear()
        self._progress.update(sample.texts)
        self._renamed = dict(sample.renamed)
        self._quoted = dict(sample.quoted)
        self.failure = None
        self.plan = None
        self.shown = None
        self.answer = ""
        # What speaks of the old text would be found there no more.
        self.notes = tuple(note for note in self.notes if note.kind not in ABOUT_THE_TEXT)
        self.ctx = await advanced(self.ctx, sample.texts, run)
        number = sample.attempts[-1]
        await self.emit(ProgressKept(number, len(run.failing), self.ctx.context))
