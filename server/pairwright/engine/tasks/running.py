"""How does a task go? From the instruction to a proposal that a person can review."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from pairwright.checks.comparison import OutlineText
from pairwright.checks.editor_problems import EditorProblems
from pairwright.checks.evidence import describe_failure
from pairwright.checks.gate import Gate
from pairwright.checks.verdict import TestRun
from pairwright.disclosure.policy import Policy
from pairwright.editing.formats import FormatRecord
from pairwright.engine.spending import costs
from pairwright.engine.spending.estimating import USUAL_PAIR, Less, estimate
from pairwright.engine.tasks.briefing import (
    Focus,
    brief,
    full_instruction,
    in_full,
    read_focus,
    scope_for,
    withheld_of,
)
from pairwright.engine.tasks.events import to_shown_files, to_task_events, to_tests_run
from pairwright.engine.tasks.following import Followed, check_plan_request
from pairwright.engine.tasks.intents import Intent, check_intent, confined, without_comment
from pairwright.engine.tasks.overhearing import Overheard
from pairwright.engine.tasks.preparing import prepare
from pairwright.engine.tasks.remembering import Remembering, TaskMemory
from pairwright.engine.tasks.task import Task
from pairwright.errors import InvalidRequest, UserError
from pairwright.index.analysis import Analysis
from pairwright.ledger.answers import KeptAnswers
from pairwright.ledger.entries import Answer
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Model, Price, Provider, Tier
from pairwright.planning.plan import Plan
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import EstimateMade
from pairwright.settings import CheckSettings
from pairwright.strategies import explaining, planning_only
from pairwright.strategies.base import (
    AnswerRead,
    ContextFile,
    Emit,
    PlanReady,
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
OnWithheld = Callable[[str], None]

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


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task with all that it is carried out with."""

    task: Task
    params: messages.RunParams
    """With the intent's instruction."""
    intent: Intent
    followed: Followed | None
    """The plan that is given, if one is."""
    analysis: Analysis
    """To which the task is pinned."""
    pair: Pair
    policy: Policy
    """What is withheld from models."""
    checks: CheckSettings
    outline: OutlineText
    root: Path
    editor: EditorProblems | None
    ledger: LedgerStore
    remembering: Remembering
    answers: KeptAnswers
    own_prompts: Mapping[str, str]
    emit: EmitTask
    first_formats: Mapping[str, str] = field(default_factory=dict)
    """In which edit format a person wants a model to be asked first, by the model's name."""
    strong_share: float = 0.4
    """Of the tasks, by the person's settings; see `StrategyContext`."""

    @property
    def plan(self) -> Plan | None:
        """The plan that is given, if one is."""
        return self.followed.plan if self.followed is not None else None


async def carry_out(work: Assignment, strategy: Strategy) -> Proposal | None:
    """Run the strategy.

    Raises:
        UserError: the request does not fit the workspace.
        BudgetExceeded, ModelError: see `Strategy.run`.
    """
    async with _begun(work, strategy.name) as (context, hear, memory):
        await _tell_estimate(work, context, strategy.name)
        await prepare(work.pair.providers, work.emit)
        proposal = await _remembered(strategy, context, memory, hear)
        if proposal is None:
            return None
        return without_comment(proposal, work.params, work.analysis.snapshot)


async def explain(work: Assignment) -> str:
    """Have one model explain what the task points at: the weak one, unless the strong is wished.

    Raises:
        UserError: the request does not fit the workspace.
        BudgetExceeded, ModelError: no answer came.
    """
    is_strong = work.params.strategy == "strong"
    provider = work.pair.strong_provider if is_strong else work.pair.weak_provider
    async with _begun(work, explaining.NAME) as (context, hear, _):
        less = Less("explanation", explaining.NAME, provider.price)
        await _tell_estimate(work, context, USUAL_PAIR, less)
        await prepare((provider,), work.emit)
        model = context.strong if is_strong else context.weak
        return await explaining.explain(context, model, hear)


async def make_plan(work: Assignment, strategy: str) -> Plan:
    """Have the strong model plan, with all before its eyes that a strategy would have.

    Args:
        work: the task.
        strategy: by which the plan would be followed, for the estimate.

    Raises:
        UserError: the request does not fit the workspace.
        BudgetExceeded, ModelError: no plan came.
    """
    async with _begun(work, planning_only.NAME) as (context, hear, _):
        provider = work.pair.strong_provider
        less = Less("plan", planning_only.NAME, provider.price)
        await _tell_estimate(work, context, strategy, less)
        await prepare((provider,), work.emit)
        return await planning_only.make_plan_only(context, hear)


async def _tell_estimate(
    work: Assignment, context: StrategyContext, strategy: str, less: Less | None = None
) -> None:
    """Say about what the task costs, before anybody is asked."""
    made = estimate(
        work.ledger,
        strategy,
        strong=work.pair.strong_provider,
        weak=work.pair.weak_provider,
        files=context.context,
        room_usd=work.pair.room_usd,
        without_task=work.task.task_id,
        less=less,
    )
    await work.emit(EstimateMade(estimate=made))


