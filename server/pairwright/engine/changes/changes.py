"""How does a proposed change stand? For every client alike, whoever asked for it.

Any client may decide; the first decision of a hunk counts. A change outlives the client that
proposed it.
"""

import asyncio
from contextlib import suppress

from pairwright.engine.changes.previews import (
    ChangePreview,
    FileReview,
    hunks_in,
    preview,
    review_of_file,
)
from pairwright.engine.changes.proposing import left_to_decide
from pairwright.engine.changes.submitting import submit
from pairwright.engine.editors.presence import in_use
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.task import Task, TaskState
from pairwright.errors import InvalidRequest, UnknownTask
from pairwright.protocol.change_messages import (
    ChangeParams,
    ChangesResult,
    ChangeView,
    HunkDecision,
    ProposeParams,
    ProposeResult,
)
from pairwright.workspace.paths import WorkspacePath

MOST_WAITED_S = 60.0


class Changes:
    """Proposed changes, as one client asks about them."""

    def __init__(self, state: WorkspaceState, client: str) -> None:
        """Speak for a client."""
        self._state = state
        self._client = client

    def read_revision(self) -> int:
        """Return the present revision, and remember what the files say at it.

        For a client that reads now and sends edits of what it read.
        """
        snapshot = self._state.host.snapshot
        self._state.revisions.note(snapshot)
        return snapshot.revision

    async def propose(self, params: ProposeParams) -> ProposeResult:
        """Have edits judged, and put them up for review.

        Raises:
            InvalidRequest: the request itself makes no sense.
            UserError: the gate cannot judge.
        """
        submitted = await submit(self._state, params, self._client)
        if isinstance(submitted, Task):
            return ProposeResult(change=self._view(submitted))
        return ProposeResult(change=None, refusals=submitted)

    async def change(self, params: ChangeParams) -> ChangeView:
        """Return how a change stands; waits for a decision that the client has not seen.

        A task that has come to its proposal meanwhile is not waited for further.

        Raises:
            UnknownTask: there is no such task.
        """
        task = self._state.tasks.find(params.task_id)
        state = task.state
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(params.wait_s, MOST_WAITED_S))):
                while task.state is state and _may_have_news(task, params.seen):
                    await task.news()
        return self._view(task)

    def diff(self, task_id: str) -> str:
        """Return a change's unified diff as it was proposed, also once it is decided.

        Empty where it is too long to be remembered.

        Raises:
            UnknownTask: there is no such task.
        """
        task = self._state.tasks.find(task_id)
        return task.diff or "".join(hunk.unified for hunk in self._view(task).pending)

    def withdraw(self, task_id: str) -> None:
        """Take back what this client proposed, as far as nobody decided it.

        Raises:
            UnknownTask: there is no such task.
            InvalidRequest: it is another client's, or nothing of it waits.
        """
        task = self._state.tasks.find(task_id)
        if task.proposer != self._client:
            raise InvalidRequest("another client proposed this change: only it may withdraw it")
        if task.state is not TaskState.REVIEW:
            raise InvalidRequest(f"the change is {task.state}: nothing waits to be withdrawn")
        task.end(TaskState.CANCELLED)
        self._state.unfinished.forget(task_id)
        self._state.tell_change(task)

    def waiting(self) -> ChangesResult:
        """Return the changes that wait for a decision, oldest first."""
        waiting = (task for task in self._state.tasks.all() if task.state is TaskState.REVIEW)
        return ChangesResult(changes=tuple(map(self._view, waiting)))

    async def preview(self, task_id: str) -> ChangePreview:
        """Return what the files would be, were all of a change kept that can be.

        Raises:
            UnknownTask: there is no such task, or nothing of it waits for a decision.
        """
        task = self._state.tasks.find(task_id)
        if task.state is not TaskState.REVIEW:
            raise UnknownTask(f"task {task_id!r} is {task.state}: nothing of it is left to show")
        snapshot = self._state.host.snapshot
        return await asyncio.to_thread(preview, task.instruction, task.review, snapshot)

    async def in_file(self, path: WorkspacePath, text: str) -> tuple[FileReview, ...]:
        """Return what waits for a decision in a file, on a text of it, oldest change first."""
        waiting = [
            (task, of_file)
            for task in self._state.tasks.all()
            if task.state is TaskState.REVIEW and (of_file := hunks_in(task.review, path)).pending
        ]
        return tuple(
            [
                await asyncio.to_thread(review_of_file, task, of_file, path, text)
                for task, of_file in waiting
            ]
        )

    def _view(self, task: Task) -> ChangeView:
        pending, conflicts = left_to_decide(task, self._state.host.snapshot)
        return ChangeView(
            task_id=task.task_id,
            proposer=task.proposer,
            label=task.instruction,
            state=task.state.value,
            verdict=task.verdict,
            hunks=_decisions_of(task),
            decisions=len(task.decisions),
            pending=pending,
            conflicts=conflicts,
            entry_ids=task.entry_ids,
            in_use=in_use(
                pending,
                self._state.presence.typing,
                self._state.indexer.analysis.index,
                self._state.host.snapshot,
            ),
        )


def _may_have_news(task: Task, seen: int) -> bool:
    is_open = task.state in (TaskState.RUNNING, TaskState.REVIEW)
    return is_open and len(task.decisions) <= seen


def _decisions_of(task: Task) -> tuple[HunkDecision, ...]:
    said = {hunk_id: each for each in task.decisions for hunk_id in each.hunk_ids}
    return tuple(
        HunkDecision(
            hunk_id=hunk_id,
            path=path,
            state=each.state.value if (each := said.get(hunk_id)) else "pending",
            by=each.client if each else "",
            remark=each.remark if each else "",
        )
        for hunk_id, path in task.proposed
    )
