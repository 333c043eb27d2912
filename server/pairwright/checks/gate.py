"""Is this change sound? It applies, is of a sane size, breaks no syntax, and the tests pass.

Each check runs only when the ones before it passed, and what it says when it fails is worded for
the model that must mend it.
"""

import re
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pairwright.checks.overlay import overlay_texts, text_before
from pairwright.checks.reports import failure_point
from pairwright.checks.testing import ScratchTests
from pairwright.checks.verdict import Check, Outcome, Problem, TestRun, Verdict
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.errors import EditMismatch, InvalidRequest, PathOutsideWorkspace, ProtectedPath
from pairwright.index.analysis import Analysis
from pairwright.settings import CheckSettings
from pairwright.syntax.extraction import outline_of
from pairwright.text.diff import diff_texts
from pairwright.text.ranges import LineIndex, split_lines
from pairwright.workspace.encodings import encode_text
from pairwright.workspace.paths import WorkspacePath, parse_path, require_editable

_PASSED = Check(Outcome.PASSED)
_SHRINKS_FROM_LINES = 30
_MOST_SHRINKAGE = 0.6
_MOST_PROBLEMS_SHOWN = 5
_LINE_PREFIX = re.compile(r"^line \d+: ")

Texts = Mapping[WorkspacePath, str | None]


class Gate:
    """Judges whole changes against one snapshot."""

    def __init__(self, analysis: Analysis, root: Path, settings: CheckSettings) -> None:
        """Judge changes of the analysis; nothing is run or copied before it is needed.

        Args:
            analysis: what the changes speak of.
            root: the workspace's directory, for files that have no text.
            settings: what is run; the test command must be a trusted one.
        """
        self._snapshot = analysis.snapshot
        self._settings = settings
        self._tests = ScratchTests(analysis.snapshot, root, settings)
        self._before: TestRun | None = None

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, analysis: Analysis, root: Path, settings: CheckSettings
    ) -> AsyncGenerator["Gate", None]:
        """Give a gate whose scratch copy is removed at the end, however it ends."""
        gate = cls(analysis, root, settings)
        try:
            yield gate
        finally:
            await gate.aclose()

    async def aclose(self) -> None:
        """Remove the scratch copy."""
        await self._tests.aclose()

    async def baseline(self) -> TestRun | None:
        """Run the tests on the unchanged snapshot, once; None when there is no test command.

        Raises:
            UserError: the command cannot be started.
        """
        if not self._settings.test_command:
            return None
        self._before = await self._tests.run({})
        return self._before

    async def check(self, change: SourceChange) -> Verdict:
        """Judge a change.

        Raises:
            UserError: the test command cannot be started.
        """
        try:
            for file_edit in change.files:
                _require_editable_paths(file_edit)
            texts = overlay_texts(self._snapshot, change)
            self._require_writable(texts)
        except (EditMismatch, ProtectedPath, PathOutsideWorkspace, InvalidRequest) as error:
            return Verdict(applies=_failed(str(error)))
        if all(text == text_before(self._snapshot, path) for path, text in texts.items()):
            return Verdict(applies=_failed("the change changes nothing: the text stays as it is"))
        size = self._check_size(change, texts)
        if size.outcome is Outcome.FAILED:
            return Verdict(applies=_PASSED, size=size)
        problems = self._new_problems(texts)
        if problems:
            parses = _failed(_describe_problems(problems))
            return Verdict(applies=_PASSED, size=size, parses=parses, new_problems=problems)
        tests, run = await self._check_tests(texts)
        return Verdict(applies=_PASSED, size=size, parses=_PASSED, tests=tests, test_run=run)

    def _require_writable(self, texts: Texts) -> None:
        for path, text in texts.items():
            document = self._snapshot.documents.get(path)
            if text is not None:
                encode_text(text, document.encoding if document else "utf-8")

    def _check_size(self, change: SourceChange, texts: Texts) -> Check:
        settings = self._settings
        if len(texts) > settings.max_files:
            return _failed(
                f"the change touches {len(texts)} files; at most {settings.max_files} are allowed"
            )
        changed = 0
        for path, text in texts.items():
            hunks = diff_texts(text_before(self._snapshot, path) or "", text or "")
            changed += sum(len(hunk.old_lines) + len(hunk.new_lines) for hunk in hunks)
        if changed > settings.max_changed_lines:
            return _failed(
                f"the change adds and removes {changed} lines; at most "
                f"{settings.max_changed_lines} are allowed: change only what is needed"
            )
        for file_edit in change.files:
            if file_edit.kind in (FileEditKind.MODIFY, FileEditKind.RENAME):
                new_text = texts[file_edit.new_path or file_edit.path] or ""
                shrinkage = _shrinkage(text_before(self._snapshot, file_edit.path) or "", new_text)
                if shrinkage:
                    return _failed(f"{file_edit.path}: {shrinkage}")
        return _PASSED

    def _new_problems(self, texts: Texts) -> tuple[Problem, ...]:
        return tuple(
            problem
            for path, text in texts.items()
            if text is not None
            for problem in _problems_added(path, text_before(self._snapshot, path) or "", text)
        )

    async def _check_tests(self, texts: Texts) -> tuple[Check, TestRun | None]:
        if not self._settings.test_command:
            return Check(Outcome.NOT_RUN, "no test command is set"), None
        run = await self._tests.run(texts)
        if not run.is_green:
            end = "the tests did not end in time" if run.exit_code is None else self._compared(run)
            parts = [end, failure_point(run.output)]
            return _failed("\n".join(part for part in parts if part)), run
        if run.ran == 0 and (self._before is None or self._before.ran != 0):
            return _failed("the test command ran no test any more"), run
        return Check(Outcome.PASSED, self._fewer(run)), run

    def _compared(self, run: TestRun) -> str:
        before = self._before
        if before is None or before.is_green or not before.failing or not run.failing:
            is_broken = before is not None and before.is_green
            return "all tests passed before this change" if is_broken else ""
        old, new = set(before.failing), set(run.failing)
        if old == new:
            same = "test still fails" if len(new) == 1 else f"{len(new)} tests still fail"
            return f"the same {same}"
        broken = [name for name in run.failing if name not in old]
        if broken:
            return f"tests that passed before fail now: {', '.join(broken[:5])}"
        return f"{len(new)} of the {len(old)} tests that failed before still fail"

    def _fewer(self, run: TestRun) -> str:
        before = self._before
        if before is None or before.ran is None or run.ran is None or run.ran >= before.ran:
            return ""
        return f"fewer tests ran than before: {run.ran} instead of {before.ran}"


