"""The tasks that come with the package: each can be done, and none is done already."""

import asyncio
from pathlib import Path

import pytest

from pairwright.bench.strategies.command import OWN_SUITE
from pairwright.bench.strategies.runs import judge
from pairwright.bench.strategies.tasks import BenchTask, TaskKind, read_suite

TASKS = read_suite(OWN_SUITE)


def judged(task: BenchTask, workspace: Path, *, is_solved: bool) -> bool:
    task.copy_workspace(workspace)
    if is_solved:
        task.lay_solution(workspace)
    task.lay_hidden(workspace)
    return asyncio.run(judge(task, workspace))


def test_there_are_tasks_of_every_kind_in_several_languages() -> None:
    assert len(TASKS) >= 40
    assert {task.kind for task in TASKS} == set(TaskKind)
    assert len({task.language for task in TASKS}) >= 8


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_the_task_can_be_done_and_is_not_done_already(task: BenchTask, tmp_path: Path) -> None:
    if task.missing:
        pytest.skip(f"{task.missing[0]} is not installed")
    assert judged(task, tmp_path / "solved", is_solved=True)
    assert not judged(task, tmp_path / "open", is_solved=False)
