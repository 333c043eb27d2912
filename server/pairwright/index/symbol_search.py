"""Which definitions may someone mean who typed a few letters?

Names are compared folded: in lower case, letters and digits only. Exact beats prefix beats the
words' initials beats a part beats letters in their order; then short names, classes and functions,
and files that are no tests come first. The answer depends on what is defined, not on how the index
came to be.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from pairwright.index.names import Names
from pairwright.index.segment import IndexedFile, Layer, Segment, fold_path
from pairwright.index.symbol_names import (
    EXACT,
    MOST_FOR_LENGTH,
    NameTable,
    Places,
    Scores,
    SymbolNames,
    fold,
    shortest,
)
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.syntax.packing import KINDS, TEST_FLAG, unpack_symbols

MAX_QUERY = 200

_AS_WRITTEN = 20.0
_NO_TEST = 20.0
_IN_EXACTLY = 20.0
"""Added when what is around a definition is named in full."""
_FOR_KIND = {
    SymbolKind.CLASS: 20.0,
    SymbolKind.INTERFACE: 20.0,
    SymbolKind.ENUM: 20.0,
    SymbolKind.TYPE: 20.0,
    SymbolKind.TABLE: 20.0,
    SymbolKind.FUNCTION: 15.0,
    SymbolKind.METHOD: 15.0,
    SymbolKind.MACRO: 15.0,
    SymbolKind.MODULE: 10.0,
}
_KIND_SCORES = np.array([_FOR_KIND.get(kind, 0.0) for kind in KINDS])
_MOST_REFUSED = 100
"""Definitions of the right name that may stand in the wrong place before the search ends."""
_NO_ROWS: Places = np.empty(0, np.int64)
_SEPARATORS = re.compile(r"::|->|[./#\\]")


@dataclass(frozen=True, slots=True)
class SymbolHit:
    """A definition that may be meant."""

    symbol: Symbol
    score: float
    """The higher the better; only comparable within one answer."""


def search(
    query: str, limit: int, *, layers: Sequence[Layer], names: Names, symbol_names: SymbolNames
) -> tuple[SymbolHit, ...]:
    """Return the best definitions for a query, best first.

    Args:
        query: letters of a name, perhaps with what it is in: `gbn`, `getByName`, `Stack.pu`,
            `models.Model.`.
        limit: how many at most.
        layers: where to look.
        names: of the numbers in the layers.
        symbol_names: the same names, prepared.
    """
    *containers, name = _SEPARATORS.split(query[:MAX_QUERY])
    folded = (fold(part).decode("utf-8", "surrogatepass") for part in containers)
    wanted = [part for part in folded if part]
    if limit < 1 or not (name or wanted):
        return ()
    tables = symbol_names.tables()
    candidates = _Candidates(layers, names, tables, wanted)
    scores = candidates.no_points()
    if not name:
        candidates.take_members()
    for scores in _stages(name, names, tables, candidates) if name else ():
        candidates.take_named(scores)
        if candidates.count >= limit and len(wanted) < 2:
            break
    return tuple(candidates.with_points(scores).best(limit, wanted))


def _stages(
    name: str, names: Names, tables: Sequence[NameTable], candidates: "_Candidates"
) -> Iterator[Scores]:
    """Give the points of all names, each time with the next weaker kind of match."""
    scores = candidates.no_points()
    query = fold(name)
    if query:
        for table in tables:
            table.score_prefix(query, scores)
    number = names.number(name)
    if number is not None and number < len(scores):
        scores[number] = EXACT + MOST_FOR_LENGTH + _AS_WRITTEN
    yield scores
    if query:
        for table in tables:
            table.score_initials(query, scores)
        yield scores
        for table in tables:
            table.score_part(query, scores)
        yield scores
        is_open = candidates.defined_names() & (scores == 0)
        for table, lines in shortest(tables, query, is_open):
            table.score_letters(query, lines, scores)
        yield scores


class _Candidates:
    """The definitions that stand in what the query names around them."""

    def __init__(
        self,
        layers: Sequence[Layer],
        names: Names,
        tables: Sequence[NameTable],
        wanted: list[str],
    ) -> None:
        self._layers = layers
        self._count = len(names)
        self._wanted = wanted
        self._rows: list[list[Places]] = [[] for _ in layers]
        """Of each layer, what was taken."""
        self._is_taken = np.zeros(self._count, np.bool_)
        """Of each name."""
        self._around = np.zeros(self._count)
        for table in tables if wanted else ():
            table.score_prefix(fold(wanted[-1]), self._around)

    def no_points(self) -> Scores:
        """Return a zero for every name; names that came in meanwhile do not count."""
        return np.zeros(self._count)

    def defined_names(self) -> NDArray[np.bool_]:
        """Tell of each name whether a live file defines it."""
        defined = np.zeros(self._count, np.bool_)
        for layer in self._layers:
            definitions = layer.segment.definitions
            is_whole = layer.size == len(layer.segment.files)
            live = ... if is_whole else layer.is_live[definitions.file]
            defined[definitions.name[live]] = True
        return defined

    @property
    def count(self) -> int:
        """How many were taken."""
        return sum(len(rows) for taken in self._rows for rows in taken)

    def take_named(self, scores: Scores) -> None:
        """Take the definitions whose names have points."""
        has_points = scores > 0
        is_new = has_points & ~self._is_taken
        self._is_taken = has_points
        if not is_new.any():
            return
        for layer, taken in zip(self._layers, self._rows, strict=True):
            rows = np.flatnonzero(is_new[layer.segment.definitions.name])
            if self._wanted and len(rows):
                rows = rows[self._is_in_place(layer.segment, rows)]
            taken.append(_live(layer, rows))

    def take_members(self) -> None:
        """Take the definitions that stand right in the last wanted."""
        is_around = self._around > 0
        for layer, taken in zip(self._layers, self._rows, strict=True):
            rows = np.flatnonzero(is_around[layer.segment.definitions.container])
            taken.append(_live(layer, rows))

    def with_points(self, scores: Scores) -> "_Found":
        """Return what was taken, with its points."""
        pieces = []
        for layer, taken in zip(self._layers, self._rows, strict=True):
            segment, definitions = layer.segment, layer.segment.definitions
            rows = np.concatenate(taken) if taken else _NO_ROWS
            if len(rows):
                points = scores[definitions.name[rows]]
                points += _KIND_SCORES[definitions.kind[rows] & (TEST_FLAG - 1)]
                points += _NO_TEST * ~segment.is_test[definitions.file[rows]]
                if self._wanted:
                    points += _IN_EXACTLY * (self._around[definitions.container[rows]] >= EXACT)
                pieces.append(_Rows(segment, rows, points))
        return _Found(pieces)

    def _is_in_place(self, segment: Segment, rows: Places) -> NDArray[np.bool_]:
        """Tell of rows whether the nearest thing around them, or their path, is the last wanted."""
        definitions = segment.definitions
        is_around: NDArray[np.bool_] = self._around[definitions.container[rows]] > 0
        in_path = np.zeros(len(segment.files), np.bool_)
        for number in np.unique(definitions.file[rows[~is_around]]).tolist():
            in_path[number] = _is_in(segment.places[number], self._wanted[-1:])
        return is_around | in_path[definitions.file[rows]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Definitions of one segment with their points."""

    segment: Segment
    rows: Places
    points: Scores

    def with_at_least(self, least: float) -> Iterator[tuple[float, str, int, IndexedFile]]:
        """Give what to sort by, the row in the outline last, and the file."""
        definitions, files = self.segment.definitions, self.segment.files
        for place in np.flatnonzero(self.points >= least).tolist():
            row = self.rows[place]
            file = files[definitions.file[row]]
            yield -float(self.points[place]), file.path, int(definitions.row[row]), file


