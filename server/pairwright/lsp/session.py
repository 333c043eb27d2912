"""What does the editor's face need of the engine? One client's session, as the engine has it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from pairwright.engine.editors import ApplyInEditor
from pairwright.engine.queries import Queries
from pairwright.index.ranking import MapFocus
from pairwright.protocol import messages
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

    async def accept(
        self, params: messages.AcceptParams, apply_in_editor: ApplyInEditor | None
    ) -> messages.AcceptResult:
        """Keep hunks of a proposed change."""
        ...

    async def undo(
        self, params: messages.UndoParams, apply_in_editor: ApplyInEditor | None
    ) -> messages.UndoResult:
        """Take an accepted change back."""
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
