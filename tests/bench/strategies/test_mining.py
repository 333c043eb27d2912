"""A repository's history as a suite: real git, real test runs."""

import argparse
import asyncio
import subprocess
from pathlib import Path

import pytest

from pairwright.bench.strategies.history import instruction_of, kind_of, says_what_to_do
from pairwright.bench.strategies.mining import Mined, MiningOptions, main, mine, summary
from pairwright.bench.strategies.runs import judge, run_in
from pairwright.bench.strategies.tasks import PYTHON, BenchTask, TaskKind, read_suite, read_task
from pairwright.errors import UserError
from tests.bench.repositories import TestRepository
from tests.bench.strategies.benches import write_task

COMMAND = (PYTHON, "-m", "unittest", "-q")
HEAD = "import unittest\n\nfrom shop import total\n\n\nclass Total(unittest.TestCase):\n"
OLD_TEST = f"{HEAD}    def test_none(self):\n        self.assertEqual(total([]), 0)\n"
NEW_TEST = f"{OLD_TEST}\n    def test_two(self):\n        self.assertEqual(total([2, 3]), 5)\n"
WRONG = "def total(prices):\n    return sum(prices[1:])\n"
RIGHT = "def total(prices):\n    return sum(prices)\n"
BEFORE = f"#- shop.py\n{WRONG}#- test_shop.py\n{OLD_TEST}"
AFTER = f"#- shop.py\n{RIGHT}#- test_shop.py\n{NEW_TEST}"
MESSAGE = "Fix the total that leaves out the first price"


@pytest.fixture
def repository(tmp_path: Path) -> TestRepository:
    made = TestRepository(tmp_path / "shop")
    made.commit("Begin with a shop and its first test", BEFORE)
    return made


def mined(
    repository: TestRepository,
    *,
    limit: int = 5,
    max_changed_lines: int = 200,
    timeout_s: float = 30.0,
    command: tuple[str, ...] = COMMAND,
    said: list[str] | None = None,
) -> Mined:
    options = MiningOptions(command, limit, max_changed_lines, timeout_s)
    suite = suite_of(repository)
    suite.mkdir(exist_ok=True)
    say = (said if said is not None else []).append
    return asyncio.run(mine(repository.directory, suite, options, say))


def suite_of(repository: TestRepository) -> Path:
    return repository.directory.parent / "suite"


def only_task(repository: TestRepository) -> BenchTask:
    found = mined(repository)
    assert len(found.tasks) == 1, found
    (task,) = read_suite(suite_of(repository))
    assert task.name == found.tasks[0]
    return task


def check_left_out(repository: TestRepository, reason: str, **options: float) -> None:
    found = mined(repository, **options)  # type: ignore[arg-type]
    assert found.tasks == []
    assert found.left_out == {"it has no parent": 1, reason: 1}
    assert list(suite_of(repository).iterdir()) == []


def test_a_commit_with_its_tests_becomes_a_task(repository: TestRepository) -> None:
    digest = repository.commit(f"{MESSAGE} (#12)\n\nFixes #11\nSigned-off-by: A <a@b.c>", AFTER)
    task = only_task(repository)
    assert task.name == f"shop-{digest[:10]}"
    assert (task.instruction, task.kind, task.language) == (MESSAGE, TaskKind.FIX, "python")
    assert task.judge_command[1:] == ("-m", "unittest", "-q", "test_shop")
    assert task.test_command == (task.judge_command[0], *COMMAND[1:])
    files = {
        path.relative_to(task.folder).as_posix(): path.read_text()
        for path in task.folder.rglob("*.py")
    }
    assert files == {
        "repo/shop.py": WRONG,
        "repo/test_shop.py": OLD_TEST,
        "hidden/test_shop.py": NEW_TEST,
        "solution/shop.py": RIGHT,
    }
    assert f'"{PYTHON}"' in (task.folder / "task.toml").read_text()


