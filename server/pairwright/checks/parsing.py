"""Does a change break the syntax of a file? Errors of the parser that the old text did not have."""

import re
from collections import Counter

from pairwright.checks.comparison import Comparison
from pairwright.checks.overlay import text_before
from pairwright.checks.verdict import Problem
from pairwright.syntax.outline import FileOutline
from pairwright.text.ranges import LineIndex, split_lines
from pairwright.workspace.paths import WorkspacePath

_LINE_PREFIX = re.compile(r"^line \d+: ")


def new_syntax_problems(comparison: Comparison) -> tuple[Problem, ...]:
    """Return what does not parse and did before, or was not there on an equal line."""
    return tuple(problem for path in comparison.texts for problem in _added(comparison, path))


def _added(comparison: Comparison, path: WorkspacePath) -> list[Problem]:
    old_path = comparison.renamed.get(path, path)
    old_text, text = text_before(comparison.analysis.snapshot, old_path), comparison.texts[path]
    old = _problems_of(path, comparison.before(old_path), old_text or "")
    known = Counter((problem.message, line) for problem, line in old)
    added = []
    for problem, line in _problems_of(path, comparison.after(path), text or ""):
        if known[problem.message, line]:
            known[problem.message, line] -= 1
        else:
            added.append(problem)
    return added


def _problems_of(
    path: WorkspacePath, outline: FileOutline | None, text: str
) -> list[tuple[Problem, str]]:
    if outline is None or not outline.problems:
        return []
    index = LineIndex(text)
    lines = split_lines(text)
    found = []
    for problem in outline.problems:
        number = index.line_of(problem.range.start)
        line = lines[number].strip() if number < len(lines) else ""
        # The line is a field of its own here, and moves when lines are added above it.
        message = _LINE_PREFIX.sub("", problem.message)
        found.append((Problem(path, number, message), line))
    return found
