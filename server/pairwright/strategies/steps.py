"""How is a plan followed? Step by step, each with its own small context; a failing one again.

Each step is one edit by one model, on the text that the steps before it made; steps that do not
wait for one another are written side by side. Only the whole is judged. When the gate is not
content, the step that the evidence points at is taken back, three-way, and written anew with that
evidence; what the others wrote stays. A plan whose steps name no files, or all the same, is one
question.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pairwright.errors import BudgetExceeded, ModelError
from pairwright.llm.model import Model, Tier
from pairwright.planning.order import batches, token_caps
from pairwright.planning.plan import Plan, Step
from pairwright.strategies.answering import Asked
from pairwright.strategies.attempts import Attempts, Draft, Try
from pairwright.strategies.base import Proposal, StrategyContext
from pairwright.strategies.progress import new_lines
from pairwright.strategies.prompting import ANSWER_FLOOR, Failure, answer_tokens
from pairwright.strategies.step_context import for_step
from pairwright.text.diff import apply_hunks, diff_texts
from pairwright.text.rebase import rebase
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_EXPECTED, _SYMBOL, _FILE, _DEFINED = 8, 4, 2, 1
"""What it counts that the evidence names what a step expects, is about, may edit or finds."""


async def follow_plan(attempts: Attempts, plan: Plan, tries: Sequence[Try]) -> Proposal | None:
    """Have a plan carried out, by the models that its steps name.

    Args:
        attempts: of the task; the plan becomes theirs.
        plan: what to do.
        tries: the first writes everything; each other one writes a failing step anew, or, where the
            plan is one question, all of it.

    Returns:
        The first proposal that is sound or makes progress; None when there is none.

    Raises:
        BudgetExceeded, ModelError, UserError: see `Strategy.run`.
    """
    attempts.plan = plan
    if not goes_by_steps(plan):
        return await attempts.gain(model_for(attempts.ctx, plan.steps), tries)
    return await _Following(attempts, plan).work(tries)


def goes_by_steps(plan: Plan) -> bool:
    """Tell whether the steps are written one by one: they differ in place, or in who writes."""
    places = {(step.files, step.symbols) for step in plan.steps}
    are_placed = all(step.files or step.symbols for step in plan.steps)
    return (are_placed and len(places) > 1) or len({step.tier for step in plan.steps}) > 1


def model_for(ctx: StrategyContext, steps: Sequence[Step]) -> Model:
    """Return who writes these steps together: the strong model when they all ask for it."""
    is_strong = bool(steps) and all(step.tier is Tier.STRONG for step in steps)
    return ctx.strong if is_strong else ctx.weak


@dataclass(frozen=True, slots=True)
class _Written:
    """A step that was written."""

    draft: Draft
    before: Mapping[WorkspacePath, str | None]
    """The texts that it found, of the files that it changed."""
    wrote: str
    """Its new lines."""


class _Following:
    """One plan on its way into text."""

    def __init__(self, attempts: Attempts, plan: Plan) -> None:
        self._attempts = attempts
        self._plan = plan
        self._caps = _caps(attempts.ctx, plan)
        self._texts: dict[WorkspacePath, str | None] = {}
        """What the steps so far make of the present text, where that changes."""
        self._written: dict[int, _Written] = {}
        self._unusable: dict[int, Failure] = {}
        self._trouble: BudgetExceeded | ModelError | None = None
        """Why a step got no answer; the steps after it are not asked for."""

    async def work(self, tries: Sequence[Try]) -> Proposal | None:
        attempts = self._attempts
        failing = attempts.failing
        await self._write_all(tries[0])
        for again in (*tries[1:], None):
            proposal = await self._judged()
            if proposal and (proposal.verdict.is_sound or attempts.failing != failing):
                return proposal
            if self._trouble is not None:
                raise self._trouble
            if again is None or (attempts.stall is not None and attempts.stall.reason):
                break
            await self._rewrite(again)
        return None

    async def _write_all(self, each: Try) -> None:
        for batch in _batches(self._plan):
            async with asyncio.TaskGroup() as group:
                for number in batch:
                    group.create_task(self._write(number, each, None))
            if self._trouble is not None:
                return

    async def _rewrite(self, each: Try) -> None:
        """Take back the step that the evidence points at, and have it written anew."""
        failure = self._attempts.failure or Failure("", "")
        number = self._step_meant(failure.evidence)
        written = self._written.get(number)
        if written is not None:
            failure = Failure(written.wrote, failure.evidence)
            self._take_back(number)
        else:
            failure = self._unusable.get(number, failure)
        await self._write(number, each, failure if each.sees_failure else None)

    async def _judged(self) -> Proposal | None:
        """Have the gate judge what all steps together made; None when that is nothing."""
        texts = {p: text for p, text in self._texts.items() if text != self._present(p)}
        drafts = sorted(
            (written.draft for written in self._written.values()), key=lambda each: each.attempt
        )
        if not texts or not drafts:
            return None
        return await self._attempts.judge(self._attempts.sample_from(drafts, texts))

    async def _write(self, number: int, each: Try, failure: Failure | None) -> None:
        """Have one step written; one of which nothing can be used is left out."""
        attempts = self._attempts
        task = for_step(attempts.ctx, self._plan, number, dict(self._texts))
        asked = Asked(
            model_for(attempts.ctx, (self._plan.steps[number],)),
            each.temperature,
            plan=self._plan,
            failure=failure,
            notes=attempts.notes,
            only_step=number,
            most_tokens=self._caps[number],
            may_repair=each.may_repair,
        )
        try:
            draft = await attempts.draft(task, asked)
        except (BudgetExceeded, ModelError) as error:
            self._trouble = self._trouble or error
            return
        if draft is None:
            self._unusable[number] = attempts.failure or Failure("", "")
            return
        seen = task.analysis.snapshot
        before = {path: _text(seen, path) for path in draft.texts}
        self._written[number] = _Written(draft, before, new_lines(seen, draft.texts))
        self._unusable.pop(number, None)
        for path, after in draft.texts.items():
            # Who wrote beside it may have changed the same file.
            self._texts[path] = _carried(before[path], after, self._current(path))

    def _take_back(self, number: int) -> None:
        """Undo a step's lines; where a later step wrote over them, the later one's stay."""
        written = self._written.pop(number)
        for path, after in written.draft.texts.items():
            self._texts[path] = _carried(after, written.before[path], self._current(path))

    def _step_meant(self, evidence: str) -> int:
        """Return which step to write anew: one that is missing, else what the evidence speaks of.

        The last one where it speaks of none.
        """
        steps = self._plan.steps
        missing = [number for number in range(len(steps)) if number not in self._written]
        if missing:
            return missing[0]
        index = self._attempts.ctx.analysis.index
        scores = []
        for number, step in enumerate(steps):
            expected = step.expectation.text if step.expectation else ""
            score = _EXPECTED * bool(expected and _is_named(expected, evidence))
            score += _SYMBOL * sum(_is_named(_last(name), evidence) for name in step.symbols)
            score += _FILE * sum(_is_named(path, evidence) for path in step.files)
            defined = {s.name for path in step.files for s in index.symbols_in(WorkspacePath(path))}
            score += _DEFINED * any(_is_named(name, evidence) for name in defined)
            scores.append((score, number))
        return max(scores)[1]

    def _current(self, path: WorkspacePath) -> str | None:
        return self._texts[path] if path in self._texts else self._present(path)

    def _present(self, path: WorkspacePath) -> str | None:
        return _text(self._attempts.present, path)


def _text(snapshot: Snapshot, path: WorkspacePath) -> str | None:
    document = snapshot.documents.get(path)
    return document.text if document else None


def _carried(old: str | None, new: str | None, current: str | None) -> str | None:
    """Return the current text with what leads from an old to a new one; collisions are left out."""
    if current == old or old is None or new is None or current is None:
        return new
    return apply_hunks(current, rebase(old, diff_texts(old, new), current).hunks)


def _batches(plan: Plan) -> Iterable[tuple[int, ...]]:
    try:
        return batches(plan)
    except ValueError:  # in a circle: then in the order in which they were written down
        return tuple((number,) for number in range(len(plan.steps)))


def _caps(ctx: StrategyContext, plan: Plan) -> tuple[int, ...]:
    """Share the tokens that the steps may write by their weights (Plan-and-Budget)."""
    total = sum(
        answer_tokens(for_step(ctx, plan, number, {}).context, model_for(ctx, (step,)))
        for number, step in enumerate(plan.steps)
    )
    return token_caps(plan.steps, total, least=ANSWER_FLOOR)


def _is_named(name: str, evidence: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", evidence) is not None


def _last(qualified_name: str) -> str:
    return qualified_name.rpartition(".")[2]
