"""Which files and symbols has an instruction to do with?

What it names comes first: paths, dotted modules, names in code. Then what speaks of the same things
(`lexical`), and last the neighbours of both: the files that they import. What each part is worth
was measured on real commits (see docs/measurements.md); everything is a sum, so that a file for
which several things speak comes before one for which only one does.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from itertools import islice
from threading import Lock

import numpy as np

from pairwright.errors import StaleChange
from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.lexical import FileText, LexicalIndex, score_symbols
from pairwright.index.words import words_sought
from pairwright.syntax.languages.registry import is_test_path, language_of
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.syntax.packing import PackedOutline, unpack_symbols
from pairwright.workspace.paths import WorkspacePath

MOST_TEXT = 50_000
"""Characters of the instruction that are read."""

_FOCUS = 1000.0
_NAMED = 300.0
_MOST_FOR_NAMES = 90.0
_CODE_NAME = 60.0
_PLAIN_NAME = 15.0
_LEXICAL = 80.0
_WORDS_TELL = 0.05
_NO_SOURCE_SHARE = 0.25
"""Of what speaks for a test or a document: it has the words, and is seldom what is to change."""
_NEIGHBOUR = 0.15
_SEEDS = 8
_MOST_HITS = 60
_FILES_WITH_SYMBOLS = 10
_FILE_SHARE = 0.5
"""How much of a symbol's score is its file's."""

# A match begins where a run of such characters does: anywhere else would take quadratic time.
PATH = re.compile(r"(?<![\w.@+\-/\\])[\w.@+\-/\\]*\w\.(?:[cm]?[jt]sx?|pyi?)(?!\w)")
_NOT_OURS = re.compile(r"site-packages/|node_modules/|/lib/python\d")
_DOTTED = re.compile(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,20}\b")
_IDENTIFIER = re.compile(r"(?<![\w$])[A-Za-z_$][\w$]*")
_LOOKS_LIKE_CODE = re.compile(r".*(?:_|\$|[a-z\d][A-Z]|[A-Z]{2}|\d)|__")
_MIN_WORD = 4
_MOST_FOR_PLAIN_WORD = 2


_NO_CODE = frozenset({"css", "html", "json", "markdown", "sql", "toml", "yaml"})


class Part(Flag):
    """What a ranking is made of; measured one by one."""

    WORDS = auto()
    MENTIONS = auto()
    NEIGHBOURS = auto()


EVERY_PART = Part.WORDS | Part.MENTIONS | Part.NEIGHBOURS


@dataclass(frozen=True, slots=True)
class RankedFile:
    """A file that an instruction has to do with."""

    path: WorkspacePath
    score: float
    """Only comparable within one answer."""
    reason: str
    is_test: bool


@dataclass(frozen=True, slots=True)
class RankedSymbol:
    """A definition that an instruction has to do with."""

    symbol: Symbol
    score: float
    """Only comparable within one answer."""
    reason: str


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What an instruction has to do with, the most relevant first."""

    files: tuple[RankedFile, ...]
    symbols: tuple[RankedSymbol, ...]


class FileScores:
    """What speaks for each file: the sum, and the strongest reason."""

    def __init__(self, index: Index) -> None:
        """Start with nothing; files that the index does not have are passed over."""
        self._files = index.files
        self._total: dict[WorkspacePath, float] = {}
        self._best: dict[WorkspacePath, tuple[float, str]] = {}

    @property
    def has_source(self) -> bool:
        """Tell whether something speaks for a file that is no test."""
        return any(not is_test_path(path) for path in self._total)

    def add(self, path: WorkspacePath, score: float, reason: str, *, telling: float = 1.0) -> None:
        """Count something that speaks for a file.

        Args:
            path: the file.
            score: how much it speaks for it.
            reason: what it is.
            telling: below 1 when another reason of a lower score would tell a person more.
        """
        if path not in self._files or score <= 0:
            return
        self._total[path] = self._total.get(path, 0.0) + score
        if score * telling > self._best.get(path, (0.0, ""))[0]:
            self._best[path] = (score * telling, reason)

    def ranked(self) -> Iterator[RankedFile]:
        """Give the files, the best first; ties by path."""
        for path, score in sorted(self._total.items(), key=lambda each: (-each[1], each[0])):
            yield RankedFile(path, score, self._best[path][1], is_test_path(path))


