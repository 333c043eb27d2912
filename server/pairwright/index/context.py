"""Which files do the models get to see? The most relevant first, each with its reason.

The same analysis and words always give the same answer. Files are whole or left out: whoever edits
must see what it edits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.retrieval import (
    MOST_TEXT,
    FileScores,
    RankedFile,
    files_named,
    is_source,
    lexical_of,
    score_instruction,
    score_names,
)
from pairwright.syntax.languages.registry import is_test_path
from pairwright.workspace.paths import WorkspacePath

CHARACTERS_A_TOKEN = 3.5
"""An estimate for code that errs on the safe side with current tokenizers."""

_IN_TRACEBACK = 120.0
_TEST_IN_EVIDENCE = 60.0
_NAME_IN_EVIDENCE = 60.0
_IMPORTED = 50.0
_IMPORTED_INDIRECTLY = 20.0
_IMPORTED_BY_FOCUS = 10.0
_REST = 1.0

_PASSED = re.compile(
    r"^(?:PASS\s.*|\S+\s+[.sxX]+(?:\s+\[\s*\d+%\])?|\S+::\S+\s+PASSED.*)$", re.MULTILINE
)
"""Lines about tests that passed, as pytest and jest print them."""


@dataclass(frozen=True, slots=True)
class ContextCandidate:
    """A file that the models should see, and why."""

    path: WorkspacePath
    reason: str
    score: float
    """Only comparable within one selection."""
    is_test: bool
    """Tests are shown, as what a change must satisfy."""
    tokens: int
    """An estimate of the file's length."""


def select_context(
    analysis: Analysis,
    *,
    instruction: str,
    focus: WorkspacePath | None,
    evidence: str,
    budget_tokens: int,
) -> tuple[ContextCandidate, ...]:
    """Return the files to show, most relevant first, within the budget.

    Not for the loop: the first call for a workspace reads all its texts.

    Args:
        analysis: the workspace.
        instruction: what the person asked for.
        focus: the file that the person pointed at.
        evidence: what failing tests printed; empty when there is none.
        budget_tokens: how long the files may be together; one that does not fit is left out, and
            the less relevant ones after it are still tried.
    """
    index = analysis.index
    evidence = _PASSED.sub("", evidence[-MOST_TEXT:])
    scores = FileScores(index)
    score_instruction(scores, index, lexical_of(analysis), instruction, focus=focus)
    _score_evidence(scores, index, evidence)
    score_names(scores, index, {evidence: (_NAME_IN_EVIDENCE, 0.0)})
    if focus is not None:
        for path in index.imports_of(focus):
            scores.add(path, _IMPORTED_BY_FOCUS, f"imported by {focus}")
    if not scores.has_source:
        _score_rest(scores, index)
    return _cut(analysis, scores.ranked(), budget_tokens)


def _score_evidence(scores: FileScores, index: Index, evidence: str) -> None:
    tests = []
    for path in files_named(index, evidence):
        if is_test_path(path):
            tests.append(path)
            scores.add(path, _TEST_IN_EVIDENCE, "a failing test")
        else:
            scores.add(path, _IN_TRACEBACK, "in the traceback of a failing test")
    direct = {path: test for test in reversed(tests) for path in index.imports_of(test)}
    for path, test in direct.items():
        scores.add(path, _IMPORTED, f"imported by the failing test {test}")
    indirect = {
        path: via
        for via in sorted(direct, reverse=True)
        for path in index.imports_of(via)
        if path not in direct and path not in tests
    }
    for path, via in indirect.items():
        scores.add(path, _IMPORTED_INDIRECTLY, f"imported by {via}, which a failing test uses")


def _score_rest(scores: FileScores, index: Index) -> None:
    """Nothing points at source: show it all, what many files import first."""
    for path in index.files:
        if is_source(path):
            importers = len(index.files_importing(path))
            scores.add(path, _REST + importers / 1000, "part of the workspace")


def _cut(
    analysis: Analysis, ranked: Iterator[RankedFile], budget_tokens: int
) -> tuple[ContextCandidate, ...]:
    chosen = []
    for file in ranked:
        document = analysis.snapshot.documents.get(file.path)
        if document is None or budget_tokens <= 0:
            continue
        tokens = int(len(document.text) / CHARACTERS_A_TOKEN) + 1
        if tokens <= budget_tokens:
            chosen.append(
                ContextCandidate(file.path, file.reason, file.score, file.is_test, tokens)
            )
            budget_tokens -= tokens
    return tuple(chosen)
