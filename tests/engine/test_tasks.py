"""What does a task hold on to?"""

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.engine.changes.review import Review, ReviewHunk
from pairwright.engine.tasks.task import Task, TaskState
from pairwright.text.diff import diff_texts
from pairwright.workspace.paths import WorkspacePath


def a_task_in_review() -> Task:
    hunks = diff_texts("a = 1\n", "a = 2\n")
    hunk = ReviewHunk("h1", WorkspacePath("a.py"), FileEditKind.MODIFY, "a = 1\n", hunks)
    return Task("Change a.py.", state=TaskState.REVIEW, review=Review((hunk,)))


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED])
def test_a_task_that_has_ended_holds_no_text_of_the_workspace(state: TaskState) -> None:
    task = a_task_in_review()
    task.end(state)
    assert (task.state, task.review) == (state, Review())
