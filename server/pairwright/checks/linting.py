"""Which problems does a change bring? The project's own linters and type checkers, asked twice.

They run in the scratch copy, after the change and, only when they find something, before it: what
was there already is nobody's fault. A tool that crashes, or does not end in time, says nothing.
"""

import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.checks.findings import Finding, UnreadableReport
from pairwright.checks.linters import LINTERS, Linter
from pairwright.checks.sandbox import Sandbox, Texts
from pairwright.checks.verdict import Problem
from pairwright.errors import UserError
from pairwright.settings import CheckSettings
from pairwright.text.ranges import split_lines
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_PLACES_IN_WORKSPACE = ("node_modules/.bin", ".venv/bin", "venv/bin")
_MOST_PROJECTS = 4
"""Of one workspace that one tool looks at for one change."""
_LINE_NUMBER = re.compile(r"\bline \d+")
_QUOTED = re.compile(r"""["'`]([^"'`]+)["'`]""")


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, by whom, and who could not look."""

    new_problems: tuple[Problem, ...] = ()
    ran: tuple[str, ...] = ()
    """The names of the tools that looked before and after."""
    not_run: tuple[str, ...] = ()
    """A sentence for each tool that the project uses and that did not run."""


class Linting:
    """Runs the linters of one snapshot's projects on variants of it."""

    def __init__(
        self, snapshot: Snapshot, root: Path, settings: CheckSettings, sandbox: Sandbox
    ) -> None:
        """Remember what may be run; nothing is, yet."""
        self._snapshot = snapshot
        self._root = root.resolve()
        self._settings = settings
        self._sandbox = sandbox
        self._before: dict[tuple[str, str, tuple[str, ...]], Counter[_Key]] = {}

    async def new_problems(
        self,
        texts: Texts,
        renamed: Mapping[WorkspacePath, WorkspacePath],
        *,
        beside: Iterable[WorkspacePath] = (),
    ) -> Linted:
        """Return the problems that are there with these texts and were not before.

        Args:
            texts: what is laid over the snapshot.
            renamed: of each file that was renamed, the old path by the new one.
            beside: files that the change does not touch, and that it may break.
        """
        found: list[Problem] = []
        ran: list[str] = []
        not_run: list[str] = []
        looked_at = [path for path, text in texts.items() if text is not None]
        looked_at += [path for path in dict.fromkeys(beside) if path not in texts]
        for linter in LINTERS:
            homes = self._homes(linter, looked_at)
            if not homes or not self._is_wanted(linter) or linter.stands_for in ran:
                continue
            try:
                program = self._program(linter, homes)
                for home, files in homes.items():
                    found += await self._compared(linter, program, home, files, texts, renamed)
            except _NotRun as reason:
                not_run.append(f"{linter.name} was not run: {reason}")
            else:
                ran.append(linter.name)
        stood_for = {linter.stands_for for linter in LINTERS if linter.name in ran}
        return Linted(
            new_problems=tuple(dict.fromkeys(found)),
            ran=tuple(ran),
            not_run=tuple(
                sentence
                for sentence in not_run
                if sentence.split(" was not run")[0] not in stood_for
            ),
        )

    async def problems(
        self, texts: Texts, files: Sequence[WorkspacePath]
    ) -> dict[str, tuple[Problem, ...]]:
        """Return every problem of these files, new or not, by the tools that could look.

        Args:
            texts: what is laid over the snapshot.
            files: what is asked about; they exist with these texts.
        """
        found: dict[str, tuple[Problem, ...]] = {}
        for linter in LINTERS:
            homes = self._homes(linter, files)
            if not homes or not self._is_wanted(linter) or linter.stands_for in found:
                continue
            with suppress(_NotRun):
                program = self._program(linter, homes)
                said: list[Problem] = []
                for home, paths in homes.items():
                    said += [
                        Problem(path, each.line, each.message.strip(), each.rule, linter.name)
                        for path, each in await self._run(linter, program, home, texts, paths)
                        if path in files
                    ]
                found[linter.name] = tuple(said)
        return found

    def _is_wanted(self, linter: Linter) -> bool:
        return not {"auto", linter.name}.isdisjoint(self._settings.linters)

    def _is_trusted(self, linter: Linter) -> bool:
        return bool(self._settings.test_command) or linter.name in self._settings.linters

    def _homes(
        self, linter: Linter, files: Iterable[WorkspacePath]
    ) -> dict[str, tuple[WorkspacePath, ...]]:
        """Return the files that it looks at by the directory of the project that they belong to."""
        homes: dict[str, tuple[WorkspacePath, ...]] = {}
        for path in files:
            if path.endswith(linter.suffixes):
                found = [folder for folder in _above(path) if self._is_home(linter, folder)]
                if found:
                    home = found[-1 if linter.is_outermost else 0]
                    homes[home] = (*homes.get(home, ()), path)
        return homes

    def _is_home(self, linter: Linter, folder: str) -> bool:
        for name, needed in linter.configurations.items():
            document = self._snapshot.documents.get(WorkspacePath(_joined(folder, name)))
            if document is not None and needed in document.read_text():
                return True
        return False

    def _program(self, linter: Linter, homes: Mapping[str, object]) -> str:
        is_trusted = self._is_trusted(linter)
        if linter.runs_code and not is_trusted:
            raise _NotRun(
                "it runs code of the workspace, and nothing says that this is trusted: set a test "
                "command, or name it in the setting 'checks.linters'"
            )
        if len(homes) > _MOST_PROJECTS:
            raise _NotRun(f"the change touches {len(homes)} of its projects")
        inside = [
            str(self._root / home / place / linter.program)
            for home in (*homes, "")
            for place in _PLACES_IN_WORKSPACE
        ]
        outside = [os.path.join(folder, linter.program) for folder in self._search_path(is_trusted)]
        for candidate in (*inside, *outside) if is_trusted else outside:
            if shutil.which(candidate):
                return candidate
        if any(shutil.which(candidate) for candidate in inside):
            raise _NotRun(
                "it is installed in the workspace, and nothing says that this is trusted: name it "
                "in the setting 'checks.linters'"
            )
        raise _NotRun("it is not installed")

    def _search_path(self, is_trusted: bool) -> list[str]:
        folders = [*os.environ.get("PATH", os.defpath).split(os.pathsep)]
        folders.append(os.path.dirname(sys.executable))
        return [
            folder
            for folder in folders
            if os.path.isabs(folder)
            and (is_trusted or not Path(folder).resolve().is_relative_to(self._root))
        ]

    async def _compared(
        self,
        linter: Linter,
        program: str,
        home: str,
        files: Sequence[WorkspacePath],
        texts: Texts,
        renamed: Mapping[WorkspacePath, WorkspacePath],
    ) -> list[Problem]:
        after = await self._run(linter, program, home, texts, files)
        if not after:
            return []
        old_paths = [renamed.get(path, path) for path in files]
        known = Counter(
            await self._known(
                linter, program, home, [path for path in old_paths if self._exists(path)]
            )
        )
        added: list[Problem] = []
        for path, finding in after:
            key = self._key(texts, renamed.get(path, path), path, finding)
            if known[key]:
                known[key] -= 1
            else:
                message = finding.message.strip()
                added.append(Problem(path, finding.line, message, finding.rule, linter.name))
        return added

    async def _known(
        self, linter: Linter, program: str, home: str, files: Sequence[WorkspacePath]
    ) -> "Counter[_Key]":
        if linter.takes_files and not files:
            return Counter()
        which = (linter.name, home, tuple(files) if linter.takes_files else ())
        if which not in self._before:
            before = await self._run(linter, program, home, {}, files)
            self._before[which] = Counter(
                self._key({}, path, path, finding) for path, finding in before
            )
        return self._before[which]

    async def _run(
        self,
        linter: Linter,
        program: str,
        home: str,
        texts: Texts,
        files: Sequence[WorkspacePath],
    ) -> list[tuple[WorkspacePath, Finding]]:
        relative = [f"./{_relative(path, home)}" for path in files] if linter.takes_files else []
        timeout_s = self._settings.linter_timeout_s
        try:
            run = await self._sandbox.run_tool(
                texts,
                [program, *linter.arguments, *relative],
                home=home,
                timeout_s=timeout_s,
                environment=linter.environment,
            )
        except UserError as error:
            raise _NotRun(str(error)) from None
        if run.exit_code is None:
            raise _NotRun(f"it did not end in {timeout_s:g} s")
        if run.is_cut:
            raise _NotRun("its report is too long")
        if run.exit_code not in linter.exit_codes:
            raise _NotRun(_failure(run.errors or run.output))
        try:
            found = linter.read(run.output, run.errors)
        except (UnreadableReport, KeyError, TypeError, AttributeError):
            raise _NotRun(f"its report cannot be read: {_failure(run.errors)}") from None
        if run.exit_code and not found and (run.errors or not run.output):
            raise _NotRun(_failure(run.errors))
        placed = [(_placed(finding.path, home), finding) for finding in found]
        return [each for each in placed if not self._is_about_installation(linter, each[1])]

    def _is_about_installation(self, linter: Linter, finding: Finding) -> bool:
        """Tell whether it misses a module that is none of the workspace's: not copied, not seen."""
        if finding.rule not in linter.installation_rules:
            return False
        named = _QUOTED.search(finding.message)
        if named is None or named[1].startswith("."):
            return named is None
        first = re.split(r"[./]", named[1])[0]
        return not any(
            path.removeprefix("src/").startswith((f"{first}/", f"{first}."))
            for path in self._snapshot.documents
        )

    def _exists(self, path: WorkspacePath) -> bool:
        return path in self._snapshot.documents

    def _key(
        self, texts: Texts, known_as: WorkspacePath, path: WorkspacePath, finding: Finding
    ) -> "_Key":
        lines = self._lines(texts, path)
        line = lines[finding.line].strip() if 0 <= finding.line < len(lines) else ""
        return (known_as, finding.rule, _LINE_NUMBER.sub("line", finding.message), line)

    def _lines(self, texts: Texts, path: WorkspacePath) -> Sequence[str]:
        text = texts.get(path)
        if text is None and path in self._snapshot.documents:
            text = self._snapshot.documents[path].read_text()
        return split_lines(text or "")


_Key = tuple[str, str, str, str]
"""A problem's path, rule, message and line: its line's number moves with what is written above."""


class _NotRun(Exception):
    """Why a tool says nothing."""


def _above(path: str) -> list[str]:
    """Return the directories above a path, nearest first; the root is the empty one."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _relative(path: str, folder: str) -> str:
    return path.removeprefix(f"{folder}/") if folder else path


def _placed(written: str, home: str) -> WorkspacePath:
    """Return which file of the workspace a tool speaks of; the copy's root is `/` by now."""
    if written.startswith("/"):
        return WorkspacePath(written[1:])
    return WorkspacePath(os.path.normpath(_joined(home, written)))


def _failure(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return " ".join(lines[:3])[:300] or "it failed and did not say why"
