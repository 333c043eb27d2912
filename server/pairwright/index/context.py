"""Which files do the models get to see? The most relevant first, each with its reason.

The same analysis and words always give the same answer. Files are whole or left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.syntax.languages.registry import is_test_path
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.workspace.paths import WorkspacePath

CHARACTERS_A_TOKEN = 3.5
"""An estimate for code that errs on the safe side with current tokenizers."""

_FOCUS = 1000.0
_NAMED = 300.0
_IN_TRACEBACK = 120.0
_TEST_IN_EVIDENCE = 60.0
_IMPORTED = 50.0
_IMPORTED_INDIRECTLY = 20.0
_MOST_FOR_NAMES = 90.0
_IMPORTED_BY_FOCUS = 10.0
_REST = 1.0

# A match begins where a run of such characters does: anywhere else would take quadratic time.
_PATH = re.compile(r"(?<![\w.@+\-/\\])[\w.@+\-/\\]*\w\.(?:[cm]?[jt]sx?|pyi?)(?!\w)")
_PASSED = re.compile(
    r"^(?:PASS\s.*|\S+\s+[.sxX]+(?:\s+\[\s*\d+%\])?|\S+::\S+\s+PASSED.*)$", re.MULTILINE
)
"""Lines about tests that passed, as pytest and jest print them."""
_NOT_OURS = re.compile(r"site-packages/|node_modules/|/lib/python\d")
_DOTTED = re.compile(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,20}\b")
_IDENTIFIER = re.compile(r"(?<![\w$])[A-Za-z_$][\w$]*")
_LOOKS_LIKE_CODE = re.compile(r".*(?:_|\$|[a-z\d][A-Z]|[A-Z]{2}|\d)|__")
_MIN_WORD = 4
_MOST_FOR_PLAIN_WORD = 2
_MOST_TEXT = 50_000
"""Characters of the instruction and of the evidence's end that are read."""


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

    Args:
        analysis: the workspace.
        instruction: what the person asked for.
        focus: the file that the person pointed at.
        evidence: what failing tests printed; empty when there is none.
        budget_tokens: how long the files may be together; one that does not fit is left out, and
            the less relevant ones after it are still tried.
    """
    instruction = instruction[:_MOST_TEXT]
    evidence = _PASSED.sub("", evidence[-_MOST_TEXT:])
    scores = _Scores(analysis)
    if focus is not None:
        scores.add(focus, _FOCUS, "the file that was pointed at")
    for path in _files_named(analysis.index, instruction):
        scores.add(path, _NAMED, "named in the instruction")
    _score_evidence(scores, analysis.index, evidence)
    _score_names(scores, analysis.index, instruction, evidence)
    if focus is not None:
        for path in analysis.index.imports_of(focus):
            scores.add(path, _IMPORTED_BY_FOCUS, f"imported by {focus}")
    if not scores.has_source:
        _score_rest(scores, analysis.index)
    return _cut(scores.ranked(), budget_tokens)


class _Scores:
    """What speaks for each file: the sum, and the strongest reason."""

    def __init__(self, analysis: Analysis) -> None:
        self._documents = analysis.snapshot.documents
        self._total: dict[WorkspacePath, float] = {}
        self._best: dict[WorkspacePath, tuple[float, str]] = {}

    @property
    def has_source(self) -> bool:
        return any(not is_test_path(path) for path in self._total)

    def add(self, path: WorkspacePath, score: float, reason: str) -> None:
        if path not in self._documents or score <= 0:
            return
        self._total[path] = self._total.get(path, 0.0) + score
        if score > self._best.get(path, (0.0, ""))[0]:
            self._best[path] = (score, reason)

    def ranked(self) -> Iterator[ContextCandidate]:
        for path, score in sorted(self._total.items(), key=lambda each: (-each[1], each[0])):
            length = len(self._documents[path].text)
            yield ContextCandidate(
                path=path,
                reason=self._best[path][1],
                score=score,
                is_test=is_test_path(path),
                tokens=int(length / CHARACTERS_A_TOKEN) + 1,
            )


def _score_evidence(scores: _Scores, index: Index, evidence: str) -> None:
    tests = []
    for path in _files_named(index, evidence):
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


def _score_names(scores: _Scores, index: Index, instruction: str, evidence: str) -> None:
    """Count the files that define what is mentioned; the rarer the name, the more."""
    found: dict[WorkspacePath, dict[str, float]] = {}
    for text, weight, plain_weight in ((instruction, 60.0, 15.0), (evidence, 60.0, 0.0)):
        for name in sorted(set(_IDENTIFIER.findall(_PATH.sub(" ", text)))):
            symbols = index.symbols_named(name)
            paths = {WorkspacePath(symbol.path) for symbol in symbols}
            if _is_code(name, text):
                share = weight / max(len(paths), 1)
            elif _may_be_meant(name, symbols):
                share = plain_weight / len(paths)
            else:
                continue
            for path in paths:
                names = found.setdefault(path, {})
                names[name] = max(names.get(name, 0.0), share)
    for path, names in found.items():
        best = max(names, key=lambda name: (names[name], name))
        score = min(sum(names.values()), _MOST_FOR_NAMES)
        if is_test_path(path):
            score /= 4  # a test that has a helper of the same name is seldom what is meant
        scores.add(path, score, f"defines {best}")


def _is_code(name: str, text: str) -> bool:
    """Tell whether a word is meant as a name in code, not as English."""
    if _LOOKS_LIKE_CODE.match(name):
        return True
    word = re.escape(name)
    return re.search(rf"\b{word}\(|`[^`\n]*\b{word}\b[^`\n]*`", text) is not None


def _may_be_meant(name: str, symbols: tuple[Symbol, ...]) -> bool:
    """Tell whether a plain word may be meant as the name of these definitions."""
    return (
        0 < len(symbols) <= _MOST_FOR_PLAIN_WORD
        and len(name) >= _MIN_WORD
        and all(symbol.kind is not SymbolKind.VARIABLE for symbol in symbols)
    )


def _score_rest(scores: _Scores, index: Index) -> None:
    """Nothing points at source: show it all, what many files import first."""
    for path, outline in index.outlines.items():
        if outline.language is not None and not is_test_path(path):
            importers = len(index.files_importing(path))
            scores.add(path, _REST + importers / 1000, "part of the workspace")


def _files_named(index: Index, text: str) -> tuple[WorkspacePath, ...]:
    """Return the files that a text names, by path, by an end of it, or as a dotted module."""
    found: dict[WorkspacePath, None] = {}
    by_name = _paths_by_name(index) if text else {}
    for match in _PATH.finditer(text):
        written = match[0].replace("\\", "/")
        if not _NOT_OURS.search(written):
            for path in _files_meant(written, index, by_name):
                found[path] = None
    for match in _DOTTED.finditer(_PATH.sub(" ", text)):
        module = _module_named(match[0], index)
        if module is not None:
            found[module] = None
    return tuple(found)


def _paths_by_name(index: Index) -> dict[str, list[WorkspacePath]]:
    by_name: dict[str, list[WorkspacePath]] = {}
    for path in index.outlines:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    return by_name


def _files_meant(
    written: str, index: Index, by_name: dict[str, list[WorkspacePath]]
) -> list[WorkspacePath]:
    """Return the file at the written path, at an end of it, or those whose end it is.

    Tests run in a copy of the workspace, so that what they print begins with another root.
    """
    parts = [part for part in written.split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        path = WorkspacePath("/".join(parts[start:]))
        if path in index.outlines:
            return [path]
    ending = "/" + "/".join(parts)
    candidates = [path for path in by_name.get(parts[-1], ()) if ("/" + path).endswith(ending)]
    return candidates if len(candidates) <= 2 else []


def _module_named(dotted: str, index: Index) -> WorkspacePath | None:
    """Return the file of a dotted name such as `tests.test_stack.StackTest.test_pop`.

    A package does not count: its name is too often just a word.
    """
    path = index.resolver.module(dotted)
    return None if path is None or path.endswith("__init__.py") else path


def _cut(ranked: Iterator[ContextCandidate], budget_tokens: int) -> tuple[ContextCandidate, ...]:
    chosen = []
    for candidate in ranked:
        if candidate.tokens <= budget_tokens:
            chosen.append(candidate)
            budget_tokens -= candidate.tokens
    return tuple(chosen)
