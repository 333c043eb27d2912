"""What is a task of the benchmark? A folder: what is asked, a workspace, and what judges it.

    task.toml     the instruction, and how it is tried and judged
    repo/         the workspace as the models find it
    hidden/       laid over the workspace before it is judged; no model ever sees it
    solution/     laid over the workspace, it passes: proof that the task can be done

A suite is a folder of such folders.
"""

import hashlib
import shutil
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from pairwright.errors import PathOutsideWorkspace, UserError
from pairwright.settings import Section
from pairwright.workspace.paths import WorkspacePath, parse_path

PYTHON = "{python}"
"""In a command: the interpreter that runs the benchmark."""


class TaskKind(StrEnum):
    """What is asked for; the scenarios of the Copilot Evaluation Harness (arXiv 2402.14261)."""

    FIX = "fix"
    GENERATE = "generate"
    DOCUMENT = "document"
    TEST = "test"
    REFACTOR = "refactor"
    QUESTION = "question"
    """About the workspace; the answer is written into a file."""


class _TaskFile(Section):
    """What `task.toml` holds."""

    instruction: Annotated[str, Field(min_length=1)]
    kind: TaskKind
    language: str
    file: str | None = None
    lines: Annotated[tuple[int, int], Field()] | None = None
    test_command: tuple[str, ...] = ()
    judge_command: Annotated[tuple[str, ...], Field(min_length=1)]
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    needs: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchTask:
    """One task; see the module's docstring for its folder."""

    name: str
    folder: Path
    digest: str
    """Of all files of the folder: results of another text of the task are other results."""
    instruction: str
    kind: TaskKind
    language: str
    file: str | None
    """What the person points at, if anything."""
    lines: tuple[int, int] | None
    """Of that file, the first and the last that are selected, from 1."""
    test_command: tuple[str, ...]
    """What the gate runs in the workspace; empty where the task has no visible tests."""
    judge_command: tuple[str, ...]
    """What must succeed in the end, with the hidden files in place."""
    timeout_s: float
    needs: tuple[str, ...]
    """Programs without which it cannot be judged."""
    removed: tuple[WorkspacePath, ...] = ()
    """Files of the workspace that the solution deletes."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed programs that this machine does not have."""
        return tuple(program for program in self.needs if shutil.which(program) is None)

    def copy_workspace(self, target: Path) -> None:
        """Make the workspace as the models find it."""
        shutil.copytree(self.folder / "repo", target)

    def lay_hidden(self, workspace: Path) -> None:
        """Put the hidden files in place; whatever stands there is replaced."""
        _lay(self.folder / "hidden", workspace)

    def lay_solution(self, workspace: Path) -> None:
        """Delete what the solution deletes, and put its files in place."""
        for path in self.removed:
            (workspace / path).unlink(missing_ok=True)
        _lay(self.folder / "solution", workspace)


def read_suite(folder: Path) -> tuple[BenchTask, ...]:
    """Return the tasks of a suite, or the one task that the folder is, by name.

    Raises:
        UserError: there is no task, or one cannot be read; the message says which and why.
    """
    if (folder / "task.toml").is_file():
        return (read_task(folder),)
    folders = sorted(file.parent for file in folder.glob("*/task.toml"))
    if not folders:
        raise UserError(f"{str(folder)!r} holds no task: a task is a folder with a 'task.toml'")
    return tuple(read_task(each) for each in folders)


def read_task(folder: Path) -> BenchTask:
    """Return the task that a folder holds.

    Raises:
        UserError: it cannot be read; the message says why.
    """
    try:
        content = tomllib.loads((folder / "task.toml").read_text(encoding="utf-8"))
        file = _TaskFile.model_validate(content)
        removed = tuple(parse_path(path) for path in file.removed)
    except (OSError, ValueError, PathOutsideWorkspace) as error:
        raise UserError(f"the task {folder.name!r} cannot be read: {_in_short(error)}") from None
    if not (folder / "repo").is_dir():
        raise UserError(f"the task {folder.name!r} has no folder 'repo'")
    link = next((path for path in sorted(folder.rglob("*")) if path.is_symlink()), None)
    if link is not None:
        # Copied, it would show a model what lies outside; laid over a workspace, write there.
        raise UserError(f"the task {folder.name!r} holds a symbolic link: {link.name!r}")
    if file.lines is not None and file.file is None:
        raise UserError(f"the task {folder.name!r} has lines without a file")
    return BenchTask(
        name=folder.name,
        folder=folder,
        digest=_digest(folder),
        instruction=file.instruction.strip(),
        kind=file.kind,
        language=file.language,
        file=file.file,
        lines=file.lines,
        test_command=_with_python(file.test_command),
        judge_command=_with_python(file.judge_command),
        timeout_s=file.timeout_s,
        needs=file.needs,
        removed=removed,
    )


def _with_python(command: Sequence[str]) -> tuple[str, ...]:
    return tuple(sys.executable if word == PYTHON else word for word in command)


def _in_short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}"
    return str(error)


def _lay(source: Path, workspace: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, workspace, dirs_exist_ok=True)


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix().encode()
        content = path.read_bytes()
        whole.update(b"%d %d " % (len(name), len(content)) + name + content)
    return whole.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path
