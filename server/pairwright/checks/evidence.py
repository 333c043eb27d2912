"""What is a model told of failing tests? The first failure, and the test that shows it."""

import re

from pairwright.checks.reports import compact_failure
from pairwright.checks.verdict import TestRun
from pairwright.index.analysis import Analysis
from pairwright.syntax.outline import Symbol, SymbolKind, outline_of
from pairwright.workspace.documents import Document

_MOST_TEST_LINES = 40


def describe_failure(analysis: Analysis, run: TestRun) -> str:
    """Return how many tests fail, the first one's traceback and source; empty when all is well."""
    if run.is_green:
        return ""
    if run.exit_code is None:
        return f"The tests did not end in time.\n{compact_failure(run.output)}"
    parts = [_headline(run), compact_failure(run.output)]
    source = _source_of(analysis, run.failing[0]) if run.failing else ""
    if source:
        parts.append(f"The failing test is:\n{source}")
    return "\n".join(parts)


def _headline(run: TestRun) -> str:
    if not run.failing:
        return f"The test command ended with exit code {run.exit_code}:"
    total = f" of {run.ran}" if run.ran else ""
    names = ", ".join(run.failing[:5])
    more = f" and {len(run.failing) - 5} more" if len(run.failing) > 5 else ""
    return f"{len(run.failing)}{total} tests fail: {names}{more}"


def _source_of(analysis: Analysis, test: str) -> str:
    """Return the failing test's lines, found by its name; empty when it cannot be told."""
    names = re.split(r"\.|::|/", re.sub(r"\[.*|\.py(?=::)", "", test))
    name = names[-1]
    definition = re.compile(rf"\bdef {re.escape(name)}\b") if name.isidentifier() else None
    found: list[tuple[int, str]] = []
    for document in analysis.snapshot.documents.values():
        if definition is None or not definition.search(document.text):
            continue
        likeness = _likeness(document, names)
        for symbol in outline_of(document.path, document.text).symbols:
            if _is_function(symbol) and symbol.qualified_name.rpartition(".")[2] == name:
                matches = set(symbol.qualified_name.split(".")) & set(names)
                found.append((likeness + len(matches), _excerpt(document, symbol)))
    return max(found, default=(0, ""), key=lambda pair: pair[0])[1]


def _likeness(document: Document, names: list[str]) -> int:
    return len(set(document.path.removesuffix(".py").split("/")) & set(names))


def _is_function(symbol: Symbol) -> bool:
    return symbol.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)


def _excerpt(document: Document, symbol: Symbol) -> str:
    lines = document.text[symbol.range.start : symbol.range.end].splitlines()
    kept = lines[:_MOST_TEST_LINES]
    return "\n".join([f"# {document.path}", *kept, *(["..."] if len(lines) > len(kept) else [])])
