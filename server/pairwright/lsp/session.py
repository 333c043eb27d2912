"""What does the editor's face need of the engine? One client's session, as the engine has it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from pairwright.checks.editor_problems import EditorProblems
from pairwright.engine.editors import ApplyInEditor
from pairwright.engine.queries import Queries
from pairwright.index.ranking import MapFocus
from pairwright.protocol import history_messages, messages
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

    def listen_to_cost(self, listener: Callable[[messages.CostNotice], None], /) -> None:
        """Tell the listener of every change of the workspace's cost."""
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

    def attach_editor(self, apply: ApplyInEditor, /) -> None:
        """Let this client change the documents that it has open, whoever decides."""
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

    def costs(self, params: messages.CostParams) -> messages.CostReport:
        """Return what the workspace cost."""
        ...

    def status(self) -> messages.StatusResult:
        """Return how the daemon is."""
        ...

    async def models(self, params: messages.ModelsParams) -> messages.ModelsResult:
        """Return which models a task would use."""
        ...

    async def close(self) -> None:
        """End the session's tasks and let go of its documents."""
        ...
