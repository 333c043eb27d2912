"""Which definitions may someone mean who typed a few letters?

Names are compared folded: in lower case, letters and digits only. Exact beats prefix beats the
words' initials beats a part beats letters in their order; then short names, classes and functions,
and files that are no tests come first. The answer depends on what is defined, not on how the index
came to be.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pairwright.index.definitions import AllDefinitions, Flags, Places
from pairwright.index.letters import Scores
from pairwright.index.names import Names, Numbers
from pairwright.index.segment import fold_path
from pairwright.index.symbol_names import (
    EXACT,
    MOST_FOR_LENGTH,
    NameTable,
    SymbolNames,
    fold,
    shortest,
)
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.syntax.packing import KINDS, TEST_FLAG

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
_MOST_BESIDES = float(_KIND_SCORES.max()) + _NO_TEST
"""Added at most to the points of a name, where nothing is wanted around it."""
_MOST_REFUSED = 100
"""Definitions of the right name that may stand in the wrong place before the search ends."""
_NO_ROWS: Places = np.empty(0, np.int64)
_NO_SCORES: Scores = np.empty(0)
_NO_NUMBERS: Numbers = np.empty(0, np.uint32)
_SEPARATORS = re.compile(r"::|->|[./#\\]")


@dataclass(frozen=True, slots=True)
class SymbolHit:
    """A definition that may be meant."""

    symbol: Symbol
    score: float
    """The higher the better; only comparable within one answer."""


def search(
    query: str,
    limit: int,
    *,
    definitions: AllDefinitions,
    names: Names,
    symbol_names: SymbolNames,
) -> tuple[SymbolHit, ...]:
    """Return the best definitions for a query, best first.

    Args:
        query: letters of a name, perhaps with what it is in: `gbn`, `getByName`, `Stack.pu`,
            `models.Model.`.
        limit: how many at most.
        definitions: where to look.
        names: of the numbers in the definitions.
        symbol_names: the same names, prepared.
    """
    *containers, name = _SEPARATORS.split(query[:MAX_QUERY])
    folded = (fold(part).decode("utf-8", "surrogatepass") for part in containers)
    wanted = [part for part in folded if part]
    if limit < 1 or not (name or wanted):
        return ()
    tables = symbol_names.tables()
    scores = np.zeros(len(names))  # names that come in meanwhile do not count
    candidates = _Candidates(definitions, tables, wanted, len(names))
    if not name:
        candidates.take_members()
    for numbers in _stages(name, names, tables, definitions, scores) if name else ():
        candidates.take_named(numbers)
        if candidates.count >= limit and len(wanted) < 2:
            break
    return tuple(candidates.best(scores, limit))


def _stages(
    name: str,
    names: Names,
    tables: Sequence[NameTable],
    definitions: AllDefinitions,
    scores: Scores,
) -> Iterator[Numbers]:
    """Give names their points, each time with the next weaker kind of match; give the new ones."""
    query = fold(name)
    new = [table.score_prefix(query, scores) for table in tables if query]
    number = names.number(name)
    if number is not None and number < len(scores):
        if not scores[number]:  # a name without letters and digits
            new.append(np.array([number], np.uint32))
        scores[number] = EXACT + MOST_FOR_LENGTH + _AS_WRITTEN
    yield _joined(new)
    if query:
        yield _joined([table.score_initials(query, scores) for table in tables])
        yield _joined([table.score_part(query, scores) for table in tables])
        found = shortest(tables, query, scores, definitions.counts_of)
        yield _joined([table.score_letters(query, lines, scores) for table, lines in found])


class _Candidates:
    """The definitions that stand in what the query names around them."""

    def __init__(
        self,
        definitions: AllDefinitions,
        tables: Sequence[NameTable],
        wanted: Sequence[str],
        name_count: int,
    ) -> None:
        self._definitions = definitions
        self._wanted = wanted
        self._numbers: list[Numbers] = []
        """Of the names that were taken; their definitions are looked for all at once."""
        self._count = 0
        self._rows: list[Places] = []
        """What was taken by another way."""
        self._around = np.zeros(name_count) if wanted else _NO_SCORES
        """Of each name, the points that it has for what is wanted last."""
        for table in tables if wanted else ():
            table.score_prefix(fold(wanted[-1]), self._around)

    @property
    def count(self) -> int:
        """How many were taken."""
        return self._count

    def take_named(self, numbers: Numbers) -> None:
        """Take the definitions of some names, of which none was taken before."""
        if not len(numbers):
            return
        if not self._wanted:
            self._numbers.append(numbers)
            self._count += int(self._definitions.counts_of(numbers).sum())
            return
        rows = self._definitions.named(numbers)
        if len(rows):
            self._take(rows[self._is_in_place(rows)])

    def take_members(self) -> None:
        """Take the definitions that stand right in the last wanted."""
        self._take(self._definitions.rows_where(self._around > 0, self._definitions.container))

    def _take(self, rows: Places) -> None:
        self._rows.append(rows)
        self._count += len(rows)

    def best(self, scores: Scores, limit: int) -> Iterator[SymbolHit]:
        """Give the best of those that stand in all that is wanted around them."""
        if self._numbers:
            self._rows.append(self._definitions.named(self._best_names(scores, limit)))
        rows = np.concatenate([_NO_ROWS, *self._rows])
        points = self._points(rows, scores)
        most = limit if len(self._wanted) < 2 else limit + _MOST_REFUSED
        if len(points) > most:
            is_enough = points >= np.partition(points, -most)[-most]
            rows, points = rows[is_enough], points[is_enough]
        given = 0
        for negative, *_, place in sorted(self._sortable(rows, points)):
            if given == limit:
                return
            symbol = self._definitions.symbol(place)
            if symbol is not None and (
                len(self._wanted) < 2 or _is_in(_place(symbol), self._wanted)
            ):
                given += 1
                yield SymbolHit(symbol, -negative)

    def _best_names(self, scores: Scores, limit: int) -> Numbers:
        """Return the names of which a definition can be among the best."""
        numbers = _joined(self._numbers)
        numbers = numbers[self._definitions.counts_of(numbers) > 0]
        if len(numbers) <= limit:
            return numbers
        points = scores[numbers]
        # So many names have a definition each that has as many points, or more.
        least = np.partition(points, -limit)[-limit]
        best: Numbers = numbers[points >= least - _MOST_BESIDES]
        return best

    def _points(self, rows: Places, scores: Scores) -> Scores:
        definitions = self._definitions
        points = scores[definitions.name[rows]]
        points += _KIND_SCORES[definitions.kind[rows] & (TEST_FLAG - 1)]
        points += _NO_TEST * ~definitions.is_test[definitions.file[rows]]
        if self._wanted:
            points += _IN_EXACTLY * (self._around[definitions.container[rows]] >= EXACT)
        return points

    def _sortable(self, rows: Places, points: Scores) -> Iterator[tuple[float, str, int, int]]:
        """Give what to sort by, and where the definition is: a row of a file is there once."""
        files, inner = self._definitions.file[rows], self._definitions.row[rows]
        columns = (each.tolist() for each in (points, files, inner, rows))
        for each, file, row, place in zip(*columns, strict=True):
            yield -each, self._definitions.files[file].path, row, place

    def _is_in_place(self, rows: Places) -> Flags:
        """Tell of rows whether the nearest thing around them, or their path, is the last wanted."""
        definitions = self._definitions
        is_there: Flags = self._around[definitions.container[rows]] > 0
        files = definitions.file[rows]
        others = np.unique(files[~is_there])
        part = "/" + self._wanted[-1]
        paths = definitions.folded_paths
        in_path = [part in paths[number] for number in others.tolist()]
        return is_there | np.isin(files, others[np.array(in_path, np.bool_)])


def _joined(numbers: list[Numbers]) -> Numbers:
    return np.concatenate([_NO_NUMBERS, *numbers])


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