def test_the_limit_ends_it_and_tasks_that_are_there_count(repository: TestRepository) -> None:
    first = repository.commit(MESSAGE, AFTER)
    repository.commit("Begin again with the shop as it was", BEFORE)
    second = repository.commit("Correct the total once more, and now for good", AFTER)
    assert mined(repository, limit=1).tasks == [f"shop-{second[:10]}"]
    kept = suite_of(repository) / f"shop-{second[:10]}" / "task.toml"
    kept.write_text(kept.read_text() + "# edited\n")
    found = mined(repository, limit=2)
    assert found.tasks == [f"shop-{second[:10]}", f"shop-{first[:10]}"]
    assert kept.read_text().endswith("# edited\n")


def test_a_deleted_source_is_part_of_the_solution(repository: TestRepository) -> None:
    gone = "import importlib.util\n" + NEW_TEST
    gone += (
        "\n    def test_old(self):\n        self.assertIsNone(importlib.util.find_spec('old'))\n"
    )
    repository.commit("Keep an old module beside the shop", f"{BEFORE}#- old.py\nx = 1\n")
    after = AFTER.replace(NEW_TEST, gone)
    repository.commit("Remove the old module, and count the first price", after)
    task = only_task(repository)
    assert task.removed == ("old.py",)
    workspace = task.folder.parent.parent / "work"
    task.copy_workspace(workspace)
    task.lay_solution(workspace)
    task.lay_hidden(workspace)
    assert not (workspace / "old.py").exists()
    assert asyncio.run(judge(task, workspace))


def test_visible_tests_that_contradict_the_solution_are_not_the_gate_s(
    repository: TestRepository,
) -> None:
    stale = OLD_TEST + "\n    def test_two(self):\n        self.assertEqual(total([2, 3]), 3)\n"
    repository.commit("Say more about what a total is", BEFORE.replace(OLD_TEST, stale))
    repository.commit(MESSAGE, AFTER)
    assert only_task(repository).test_command == ()


@pytest.mark.parametrize(
    ("message", "after", "reason"),
    [
        (MESSAGE, f"#- shop.py\n{RIGHT}#- test_shop.py\n{OLD_TEST}", "it changes no tests"),
        (MESSAGE, f"#- shop.py\n{WRONG}#- test_shop.py\n{NEW_TEST}", "it changes no sources"),
        ("Fix it", AFTER, "its message does not say what to do"),
        ("Fixes #1234567, fixes #12345678", AFTER, "its message does not say what to do"),
        (
            MESSAGE,
            f"#- shop.py\n{RIGHT}#- test_store.py\n{NEW_TEST}",
            "it deletes or renames tests",
        ),
        (MESSAGE, f"{AFTER}#- setup.py\nx = 1\n", "it changes files that a model may not"),
        (MESSAGE, f"{AFTER}#- .vscode/x.json\n1\n", "it changes files that a model may not"),
        (
            MESSAGE,
            AFTER.replace(RIGHT, WRONG + "\n\nx = 1\n"),
            "its tests fail with its own solution",
        ),
        (
            MESSAGE,
            AFTER.replace(NEW_TEST, OLD_TEST + "\n\nx = 1\n"),
            "its tests pass without its solution",
        ),
    ],
)
def test_what_cannot_be_asked_or_judged_is_left_out(
    repository: TestRepository, message: str, after: str, reason: str
) -> None:
    repository.commit(message, after)
    check_left_out(repository, reason)


def test_robots_are_left_out(repository: TestRepository) -> None:
    repository.commit(MESSAGE, AFTER, author="renovate[bot] <bot@example.org>")
    check_left_out(repository, "a program wrote it")


def test_large_changes_are_left_out(repository: TestRepository) -> None:
    repository.commit(MESSAGE, AFTER)
    check_left_out(repository, "it changes more than 1 lines besides tests", max_changed_lines=1)


def test_links_are_left_out_of_the_workspace_and_no_part_of_a_task(
    repository: TestRepository,
) -> None:
    (repository.directory / "passwords").symlink_to("/nowhere/passwords")
    repository.commit("Link what does not belong here into the shop", BEFORE)
    repository.commit(MESSAGE, AFTER)
    repository.commit("Begin again, with nothing but the old link", BEFORE)
    (repository.directory / "more").symlink_to("/nowhere/more")
    repository.commit("Correct the total, and link once more", AFTER)
    found = mined(repository)
    assert found.left_out["it changes links or submodules"] == 1
    assert len(found.tasks) == 1
    assert not [path for path in suite_of(repository).rglob("*") if path.is_symlink()]


