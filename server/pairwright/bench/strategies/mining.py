"""How does a repository's own history become a suite? A commit with tests is a task that was done.

The parent's tree is the workspace, the message the instruction, the commit's tests the judge, and
the rest of the commit the solution. Only what is verified is kept: the judge fails without the
solution, and passes with it, twice.
"""

import argparse
import asyncio
import json
import re
import shlex
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pairwright.bench.commits import Repository
from pairwright.bench.strategies.history import (
    Candidate,
    NoTask,
    candidate_of,
    opened_apart,
    write_changes,
    write_tree,
)
from pairwright.bench.strategies.runs import run_in
from pairwright.bench.strategies.tasks import PYTHON, BenchTask, read_task
from pairwright.checks.commands import CommandRun
from pairwright.checks.narrowing import narrowed
from pairwright.errors import PairwrightError, UserError
from pairwright.workspace.paths import parse_path

_NO_TESTS_OF_THEIR_OWN = frozenset({"conftest.py", "__init__.py"})


@dataclass(frozen=True, slots=True)
class MiningOptions:
    """What is mined, and how a task is verified."""

    command: tuple[str, ...]
    """Runs all tests of the repository; `{python}` is the interpreter that runs this."""
    limit: int = 20
    """How many tasks suffice."""
    max_changed_lines: int = 200
    """Gained and lost, in all files of a commit but tests."""
    timeout_s: float = 120.0
    """Of one run of tests."""


@dataclass(slots=True)
class Mined:
    """What became of a history's commits."""

    tasks: list[str] = field(default_factory=list)
    """By name, the newest commit first."""
    commits: int = 0
    """How many were looked at; merges are not."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many are no task, by reason."""


def main(args: argparse.Namespace) -> int:
    """Mine a repository; return 1 when there is no task in it."""
    started = time.monotonic()
    suite: Path = args.suite
    try:
        suite.mkdir(parents=True, exist_ok=True)
        options = MiningOptions(
            command=_command(args.test_command),
            limit=args.limit,
            max_changed_lines=args.max_changed_lines,
            timeout_s=args.timeout,
        )
        mined = asyncio.run(mine(args.repository, suite, options, _say))
    except OSError as error:
        sys.stderr.write(f"{str(suite)!r} cannot be written: {error.strerror}\n")
        return 2
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(summary(mined, time.monotonic() - started))
    return 0 if mined.tasks else 1


async def mine(
    directory: Path, suite: Path, options: MiningOptions, say: Callable[[str], None]
) -> Mined:
    """Make tasks of a repository's commits, the newest first, in a folder.

    Tasks that are there already are kept, and count.

    Raises:
        UserError: there is no repository, or no test program.
    """
    mined = Mined()
    with opened_apart(directory) as repository:
        miner = _Miner(repository, _name_of(directory), directory, suite, options)
        for commit in repository.history():
            if len(mined.tasks) >= options.limit:
                break
            mined.commits += 1
            try:
                candidate = candidate_of(commit, repository, options.max_changed_lines)
            except NoTask as reason:
                mined.left_out[str(reason)] += 1
                continue
            await _try(miner, candidate, mined, say)
    return mined


def summary(mined: Mined, seconds: float) -> str:
    """Return what became of the commits, a line for each reason."""
    lines = [f"{len(mined.tasks)} tasks from {mined.commits} commits in {seconds:.0f} s"]
    lines += [f"{count:>6}  {reason}" for reason, count in mined.left_out.most_common()]
    return "\n".join(lines) + "\n"


async def _try(
    miner: "_Miner", candidate: Candidate, mined: Mined, say: Callable[[str], None]
) -> None:
    """Make a task of a commit that may be one, and tell what came of it."""
    started = time.monotonic()
    title = candidate.instruction.partition("\n")[0][:60]
    try:
        mined.tasks.append(await miner.task_of(candidate))
        said = "a task"
    except NoTask as reason:
        mined.left_out[str(reason)] += 1
        said = f"{reason}: {reason.printed!r}" if reason.printed else str(reason)
    say(
        f"[{len(mined.tasks)}/{miner.options.limit} tasks, {mined.commits} commits] "
        f"{candidate.digest[:10]} {title}: {said} ({time.monotonic() - started:.0f} s)"
    )