@dataclass(frozen=True, slots=True)
class _Found:
    """Definitions with their points."""

    pieces: Sequence[_Rows]

    def best(self, limit: int, wanted: Sequence[str]) -> Iterator[SymbolHit]:
        """Give the best of those that stand in all that is wanted around them."""
        most = limit if len(wanted) < 2 else limit + _MOST_REFUSED
        points = np.concatenate([np.empty(0), *(piece.points for piece in self.pieces)])
        least = np.partition(points, -most)[-most] if len(points) > most else 0.0
        given = 0
        for negative, path, row, file in sorted(
            (each for piece in self.pieces for each in piece.with_at_least(least)),
            key=itemgetter(0, 1, 2),
        ):
            if given < limit and file.packed is not None:
                [symbol] = unpack_symbols(file.packed, path, [row])
                if len(wanted) < 2 or _is_in(_place(symbol), wanted):
                    given += 1
                    yield SymbolHit(symbol, -negative)


def _live(layer: Layer, rows: Places) -> Places:
    """Return the rows of files that the index has from there."""
    if layer.size == len(layer.segment.files):
        return rows
    return rows[layer.is_live[layer.segment.definitions.file[rows]]]


def _place(symbol: Symbol) -> str:
    """Return the names around a definition as a folded path, from the outermost directory."""
    around = symbol.qualified_name.rpartition(".")[0].replace(".", "/")
    return fold_path(f"{symbol.path}/{around}")


def _is_in(place: str, wanted: Sequence[str]) -> bool:
    """Tell whether the parts of a folded path begin as wanted, in this order."""
    at = 0
    for part in wanted:
        at = place.find("/" + part, at) + 1
        if not at:
            return False
    return True
