"""How does a task go? From the instruction to a proposal that a person can review."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pairwright.checks.evidence import describe_failure
from pairwright.checks.gate import Gate
from pairwright.engine.briefing import brief, context_budget, full_instruction, read_focus
from pairwright.engine.events import to_progress, to_task_events, to_tests_run
from pairwright.engine.tasks import Task
from pairwright.errors import InvalidRequest
from pairwright.llm.model import Model, OnProgress, Progress, Provider, Tier
from pairwright.protocol import messages
from pairwright.settings import CheckSettings
from pairwright.strategies.base import (
    ContextFile,
    Emit,
    Proposal,
    Strategy,
    StrategyContext,
    StrategyEvent,
)

EmitTask = Callable[[messages.TaskEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two providers of a task and their metered models."""

    strong_provider: Provider
    weak_provider: Provider
    strong: Model
    weak: Model

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
    strategy: Strategy,
    pair: Pair,
    checks: CheckSettings,
    root: Path,
    emit: EmitTask,
) -> Proposal | None:
    """Run the strategy on the analysis that the task is pinned to.

    Raises:
        UserError: the request does not fit the workspace.
        BudgetExceeded, ModelError: see `Strategy.run`.
    """
    analysis = task.analysis
    focus = read_focus(params, analysis.snapshot)
    select = partial(
        brief,
        instruction=params.instruction,
        focus=focus,
        budget_tokens=context_budget(pair.providers),
    )
    async with Gate.opened(analysis, root, checks) as gate:
        before = await gate.baseline()
        if before is not None:
            await emit(to_tests_run("before", before))
        evidence = describe_failure(analysis, before) if before else ""
        files = select(analysis, evidence)
        await emit(_task_started(task, strategy, pair, files))
        await _prepare(pair, emit)
        context = StrategyContext(
            analysis=analysis,
            instruction=full_instruction(params.instruction, focus),
            strong=pair.strong,
            weak=pair.weak,
            gate=gate,
            context=files,
            select=select,
            evidence=evidence,
            failing_tests=before.failing if before else (),
        )
        return await strategy.run(context, _translate_to(emit, pair))


def require_instruction(params: messages.RunParams) -> None:
    """Check what can be checked before anything is opened.

    Raises:
        InvalidRequest: there is no instruction.
    """
    if not params.instruction.strip():
        raise InvalidRequest("the instruction is empty: say what to change")


def _task_started(
    task: Task, strategy: Strategy, pair: Pair, files: Iterable[ContextFile]
) -> messages.TaskStarted:
    return messages.TaskStarted(
        task_id=task.task_id,
        revision=task.analysis.snapshot.revision,
        strategy=strategy.name,
        strong=pair.strong.name,
        weak=pair.weak.name,
        shown_files=tuple(f"{file.path} ({file.reason})" for file in files),
    )


def _translate_to(emit: EmitTask, pair: Pair) -> Emit:
    models = {Tier.STRONG: pair.strong.name, Tier.WEAK: pair.weak.name}

    async def translate(event: StrategyEvent) -> None:
        for message in to_task_events(event, models):
            await emit(message)

    return translate


async def _prepare(pair: Pair, emit: EmitTask) -> None:
    async with _progress_to(emit) as on_progress:
        for provider in pair.providers:
            await provider.prepare(on_progress)


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
        finally:
            is_over = True
            has_news.set()