@dataclass(slots=True)
class _Miner:
    """Makes and verifies the tasks of one repository."""

    repository: Repository
    name: str
    directory: Path
    suite: Path
    options: MiningOptions
    is_whole_command_too_slow: bool = False
    """Whether all tests together once took too long: then they are not tried again."""

    async def task_of(self, candidate: Candidate) -> str:
        """Put a commit's task into the suite; return the task's name.

        Raises:
            NoTask: it cannot be made or verified.
        """
        name = f"{self.name}-{candidate.digest[:10]}"
        if (self.suite / name / "task.toml").is_file():
            return name
        judge = self._judge_of(candidate)
        # What is here is no task of the suite before it is verified: those lie one folder higher.
        with tempfile.TemporaryDirectory(prefix=".mining-", dir=self.suite) as unfinished:
            folder = Path(unfinished) / name
            folder.mkdir()
            write_tree(self.repository, candidate.parent, folder / "repo")
            write_changes(self.repository, candidate.tests, folder / "hidden")
            write_changes(self.repository, candidate.sources, folder / "solution")
            _write_task_file(folder, candidate, judge, (), self.options)
            task = read_task(folder)
            await self._verify(task)
            if await self._has_a_visible_command(task):
                _write_task_file(folder, candidate, judge, self.options.command, self.options)
            folder.rename(self.suite / name)
        return name

    def _judge_of(self, candidate: Candidate) -> tuple[str, ...]:
        paths = [parse_path(change.path) for change in candidate.tests]
        files = [path for path in paths if Path(path).name not in _NO_TESTS_OF_THEIR_OWN]
        command = _with_interpreter(self.options.command)
        judge = narrowed(command, files)
        if judge is None:
            raise NoTask("the test command cannot be narrowed to its tests")
        return tuple(PYTHON if word == sys.executable else word for word in judge)

    async def _verify(self, task: BenchTask) -> None:
        first = await self._judged(task, is_solved=True)
        if first.exit_code != 0:
            raise NoTask("its tests fail with its own solution", _last_line(first.output))
        if (await self._judged(task, is_solved=False)).exit_code == 0:
            raise NoTask("its tests pass without its solution")
        if (await self._judged(task, is_solved=True)).exit_code != 0:
            raise NoTask("its tests pass and fail by chance")

    async def _judged(self, task: BenchTask, *, is_solved: bool) -> CommandRun:
        ran = await self._run(task, task.judge_command, is_solved=is_solved, is_judged=True)
        if ran.exit_code is None:
            raise NoTask("its tests take too long")
        return ran

    async def _has_a_visible_command(self, task: BenchTask) -> bool:
        """Tell whether the gate can use all visible tests: they must allow the solution."""
        if self.is_whole_command_too_slow:
            return False
        command = _with_interpreter(self.options.command)
        ran = await self._run(task, command, is_solved=True, is_judged=False)
        self.is_whole_command_too_slow = ran.exit_code is None
        return ran.exit_code == 0

    async def _run(
        self, task: BenchTask, command: Sequence[str], *, is_solved: bool, is_judged: bool
    ) -> CommandRun:
        with tempfile.TemporaryDirectory(prefix="pairwright-mine-") as name:
            workspace = Path(name) / self.name
            task.copy_workspace(workspace)
            try:
                if is_solved:
                    task.lay_solution(workspace)
                if is_judged:
                    task.lay_hidden(workspace)
            except OSError:
                raise NoTask("its tree has names that no folder holds together") from None
            kept = (self.directory.resolve(), self.suite.resolve())
            return await run_in(workspace, command, task.timeout_s, read_only=kept)


def _write_task_file(
    folder: Path,
    candidate: Candidate,
    judge: Sequence[str],
    command: Sequence[str],
    options: MiningOptions,
) -> None:
    values: dict[str, object] = {
        "instruction": candidate.instruction,
        "kind": candidate.kind.value,
        "language": candidate.language,
        "judge_command": list(judge),
        "timeout_s": options.timeout_s,
    }
    if command:
        values["test_command"] = list(command)
    if command_program := _needed(options.command):
        values["needs"] = [command_program]
    if candidate.removed:
        values["removed"] = list(candidate.removed)
    # JSON's texts, numbers and lists of texts are TOML's, but for one control character, which no
    # instruction and no path has.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()]
    (folder / "task.toml").write_text("".join(lines), encoding="utf-8")


def _last_line(output: str) -> str:
    return next((line.strip()[:160] for line in reversed(output.splitlines()) if line.strip()), "")


def _needed(command: Sequence[str]) -> str:
    return "" if command[0] == PYTHON else command[0]


def _command(text: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UserError(f"the test command {text!r} cannot be read: {error}") from None
    if not words:
        raise UserError("the test command is empty")
    if shutil.which(_with_interpreter(words)[0]) is None:
        raise UserError(f"{words[0]!r} is not installed")
    return words


def _with_interpreter(command: Sequence[str]) -> tuple[str, ...]:
    return tuple(sys.executable if word == PYTHON else word for word in command)


def _name_of(directory: Path) -> str:
    place = directory.resolve()
    if place.name == ".git":
        place = place.parent
    return re.sub(r"[^\w-]+", "-", place.name.removesuffix(".git")).strip("-") or "task"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