def _failed(detail: str) -> Check:
    return Check(Outcome.FAILED, detail)


def _require_editable_paths(file_edit: FileEdit) -> None:
    for path in (file_edit.path, file_edit.new_path):
        if path is not None:
            require_editable(parse_path(path))


def _shrinkage(old: str, new: str) -> str:
    old_count, new_count = len(split_lines(old)), len(split_lines(new))
    if old_count <= _SHRINKS_FROM_LINES or new_count >= old_count * (1 - _MOST_SHRINKAGE):
        return ""
    return (
        f"the change deletes most of the file ({old_count} lines become {new_count}): "
        "keep what the instruction does not speak of"
    )


def _problems_added(path: WorkspacePath, old: str, new: str) -> list[Problem]:
    """Return the new text's problems that the old text did not have on an equal line."""
    known = Counter((problem.message, line) for problem, line in _problems_of(path, old))
    added = []
    for problem, line in _problems_of(path, new):
        if known[problem.message, line]:
            known[problem.message, line] -= 1
        else:
            added.append(problem)
    return added


def _problems_of(path: WorkspacePath, text: str) -> list[tuple[Problem, str]]:
    problems = outline_of(path, text).problems
    if not problems:
        return []
    index = LineIndex(text)
    lines = split_lines(text)
    found = []
    for problem in problems:
        number = index.line_of(problem.range.start)
        line = lines[number].strip() if number < len(lines) else ""
        # The line is a field of its own here, and moves when lines are added above it.
        message = _LINE_PREFIX.sub("", problem.message)
        found.append((Problem(path, number, message), line))
    return found


def _describe_problems(problems: tuple[Problem, ...]) -> str:
    shown = [
        f"{problem.path}:{problem.line + 1}: {problem.message}"
        for problem in problems[:_MOST_PROBLEMS_SHOWN]
    ]
    more = len(problems) - len(shown)
    if more:
        shown.append(f"and {more} more")
    return "\n".join(["the changed text does not parse:", *shown])