def test_tests_that_never_end_are_left_out(repository: TestRepository) -> None:
    repository.commit(MESSAGE, AFTER.replace(NEW_TEST, NEW_TEST + "\n\nwhile True:\n    pass\n"))
    check_left_out(repository, "its tests take too long", timeout_s=0.5)


def test_a_repository_s_tests_can_change_neither_it_nor_the_suite(
    repository: TestRepository,
) -> None:
    place, suite = repository.directory, suite_of(repository)
    writes = "".join(
        f"try:\n    open({str(folder / 'mark')!r}, 'w')\nexcept OSError:\n    pass\n"
        for folder in (place, suite, suite.parent)
    )
    repository.commit(MESSAGE, AFTER.replace(NEW_TEST, writes + NEW_TEST))
    assert len(mined(repository).tasks) == 1
    if not grants_namespaces(place):
        pytest.skip("this system grants no namespaces")
    assert (suite.parent / "mark").exists()
    assert not (place / "mark").exists()
    assert not (suite / "mark").exists()


def grants_namespaces(directory: Path) -> bool:
    return not asyncio.run(run_in(directory, ("true",), 5.0, read_only=(directory,))).not_denied


def test_tests_that_pass_by_chance_are_left_out(repository: TestRepository) -> None:
    seen = repository.directory.parent / "seen"
    repository.commit(MESSAGE, AFTER.replace(NEW_TEST, f"open({str(seen)!r}, 'x')\n{NEW_TEST}"))
    check_left_out(repository, "its tests pass and fail by chance")


def test_a_runner_that_takes_no_files_gives_no_tasks(repository: TestRepository) -> None:
    repository.commit(MESSAGE, AFTER)
    found = mined(repository, command=("env", "sh", "run-tests.sh"))
    assert found.left_out["the test command cannot be narrowed to its tests"] == 1


def test_what_came_of_each_commit_is_told_as_it_happens(repository: TestRepository) -> None:
    repository.commit(MESSAGE, AFTER.replace(RIGHT, WRONG + "\n\nx = 1\n"))
    said: list[str] = []
    mined(repository, said=said)
    (line,) = said
    assert line.startswith("[0/5 tasks, 1 commits] ")
    assert f"{MESSAGE}: its tests fail with its own solution: 'FAILED (failures=1)' (" in line


def test_a_repository_s_settings_run_nothing(repository: TestRepository) -> None:
    """A clone is taken as it is: filters, hooks, signers and transports of its own stay idle."""
    marker = repository.directory.parent / "ran"
    program = repository.directory.parent / "program"
    program.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{marker}'\ncat\n")
    program.chmod(0o755)
    attributes = "#- .gitattributes\n*.py filter=f diff=d export-ignore\n"
    repository.commit("Say how the shop's files are to be read", BEFORE + attributes)
    repository.commit(MESSAGE, AFTER + attributes)
    for key, value in {
        "filter.f.smudge": str(program),
        "diff.d.textconv": str(program),
        "diff.external": str(program),
        "core.fsmonitor": str(program),
        "core.hooksPath": str(repository.directory),
        "core.sshCommand": str(program),
        "core.pager": str(program),
        "gpg.program": str(program),
        "log.showSignature": "true",
        "tar.tar.command": str(program),
        "remote.origin.url": "ssh://example.org/x",
        "remote.origin.promisor": "true",
    }.items():
        place = ["git", "-C", str(repository.directory)]
        subprocess.run([*place, "config", key, value], check=True)
    assert len(mined(repository).tasks) == 1
    assert not marker.exists()
    assert (only_task(repository).folder / "repo" / "shop.py").read_text() == WRONG


def test_a_message_may_hold_anything(repository: TestRepository) -> None:
    message = "Fix \"totals\" of \\n, 'prices' and 🙂:\n\n\x01\x02 = {[\u202e\n\ttabs\x7f stay"
    repository.commit(message, AFTER)
    instruction = only_task(repository).instruction
    assert instruction == "Fix \"totals\" of \\n, 'prices' and 🙂:\n\n = {[\n\ttabs stay"


