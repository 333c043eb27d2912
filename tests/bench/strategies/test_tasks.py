"""Tasks as folders."""

import sys
from pathlib import Path

import pytest

from pairwright.bench.strategies.tasks import TaskKind, read_suite, read_task
from pairwright.errors import UserError
from tests.bench.strategies.benches import write_task


def check_refused(folder: Path, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_task(folder)


def test_a_task_is_a_folder(tmp_path: Path) -> None:
    task = read_task(write_task(tmp_path, lines="[1, 2]", needs='["no-such-program"]'))
    assert (task.name, task.kind, task.language) == ("total", TaskKind.FIX, "python")
    assert (task.file, task.lines) == ("shop.py", (1, 2))
    assert task.judge_command == (sys.executable, "hidden_test.py")
    assert task.missing == ("no-such-program",)


def test_the_models_do_not_find_what_is_hidden(tmp_path: Path) -> None:
    task = read_task(write_task(tmp_path))
    task.copy_workspace(tmp_path / "work")
    assert {path.name for path in (tmp_path / "work").iterdir()} == {"shop.py", "test_shop.py"}
    task.lay_hidden(tmp_path / "work")
    assert (tmp_path / "work" / "hidden_test.py").is_file()


def test_another_text_of_the_task_is_another_task(tmp_path: Path) -> None:
    folder = write_task(tmp_path)
    before = read_task(folder).digest
    assert read_task(folder).digest == before
    (folder / "hidden" / "hidden_test.py").write_text("assert False\n")
    assert read_task(folder).digest != before


def test_a_suite_is_a_folder_of_tasks_or_one_task(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write_task(tmp_path, name)
    assert [task.name for task in read_suite(tmp_path)] == ["a", "b"]
    assert [task.name for task in read_suite(tmp_path / "b")] == ["b"]


def test_a_folder_without_tasks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no task"):
        read_suite(tmp_path)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": '"guess"'}, "kind: Input should be 'fix'"),
        ({"instruction": '""'}, "instruction: String should have at least 1"),
        ({"judge_command": ""}, "judge_command: Field required"),
        ({"colour": '"red"'}, "colour: Extra inputs are not permitted"),
        ({"timeout_s": "0"}, "timeout_s: Input should be greater than 0"),
        ({"kind": "fix"}, "cannot be read: Invalid value"),
        ({"file": "", "lines": "[1, 2]"}, "has lines without a file"),
    ],
)
def test_a_mistake_in_the_task_is_told(
    tmp_path: Path, changed: dict[str, str], message: str
) -> None:
    check_refused(write_task(tmp_path, **changed), message)


def test_a_task_without_a_workspace_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path)
    (folder / "repo").rename(folder / "elsewhere")
    check_refused(folder, "has no folder 'repo'")


def test_a_task_without_its_file_is_refused(tmp_path: Path) -> None:
    check_refused(tmp_path, "cannot be read")


def test_a_task_with_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path)
    (folder / "repo" / "out").symlink_to("/etc")
    with pytest.raises(UserError, match="holds a symbolic link: 'out'"):
        read_task(folder)
