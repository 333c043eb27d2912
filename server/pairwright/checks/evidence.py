"""What is a model told of failing tests? The first of them: its source, and where it fails."""

import re
from textwrap import dedent

from pairwright.checks.reports import compact_failure, failure_point
from pairwright.checks.verdict import TestRun
from pairwright.disclosure.policy import Withheld, withheld_reason
from pairwright.index.analysis import Analysis
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.workspace.documents import Document
from pairwright.workspace.paths import WorkspacePath

_MOST_TEST_LINES = 40


def describe_failure(
    analysis: Analysis, run: TestRun, *, withheld: Withheld = withheld_reason
) -> str:
    """Return the first failing test's source, where it fails and with what; empty when none does.

    Of a file that is `withheld` nothing is shown.

    Small models read little and follow what they read last, so there is no traceback in it.
    """
    if run.is_green:
        return ""
    if run.exit_code is None:
        return f"The tests did not end in time.\n{compact_failure(run.output)}".rstrip()
    source = _source_of(analysis, run.failing[0], withheld) if run.failing else ""
    point = failure_point(run.output)
    return f"{source}\n\n{point}" if source else point


def _source_of(analysis: Analysis, test: str, withheld: Withheld) -> str:
    """Return the failing test's lines, found by its name; empty when it cannot be told."""
    names = re.split(r"\.|::|/", re.sub(r"\[.*|\.py(?=::)", "", test))
    name = names[-1]
    found: list[tuple[int, str]] = []
    for symbol in analysis.index.symbols_named(name):
        document = analysis.snapshot.documents.get(WorkspacePath(symbol.path))
        if document is None or not _is_function(symbol):
            continue
        if withheld(document.path, document.text) is None:
            matches = set(symbol.qualified_name.split(".")) & set(names)
            found.append((_likeness(document, names) + len(matches), _excerpt(document, symbol)))
    return max(found, default=(0, ""), key=lambda pair: pair[0])[1]


def _likeness(document: Document, names: list[str]) -> int:
    return len(set(document.path.removesuffix(".py").split("/")) & set(names))


def _is_function(symbol: Symbol) -> bool:
    return symbol.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)


def _excerpt(document: Document, symbol: Symbol) -> str:
    start = document.text.rfind("\n", 0, symbol.range.start) + 1
    lines = dedent(document.text[start : symbol.range.end]).splitlines()
    return "\n".join([*lines[:_MOST_TEST_LINES], *(["..."] if lines[_MOST_TEST_LINES:] else [])])
