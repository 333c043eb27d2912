"""How is one answer asked for, read and placed?

Its blocks are placed while it streams. All or nothing: one block that cannot be placed refuses the
whole answer, and the model may get one turn to repair it.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from pairwright.editing.blocks import Block, MalformedBlock, RenameFile
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.editing.formats import EditFormat, format_for
from pairwright.editing.matching import changed_text, combine, place
from pairwright.editing.reasons import says_no_change
from pairwright.errors import BudgetExceeded, EditMismatch, Truncated
from pairwright.llm.model import Model, ModelRequest
from pairwright.llm.tokens import estimate_messages
from pairwright.planning.plan import Plan
from pairwright.strategies.base import (
    AnswerRead,
    ContextFile,
    EditProposed,
    EditRejected,
    Emit,
    Note,
    StepStarted,
    StrategyContext,
)
from pairwright.strategies.progress import text_of
from pairwright.strategies.prompting import Failure, edit_request, repair_request
from pairwright.strategies.quoting import fitting
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_LONG = 4_000
"""Characters of which a grammar is made in some 20 ms."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a model is asked for an edit."""

    model: Model
    temperature: float
    plan: Plan | None = None
    failure: Failure | None = None
    notes: tuple[Note, ...] = ()
    shown: tuple[ContextFile, ...] | None = None
    """What is shown in place of the context; only the context may be edited, all the same."""
    only_step: int | None = None
    """The step of the plan that is to be done, from 0; None for all of it."""
    most_tokens: int | None = None
    """What the answer may have at most, unless it has to hold whole files."""
    may_repair: bool = True
    """Whether an answer that cannot be used is answered with the reasons, once."""


@dataclass(slots=True)
class Answer:
    """One answer: what could be placed of it, and why the rest could not."""

    attempt: int
    text: str = ""
    edits: list[FileEdit] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)
    """Why it cannot be used, worded for the model; empty when it can."""
    is_cut: bool = False
    """It broke off; asked to repair it, a model runs on in the same way."""
    blocks: int = 0
    is_malformed: bool = False
    unchanging: int = 0
    """How many of its blocks leave the text as it is."""

    @property
    def is_empty(self) -> bool:
        """Whether it is whole and holds nothing that would change the text."""
        return not self.edits and not self.is_cut and self.unchanging == self.blocks


class Answering:
    """Asks models for edits of one task, one answer after the other."""

    def __init__(self, emit: Emit) -> None:
        """Begin with no answer."""
        self._emit = emit
        self.count = 0
        """How many answers were asked for; each one's number is its place among them."""
        self.unpaid: set[int] = set()
        """Those for which there was no money left."""

    async def answer(self, ctx: StrategyContext, asked: Asked) -> Answer:
        """Ask for an edit of the task as `ctx` has it; with `may_repair`, at most twice.

        Raises:
            BudgetExceeded: the call does not fit under a cap.
            ModelError: no answer came.
        """
        editable = {file.path: file.text for file in ctx.context if file.is_editable}
        edit_format = format_for(
            asked.model.name,
            asked.model.tier,
            editable,
            accepts_grammar=asked.model.accepts_grammar,
            records=ctx.format_records.get(asked.model.name, ()),
            first=ctx.first_formats.get(asked.model.name),
        )
        ask = partial(
            edit_request,
            ctx,
            asked.model,
            edit_format,
            plan=asked.plan,
            only_step=asked.only_step,
            failure=asked.failure,
            shown=asked.shown,
            temperature=asked.temperature,
            most_tokens=asked.most_tokens,
        )
        # The grammar of a long file has a rule a line: that is no work for the event loop.
        is_long = sum(map(len, editable.values())) > _LONG
        request = await asyncio.to_thread(ask) if is_long else ask()
        if asked.notes:
            taken = estimate_messages(request.messages) + request.max_output_tokens
            told = fitting(asked.notes, asked.model.context_tokens - taken)
            request = await asyncio.to_thread(ask, notes=told) if is_long else ask(notes=told)
        reading = _Reading(ctx, asked, edit_format, self._emit)
        answer = await self._read(reading, request, step="edit")
        if answer.rejections and asked.may_repair and not answer.is_cut:
            repair = repair_request(ctx.wording, request, answer.text, answer.rejections)
            answer = await self._read(reading, repair, step="repair")
        return answer

    async def _read(self, reading: "_Reading", request: ModelRequest, *, step: str) -> Answer:
        number = self.next_number()
        try:
            return await reading.ask(request, number, step=step)
        except BudgetExceeded:
            self.unpaid.add(number)
            raise

    def next_number(self) -> int:
        """Return the number of the next answer, which is taken by that."""
        self.count += 1
        return self.count