@asynccontextmanager
async def _begun(
    work: Assignment, name: str
) -> AsyncGenerator[tuple[StrategyContext, Emit, TaskMemory]]:
    """Give what a strategy knows, once the tests ran, and who hears and remembers what it does."""
    params, analysis, pair = work.params, work.analysis, work.pair
    focus = read_focus(params, analysis.snapshot)
    select = _selecting(work, focus)
    withheld = list(withheld_of(params.instruction, work.policy.find))
    memory = work.remembering.begin(work.task.task_id, name, params.instruction)
    wanted = in_full(params.instruction, work.plan)
    async with Gate.opened(
        analysis,
        work.root,
        work.checks,
        outline=work.outline,
        editor=work.editor,
        instruction=wanted,
        mends=work.intent.mends,
    ) as gate:
        before = await _baseline(gate, work.emit)
        files = await asyncio.to_thread(select, analysis, before, withheld.append)
        await work.emit(_task_started(work, name, files, withheld))
        context = StrategyContext(
            analysis=analysis,
            instruction=full_instruction(params.instruction, focus),
            strong=Overheard(pair.strong, memory),
            weak=Overheard(pair.weak, memory),
            gate=gate,
            context=files,
            select=select,
            evidence=describe_failure(analysis, before, withheld=work.policy.withheld)
            if before
            else "",
            failing_tests=before.failing if before else (),
            format_records=_format_records(work),
            first_formats=work.first_formats,
            strong_share=work.strong_share,
            has_focus=focus is not None,
            has_tests=before is not None,
            wording=Wording(work.own_prompts, _language(files)),
            plan=work.plan,
            only=work.intent.only,
            withheld=work.policy.withheld,
        )
        context = _with_record(context, pair, work.ledger, work.remembering)
        yield context, _recording(work, _translate_to(work)), memory


def _selecting(work: Assignment, focus: Focus | None) -> Callable[..., tuple[ContextFile, ...]]:
    """Return what chooses the files that models see, of any text that the task comes to."""
    scope, hidden = scope_for(work.pair.providers), work.policy.withheld

    def select(
        analysis: Analysis, run: TestRun | None, on_withheld: OnWithheld = _say_nothing
    ) -> tuple[ContextFile, ...]:
        found = brief(
            analysis,
            run,
            instruction=work.params.instruction,
            focus=focus,
            scope=scope,
            plan=work.plan,
            withheld=hidden,
            on_withheld=on_withheld,
        )
        return confined(found, work.intent, analysis.snapshot, hidden)

    return select


def _say_nothing(_: str) -> None:
    pass


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
    expected_usd = costs.alone_usd(strong, context.context)
    return replace(
        context,
        sample_count=sample_count(strong, weak),
        budget_share=float(pair.room_usd / expected_usd) if expected_usd else None,
        is_free=_is_free(pair),
        record=remembering.record(costs.cost_shares(ledger, expected_usd)),
        memory=remembering.notes,
    )


def _is_free(pair: Pair) -> bool:
    prices = [provider.price for provider in pair.providers]
    return all(each is not None and not (each.input_usd or each.output_usd) for each in prices)


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
        InvalidRequest: there is no instruction, or the budget is no amount of money, or what is
            said of a plan contradicts itself.
    """
    check_plan_request(params)
    check_intent(params)
    budget_usd = params.budget_usd
    if budget_usd is not None and not (budget_usd.is_finite() and budget_usd >= 0):
        raise InvalidRequest(f"a budget of {budget_usd} USD is none: give a number, 0 or more")


def _task_started(
    work: Assignment, name: str, files: Iterable[ContextFile], withheld: Iterable[str]
) -> messages.TaskStarted:
    return messages.TaskStarted(
        task_id=work.task.task_id,
        revision=work.analysis.snapshot.revision,
        strategy=name,
        strong=work.pair.strong.name,
        weak=work.pair.weak.name,
        shown_files=to_shown_files(files),
        withheld=tuple(withheld),
    )


def _format_records(work: Assignment) -> dict[str, tuple[FormatRecord, ...]]:
    return {
        name: tuple(
            FormatRecord(count.edit_format, count.answers, count.well_formed, count.applied)
            for count in work.ledger.format_counts(name, until_task=work.task.task_id)
        )
        for name in (work.pair.strong.name, work.pair.weak.name)
    }


def _recording(work: Assignment, hear: Emit) -> Emit:
    """Write down how each new answer's format fared; let everything else be heard."""

    async def record(event: StrategyEvent) -> None:
        if not isinstance(event, AnswerRead):
            await hear(event)
            return
        if work.answers.is_replayed(event.answer):
            return  # it was written down when it came
        answer = Answer(
            work.task.task_id,
            event.model,
            event.edit_format,
            event.blocks,
            event.is_well_formed,
            event.is_applied,
        )
        try:
            work.ledger.record_answer(answer)
        except UserError:
            # The record serves the next task; this one need not end for it.
            _log.exception("could not record how an answer's format fared")

    return record


def _translate_to(work: Assignment) -> Emit:
    async def translate(event: StrategyEvent) -> None:
        # Anew each time: a fallback may have taken over.
        models = {Tier.STRONG: work.pair.strong.name, Tier.WEAK: work.pair.weak.name}
        is_given = isinstance(event, PlanReady) and event.plan == work.plan
        plan_id = work.followed.plan_id if is_given and work.followed is not None else None
        for message in to_task_events(event, models, plan_id):
            await work.emit(message)

    return translate
