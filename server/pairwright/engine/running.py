"""How does a task go? From the instruction to a proposal that a person can review."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from pairwright.checks.editor_problems import EditorProblems
from pairwright.checks.evidence import describe_failure
from pairwright.checks.gate import Gate
from pairwright.checks.verdict import TestRun
from pairwright.editing.formats import FormatRecord
from pairwright.engine import costs
from pairwright.engine.briefing import brief, full_instruction, read_focus, scope_for
from pairwright.engine.events import to_progress, to_shown_files, to_task_events, to_tests_run
from pairwright.engine.remembering import Remembering, TaskMemory
from pairwright.engine.tasks import Task
from pairwright.errors import InvalidRequest, UserError
from pairwright.index.analysis import Analysis
from pairwright.ledger.entries import Answer
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Model, OnProgress, Price, Progress, Provider, Tier
from pairwright.protocol import messages
from pairwright.settings import CheckSettings
from pairwright.strategies.base import (
    AnswerRead,
    ContextFile,
    Emit,
    Proposal,
    Strategy,
    StrategyContext,
    StrategyEvent,
)
from pairwright.strategies.calibrated_router import difficulty_of
from pairwright.strategies.wording import Wording
from pairwright.syntax.languages.registry import language_of

USUAL_SAMPLES = 8
MOST_SAMPLES = 12
EmitTask = Callable[[messages.TaskEvent], Awaitable[None]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two providers of a task and their metered models."""

    strong_provider: Provider
    weak_provider: Provider
    strong: Model
    weak: Model
    room_usd: Decimal
    """What may still be spent when the task begins."""

    @property
    def providers(self) -> tuple[Provider, ...]:
        """Both, once each: one model may play both parts."""
        if self.strong_provider is self.weak_provider:
            return (self.strong_provider,)
        return (self.strong_provider, self.weak_provider)


async def carry_out(
    task: Task,
    params: messages.RunParams,
    *,
    analysis: Analysis,
    strategy: Strategy,
    pair: Pair,
    checks: CheckSettings,
    root: Path,
    editor: EditorProblems | None,
    ledger: LedgerStore,
    remembering: Remembering,
    own_prompts: Mapping[str, str],
    emit: EmitTask,
) -> Proposal | None:
    """Run the strategy on the analysis, to which the task is pinned from here on.

    Raises:
        UserError: the request does not fit the workspace.
        BudgetExceeded, ModelError: see `Strategy.run`.
    """
    focus = read_focus(params, analysis.snapshot)
    scope = scope_for(pair.providers)
    select = partial(brief, instruction=params.instruction, focus=focus, scope=scope)
    async with Gate.opened(
        analysis, root, checks, editor=editor, instruction=params.instruction
    ) as gate:
        before = await _baseline(gate, emit)
        files = await asyncio.to_thread(select, analysis, before)
        await emit(_task_started(task, analysis, strategy, pair, files))
        await _prepare(pair, emit)
        context = StrategyContext(
            analysis=analysis,
            instruction=full_instruction(params.instruction, focus),
            strong=pair.strong,
            weak=pair.weak,
            gate=gate,
            context=files,
            select=select,
            evidence=describe_failure(analysis, before) if before else "",
            failing_tests=before.failing if before else (),
            format_records=_format_records(ledger, pair),
            has_focus=focus is not None,
            has_tests=before is not None,
            wording=Wording(own_prompts, _language(files)),
        )
        context = _with_record(context, pair, ledger, remembering)
        hear = _recording(task, ledger, _translate_to(emit, pair))
        memory = remembering.begin(task.task_id, strategy.name, params.instruction)
        return await _remembered(strategy, context, memory, hear)


def sample_count(strong: Price | None, weak: Price | None) -> int:
    """Return how many answers of the weak model cost about as much as one of the strong.

    By what their tokens cost; the usual number where that is not known or both cost nothing.
    """
    if strong is None or weak is None or not weak.output_usd or not strong.output_usd:
        return USUAL_SAMPLES
    return min(MOST_SAMPLES, max(1, round(strong.output_usd / weak.output_usd)))


def _language(files: Iterable[ContextFile]) -> str:
    """Return the language of the most relevant file that may be edited."""
    path = next((file.path for file in files if file.is_editable), "")
    language = language_of(path)
    return language.name if language is not None else ""


def _with_record(
    context: StrategyContext, pair: Pair, ledger: LedgerStore, remembering: Remembering
) -> StrategyContext:
    """Add what follows from prices and from earlier tasks."""
    strong, weak = pair.strong_provider.price, pair.weak_provider.price
    expected_usd = costs.strong_alone_usd(strong, context.context)
    return replace(
        context,
        sample_count=sample_count(strong, weak),
        budget_share=float(pair.room_usd / expected_usd) if expected_usd else None,
        is_free=_is_free(pair),
        record=remembering.record(_cost_shares(ledger, expected_usd)),
        memory=remembering.notes,
    )