def texts_after(base: Snapshot, change: SourceChange) -> dict[WorkspacePath, str | None]:
    """Return the new text of every path that a change touches; None where a file goes away."""
    texts: dict[WorkspacePath, str | None] = {}
    for edit in change.files:
        is_gone = edit.kind is FileEditKind.DELETE
        text = None if is_gone else changed_text(text_of(base, edit.path), edit)
        if edit.new_path is not None:
            texts[edit.path] = None
        texts[edit.new_path or edit.path] = text
    return texts


def renames_of(change: SourceChange) -> dict[WorkspacePath, WorkspacePath]:
    """Return by new path what each file that a change renames was called before."""
    return {edit.new_path: edit.path for edit in change.files if edit.new_path is not None}


def quoted_in(change: SourceChange) -> dict[WorkspacePath, tuple[str, ...]]:
    """Return by new path which lines of a file are quoted to go away."""
    return {edit.new_path or edit.path: edit.quoted for edit in change.files if edit.quoted}


class _Reading:
    """Reads the answers to one question, and places what they hold."""

    def __init__(
        self, ctx: StrategyContext, asked: Asked, edit_format: EditFormat, emit: Emit
    ) -> None:
        self._ctx = ctx
        self._asked = asked
        self._format = edit_format
        self._emit = emit

    async def ask(self, request: ModelRequest, attempt: int, *, step: str) -> Answer:
        model = self._asked.model
        await self._emit(StepStarted(step, model.tier, attempt))
        answer = Answer(attempt)
        parser = self._format.new_parser()

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
        await self._emit(
            AnswerRead(
                attempt,
                model.name,
                self._format.name,
                answer.blocks,
                is_well_formed=bool(answer.blocks)
                and not answer.is_cut
                and not answer.is_malformed,
                is_applied=not answer.rejections,
                tier=model.tier,
                question=request.messages,
                answer=answer.text,
            )
        )
        return answer

    async def _place(self, block: Block, answer: Answer) -> None:
        snapshot = self._ctx.analysis.snapshot
        answer.blocks += 1
        answer.is_malformed |= isinstance(block, MalformedBlock)
        try:
            edit = place(block, snapshot, self._may_touch(block))
        except EditMismatch as error:
            answer.unchanging += says_no_change(error.reason)
            await self._reject(answer, error.path, error.reason)
            return
        answer.edits.append(edit)
        old_text = text_of(snapshot, edit.path)
        is_gone = edit.kind is FileEditKind.DELETE
        new_text = "" if is_gone else changed_text(old_text, edit)
        await self._emit(EditProposed(answer.attempt, edit.path, edit.kind, old_text, new_text))

    def _may_touch(self, block: Block) -> frozenset[WorkspacePath]:
        """Return the shown files, and a new one that the instruction or the plan names."""
        editable = {file.path for file in self._ctx.context if file.is_editable}
        plan = self._asked.plan
        # What a step expects, a test that does not exist yet, say, is not what it may write.
        steps = plan.steps if plan else ()
        named = [plan.goal] if plan else []
        for step in steps:
            named += [step.intent, *step.files]
        wanted = "\n".join([self._ctx.instruction, *named])
        new_path = block.new_path if isinstance(block, RenameFile) else block.path
        path = WorkspacePath(new_path)
        if path and path in wanted and path not in self._ctx.analysis.snapshot.documents:
            editable.add(path)
        only = self._ctx.only
        return frozenset(editable if only is None else {only})

    async def _reject(self, answer: Answer, path: str, reason: str) -> None:
        answer.rejections.append(f"{path}: {reason}" if path else reason)
        await self._emit(EditRejected(answer.attempt, path, reason))
