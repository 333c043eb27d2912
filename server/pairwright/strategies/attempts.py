"""How is one attempt made, and what is kept of all of them?

An attempt is one answer of one model: its blocks are placed while it streams, and the whole set is
judged by the gate. All or nothing: one block that cannot be placed refuses the whole answer, and
the model gets one turn to repair it. An attempt that mends some failing tests and breaks none is
progress: the next attempt builds on it and sees the next failure.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from pairwright.checks.verdict import Verdict
from pairwright.editing.blocks import Block
from pairwright.editing.change import FileEdit
from pairwright.editing.formats import EditFormat, format_for
from pairwright.editing.matching import changed_text, combine, place
from pairwright.errors import BudgetExceeded, EditMismatch, ModelError, Truncated
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
from pairwright.strategies.prompting import Failure, edit_request, repair_request
from pairwright.workspace.paths import WorkspacePath

_TEMPERATURES = (0.0, 0.4, 0.7, 0.9)


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
            BudgetExceeded, ModelError: no attempt came before that could be returned.
        """
        try:
            while proposal := await next_gain():
                if proposal.verdict.is_sound:
                    return proposal
        except (BudgetExceeded, ModelError):
            if self.best is None:
                raise
        return self.best

    async def gain(self, model: Model, *, tries: int) -> Proposal | None:
        """Let a model try up to `tries` times; return the first proposal that is sound or progress.

        Each try has its own temperature and is told what the one before it failed on.
        """
        for number in range(tries):
            temperature = _TEMPERATURES[min(number, len(_TEMPERATURES) - 1)]
            failing = self._failing
            proposal = await self._try(model, temperature)
            if proposal is not None and (proposal.verdict.is_sound or self._failing != failing):
                return proposal
        return None

    async def _try(self, model: Model, temperature: float) -> Proposal | None:
        editable = {file.path: file.text for file in self.ctx.context if file.is_editable}
        edit_format = format_for(model.tier, accepts_grammar=model.accepts_grammar, files=editable)
        request = edit_request(
            self.ctx,
            model,
            edit_format,
            plan=self.plan,
            failure=self.failure,
            temperature=temperature,
        )
        answer = await self._ask(model, request, edit_format, step="edit")
        if answer.rejections:
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
            await self._reject(answer, "", str(error))
        except EditMismatch as error:
            await self._reject(answer, error.path, error.reason)
        if not answer.edits and not answer.rejections:
            await self._reject(answer, "", "the answer holds no edit")
        return answer

    async def _place(self, block: Block, answer: "_Answer") -> None:
        editable = frozenset(file.path for file in self.ctx.context if file.is_editable)
        snapshot = self.ctx.analysis.snapshot
        try:
            edit = place(block, snapshot, editable)
        except EditMismatch as error:
            await self._reject(answer, error.path, error.reason)
            return
        answer.edits.append(edit)
        old_text = text_of(snapshot, edit.path)
        new_text = changed_text(old_text, edit)
        await self.emit(EditProposed(self._count, edit.path, edit.kind, old_text, new_text))

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
        if self.best is None or verdict.score > self.best.verdict.score:
            self.best = proposal
        failing = _named_failures(verdict)
        if failing and failing < self._failing:
            await self._keep(texts, failing, verdict.evidence)
        elif not verdict.is_sound:
            self.failure = Failure(wrote=new_lines(base, texts), evidence=verdict.evidence)
        return proposal

    async def _keep(
        self, texts: Mapping[WorkspacePath, str], failing: frozenset[str], evidence: str
    ) -> None:
        self._failing = failing
        self._progress.update(texts)
        self.failure = None
        self.plan = None
        self.ctx = advanced(self.ctx, texts, evidence)
        await self.emit(ProgressKept(self._count, len(failing)))


def _named_failures(verdict: Verdict) -> frozenset[str]:
    """Return the tests that fail by name; empty when none does or nobody knows which."""
    return frozenset(verdict.test_run.failing if verdict.test_run else ())


@dataclass(slots=True)
class _Answer:
    text: str = ""
    edits: list[FileEdit] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)