def _is_free(pair: Pair) -> bool:
    prices = [provider.price for provider in pair.providers]
    return all(each is not None and not (each.input_usd or each.output_usd) for each in prices)


def _cost_shares(ledger: LedgerStore, expected_usd: Decimal | None) -> dict[str, float]:
    """Return what earlier tasks cost as shares of an amount, by their ids."""
    if not expected_usd:
        return {}
    return {
        row.key: float(row.cost_usd / expected_usd)
        for row in ledger.rows("task")
        if not row.unpriced_calls
    }


async def _baseline(gate: Gate, emit: EmitTask) -> TestRun | None:
    before = await gate.baseline()
    if before is not None:
        await emit(to_tests_run("before", before))
    return before


async def _remembered(
    strategy: Strategy, context: StrategyContext, memory: TaskMemory, hear: Emit
) -> Proposal | None:
    """Run the strategy, and remember what came of it, however it ends."""
    proposal: Proposal | None = None
    try:
        proposal = await strategy.run(context, memory.listening(hear))
    finally:
        memory.ended(proposal, context.analysis.snapshot, context.context, difficulty_of(context))
    return proposal


def check_request(params: messages.RunParams) -> None:
    """Check what can be checked before anything is opened.

    Raises:
        InvalidRequest: there is no instruction, or the budget is no amount of money.
    """
    if not params.instruction.strip():
        raise InvalidRequest("the instruction is empty: say what to change")
    budget_usd = params.budget_usd
    if budget_usd is not None and not (budget_usd.is_finite() and budget_usd >= 0):
        raise InvalidRequest(f"a budget of {budget_usd} USD is none: give a number, 0 or more")


def _task_started(
    task: Task, analysis: Analysis, strategy: Strategy, pair: Pair, files: Iterable[ContextFile]
) -> messages.TaskStarted:
    return messages.TaskStarted(
        task_id=task.task_id,
        revision=analysis.snapshot.revision,
        strategy=strategy.name,
        strong=pair.strong.name,
        weak=pair.weak.name,
        shown_files=to_shown_files(files),
    )


def _format_records(ledger: LedgerStore, pair: Pair) -> dict[str, tuple[FormatRecord, ...]]:
    return {
        name: tuple(
            FormatRecord(count.edit_format, count.answers, count.well_formed, count.applied)
            for count in ledger.format_counts(name)
        )
        for name in (pair.strong.name, pair.weak.name)
    }


def _recording(task: Task, ledger: LedgerStore, hear: Emit) -> Emit:
    """Write down how each answer's format fared; let everything else be heard."""

    async def record(event: StrategyEvent) -> None:
        if not isinstance(event, AnswerRead):
            await hear(event)
            return
        answer = Answer(
            task.task_id,
            event.model,
            event.edit_format,
            event.blocks,
            event.is_well_formed,
            event.is_applied,
        )
        try:
            ledger.record_answer(answer)
        except UserError:
            # The record serves the next task; this one need not end for it.
            _log.exception("could not record how an answer's format fared")

    return record


def _translate_to(emit: EmitTask, pair: Pair) -> Emit:
    models = {Tier.STRONG: pair.strong.name, Tier.WEAK: pair.weak.name}

    async def translate(event: StrategyEvent) -> None:
        for message in to_task_events(event, models):
            await emit(message)

    return translate


async def _prepare(pair: Pair, emit: EmitTask) -> None:
    try:
        async with _progress_to(emit) as on_progress:
            for provider in pair.providers:
                await provider.prepare(on_progress)
    except ExceptionGroup as failures:
        # Whoever asked knows a model's or a client's error, and not that two coroutines ran.
        raise failures.exceptions[0] from None


@asynccontextmanager
async def _progress_to(emit: EmitTask) -> AsyncGenerator[OnProgress, None]:
    """Carry progress from a plain callback, in any thread, to the client; the latest wins."""
    loop = asyncio.get_running_loop()
    has_news = asyncio.Event()
    latest: Progress | None = None
    is_over = False

    def note(progress: Progress) -> None:
        nonlocal latest
        latest = progress
        has_news.set()

    async def forward() -> None:
        nonlocal latest
        while not is_over or latest is not None:
            if latest is None:
                await has_news.wait()
                has_news.clear()
            elif progress := latest:
                latest = None
                await emit(to_progress(progress))

    def on_progress(progress: Progress) -> None:
        loop.call_soon_threadsafe(note, progress)

    async with asyncio.TaskGroup() as group:
        group.create_task(forward())
        try:
            yield on_progress
            # What was said last is still on its way from the callback.
            await asyncio.sleep(0)
        finally:
            is_over = True
            has_news.set()
