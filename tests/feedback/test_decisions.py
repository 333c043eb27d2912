"""What became of each task, told without reading any text of it?"""

from pathlib import Path

import pytest

from pairwright.feedback.records import Decision, is_kept
from pairwright.feedback.store import FeedbackStore

KEPT, REJECTED, EDITED, UNDONE = Decision


def remember(store: FeedbackStore, task_id: str, *decisions: tuple[Decision, int]) -> None:
    store.add_task(task_id, instruction="do it", shown=(), attempt_ids=(), diff="")
    for decision, hunks in decisions:
        store.add_decision(task_id, decision, hunks)


def test_decisions_are_summed_by_task_and_the_latest_tasks_are_told(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.sqlite3")
    try:
        remember(store, "oldest", (KEPT, 1))
        remember(store, "partly", (KEPT, 1), (REJECTED, 2), (KEPT, 3))
        remember(store, "open")
        found = store.decisions(latest=2)
    finally:
        store.close()
    assert list(found) == ["partly", "open"]
    assert found == {"partly": {KEPT: 4, REJECTED: 2}, "open": {}}


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ({}, None),
        ({KEPT: 2}, True),
        ({KEPT: 2, EDITED: 1}, None),
        ({KEPT: 1, REJECTED: 1}, None),
        ({REJECTED: 2}, False),
        ({KEPT: 2, UNDONE: 2}, False),
        ({KEPT: 2, UNDONE: 1}, None),
    ],
)
def test_a_change_is_kept_when_nothing_speaks_against_it(
    decisions: dict[Decision, int], expected: bool | None
) -> None:
    assert is_kept(decisions) is expected
