"""How is one attempt made, and what is kept of all of them?

An attempt is one answer of one model: its blocks are placed while it streams, and the whole set is
judged by the gate. All or nothing: one block that cannot be placed refuses the whole answer, and
the model gets one turn to repair it. An attempt that mends some failing tests and breaks none is
progress: the next attempt builds on it and sees the next failure.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pairwright.checks.verdict import Outcome, TestRun
from pairwright.editing.blocks import Block
from pairwright.editing.change import FileEdit
from pairwright.editing.formats import EditFormat, format_for
from pairwright.editing.matching import changed_text, combine, place
from pairwright.errors import EditMismatch, PairwrightError, Truncated
from pairwright.llm.model import Model, ModelRequest
from pairwright.planning.plan import Plan
from pairwright.strategies.base import (
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
        self._progress: dict[WorkspacePath, str] = {}
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
        edit_format = format_for(model.tier, accepts_grammar=model.accepts_grammar, files=editable)
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
        return answer

    async def _place(self, block: Block, answer: "_Answer") -> None:
        snapshot = self.ctx.analysis.snapshot
        try:
            edit = place(block, snapshot, self._may_touch(block))
        except EditMismatch as error:
            await self._reject(answer, error.path, error.reason)
            return
        answer.edits.append(edit)
        old_text = text_of(snapshot, edit.path)
        new_text = changed_text(old_text, edit)
        await self.emit(EditProposed(self._count, edit.path, edit.kind, old_text, new_text))

    def _may_touch(self, block: Block) -> frozenset[WorkspacePath]:
        """Return the shown files, and a new one that the instruction or the plan names."""
        editable = {file.path for file in self.ctx.context if file.is_editable}
        wanted = self.ctx.instruction + (render_plan(self.plan) if self.plan else "")
        path = WorkspacePath(block.path)
        if path and path in wanted and path not in self.ctx.analysis.snapshot.documents:
            editable.add(path)
        return frozenset(editable)

    async def _reject(self, answer: "_Answer", path: str, reason: str) -> None:
        answer.rejections.append(f"{path}: {reason}" if path else reason)
        await self.emit(EditRejected(self._count, path, reason))

    async def _judge(self, edits: list[FileEdit]) -> Proposal:
        base = self.ctx.analysis.snapshot
        texts = {
            edit.path: changed_text(text_of(base, edit.path), edit)
            for edit in combine(base.revision, edits).files
        }
        change = change_from(self._origin, {**self._progress, **texts})
        verdict = await self.ctx.gate.check(change)
        await self.emit(Checked(self._count, verdict))
        proposal = Proposal(change, verdict)
        if verdict.applies.outcome is Outcome.PASSED and (
            self.best is None or verdict.score > self.best.verdict.score
        ):
            self.best = proposal
        run = verdict.test_run
        if run is not None and frozenset() < frozenset(run.failing) < self._failing:
            await self._keep(texts, run)
        elif not verdict.is_sound:
            self.failure = Failure(wrote=new_lines(base, texts), evidence=verdict.evidence)
        return proposal

    async def _keep(self, texts: Mapping[WorkspacePath, str], run: TestRun) -> None:
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
