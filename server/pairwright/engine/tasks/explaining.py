"""What comes of a task that only explains? Markdown, a bill, and no change."""

from pairwright.engine.spending import costs
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.running import Assignment, explain
from pairwright.engine.tasks.task import TaskState
from pairwright.ledger.receipt import receipt_of
from pairwright.protocol import messages


async def explain_only(state: WorkspaceState, work: Assignment) -> messages.RunResult:
    """Have code explained, and edit nothing.

    Raises:
        UserError: the request does not fit the workspace.
        BudgetExceeded, ModelError: no answer came.
    """
    answer = await explain(work)
    bill = receipt_of(state.ledger, work.task.task_id, work.pair.strong_provider.price)
    work.task.end(TaskState.DONE)
    state.unfinished.forget(work.task.task_id)
    return messages.RunResult(
        task_id=work.task.task_id,
        state="answered",
        message="nothing was edited",
        is_sound=True,
        receipt=costs.to_receipt(bill),
        answer=answer,
    )
