"""What does the assistant's face need of the engine? One client's session, as the engine has it."""

from collections.abc import Sequence
from typing import Protocol

from pairwright.engine.changes.changes import Changes
from pairwright.engine.editors.presence import OpenFile
from pairwright.engine.grants import Grants
from pairwright.engine.models.showing import Showing
from pairwright.engine.plans.plans import Plans
from pairwright.engine.questions.queries import Queries
from pairwright.engine.questions.summary import RepositorySummary
from pairwright.engine.tasks.jobs import AfterTask, Job
from pairwright.index.ranking import MapFocus
from pairwright.protocol import budget_messages, cost_messages, history_messages, messages


class Session(Protocol):
    """One connected assistant, as the engine sees it."""

    @property
    def queries(self) -> Queries:
        """The questions that can be asked of the index."""
        ...

    @property
    def plans(self) -> Plans:
        """The plans that were made or written here."""
        ...

    @property
    def changes(self) -> Changes:
        """The proposed changes of all clients."""
        ...

    @property
    def grants(self) -> Grants:
        """What clients may do beyond reading."""
        ...

    @property
    def showing(self) -> Showing:
        """What answers may show of the files."""
        ...

    def map_focus(self) -> MapFocus:
        """Return what is open and was edited of late, by any client."""
        ...

    def open_files(self) -> Sequence[OpenFile]:
        """Return who has what open, and where people type now."""
        ...

    def can_review(self) -> bool:
        """Tell whether an editor is attached, so that a person may decide there."""
        ...

    def start_task(self, params: messages.RunParams, after: AfterTask | None = None, /) -> Job:
        """Begin a task that goes on by itself, and return its job."""
        ...

    def job(self, task_id: str, /) -> Job | None:
        """Return the job of a task; None when it is none."""
        ...

    async def accept(self, params: messages.AcceptParams, /) -> messages.AcceptResult:
        """Keep hunks of a proposed change."""
        ...

    async def undo(self, params: history_messages.UndoParams, /) -> history_messages.UndoResult:
        """Take a written change back."""
        ...

    def budget(self, params: budget_messages.BudgetParams, /) -> budget_messages.BudgetResult:
        """Return what may be spent."""
        ...

    def costs(self, params: cost_messages.CostParams, /) -> cost_messages.CostReport:
        """Return what the workspace cost."""
        ...

    async def summary(self) -> RepositorySummary | None:
        """Return what the strong model once wrote of the repository; None: nothing."""
        ...

    def status(self) -> messages.StatusResult:
        """Return how the daemon is."""
        ...
