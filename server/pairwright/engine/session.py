"""What can one connected client ask? Each method is one request of a face, in plain values."""

import asyncio
import logging
import os
from collections.abc import Callable

from pairwright import __version__
from pairwright.checks.editor_problems import EditorProblems
from pairwright.checks.verdict import Outcome, Verdict
from pairwright.engine import costs, deciding, history
from pairwright.engine.briefing import disclosed
from pairwright.engine.editors import ApplyInEditor
from pairwright.engine.proposing import propose
from pairwright.engine.queries import Queries
from pairwright.engine.running import EmitTask, Pair, carry_out, check_request
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks import Calls, Task, TaskState
from pairwright.engine.telling import tell
from pairwright.errors import InvalidSettings
from pairwright.index.ranking import MapFocus
from pairwright.ledger.budget import Budget, BudgetState
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.receipt import receipt_of
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Provider, Tier
from pairwright.protocol import history_messages, messages
from pairwright.protocol.history_messages import HistoryResult, UndoResult
from pairwright.settings import CheckSettings
from pairwright.strategies.base import Proposal, Strategy
from pairwright.strategies.registry import strategy_named
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_log = logging.getLogger(__name__)


class Session:
    """One client: its overlays, its tasks, its requests."""

    def __init__(self, state: WorkspaceState, client_name: str) -> None:
        """Begin with nothing open."""
        self._state = state
        self._client = client_name
        self._calls = Calls()
        self._on_cost: Callable[[messages.CostNotice], None] = lambda notice: None
        state.clients.add(self)

    @property
    def queries(self) -> Queries:
        """The questions that can be asked of the index."""
        return self._state.queries

    def map_focus(self) -> MapFocus:
        """Return what is open and was edited of late, by any client."""
        return MapFocus(
            open_paths=self._state.open_documents.paths,
            recent_paths=self._state.indexer.recent_paths,
        )

    def listen_to_cost(self, listener: Callable[[messages.CostNotice], None]) -> None:
        """Tell this client of every change of the running cost, whoever spends."""
        self._on_cost = listener

    def tell_cost(self, notice: messages.CostNotice) -> None:
        """Tell this client's listener; one that fails does not disturb who spends."""
        try:
            self._on_cost(notice)
        except Exception:
            _log.exception("could not tell %s the cost", self._client)

    async def close(self) -> None:
        """Cancel the client's tasks and give back what it held; harmless to repeat.

        Unsaved texts are gone: the disk counts again.
        """
        self._state.clients.discard(self)
        await self._calls.end_all()
        self._state.open_documents.close_all(self)
        self._state.diagnosing.detach(self)

    def document_opened(self, path: WorkspacePath, text: str, version: int) -> None:
        """The client owns this text from now on."""
        self._state.open_documents.open(self, path, text, version)

    def document_changed(self, path: WorkspacePath, text: str, version: int) -> None:
        """The client typed; `text` is all of it.

        Raises:
            InvalidRequest: the document is not open.
            StaleChange: the version is not newer than the one we know.
        """
        self._state.open_documents.change(self, path, text, version)

    def document_closed(self, path: WorkspacePath) -> None:
        """The client let go; another editor's text counts again, or the disk's."""
        self._state.open_documents.close(self, path)

    async def run_task(self, params: messages.RunParams, emit: EmitTask) -> messages.RunResult:
        """Work on an instruction; events go to `emit`, hunks wait for `accept`.

        Raises:
            UserError, BudgetExceeded, ModelError: nothing usable came of it; nothing was written.
        """
        check_request(params)
        if self._state.settings_error is not None:
            raise InvalidSettings(
                f"no task runs while your settings cannot be read: {self._state.settings_error}; "
                "mend the file, run `pairwright stop`, and try again"
            )
        strategy = strategy_named(params.strategy or self._state.settings.strategy)
        with self._calls.entered():
            choice = await self._state.models.choose(params.strong, params.weak)
            self._state.warm_models()
            analysis = await self._state.indexer.complete()
            self._state.remembering.look_for_edits(analysis.snapshot)
            own_prompts = await asyncio.to_thread(self._state.own_prompts.read)
            task = Task(params.instruction)
            pair = self._pair(task, params, strategy, choice)
            self._state.tasks.add(task)
            try:
                proposal = await carry_out(
                    task,
                    params,
                    analysis=analysis,
                    strategy=strategy,
                    pair=pair,
                    checks=self._checks(params),
                    root=self._state.root,
                    editor=self._state.diagnosing.asker_for(self),
                    ledger=self._state.ledger,
                    remembering=self._state.remembering,
                    own_prompts=own_prompts.texts,
                    emit=emit,
                )
                return await self._conclude(
                    task, proposal, base=analysis.snapshot, pair=pair, emit=emit
                )
            except asyncio.CancelledError:
                task.end(TaskState.CANCELLED)
                raise
            except BaseException:
                task.end(TaskState.FAILED)
                raise

    def attach_editor(self, apply: ApplyInEditor) -> None:
        """Let this client change the documents that it has open, whoever decides."""
        self._state.open_documents.attach(self, apply)

    def attach_diagnosis(self, ask: EditorProblems) -> None:
        """Let this client's editor say what it would show of a proposed text."""
        self._state.diagnosing.attach(self, ask)

    async def accept(self, params: messages.AcceptParams) -> messages.AcceptResult:
        """Keep hunks of a change and write them, all or nothing; others stay to be decided.

        Raises:
            UnknownTask: no such task is in review, or it has no such hunk.
            InvalidRequest: a hunk was decided before, or a file needs a yes that it has not.
            StaleChange: a file moved on since the hunks were shown.
        """
        with self._calls.entered():
            async with self._state.writing:
                return await deciding.accept(self._state, params, self._client)

    async def reject(self, params: messages.RejectParams) -> messages.RejectResult:
        """Decide against hunks of a change.

        Raises:
            UnknownTask: no such task is in review, or it has no such hunk.
            InvalidRequest: a hunk was decided before.
        """
        with self._calls.entered():
            async with self._state.writing:
                return deciding.reject(self._state, params)

    async def history(self, params: history_messages.HistoryParams) -> HistoryResult:
        """Return what was written, the newest first.

        Raises:
            UnknownTask: there is no such entry.
        """
        with self._calls.entered():
            return await tell(self._state, params)

    async def undo(self, params: history_messages.UndoParams) -> UndoResult:
        """Take a written change back, or a part of it; the last one by default.

        Raises:
            UnknownTask: there is nothing to take back.
            StaleChange: a part was changed since; nothing was written.
        """
        with self._calls.entered():
            async with self._state.writing:
                return await history.undo(self._state, params, self._client)

    async def redo(self, params: history_messages.RedoParams) -> UndoResult:
        """Take an undo back; the last one by default.

        Raises:
            UnknownTask: there is nothing to do again.
            StaleChange: a part was changed since; nothing was written.
        """
        with self._calls.entered():
            async with self._state.writing:
                return await history.redo(self._state, params, self._client)

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
        snapshot, progress = self._state.host.snapshot, self._state.indexer.progress
        return messages.StatusResult(
            version=__version__,
            pid=os.getpid(),
            revision=snapshot.revision,
            files=progress.files - len(snapshot.unreadable),
            unreadable=len(snapshot.unreadable),
            symbols=self._state.indexer.analysis.index.symbol_count,
            pending=progress.pending,
            notice=self._state.queries.notice,
            clients=len(self._state.clients),
            tasks=tuple(
                messages.TaskView(
                    task_id=task.task_id, instruction=task.instruction, state=task.state.value
                )
                for task in self._state.tasks.all()
            ),
            settings_problems=(
                *self._state.settings_problems,
                *self._state.own_prompts.read().problems,
            ),
        )

    def _pair(
        self,
        task: Task,
        params: messages.RunParams,
        strategy: Strategy,
        choice: ModelChoice,
    ) -> Pair:
        settings = self._state.settings
        budget = Budget(
            self._state.ledger,
            task.task_id,
            task_cap_usd=settings.budget.task_usd,
            day_cap_usd=settings.budget.day_usd,
            asked_usd=params.budget_usd,
            allow_unpriced=settings.budget.allow_unpriced,
        )

        def meter(provider: Provider, tier: Tier) -> MeteredModel:
            return MeteredModel(
                provider,
                tier=tier,
                budget=budget,
                client=self._client,
                strategy=strategy.name,
                disclose=disclosed,
                attempts=settings.models.attempts,
                on_cost=self._tell_cost,
            )

        strong = self._state.provider(choice.strong)
        weak = self._state.provider(choice.weak)
        return Pair(
            strong,
            weak,
            meter(strong, Tier.STRONG),
            meter(weak, Tier.WEAK),
            room_usd=budget.state().room_usd,
        )

    def _tell_cost(self, state: BudgetState) -> None:
        notice = costs.to_notice(state)
        for client in tuple(self._state.clients):
            client.tell_cost(notice)

    def _checks(self, params: messages.RunParams) -> CheckSettings:
        checks = self._state.settings.checks
        if params.test_command is None:
            return checks
        return checks.model_copy(update={"test_command": params.test_command})

    async def _conclude(
        self,
        task: Task,
        proposal: Proposal | None,
        *,
        base: Snapshot,
        pair: Pair,
        emit: EmitTask,
    ) -> messages.RunResult:
        receipt = costs.to_receipt(
            receipt_of(self._state.ledger, task.task_id, pair.strong_provider.price)
        )
        if proposal is None:
            task.end(TaskState.FAILED)
            return messages.RunResult(
                task_id=task.task_id,
                state="failed",
                message="no attempt gave a change that can be applied; nothing was written",
                is_sound=False,
                receipt=receipt,
            )
        ready = propose(task, proposal, base=base, current=self._state.host.snapshot)
        task.state = TaskState.REVIEW
        await emit(ready)
        return messages.RunResult(
            task_id=task.task_id,
            state="review",
            message=_in_words(proposal.verdict, len(ready.conflicts)),
            # What the gate judged is not what is left of it on a text that moved on.
            is_sound=proposal.verdict.is_sound and not ready.conflicts,
            receipt=receipt,
        )


def _in_words(verdict: Verdict, conflict_count: int) -> str:
    if conflict_count:
        gone = "hunk no longer fits" if conflict_count == 1 else "hunks no longer fit"
        return f"the text changed meanwhile: {conflict_count} {gone}"
    if not verdict.is_sound:
        return "the gate is not content with the best attempt: look at it before you keep any of it"
    if verdict.tests.outcome is Outcome.PASSED:
        return "the gate found nothing wrong, and the tests pass"
    return "the gate found nothing wrong; no tests were run"
