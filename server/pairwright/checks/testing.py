"""What do the tests say of a variant of the workspace? Its test command, run in a scratch copy.

When it is known which tests a change may reach, only those are run. Which failures then speak
against a change is decided here, in one place: see `failures_that_count`.
"""

import asyncio
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pairwright.checks.commands import read_test_run
from pairwright.checks.narrowing import narrowed
from pairwright.checks.reports import count_of_failures, file_of_test
from pairwright.checks.sandbox import Sandbox, Texts
from pairwright.checks.verdict import TestRun
from pairwright.index.words import NAME, words_of, words_sought
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath

_Words = tuple[str, ...]
_SPEAKS_OF_FAILURE = re.compile(
    r"\b(?:tests?|fail\w*|fix\w*|bugs?|broken|breaks?|wrong|regress\w*|crash\w*|errors?)\b",
    re.IGNORECASE,
)


class ScratchTests:
    """Runs the test command on variants of one snapshot; equal variants once."""

    def __init__(self, sandbox: Sandbox, settings: CheckSettings) -> None:
        """Remember what to run."""
        self._sandbox = sandbox
        self._settings = settings
        self._turn = asyncio.Lock()
        self._runs: dict[tuple[frozenset[tuple[WorkspacePath, str | None]], _Words], TestRun] = {}

    async def run(self, texts: Texts, *, tests: tuple[WorkspacePath, ...] | None = None) -> TestRun:
        """Run the tests with these texts laid over the snapshot; None: the file is gone.

        A narrowed run that tells nothing (it ran no test, or went wrong without a failing test)
        is followed by a run of all.

        Args:
            texts: the new texts.
            tests: the files of tests to run, where the test command can be told so; None: all.

        Raises:
            UserError: the command cannot be started, or the copy cannot be written.
        """
        command = self._settings.test_command
        argv = narrowed(command, tests) if tests is not None else None
        if argv is not None and tests is not None:
            run = await self._run(texts, argv)
            if run.failing or run.exit_code is None or (run.is_green and run.ran != 0):
                return replace(run, narrowed_to=len(tests))
        return await self._run(texts, command)

    async def _run(self, texts: Texts, argv: _Words) -> TestRun:
        variant = frozenset(texts.items()), argv
        async with self._turn:
            if variant not in self._runs:
                run = await self._sandbox.run_tests(
                    texts, argv, timeout_s=self._settings.test_timeout_s
                )
                self._runs[variant] = read_test_run(run)
            return self._runs[variant]


def files_to_run(
    reached: Sequence[WorkspacePath] | None,
    before: TestRun | None,
    paths: Collection[WorkspacePath],
) -> tuple[WorkspacePath, ...] | None:
    """Return the files of tests to run on a change; None: all.

    Those of tests that failed before are among them, reached or not: whether they still do is what
    tells progress from standing still.

    Args:
        reached: the files of tests that the change may reach, nearest first; None: unknown.
        before: the tests of the unchanged workspace.
        paths: every file of the workspace, changed or not.
    """
    if reached is None:
        return None
    failed = [file_of_test(name, paths) for name in before.failing] if before else []
    if None in failed:
        return None
    return tuple(dict.fromkeys([*reached, *(path for path in failed if path is not None)]))


def wanted_tests(instruction: str, failing: Iterable[str]) -> tuple[str, ...]:
    """Return those of the tests that failed before any change that a task is likely about.

    All of them, when the instruction speaks of tests or of something that is broken; else those
    whose names share a word with it.

    Args:
        instruction: what the person asked for.
        failing: the names of the tests that failed.
    """
    if _SPEAKS_OF_FAILURE.search(instruction):
        return tuple(failing)
    sought = words_sought(instruction).keys()
    return tuple(
        name
        for name in failing
        if sought & {word for part in NAME.findall(name) for word in words_of(part)}
    )


def failures_that_count(
    run: TestRun,
    before: TestRun | None,
    reached: Collection[WorkspacePath] | None,
    paths: Collection[WorkspacePath],
    *,
    wanted: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Return the failing tests that speak against a change.

    A failure does not count only if the same test failed before, is in a file that the change
    cannot reach, and is none that the task is about. What failed before and is reached must be
    mended: it is the best statement there is of what was wanted. What passed before counts always,
    and so does everything when the output does not name all that it counts.

    Args:
        run: on the changed workspace.
        before: on the unchanged one; None: not run.
        reached: the files of tests that the change may reach; None: unknown, so all may be.
        paths: every file of the workspace, changed or not.
        wanted: the tests that the task is about, see `wanted_tests`; None: perhaps all that failed,
            because a change that mends a part of them must not pass for the whole.
    """
    known = set(before.failing) if before is not None else set()
    known -= known if wanted is None else set(wanted)
    is_all_named = count_of_failures(run.output) == len(run.failing)
    if reached is None or not known or not is_all_named:
        return run.failing
    near = set(reached)

    def is_beside(name: str) -> bool:
        path = file_of_test(name, paths)
        return name in known and path is not None and path not in near

    return tuple(name for name in run.failing if not is_beside(name))
