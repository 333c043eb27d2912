"""Does a change break the syntax of a file? Errors of the parser that the old text did not have."""

import re
from collections import Counter
from collections.abc import Mapping

from pairwright.checks.overlay import text_before
from pairwright.checks.verdict import Problem
from pairwright.syntax.extraction import outline_of
from pairwright.text.ranges import LineIndex, split_lines
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_LINE_PREFIX = re.compile(r"^line \d+: ")


def new_syntax_problems(
    snapshot: Snapshot,
    texts: Mapping[WorkspacePath, str | None],
    renamed: Mapping[WorkspacePath, WorkspacePath],
) -> tuple[Problem, ...]:
    """Return what does not parse and did before, or was not there on an equal line.

    Args:
        snapshot: the texts before.
        texts: the texts after; None: the file is gone.
        renamed: of each file that was renamed, the old path by the new one.
    """
    return tuple(
        problem
        for path, text in texts.items()
        if text is not None
        for problem in _added(path, text_before(snapshot, renamed.get(path, path)) or "", text)
    )


def _added(path: WorkspacePath, old: str, new: str) -> list[Problem]:
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