def retrieve(
    analysis: Analysis, instruction: str, *, focus: WorkspacePath | None = None, limit: int = 20
) -> Retrieval:
    """Return what an instruction has to do with.

    The first call for a workspace reads all its texts, and may take seconds: not on the loop.

    Args:
        analysis: the workspace.
        instruction: what a person asked for.
        focus: the file that the person pointed at.
        limit: how many files, and how many symbols, at most.
    """
    return rank(analysis.index, lexical_of(analysis), instruction, focus=focus, limit=limit)


def rank(
    index: Index,
    lexical: LexicalIndex,
    instruction: str,
    *,
    focus: WorkspacePath | None = None,
    limit: int = 20,
    parts: Part = EVERY_PART,
) -> Retrieval:
    """Return what an instruction has to do with, from an index and its words; see `retrieve`."""
    scores = FileScores(index)
    score_instruction(scores, index, lexical, instruction, focus=focus, parts=parts)
    files = tuple(islice(scores.ranked(), max(limit, _FILES_WITH_SYMBOLS)))
    symbols = _rank_symbols(index, lexical, instruction, files[:_FILES_WITH_SYMBOLS])
    return Retrieval(files[:limit], tuple(islice(symbols, limit)))


def score_instruction(
    scores: FileScores,
    index: Index,
    lexical: LexicalIndex,
    instruction: str,
    *,
    focus: WorkspacePath | None,
    parts: Part = EVERY_PART,
) -> None:
    """Count what speaks for each file in an instruction."""
    instruction = instruction[:MOST_TEXT]
    if focus is not None:
        scores.add(focus, _FOCUS, "the file that was pointed at")
    if Part.MENTIONS in parts:
        for path in files_named(index, instruction):
            scores.add(path, _NAMED, "named in the instruction")
        score_names(scores, index, {instruction: (_CODE_NAME, _PLAIN_NAME)})
    if Part.WORDS in parts:
        _score_words(scores, lexical, instruction)
    if Part.NEIGHBOURS in parts:
        _score_neighbours(scores, index)


def score_names(scores: FileScores, index: Index, texts: Mapping[str, tuple[float, float]]) -> None:
    """Count the files that define what is mentioned; the rarer the name, the more.

    Args:
        scores: where it is counted.
        index: the workspace.
        texts: each with what a name in code is worth, and what a plain word is.
    """
    found: dict[WorkspacePath, dict[str, float]] = {}
    for text, (weight, plain_weight) in texts.items():
        for name in sorted(set(_IDENTIFIER.findall(PATH.sub(" ", text)))):
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
            score *= _NO_SOURCE_SHARE  # a helper of the same name is seldom what is meant
        scores.add(path, score, f"defines {best}")


def files_named(index: Index, text: str) -> tuple[WorkspacePath, ...]:
    """Return the files that a text names, by path, by an end of it, or as a dotted module."""
    found: dict[WorkspacePath, None] = {}
    by_name = _paths_by_name(index) if text else {}
    for match in PATH.finditer(text):
        written = match[0].replace("\\", "/")
        if not _NOT_OURS.search(written):
            for path in _files_meant(written, index, by_name):
                found[path] = None
    for match in _DOTTED.finditer(PATH.sub(" ", text)):
        module = _module_named(match[0], index)
        if module is not None:
            found[module] = None
    return tuple(found)


