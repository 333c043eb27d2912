"""What does the editor's face need of the engine? One client's session, as the engine has it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from pairwright.checks.editor_problems import EditorProblems
from pairwright.engine.changes.changes import Changes
from pairwright.engine.editors.editors import ApplyInEditor
from pairwright.engine.editors.shown_files import ShownFiles
from pairwright.engine.grants import AskPerson
from pairwright.engine.models.lending import Ask
from pairwright.engine.plans.plans import Plans
from pairwright.engine.questions.queries import Queries
from pairwright.index.ranking import MapFocus
from pairwright.protocol import (
    budget_messages,
    cost_messages,
    disclosure_messages,
    grant_messages,
    history_messages,
    key_messages,
    lending_messages,
    messages,
    plane_messages,
)
from pairwright.protocol.change_messages import ChangeNotice
from pairwright.workspace.paths import WorkspacePath


class Session(Protocol):
    """One connected client, as the engine sees it."""

    @property
    def queries(self) -> Queries:
        """The questions that can be asked of the index."""
        ...

    def map_focus(self) -> MapFocus:
        """Return what is open and was edited of late, by any client."""
        ...

    def listen_to_cost(self, listener: Callable[[cost_messages.CostNotice], None], /) -> None:
        """Tell the listener of every change of the workspace's cost."""
        ...

    @property
    def plans(self) -> Plans:
        """The plans that were made or written here."""
        ...

    @property
    def changes(self) -> Changes:
        """The proposed changes of all clients."""
        ...

    def listen_to_ends(
        self, listener: Callable[[messages.RunParams, messages.RunResult], None], /
    ) -> None:
        """Tell the listener of every new task of this client that ended with a result."""
        ...

    @property
    def shown_files(self) -> ShownFiles:
        """Files for editors that know no virtual documents."""
        ...

    def receipt(self, task_id: str, /) -> cost_messages.Receipt:
        """Return what a task cost, as the ledger knows it."""
        ...

    def listen_to_changes(self, listener: Callable[[ChangeNotice], None], /) -> None:
        """Tell the listener of every change that comes up for review or is decided."""
        ...

    def document_opened(self, path: WorkspacePath, text: str, version: int) -> None:
        """Let the client own a document's text."""
        ...

    def document_changed(self, path: WorkspacePath, text: str, version: int) -> None:
        """Take the whole new text."""
        ...

    def document_closed(self, path: WorkspacePath) -> None:
        """Let the disk own the document's text again."""
        ...

    async def run_task(
        self,
        params: messages.RunParams,
        on_event: Callable[[messages.TaskEvent], Awaitable[None]],
        /,
    ) -> messages.RunResult:
        """Run a task to its end."""
        ...

    async def continue_task(
        self,
        params: budget_messages.ContinueParams,
        on_event: Callable[[messages.TaskEvent], Awaitable[None]],
        /,
    ) -> messages.RunResult:
        """Go on with a task that was stopped."""
        ...

    async def estimate(self, params: budget_messages.EstimateParams, /) -> budget_messages.Estimate:
        """Return about what a task would cost."""
        ...

    def budget(self, params: budget_messages.BudgetParams, /) -> budget_messages.BudgetResult:
        """Return what may be spent, after a running task's cap was changed."""
        ...

    def attach_editor(self, apply: ApplyInEditor, /) -> None:
        """Let this client change the documents that it has open, whoever decides."""
        ...

    def attach_person(self, ask: AskPerson, /) -> None:
        """Let this client's editor ask its person a question."""
        ...

    def change_grants(self, params: grant_messages.GrantsParams, /) -> grant_messages.GrantsResult:
        """Return what clients may do, after one of them was changed."""
        ...

    def attach_diagnosis(self, ask: EditorProblems, /) -> None:
        """Let this client's editor say what it would show of a proposed text."""
        ...

    async def accept(self, params: messages.AcceptParams, /) -> messages.AcceptResult:
        """Keep hunks of a proposed change."""
        ...

    async def reject(self, params: messages.RejectParams, /) -> messages.RejectResult:
        """Decide against hunks of a proposed change."""
        ...

    async def history(
        self, params: history_messages.HistoryParams, /
    ) -> history_messages.HistoryResult:
        """Return what was written."""
        ...

    async def undo(self, params: history_messages.UndoParams, /) -> history_messages.UndoResult:
        """Take a written change back."""
        ...

    async def redo(self, params: history_messages.RedoParams, /) -> history_messages.UndoResult:
        """Take an undo back."""
        ...

    def costs(self, params: cost_messages.CostParams) -> cost_messages.CostReport:
        """Return what the workspace cost."""
        ...

    async def disclosed(
        self, params: disclosure_messages.DisclosedParams, /
    ) -> disclosure_messages.DisclosedResult:
        """Return which bytes of which file went to which host."""
        ...

    def status(self) -> messages.StatusResult:
        """Return how the daemon is."""
        ...

    async def give_key(self, params: key_messages.KeysParams, /) -> key_messages.KeysResult:
        """Hold a key while this client stays, or take it back."""
        ...

    def lend(self, params: lending_messages.LendParams, ask: Ask, /) -> lending_messages.LendResult:
        """Hold what the client lends while it stays."""
        ...

    def plane(self) -> plane_messages.PlaneResult:
        """Return what strategies cost, against how much of their work was good."""
        ...

    async def models(self, params: messages.ModelsParams) -> messages.ModelsResult:
        """Return which models a task would use."""
        ...

    async def close(self) -> None:
        """End the session's tasks and let go of its documents."""
        ...
