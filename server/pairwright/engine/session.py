"""What can one connected client ask? Each method is one request of a face, in plain values."""

import asyncio
import os
from collections.abc import Callable, Mapping

from pairwright import __version__
from pairwright.checks.verdict import Outcome, Verdict
from pairwright.engine import costs, review
from pairwright.engine.running import EmitTask, Pair, carry_out, require_instruction
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks import Task, TaskState
from pairwright.engine.writing import take_back, write_kept
from pairwright.errors import UnknownTask
from pairwright.ledger.budget import Budget, BudgetState
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.receipt import receipt_of
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Provider, Tier
from pairwright.protocol import messages
from pairwright.settings import CheckSettings
from pairwright.strategies.base import Strategy
from pairwright.strategies.registry import strategy_named
from pairwright.workspace.documents import Change, ChangeCause
from pairwright.workspace.paths import WorkspacePath


class Session:
    """One client: its overlays, its tasks, its requests."""

    def __init__(self, state: WorkspaceState, client_name: str) -> None:
        """Begin with nothing open."""
        self._state = state
        self._client = client_name
        self._overlays: set[WorkspacePath] = set()
        self._on_cost: Callable[[messages.CostNotice], None] | None = None
        state.session_count += 1

    def listen_to_cost(self, listener: Callable[[messages.CostNotice], None]) -> None:
        """Tell this client of every change of the running cost, whoever spends."""
        self._on_cost = listener
        self._state.cost_listeners.add(listener)

    async def close(self) -> None:
        """Give back what the client held: unsaved texts are gone, the disk counts again."""
        if self._on_cost is not None:
            self._state.cost_listeners.discard(self._on_cost)
        self._state.host.apply(
            [Change(path, None, None, ChangeCause.EDITOR) for path in self._overlays]
        )
        self._overlays.clear()
        self._state.session_count -= 1

    def document_opened(self, path: WorkspacePath, text: str, version: int) -> None:
        """The client owns this text from now on."""
        self._overlays.add(path)
        self._state.host.apply([Change(path, text, version, ChangeCause.EDITOR)])

    def document_changed(self, path: WorkspacePath, text: str, version: int) -> None:
        """The client typed; `text` is all of it.

        Raises:
            StaleChange: the version is not newer than the one we know.
        """
        self._state.host.apply([Change(path, text, version, ChangeCause.EDITOR)])

    def document_closed(self, path: WorkspacePath) -> None:
        """The client let go; what the disk says counts again."""
        self._overlays.discard(path)
        self._state.host.apply([Change(path, None, None, ChangeCause.EDITOR)])

    async def run_task(self, params: messages.RunParams, emit: EmitTask) -> messages.RunResult:
        """Work on an instruction; events go to `emit`, hunks wait for `accept`.

        Raises:
            UserError, BudgetExceeded, ModelError: nothing usable came of it; nothing was written.
        """
        require_instruction(params)
        strategy = strategy_named(params.strategy or self._state.settings.strategy)
        choice = await self._state.models.choose(params.strong, params.weak)
        task = Task(params.instruction, await self._state.analysis())
        pair = self._pair(task, params, strategy, choice)
        self._state.tasks.add(task)
        task.state = TaskState.RUNNING
        try:
            task.proposal = await carry_out(
                task,
                params,
                strategy=strategy,
                pair=pair,
                checks=self._checks(params),
                root=self._state.root,
                emit=emit,
            )
        except asyncio.CancelledError:
            task.state = TaskState.CANCELLED
            raise
        except BaseException:
            task.state = TaskState.FAILED
            raise
        return await self._conclude(task, pair, emit)

    async def accept(
        self, params: messages.AcceptParams, apply_in_editor: review.ApplyInEditor | None
    ) -> messages.AcceptResult:
        """Keep hunks and discard the others; all or nothing.

        Raises:
            UnknownTask: no such task is in review.
            StaleChange: a file moved on since the hunks were shown.
        """
        task = self._state.tasks.find(params.task_id)
        async with self._state.writing:
            if task.state is not TaskState.REVIEW:
                raise UnknownTask(f"task {params.task_id!r} is {task.state}: nothing to decide")
            texts = review.kept_texts(task, params.hunk_ids, self._state.host.snapshot)
            entry_id = await self._write(task, texts, apply_in_editor)
            task.state = TaskState.DONE
        return messages.AcceptResult(entry_id=entry_id, files=tuple(sorted(texts)))

    async def undo(
        self, params: messages.UndoParams, apply_in_editor: review.ApplyInEditor | None
    ) -> messages.UndoResult:
        """Take an accepted change back, the last one by default.

        Raises:
            UnknownTask: there is nothing to take back.
            StaleChange: a file was changed since.
        """
        async with self._state.writing:
            entry_id, files = await take_back(self._state, params.entry_id, apply_in_editor)
        return messages.UndoResult(entry_id=entry_id, files=files)

    def costs(self, params: messages.CostParams) -> messages.CostReport:
        """Return what this workspace has cost."""
        return costs.report(self._state.ledger, params.by, self._state.settings.budget)

    async def models(self, params: messages.ModelsParams) -> messages.ModelsResult:
        """Return the pair that a task would use, why, and about what a task costs.

        Raises:
            NoModel: there is none.
        """
        choice = await self._state.models.choose(params.strong, params.weak)
        strong = self._state.provider(choice.strong)
        weak = self._state.provider(choice.weak)
        return costs.describe_pair(choice, strong, weak)

    def status(self) -> messages.StatusResult:
        """Return how the daemon is."""
        snapshot = self._state.host.snapshot
        return messages.StatusResult(
            version=__version__,
            pid=os.getpid(),
            revision=snapshot.revision,
            files=len(snapshot.documents),
            unreadable=len(snapshot.unreadable),
            symbols=self._state.index.symbol_count,
            clients=self._state.session_count,
            tasks=tuple(
                messages.TaskView(
                    task_id=task.task_id, instruction=task.instruction, state=task.state.value
                )
                for task in self._state.tasks.all()
            ),
            settings_problems=self._state.settings_problems,
        )

    def _pair(
        self,
        task: Task,
        params: messages.RunParams,
        strategy: Strategy,
        choice: ModelChoice,
    ) -> Pair:
        settings = self._state.settings
        asked = params.budget_usd if params.budget_usd is not None else settings.budget.task_usd
        budget = Budget(
            self._state.ledger,
            task.task_id,
            task_cap_usd=min(asked, settings.budget.task_usd),
            day_cap_usd=settings.budget.day_usd,
        )

        def meter(provider: Provider, tier: Tier) -> MeteredModel:
            return MeteredModel(
                provider,
                tier=tier,
                budget=budget,
                client=self._client,
                strategy=strategy.name,
                attempts=settings.models.attempts,
                on_cost=self._tell_cost,
            )

        strong = self._state.provider(choice.strong)
        weak = self._state.provider(choice.weak)
        return Pair(strong, weak, meter(strong, Tier.STRONG), meter(weak, Tier.WEAK))

    def _tell_cost(self, state: BudgetState) -> None:
        notice = costs.to_notice(state)
        for listener in tuple(self._state.cost_listeners):
            listener(notice)

    def _checks(self, params: messages.RunParams) -> CheckSettings:
        checks = self._state.settings.checks
        if params.test_command is None:
            return checks
        return checks.model_copy(update={"test_command": params.test_command})

    async def _conclude(self, task: Task, pair: Pair, emit: EmitTask) -> messages.RunResult:
        receipt = costs.to_receipt(
            receipt_of(self._state.ledger, task.task_id, pair.strong_provider.price)
        )
        if task.proposal is None:
            task.state = TaskState.FAILED
            return messages.RunResult(
                task_id=task.task_id,
                state="failed",
                message="no attempt gave a change that can be applied; nothing was written",
                is_sound=False,
                receipt=receipt,
            )
        ready = review.propose(task, task.proposal, self._state.host.snapshot)
        task.state = TaskState.REVIEW
        await emit(ready)
        return messages.RunResult(
            task_id=task.task_id,
            state="review",
            message=_verdict_in_words(task.proposal.verdict),
            is_sound=task.proposal.verdict.is_sound,
            receipt=receipt,
        )

    async def _write(
        self,
        task: Task,
        texts: Mapping[WorkspacePath, str],
        apply_in_editor: review.ApplyInEditor | None,
    ) -> str | None:
        if not texts:
            return None
        return await write_kept(self._state, texts, apply_in_editor, label=task.instruction)


def _verdict_in_words(verdict: Verdict) -> str:
    if not verdict.is_sound:
        return "the gate is not content with the best attempt: look at it before you keep any of it"
    if verdict.tests.outcome is Outcome.PASSED:
        return "the gate found nothing wrong, and the tests pass"
    return "the gate found nothing wrong; no tests were run"
