"""What should someone know of a workspace who can only read a little of it?

The most important definitions of all files, as a terse outline that fits a number of tokens; each
file and each definition with the reason why it is there. The same question always gets the same
map.
"""

import math
from bisect import bisect
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pairwright.errors import InvalidRequest
from pairwright.index.analysis import Analysis
from pairwright.index.context import CHARACTERS_A_TOKEN
from pairwright.index.graph import LinkedFiles, ReferenceGraph, graph_of
from pairwright.index.ranking import MapFocus, Ranking, rank
from pairwright.index.reasons import Reasons
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.syntax.packing import KINDS, TEST_FLAG, unpack_symbols
from pairwright.workspace.paths import WorkspacePath

MIN_MAP_TOKENS = 32
"""Less than this is no map."""

_GAP = "⋮"
_INDENT = "  "
_MOST_SIGNATURE = 120
_USUAL_LINE = 30
"""Characters that a definition is expected to take with its part of the headings."""
_MOST_MISSES = 20
"""Definitions in a row that no longer fit, after which the map is full."""
_OF_FILE = 0.05
"""The part of a file's rank that its definitions have between them, whoever uses them."""
_PART_FOR_WHOLE = 0.1
"""How much of the map may go to naming files that are shown whole anyway."""
_AROUND = "around another"
_OF_VARIABLE = 0.5
"""How much a variable is worth beside a function or a class that is used as much."""


@dataclass(frozen=True, slots=True)
class MapSymbol:
    """A definition in the map."""

    symbol: Symbol
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class MapEntry:
    """A file in the map."""

    path: WorkspacePath
    symbols: tuple[MapSymbol, ...]
    """In the order of the file."""
    reason: str
    tokens: int
    """An estimate of the entry's length."""
    score: float
    """The best of its symbols; only comparable within one map."""


@dataclass(frozen=True, slots=True)
class RepositoryMap:
    """What matters most in a workspace."""

    entries: tuple[MapEntry, ...]
    """The most important first; at last the files that are shown whole elsewhere."""
    text: str
    tokens: int
    """An estimate of the text's length; never above what was asked for."""


def repository_map(
    analysis: Analysis,
    *,
    focus: MapFocus,
    max_tokens: int,
    shown_whole: Collection[WorkspacePath] = (),
) -> RepositoryMap:
    """Return the map of a workspace for someone at one place of it.

    Takes milliseconds; the first time for a large workspace, a part of a second.

    Args:
        analysis: the workspace.
        focus: where they are; an empty one gives an overview.
        max_tokens: how long the map may be.
        shown_whole: files that they read anyway: named at the end, and not outlined.

    Raises:
        InvalidRequest: no map is that short.
    """
    return map_of(analysis.index, focus=focus, max_tokens=max_tokens, shown_whole=shown_whole)


def map_of(
    files: LinkedFiles,
    *,
    focus: MapFocus,
    max_tokens: int,
    shown_whole: Collection[WorkspacePath] = (),
) -> RepositoryMap:
    """Return the map of an index; see `repository_map`."""
    if max_tokens < MIN_MAP_TOKENS:
        raise InvalidRequest(
            f"a repository map needs at least {MIN_MAP_TOKENS} tokens; {max_tokens} were given"
        )
    graph = graph_of(files)
    page = _Page(graph, rank(graph, focus), math.floor(max_tokens * CHARACTERS_A_TOKEN))
    page.fill(frozenset(shown_whole))
    return page.map()


def tokens_of(text: str) -> int:
    """Return an estimate of a text's length in tokens."""
    return math.ceil(len(text) / CHARACTERS_A_TOKEN)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A definition that may get into the map."""

    score: float
    file: int
    row: int
    """In the file's outline."""
    definition: int


def _candidates(
    graph: ReferenceGraph, ranking: Ranking, count: int, left_out: frozenset[int]
) -> list[_Candidate]:
    """Return the definitions that matter most, the first `count` of the graph's and their kin."""
    file = graph.strengths.definition_file
    of_file = ranking.files / np.maximum(np.diff(graph.definitions.starts), 1)
    scores = ranking.definitions + _OF_FILE * of_file[file]
    scores[np.isin(file, list(left_out))] = 0.0
    if count < len(scores):
        rows = np.flatnonzero(scores >= np.partition(scores, -count)[-count])
    else:
        rows = np.arange(len(scores))
    rows = rows[np.argsort(-scores[rows], kind="stable")][:count]
    candidates = []
    for definition, score in zip(rows.tolist(), scores[rows].tolist(), strict=True):
        number = int(file[definition])
        kinds = graph.outlines[graph.paths[number]].symbol_column("kind")
        symbols = graph.symbol_rows(definition).tolist()
        for row in symbols if score > 0.0 else ():
            is_variable = KINDS[kinds[row] & ~TEST_FLAG] is SymbolKind.VARIABLE
            worth = _OF_VARIABLE if is_variable else 1.0
            candidates.append(_Candidate(score * worth / len(symbols), number, row, definition))
    return sorted(candidates, key=lambda each: (-each.score, each.file, each.row))


