"""What can one connected client ask? Each method is one request of a face, in plain values."""

import logging
from collections.abc import Callable

from pairwright.checks.editor_problems import EditorProblems
from pairwright.disclosure.redaction import PROCESS_REDACTOR
from pairwright.engine.changes import deciding, history
from pairwright.engine.changes.changes import Changes
from pairwright.engine.changes.telling import tell
from pairwright.engine.editors.editors import ApplyInEditor
from pairwright.engine.editors.presence import OpenFile
from pairwright.engine.editors.shown_files import ShownFiles
from pairwright.engine.grants import AskPerson, Grants
from pairwright.engine.models.disclosed import disclosed
from pairwright.engine.models.given_keys import check_key
from pairwright.engine.models.lending import Ask
from pairwright.engine.models.showing import Showing
from pairwright.engine.plans.plans import Plans
from pairwright.engine.questions.queries import Queries
from pairwright.engine.questions.summary import RepositorySummary, repository_summary
from pairwright.engine.spending import costs
from pairwright.engine.spending.accounts import adjust
from pairwright.engine.spending.plane import plane
from pairwright.engine.state import WorkspaceState
from pairwright.engine.status import status_of
from pairwright.engine.tasks.jobs import AfterTask, Emit, Job
from pairwright.engine.tasks.running import EmitTask
from pairwright.engine.tasks.runs import TaskRuns
from pairwright.engine.tasks.task import Calls
from pairwright.index.ranking import MapFocus
from pairwright.protocol import cost_messages, history_messages, messages
from pairwright.protocol.budget_messages import (
    BudgetParams,
    BudgetResult,
    ContinueParams,
    Estimate,
    EstimateParams,
)
from pairwright.protocol.change_messages import ChangeNotice
from pairwright.protocol.disclosure_messages import DisclosedParams, DisclosedResult
from pairwright.protocol.grant_messages import GrantsParams, GrantsResult
from pairwright.protocol.history_messages import HistoryResult, UndoResult
from pairwright.protocol.key_messages import KeysParams, KeysResult
from pairwright.protocol.lending_messages import LendParams, LendResult
from pairwright.protocol.plane_messages import PlaneResult
from pairwright.workspace.paths import WorkspacePath

OnEnd = Callable[[messages.RunParams, messages.RunResult], None]
_log = logging.getLogger(__name__)


