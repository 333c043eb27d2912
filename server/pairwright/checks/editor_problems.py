"""What does an editor say of texts that nobody has saved? Its own diagnostics, before and after."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from pairwright.checks.overlay import text_before
from pairwright.checks.verdict import Problem
from pairwright.text.ranges import split_lines
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

EditorProblems = Callable[
    [Mapping[WorkspacePath, str | None]], Awaitable[tuple[Problem, ...] | None]
]
"""Asks an editor for the problems of files, were these their texts; None: it cannot say."""


async def new_in_editor(
    ask: EditorProblems,
    snapshot: Snapshot,
    texts: Mapping[WorkspacePath, str | None],
    renamed: Mapping[WorkspacePath, WorkspacePath],
) -> tuple[Problem, ...] | None:
    """Return the problems that the editor sees with these texts only; None: it cannot say."""
    after = await ask(texts)
    if not after:
        return after
    olds: dict[WorkspacePath, str | None] = {path: text_before(snapshot, path) for path in texts}
    before = await ask(olds)
    if before is None:
        return None
    known = Counter(_key(problem, problem.path, olds) for problem in before)
    added: list[Problem] = []
    for problem in after:
        path = WorkspacePath(problem.path)
        key = _key(problem, renamed.get(path, path), texts)
        if known[key]:
            known[key] -= 1
        else:
            added.append(problem)
    return tuple(added)


def _key(
    problem: Problem, known_as: str, texts: Mapping[WorkspacePath, str | None]
) -> tuple[str, str, str, str]:
    lines = split_lines(texts.get(WorkspacePath(problem.path)) or "")
    line = lines[problem.line].strip() if 0 <= problem.line < len(lines) else ""
    return (known_as, problem.rule, problem.message, line)
