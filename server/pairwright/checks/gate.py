"""Is this change sound? It applies, is of a sane size, breaks no syntax, brings no new problem that
the project's own tools or the editor would show, and the tests pass.

What a check says when it fails is worded for the model that must mend it. When the change does not
apply, touches what nobody may touch, is out of bounds or does not parse, nothing is run.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from pairwright.checks.comparison import Comparison, OutlineText, compare
from pairwright.checks.editor_problems import EditorProblems, new_in_editor
from pairwright.checks.impact import Impact, impact_of
from pairwright.checks.judging import judged
from pairwright.checks.linting import Linting
from pairwright.checks.mending import Mending, Reports
from pairwright.checks.overlay import overlay_texts, text_before
from pairwright.checks.parsing import new_syntax_problems
from pairwright.checks.sandbox import Sandbox, Texts
from pairwright.checks.sizes import check_size
from pairwright.checks.testing import (
    ScratchTests,
    failures_that_count,
    files_to_run,
    wanted_tests,
)
from pairwright.checks.verdict import Check, Outcome, Problem, TestRun, Verdict
from pairwright.editing.change import SourceChange
from pairwright.errors import EditMismatch, InvalidRequest, PathOutsideWorkspace, ProtectedPath
from pairwright.index.analysis import Analysis
from pairwright.settings import CheckSettings
from pairwright.workspace.encodings import encode_text
from pairwright.workspace.paths import (
    WorkspacePath,
    parse_path,
    protection_of,
    require_proposable,
)

_PASSED = Check(Outcome.PASSED)
_MOST_PROBLEMS_SHOWN = 5
_MOST_BESIDE = 30
"""Files that a change does not touch and may break: the tools look at them, too."""


class Gate:
    """Judges whole changes against one snapshot."""

    def __init__(
        self,
        analysis: Analysis,
        root: Path,
        settings: CheckSettings,
        *,
        outline: OutlineText,
        editor: EditorProblems | None = None,
        instruction: str | None = None,
        mends: tuple[Problem, ...] = (),
    ) -> None:
        """Judge changes of the analysis; nothing is run or copied before it is needed.

        Args:
            analysis: what the changes speak of.
            root: the workspace's directory.
            settings: what is run; the test command must be a trusted one.
            outline: parses texts, elsewhere.
            editor: asks the editor that is attached, if one is, and can say.
            instruction: what the person asked for; tells which of the tests that fail already the
                task is about. None: perhaps all of them.
            mends: the reported problems that the task is about, which must be gone.
        """
        self._analysis = analysis
        self._snapshot = analysis.snapshot
        self._settings = settings
        self._outline = outline
        self._editor = editor
        self._instruction = instruction
        self._sandbox = Sandbox(analysis.snapshot, root, settings)
        self._tests = ScratchTests(self._sandbox, settings)
        self._linting = Linting(analysis.snapshot, root, settings, self._sandbox)
        self._mending = Mending(mends, analysis.snapshot, self._reports)
        self._before: TestRun | None = None

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        analysis: Analysis,
        root: Path,
        settings: CheckSettings,
        *,
        outline: OutlineText,
        editor: EditorProblems | None = None,
        instruction: str | None = None,
        mends: tuple[Problem, ...] = (),
    ) -> AsyncGenerator["Gate", None]:
        """Give a gate whose scratch copy is removed at the end, however it ends."""
        gate = cls(
            analysis,
            root,
            settings,
            outline=outline,
            editor=editor,
            instruction=instruction,
            mends=mends,
        )
        try:
            yield gate
        finally:
            await gate.aclose()

    async def aclose(self) -> None:
        """Remove the scratch copy."""
        await self._sandbox.aclose()

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
        paths = _paths_of(change)
        try:
            for path in paths:
                require_proposable(parse_path(path))
        except (ProtectedPath, PathOutsideWorkspace) as error:
            # Not even a proposal: nobody may be asked to keep it.
            return Verdict(applies=_failed(str(error)), protected=_failed(str(error)))
        try:
            texts = overlay_texts(self._snapshot, change)
            self._require_writable(texts)
        except (EditMismatch, InvalidRequest) as error:
            return Verdict(applies=_failed(str(error)))
        if all(text == text_before(self._snapshot, path) for path, text in texts.items()):
            return Verdict(applies=_failed("the change changes nothing: the text stays as it is"))
        needs_approval = tuple(path for path in paths if protection_of(path))
        found = Verdict(
            applies=_PASSED, protected=_approval(needs_approval), needs_approval=needs_approval
        )
        size = await asyncio.to_thread(check_size, self._snapshot, change, texts, self._settings)
        if size.outcome is Outcome.FAILED:
            return replace(found, size=size)
        renamed = {file.new_path: file.path for file in change.files if file.new_path is not None}
        comparison = await compare(self._analysis, texts, renamed, self._outline)
        broken = await asyncio.to_thread(new_syntax_problems, comparison)
        if broken:
            parses = _failed(_described("the changed text does not parse:", broken))
            return replace(found, size=size, parses=parses, new_problems=broken)
        impact = await self._impact(comparison)
        problems, new_problems = await self._check_problems(texts, renamed, impact)
        mended = await self._mending.judge(texts, renamed)
        tests, run = await self._check_tests(texts, impact.tests)
        return replace(
            found,
            size=size,
            parses=_PASSED,
            problems=problems,
            new_problems=new_problems,
            mended=mended,
            tests=tests,
            test_run=run,
            may_break=impact.affected,
            notes=self._notes(),
        )

    async def reports_on(self, texts: Texts) -> Reports:
        """Return all that is reported of files, were these their texts.

        By the project's tools and the editor, new or not, and by the parser what is new.
        """
        comparison = await compare(self._analysis, texts, {}, self._outline)
        broken = await asyncio.to_thread(new_syntax_problems, comparison)
        reports = await self._reports(texts, [p for p, text in texts.items() if text is not None])
        return Reports({"the parser": broken, **reports.by_reporter})

    async def _reports(self, texts: Texts, files: Sequence[WorkspacePath]) -> Reports:
        """Ask the project's tools and the editor about files, with these texts over all."""
        found = await self._linting.problems(texts, files)
        if self._editor is not None and files:
            shown = await self._editor(
                {**{path: text_before(self._snapshot, path) for path in files}, **texts}
            )
            if shown is not None:
                found["the editor"] = tuple(each for each in shown if each.path in files)
        return Reports(found)

    def _require_writable(self, texts: Texts) -> None:
        for path, text in texts.items():
            document = self._snapshot.documents.get(path)
            if text is not None:
                encode_text(text, document.encoding if document else "utf-8")

    async def _impact(self, comparison: Comparison) -> Impact:
        is_cancelled = threading.Event()
        try:
            return await asyncio.to_thread(impact_of, comparison, should_stop=is_cancelled.is_set)
        finally:
            is_cancelled.set()

    async def _check_problems(
        self, texts: Texts, renamed: Mapping[WorkspacePath, WorkspacePath], impact: Impact
    ) -> tuple[Check, tuple[Problem, ...]]:
        """Ask the project's tools and the editor; what cannot answer is no failure."""
        beside = list(dict.fromkeys(place.path for place in impact.affected))[:_MOST_BESIDE]
        linted = await self._linting.new_problems(texts, renamed, beside=beside)
        ran, found = list(linted.ran), linted.new_problems
        if self._editor is not None:
            in_editor = await new_in_editor(self._editor, self._snapshot, texts, renamed)
            if in_editor is not None:
                ran.append("the editor")
                found += in_editor
        if found:
            return _failed(_described("the change brings new problems:", found)), found
        said = "; ".join(([", ".join(ran)] if ran else []) + list(linted.not_run))
        if ran:
            return Check(Outcome.PASSED, said), ()
        return Check(Outcome.NOT_RUN, said or "the project is configured for no known linter"), ()

    async def _check_tests(
        self, texts: Texts, reached: tuple[WorkspacePath, ...] | None
    ) -> tuple[Check, TestRun | None]:
        if not self._settings.test_command:
            return Check(Outcome.NOT_RUN, "no test command is set"), None
        gone = {path for path, text in texts.items() if text is None}
        paths = {*self._snapshot.documents, *texts} - gone
        run = await self._tests.run(texts, tests=files_to_run(reached, self._before, paths))
        counted = failures_that_count(run, self._before, reached, paths, wanted=self._wanted())
        return judged(run, self._before, counted), run

    def _wanted(self) -> tuple[str, ...] | None:
        if self._instruction is None or self._before is None:
            return None
        return wanted_tests(self._instruction, self._before.failing)

    def _notes(self) -> tuple[str, ...]:
        reason = self._sandbox.not_denied
        return (f"the network was not denied to what was run: {reason}",) if reason else ()


def _failed(detail: str) -> Check:
    return Check(Outcome.FAILED, detail)


def _paths_of(change: SourceChange) -> tuple[WorkspacePath, ...]:
    """Return every path that the change writes, removes or fills, in their order."""
    return tuple(
        path for file in change.files for path in (file.path, file.new_path) if path is not None
    )


def _approval(paths: tuple[WorkspacePath, ...]) -> Check:
    if not paths:
        return _PASSED
    return Check(Outcome.PASSED, f"to be written only with a yes for each: {', '.join(paths)}")


def _described(heading: str, problems: tuple[Problem, ...]) -> str:
    shown = [problem.in_words for problem in problems[:_MOST_PROBLEMS_SHOWN]]
    more = len(problems) - len(shown)
    if more:
        shown.append(f"and {more} more")
    return "\n".join([heading, *shown])