class Session:
    """One client: its overlays, its tasks, its requests."""

    def __init__(self, state: WorkspaceState, client_name: str) -> None:
        """Begin with nothing open."""
        self._state = state
        self._client = client_name
        self._calls = Calls()
        self._on_cost: Callable[[cost_messages.CostNotice], None] = lambda notice: None
        self._on_change: list[Callable[[ChangeNotice], None]] = []
        self._on_end: OnEnd = lambda params, result: None
        self._runs = TaskRuns(state, client_name)
        state.clients.add(self)

    @property
    def name(self) -> str:
        """What the client calls itself."""
        return self._client

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

    def listen_to_cost(self, listener: Callable[[cost_messages.CostNotice], None]) -> None:
        """Tell this client of every change of the running cost, whoever spends."""
        self._on_cost = listener

    def tell_cost(self, notice: cost_messages.CostNotice) -> None:
        """Tell this client's listener; one that fails does not disturb who spends."""
        try:
            self._on_cost(notice)
        except Exception:
            _log.exception("could not tell %s the cost", self._client)

    @property
    def changes(self) -> Changes:
        """The proposed changes of all clients."""
        return Changes(self._state, self._client)

    @property
    def plans(self) -> Plans:
        """The plans that were made or written here."""
        return Plans(self._state)

    @property
    def grants(self) -> Grants:
        """What clients may do beyond reading."""
        return self._state.grants

    @property
    def showing(self) -> Showing:
        """What answers may show of the files."""
        return self._state.showing

    def open_files(self) -> tuple[OpenFile, ...]:
        """Return who has what open, and where people type now."""
        return self._state.presence.files(self._state.indexer.analysis.index)

    def can_review(self) -> bool:
        """Tell whether an editor is attached, so that a person may decide there."""
        return self._state.open_documents.has_editor

    def listen_to_changes(self, listener: Callable[[ChangeNotice], None]) -> None:
        """Tell this client of every change that comes up for review or is decided."""
        self._on_change.append(listener)

    def tell_change(self, notice: ChangeNotice) -> None:
        """Tell this client's listener; one that fails does not disturb who decides."""
        try:
            for listener in self._on_change:
                listener(notice)
        except Exception:
            _log.exception("could not tell %s of a change", self._client)

    def listen_to_ends(self, listener: OnEnd) -> None:
        """Tell this client of every new task of its own that came to an end with a result."""
        self._on_end = listener

    @property
    def shown_files(self) -> ShownFiles:
        """Files for editors that know no virtual documents."""
        return self._state.shown_files

    async def close(self) -> None:
        """Cancel the client's tasks and give back what it held; harmless to repeat.

        Unsaved texts are gone: the disk counts again.
        """
        self._state.clients.discard(self)
        await self._calls.end_all()
        self._state.open_documents.close_all(self)
        self._state.diagnosing.detach(self)
        self._state.presence.left(self)
        self._state.grants.detach(self)
        self._state.lending.take_back(self)
        if self._state.given_keys.take_back(self):
            self._state.forget_keys()

    def document_opened(self, path: WorkspacePath, text: str, version: int) -> None:
        """The client owns this text from now on."""
        self._state.open_documents.open(self, path, text, version)
        self._state.presence.opened(self, self._client, path)

    def document_changed(self, path: WorkspacePath, text: str, version: int) -> None:
        """The client typed; `text` is all of it.

        Raises:
            InvalidRequest: the document is not open.
            StaleChange: the version is not newer than the one we know.
        """
        known = self._state.host.snapshot.documents.get(path)
        before = text if known is None else known.text
        self._state.open_documents.change(self, path, text, version)
        if not self._state.writing.locked():  # else it is what we asked the editor to change
            self._state.presence.typed(self, path, before, text)

    def document_closed(self, path: WorkspacePath) -> None:
        """The client let go; another editor's text counts again, or the disk's."""
        self._state.open_documents.close(self, path)
        self._state.presence.closed(self, path)

    async def run_task(
        self, params: messages.RunParams, emit: EmitTask, *, task_id: str | None = None
    ) -> messages.RunResult:
        """Work on an instruction; events go to `emit`, hunks wait for `accept`.

        Args:
            params: what is to be done.
            emit: hears of each event.
            task_id: of the task, from who must know it before it begins.

        Raises:
            UserError, BudgetExceeded, ModelError: nothing usable came of it; nothing was written.
        """
        with self._calls.entered():
            editor = self._state.diagnosing.asker_for(self)
            result = await self._runs.begin(params, emit, editor, task_id=task_id)
        self._on_end(params, result)
        return result

    def start_task(self, params: messages.RunParams, after: AfterTask | None = None) -> Job:
        """Begin a task that goes on by itself while this client stays, and return its job.

        Args:
            params: what is to be done.
            after: is called with the result, before the job is over.

        Raises:
            InvalidRequest: too many of this client's run already.
        """

        async def work(task_id: str, emit: Emit) -> messages.RunResult:
            result = await self.run_task(params, emit, task_id=task_id)
            if after is not None:
                with self._calls.entered():
                    await after(result)
            return result

        return self._state.jobs.begin(self._client, work)

    def job(self, task_id: str) -> Job | None:
        """Return the job of a task; None when it is none."""
        return self._state.jobs.find(task_id)

    async def continue_task(self, params: ContinueParams, emit: EmitTask) -> messages.RunResult:
        """Go on with a task that was stopped; what was answered is not asked and paid again.

        Raises:
            UnknownTask: nothing is kept of such a task.
            UserError, BudgetExceeded, ModelError: as `run_task`.
        """
        with self._calls.entered():
            return await self._runs.go_on(params, emit, self._state.diagnosing.asker_for(self))

    async def estimate(self, params: EstimateParams) -> Estimate:
        """Return about what a task would cost; nobody is asked.

        Raises:
            UserError: the task makes no sense, or there is no model for it.
        """
        with self._calls.entered():
            return await self._runs.estimate(params)

    def budget(self, params: BudgetParams) -> BudgetResult:
        """Return what may be spent; lower a running task's cap, or raise it up to the user's own.

        Raises:
            InvalidRequest: there is no such running task, or the amount is none.
        """
        return adjust(self._state, params)

    def attach_editor(self, apply: ApplyInEditor) -> None:
        """Let this client change the documents that it has open, whoever decides."""
        self._state.open_documents.attach(self, apply)

    def attach_person(self, ask: AskPerson) -> None:
        """Let this client's editor ask its person a question."""
        self._state.grants.attach(self, ask)
        self._runs.ask_person = ask

    def change_grants(self, params: GrantsParams) -> GrantsResult:
        """Return what clients may do beyond reading, after one of them was changed.

        Raises:
            InvalidRequest: something of the three is missing, or the name is none.
            UserError: it cannot be remembered.
        """
        return self._state.grants.changed(params)

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
                result = await deciding.accept(self._state, params, self._client)
        if result.entry_id is not None or not (params.check_only or result.pending):
            self._state.unfinished.forget(params.task_id)
        return result

    async def reject(self, params: messages.RejectParams) -> messages.RejectResult:
        """Decide against hunks of a change.

        Raises:
            UnknownTask: no such task is in review, or it has no such hunk.
            InvalidRequest: a hunk was decided before.
        """
        with self._calls.entered():
            async with self._state.writing:
                result = deciding.reject(self._state, params, self._client)
        if not result.pending:
            self._state.unfinished.forget(params.task_id)
        return result

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

    def costs(self, params: cost_messages.CostParams) -> cost_messages.CostReport:
        """Return what this workspace has cost."""
        return costs.report(self._state.ledger, params.by, self._state.budget())

    def plane(self) -> PlaneResult:
        """Return what strategies cost here, against how much of their work was good."""
        return plane(self._state.ledger, self._state.remembering)

    def receipt(self, task_id: str) -> cost_messages.Receipt:
        """Return what a task cost, also of a task that nobody remembers but the ledger.

        Raises:
            UnknownTask: no call of such a task is on the ledger.
        """
        return costs.receipt_by_id(self._state.ledger, task_id)

    async def disclosed(self, params: DisclosedParams) -> DisclosedResult:
        """Return which bytes of which file went to which host.

        Raises:
            InvalidRequest: the params make no sense.
        """
        return await disclosed(self._state.exit.log.path, params)

    async def summary(self) -> RepositorySummary | None:
        """Return what the strong model once wrote of the repository; None: nothing."""
        return await repository_summary(self._state)

    async def models(self, params: messages.ModelsParams) -> messages.ModelsResult:
        """Return the pair that a task would use, why, and about what a task costs.

        Raises:
            NoModel: there is none.
        """
        choice = await self._state.models.choose(params.strong, params.weak)
        strong = self._state.provider(choice.strong)
        weak = self._state.provider(choice.weak)
        return costs.describe_pair(choice, strong, weak)

    async def give_key(self, params: KeysParams) -> KeysResult:
        """Hold a key while this client stays, or take it back; all clients' tasks may use it.

        Raises:
            InvalidRequest: nobody wants such a key.
        """
        state = self._state
        check_key(params.provider, params.key, state.settings.models)
        if params.key is None:
            state.given_keys.take_back(self, params.provider)
        else:
            PROCESS_REDACTOR.register(params.key)
            state.given_keys.give(self, params.provider, params.key)
        state.forget_keys()
        return KeysResult(held=state.given_keys.names)

    def lend(self, params: LendParams, ask: Ask) -> LendResult:
        """Hold what this client lends while it stays; all clients' tasks may use it.

        Raises:
            InvalidRequest: a model is none.
        """
        self._state.lending.lend(self, params.models, ask)
        return LendResult(lent=self._state.lending.names)

    def status(self) -> messages.StatusResult:
        """Return how the daemon is."""
        return status_of(self._state)