class _Page:
    """A map while it is filled; counts every character."""

    def __init__(self, graph: ReferenceGraph, ranking: Ranking, characters: int) -> None:
        self._graph = graph
        self._ranking = ranking
        self._characters = self._left = characters
        self._blocks: dict[int, _Block] = {}
        self._whole: list[_Block] = []

    def fill(self, shown_whole: frozenset[WorkspacePath]) -> None:
        """Add what is most important, as long as there is room."""
        numbers = self._graph.numbers
        whole = sorted(numbers[path] for path in shown_whole if path in numbers)
        reasons = Reasons(self._graph, self._ranking, np.array(whole, np.intp))
        self._name_whole(whole, reasons)
        count = self._characters // _USUAL_LINE + _MOST_MISSES
        while not self._fill(count, frozenset(whole)) and count < len(self._graph.definitions.name):
            count *= 4

    def _fill(self, count: int, left_out: frozenset[int]) -> bool:
        """Add what fits of the first `count` definitions; tell whether the page is full."""
        candidates = _candidates(self._graph, self._ranking, count, left_out)
        files = np.array([each.file for each in candidates], np.intp)
        reasons = Reasons(self._graph, self._ranking, files)
        misses = 0
        for candidate in candidates:
            misses = 0 if self._add(candidate, reasons) else misses + 1
            if misses == _MOST_MISSES:
                return True
        return False

    def map(self) -> RepositoryMap:
        """Return what is on the page."""
        blocks = [*self._blocks.values(), *self._whole]
        text = "".join(block.text() for block in blocks)
        return RepositoryMap(tuple(block.entry() for block in blocks), text, tokens_of(text))

    def _name_whole(self, files: list[int], reasons: Reasons) -> None:
        room = self._characters * _PART_FOR_WHOLE
        for file in sorted(files, key=lambda each: (-self._ranking.files[each], each)):
            block = _Block(self._graph, file, f"{reasons.of_file(file)}; shown whole")
            if len(block.heading) <= room:
                room -= len(block.heading)
                self._left -= len(block.heading)
                self._whole.append(block)

    def _add(self, candidate: _Candidate, reasons: Reasons) -> bool:
        block = self._blocks.get(candidate.file)
        is_new = block is None
        if block is None:
            block = _Block(self._graph, candidate.file, reasons.of_file(candidate.file))
        room = self._left - (len(block.heading) if is_new else 0)
        reason = reasons.of_definition(candidate.definition)
        length = block.add(candidate.row, reason, candidate.score, room)
        if length is None:
            return False
        self._left = room - length
        self._blocks[candidate.file] = block
        return True


class _Block:
    """A file's part of the map: a heading, and the definitions that were added, in order."""

    def __init__(self, graph: ReferenceGraph, file: int, reason: str) -> None:
        self._path = graph.paths[file]
        self._packed = graph.outlines[self._path]
        self._reason = reason
        self._rows: list[int] = []
        self._said: dict[int, tuple[str, float]] = {}
        """Of each row the reason and the score."""
        self.heading = f"{self._path} ({reason})\n"

    def add(self, row: int, reason: str, score: float, room: int) -> int | None:
        """Add a definition, and those around it; return the characters that it takes.

        None when there is no room; then nothing is added.
        """
        if row in self._said:
            return 0
        length = 0
        added: list[int] = []
        for each in [*self._around(row), row]:
            if each not in self._said:
                added.append(each)
                length += self._insert(each)
                self._said[each] = (reason, score) if each == row else (_AROUND, 0.0)
        if length > room:
            for each in added:
                self._rows.remove(each)
                del self._said[each]
            return None
        return length

    def text(self) -> str:
        """Return the lines."""
        lines = [self.heading]
        previous = None
        for row in self._rows:
            lines += (self._gap(previous, row), self._line(row))
            previous = row
        return "".join(lines)

    def entry(self) -> MapEntry:
        """Return the block as a value."""
        said = [self._said[row] for row in self._rows]
        symbols = unpack_symbols(self._packed, self._path, self._rows)
        return MapEntry(
            path=self._path,
            symbols=tuple(
                MapSymbol(symbol, reason, score)
                for symbol, (reason, score) in zip(symbols, said, strict=True)
            ),
            reason=self._reason,
            tokens=tokens_of(self.text()),
            score=max((score for _, score in said), default=0.0),
        )

    def _insert(self, row: int) -> int:
        """Put a row in its place; return by how many characters the block grows."""
        place = bisect(self._rows, row)
        before = self._rows[place - 1] if place else None
        after = self._rows[place] if place < len(self._rows) else None
        growth = len(self._gap(before, row)) + len(self._line(row))
        if after is not None:
            growth += len(self._gap(row, after)) - len(self._gap(before, after))
        self._rows.insert(place, row)
        return growth

    def _gap(self, before: int | None, row: int) -> str:
        """Return what says that something is left out between two rows."""
        if before is None or row == before + 1:
            return ""
        return f"{_INDENT * (len(self._around(row)) + 1)}{_GAP}\n"

    def _line(self, row: int) -> str:
        string = self._signatures[row] or self._qualified_names[row]
        shown = " ".join(self._strings[string].split())
        if len(shown) > _MOST_SIGNATURE:
            shown = shown[: _MOST_SIGNATURE - 1] + "…"
        return f"{_INDENT * (len(self._around(row)) + 1)}{shown}\n"

    def _around(self, row: int) -> list[int]:
        """Return the definitions around one, the outermost first."""
        around: list[int] = []
        while row := self._parents[row]:
            row -= 1
            around.append(row)
        return around[::-1]

    @cached_property
    def _strings(self) -> list[str]:
        return self._packed.strings

    @cached_property
    def _signatures(self) -> memoryview:
        return self._packed.symbol_column("signature")

    @cached_property
    def _qualified_names(self) -> memoryview:
        return self._packed.symbol_column("qualified_name")

    @cached_property
    def _parents(self) -> memoryview:
        return self._packed.symbol_column("parent")