@pytest.mark.parametrize(
    ("body", "instruction"),
    [
        ("Fix the cart (#12)", "Fix the cart"),
        ("Fix the cart (fixes #12, #13)", "Fix the cart"),
        ("Fix #77: the cart", "Fix: the cart"),
        ("Fix the cart, closing #12", "Fix the cart"),
        ("Fix the cart\n\nCloses: #4\nSee https://e.org/x/issues/3", "Fix the cart"),
        (
            "Fix the cart\n\nCo-authored-by: A <a@b.c>\n(cherry picked from commit 12)",
            "Fix the cart",
        ),
        ("Fix the cart.\n\nIt lost #ffeedd colours.", "Fix the cart.\n\nIt lost #ffeedd colours."),
    ],
)
def test_trailers_and_numbers_are_no_part_of_an_instruction(body: str, instruction: str) -> None:
    assert instruction_of(body) == instruction


@pytest.mark.parametrize(
    "message",
    [
        "",
        "fixup! Fix the total of the cart",
        "Address review comments of the day",
        "WIP " + "x " * 9,
    ],
)
def test_some_messages_ask_for_nothing(message: str) -> None:
    assert not says_what_to_do(message)
    assert not says_what_to_do(MESSAGE + " and so on" * 1000)
    assert says_what_to_do(MESSAGE)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("feat(cart): count the first price", TaskKind.GENERATE),
        ("Add a test for the broken cart", TaskKind.GENERATE),
        ("refactor: one function for both", TaskKind.REFACTOR),
        ("Document what a cart is", TaskKind.DOCUMENT),
        ("The cart doesn't crash any more", TaskKind.FIX),
        ("Carts remember", TaskKind.FIX),
    ],
)
def test_a_kind_is_guessed_from_the_message(message: str, kind: TaskKind) -> None:
    assert kind_of(message) is kind


def test_the_summary_counts_by_reason() -> None:
    found = Mined(["a"], 5)
    found.left_out.update({"it changes no tests": 3, "it has no parent": 1})
    lines = summary(found, 61.4).splitlines()
    assert lines[0] == "1 tasks from 5 commits in 61 s"
    assert [line.split(maxsplit=1) for line in lines[1:]] == [
        ["3", "it changes no tests"],
        ["1", "it has no parent"],
    ]


def test_a_folder_without_history_is_refused(tmp_path: Path) -> None:
    for made in (tmp_path, TestRepository(tmp_path / "empty").directory, tmp_path / "missing"):
        with pytest.raises(UserError, match="is no git repository with commits"):
            asyncio.run(mine(made, tmp_path, MiningOptions(COMMAND), print))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "the test command is empty"),
        ("pytest 'x", "cannot be read"),
        ("no-such-runner -q", "'no-such-runner' is not installed"),
    ],
)
def test_a_bad_test_command_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    assert main(arguments(tmp_path, tmp_path / "out", command)) == 2
    assert said in capsys.readouterr().err


def test_an_unwritable_suite_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("a file")
    assert main(arguments(tmp_path, tmp_path / "out", "{python} -m unittest")) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_no_task_is_a_failure(
    repository: TestRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = arguments(repository.directory, suite_of(repository), "{python} -m unittest")
    assert main(asked) == 1
    repository.commit(MESSAGE, AFTER)
    assert main(asked) == 0
    assert "1 tasks from 2 commits" in capsys.readouterr().out


def arguments(repository: Path, suite: Path, command: str) -> argparse.Namespace:
    return argparse.Namespace(
        repository=repository,
        suite=suite,
        test_command=command,
        limit=5,
        max_changed_lines=200,
        timeout=30.0,
    )


def test_a_solution_deletes_nothing_outside_the_workspace(tmp_path: Path) -> None:
    folder = write_task(tmp_path, removed='["../elsewhere.py"]')
    with pytest.raises(UserError, match=r"'total' cannot be read: .*elsewhere"):
        read_task(folder)
