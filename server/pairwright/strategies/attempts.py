"""How is one attempt made, and what is kept of all of them?

An attempt is one answer of one model: its blocks are placed while it streams, and the whole set is
judged by the gate. All or nothing: one block that cannot be placed refuses the whole answer, and
the model gets one turn to repair it. An attempt that mends some failing tests and breaks none is
progress: the next attempt builds on it and sees the next failure.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pairwright.checks.verdict import Outcome, TestRun
from pairwright.editing.blocks import Block, MalformedBlock, RenameFile
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.editing.formats import EditFormat, format_for
from pairwright.editing.matching import changed_text, combine, place
from pairwright.errors import EditMismatch, PairwrightError, Truncated
from pairwright.llm.model import Model, ModelRequest
from pairwright.planning.plan import Plan
from pairwright.strategies.base import (
    AnswerRead,
    Checked,
    EditProposed,
    EditRejected,
    Emit,
    ProgressKept,
    Proposal,
    StepStarted,
    StrategyContext,
)
from pairwright.strategies.progress import advanced, change_from, new_lines, text_of
from pairwright.strategies.prompting import Failure, edit_request, render_plan, repair_request
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


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
        self.failure: Failure | None = None
        """What the latest attempt on the present text failed on."""
        self._origin = ctx.analysis.snapshot
        self._progress: dict[WorkspacePath, str | None] = {}
        self._renamed: dict[WorkspacePath, WorkspacePath] = {}
        """By its path on the present text, what the origin calls a renamed file."""
        self._failing = frozenset(ctx.failing_tests)
        self._count = 0

    async def until_sound(
        self, next_gain: Callable[[], Awaitable[Proposal | None]]
    ) -> Proposal | None:
        """Ask for gains until one is sound; else return the best attempt, None when there is none.

        Raises:
            PairwrightError: it cannot go on, and no attempt came before that could be returned.
        """
        try:
            while proposal := await next_gain():
                if proposal.verdict.is_sound:
                    return proposal
        except PairwrightError:
            # A spent budget, a model without an answer, a full disk: what is found is not lost.
            if self.best is None:
                raise
        return self.best

    async def gain(self, model: Model, tries: Iterable[Try]) -> Proposal | None:
        """Let a model try; return the first proposal that is sound or makes progress."""
        for each in tries:
            failing = self._failing
            proposal = await self._attempt(model, each)
            if proposal is not None and (proposal.verdict.is_sound or self._failing != failing):
                return proposal
        return None

    async def _attempt(self, model: Model, each: Try) -> Proposal | None:
        editable = {file.path: file.text for file in self.ctx.context if file.is_editable}
        edit_format = format_for(
            model.name,
            model.tier,
            editable,
            accepts_grammar=model.accepts_grammar,
            records=self.ctx.format_records.get(model.name, ()),
        )
        request = edit_request(
            self.ctx,
            model,
            edit_format,
            plan=self.plan if each.sees_plan else None,
            failure=self.failure if each.sees_failure else None,
            temperature=each.temperature,
        )
        answer = await self._ask(model, request, edit_format, step="edit")
        if answer.rejections and not answer.is_cut:
            repair = repair_request(request, answer.text, answer.rejections)
            answer = await self._ask(model, repair, edit_format, step="repair")
        if answer.rejections:
            self.failure = Failure(wrote="", evidence="\n".join(answer.rejections))
            return None
        return await self._judge(answer.edits)

    async def _ask(
        self, model: Model, request: ModelRequest, edit_format: EditFormat, *, step: str
    ) -> "_Answer":
        self._count += 1
        await self.emit(StepStarted(step, model.tier, self._count))
        answer = _Answer()
        parser = edit_format.new_parser()

        async def read(piece: str) -> None:
            for block in parser.feed(piece):
                await self._place(block, answer)

        completion = await model.complete(request, step=step, on_text=read)
        answer.text = completion.text
        try:
            for block in parser.finish():
                await self._place(block, answer)
            combine(0, answer.edits)
        except Truncated as error:
            answer.is_cut = True
            await self._reject(answer, "", str(error))
        except EditMismatch as error:
            await self._reject(answer, error.path, error.reason)
        if not answer.edits and not answer.rejections:
            await self._reject(answer, "", "the answer holds no edit")
        await self.emit(answer.as_read(self._count, model, edit_format))
        return answer

    async def _place(self, block: Block, answer: "_Answer") -> None:
        snapshot = self.ctx.analysis.snapshot
        answer.blocks += 1
        answer.is_malformed |= isinstance(block, MalformedBlock)
        try:
            edit = place(block, snapshot, self._may_touch(block))
        except EditMismatch as error:
            await self._reject(answer, error.path, error.reason)
            return
        answer.edits.append(edit)
        old_text = text_of(snapshot, edit.path)
        is_gone = edit.kind is FileEditKind.DELETE
        new_text = "" if is_gone else changed_text(old_text, edit)
        await self.emit(EditProposed(self._count, edit.path, edit.kind, old_text, new_text))

    def _may_touch(self, block: Block) -> frozenset[WorkspacePath]:
        """Return the shown files, and a new one that the instruction or the plan names."""
        editable = {file.path for file in self.ctx.context if file.is_editable}
        wanted = self.ctx.instruction + (render_plan(self.plan) if self.plan else "")
        new_path = block.new_path if isinstance(block, RenameFile) else block.path
        path = WorkspacePath(new_path)
        if path and path in wanted and path not in self.ctx.analysis.snapshot.documents:
            editable.add(path)
        return frozenset(editable)

    async def _reject(self, answer: "_Answer", path: str, reason: str) -> None:
        answer.rejections.append(f"{path}: {reason}" if path else reason)
        await self.emit(EditRejected(self._count, path, reason))

    async def _judge(self, edits: list[FileEdit]) -> Proposal:
        base = self.ctx.analysis.snapshot
        answered = combine(base.revision, edits)
        texts = _texts_of(base, answered)
        renamed = {**self._renamed, **_renames_of(answered, self._renamed)}
        change = change_from(self._origin, {**self._progress, **texts}, renamed)
        verdict = await self.ctx.gate.check(change)
        await self.emit(Checked(self._count, verdict))
        proposal = Proposal(change, verdict)
        if verdict.applies.outcome is Outcome.PASSED and (
            self.best is None or verdict.score > self.best.verdict.score
        ):
            self.best = proposal
        run = verdict.test_run
        if run is not None and frozenset() < frozenset(run.failing) < self._failing:
            self._renamed = renamed
            await self._keep(texts, run)
        elif not verdict.is_sound:
            self.failure = Failure(wrote=new_lines(base, texts), evidence=verdict.evidence)
        return proposal

    async def _keep(self, texts: Mapping[WorkspacePath, str | None], run: TestRun) -> None:
        self._failing = frozenset(run.failing)
        self._progress.update(texts)
        self.failure = None
        self.plan = None
        self.ctx = await advanced(self.ctx, texts, run)
        await self.emit(ProgressKept(self._count, len(run.failing), self.ctx.context))


@dataclass(slots=True)
class _Answer:
    text: str = ""
    edits: list[FileEdit] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)
    is_cut: bool = False
    """It broke off; asked to repair it, a model runs on in the same way."""
    blocks: int = 0
    is_malformed: bool = False

    def as_read(self, attempt: int, model: Model, edit_format: EditFormat) -> AnswerRead:
        return AnswerRead(
            attempt,
            model.name,
            edit_format.name,
            self.blocks,
            is_well_formed=bool(self.blocks) and not self.is_cut and not self.is_malformed,
            is_applied=not self.rejections,
        )


def _texts_of(base: Snapshot, change: SourceChange) -> dict[WorkspacePath, str | None]:
    """Return the new text of every path that a change touches; None where a file goes away."""
    texts: dict[WorkspacePath, str | None] = {}
    for edit in change.files:
        is_gone = edit.kind is FileEditKind.DELETE
        text = None if is_gone else changed_text(text_of(base, edit.path), edit)
        if edit.new_path is not None:
            texts[edit.path] = None
        texts[edit.new_path or edit.path] = text
    return texts


def _renames_of(
    change: SourceChange, earlier: Mapping[WorkspacePath, WorkspacePath]
) -> dict[WorkspacePath, WorkspacePath]:
    """Return by new path what the origin calls each file that a change renames."""
    return {
        edit.new_path: earlier.get(edit.path, edit.path)
        for edit in change.files
        if edit.new_path is not None
    }
