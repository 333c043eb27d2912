"""What does a task hold on to?"""

import pytest

from pairwright.engine.tasks import ReviewFile, ReviewHunk, Task, TaskState
from pairwright.text.diff import diff_texts
from pairwright.workspace.paths import WorkspacePath


def a_task_in_review() -> Task:
    (hunk,) = diff_texts("a = 1\n", "a = 2\n")
    file = ReviewFile(WorkspacePath("a.py"), "a = 1\n", is_removed=False)
    return Task("Change a.py.", state=TaskState.REVIEW, review={"h1": ReviewHunk(file, hunk)})


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED])
def test_a_task_that_has_ended_holds_no_text_of_the_workspace(state: TaskState) -> None:
    task = a_task_in_review()
    task.end(state)
    assert (task.state, task.review) == (state, {})