def lexical_of(analysis: Analysis) -> LexicalIndex:
    """Return the words of a workspace; what an index before it had is taken over.

    Safe in any thread. The first one for a workspace reads all its texts and may take seconds: not
    on the loop.
    """
    index = analysis.index
    with _KNOWN_LOCK:
        for known in _KNOWN:
            if known.index is index:
                return known.lexical
        outlines = {file.path: file.packed for layer in index.layers for file in layer.files()}
        before = max(_KNOWN, key=lambda each: each.shared(outlines), default=_NOTHING)
        if not before.shared(outlines):
            before = _NOTHING
        changes: dict[WorkspacePath, FileText | None] = {
            path: None for path in before.outlines if path not in outlines
        }
        for path, packed in outlines.items():
            if before.outlines.get(path) is not packed:
                changes[path] = _file_text(analysis, path)
        _KNOWN.append(_Known(index, outlines, before.lexical.with_files(changes)))
        return _KNOWN[-1].lexical


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of an index."""

    index: Index
    outlines: Mapping[WorkspacePath, PackedOutline | None]
    lexical: LexicalIndex

    def shared(self, outlines: Mapping[WorkspacePath, PackedOutline | None]) -> int:
        """Return how many outlines are still the same."""
        return sum(outlines.get(path) is packed for path, packed in self.outlines.items() if packed)


_NOTHING = _Known(Index(), {}, LexicalIndex())
_KNOWN: deque[_Known] = deque(maxlen=2)
_KNOWN_LOCK = Lock()


def _file_text(analysis: Analysis, path: WorkspacePath) -> FileText | None:
    packed = analysis.index.packed[path]
    document = analysis.snapshot.documents.get(path)
    if packed is None:
        return None
    try:
        return FileText(packed, document.read_text() if document is not None else "")
    except StaleChange:
        return FileText(packed)  # the file changed on the disk, and will come again


def _score_words(scores: FileScores, lexical: LexicalIndex, instruction: str) -> None:
    hits = lexical.rank(words_sought(instruction), _MOST_HITS)
    for hit in hits:
        share = 1.0 if is_source(hit.path) else _NO_SOURCE_SHARE
        score = _LEXICAL * share * hit.score / hits[0].score
        shown = ", ".join(repr(word) for word in hit.words)
        scores.add(hit.path, score, f"speaks of {shown}", telling=_WORDS_TELL)


def _score_neighbours(scores: FileScores, index: Index) -> None:
    """Let the files that matter most speak for what they import."""
    for seed in list(islice(scores.ranked(), _SEEDS)):
        imported = [path for path in index.imports_of(seed.path) if is_source(path)]
        for path in imported:
            share = seed.score * _NEIGHBOUR / np.sqrt(len(imported))
            scores.add(path, float(share), f"imported by {seed.path}")


def _rank_symbols(
    index: Index, lexical: LexicalIndex, instruction: str, files: tuple[RankedFile, ...]
) -> Iterator[RankedSymbol]:
    weights = words_sought(instruction[:MOST_TEXT])
    importance = lexical.importance(weights)
    worth = {word: weights[word] * importance[word] for word in weights}
    found = []
    for file in files:
        packed = index.packed[file.path]
        if packed is None or file.is_test:
            continue
        scores = score_symbols(packed, worth)
        for row in np.flatnonzero(scores).tolist():
            score = float(scores[row])
            found.append((score, file, row))
    if not found:
        return
    best = max(score for score, _, _ in found)
    best_file = files[0].score
    ranked = [
        (score / best * (1 - _FILE_SHARE) + _FILE_SHARE * file.score / best_file, file, row)
        for score, file, row in found
    ]
    ranked.sort(key=lambda each: (-each[0], each[1].path, each[2]))
    for score, file, row in ranked:
        packed = index.packed[file.path]
        if packed is not None:
            (symbol,) = unpack_symbols(packed, file.path, [row])
            yield RankedSymbol(symbol, score, file.reason)


def is_source(path: WorkspacePath) -> bool:
    """Tell by a file's path whether it is of a language one programs in, and no test."""
    language = language_of(path)
    return (
        language is not None and language.name not in _NO_CODE and not language.is_test_path(path)
    )


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


def _paths_by_name(index: Index) -> dict[str, list[WorkspacePath]]:
    by_name: dict[str, list[WorkspacePath]] = {}
    for path in index.files:
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
        if path in index.files:
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
