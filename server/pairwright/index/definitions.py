"""Which definitions does an index have? All of them as columns, searched by single calls."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pairwright.index.segment import Column, Definitions, IndexedFile, Layer
from pairwright.syntax.outline import Symbol
from pairwright.syntax.packing import unpack_symbols

_MOST_KEPT = 3000
"""Definitions that are kept as values: about two megabytes."""

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


class AllDefinitions:
    """The definitions of an index's files, and of no others; never changes."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Lay the layers' tables one behind the other; for a million lines some milliseconds."""
        tables = [_live_rows(layer) for layer in layers]
        first_files = np.cumsum([0, *(len(layer.segment.files) for layer in layers)])
        self._layers = tuple(layers)
        self._symbols: dict[int, Symbol] = {}
        self.name: NDArray[np.intp] = _joined([each.name for each in tables], np.intp)
        """Numbers in the `Names`, as wide as what they are looked up with."""
        self.file: NDArray[np.uint32] = _joined(
            [each.file + first for each, first in zip(tables, first_files, strict=False)],
            np.uint32,
        )
        self.row: Column = _joined([each.row for each in tables], np.uint32)
        self.container: Column = _joined([each.container for each in tables], np.uint32)
        self.kind: Column = _joined([each.kind for each in tables], np.uint16)

    @cached_property
    def is_test(self) -> Flags:
        """Of each file, whether its path says that it holds tests."""
        return _joined([layer.segment.is_test for layer in self._layers], np.bool_)

    @cached_property
    def files(self) -> Sequence[IndexedFile]:
        """The files, by their numbers in `file`."""
        return [file for layer in self._layers for file in layer.segment.files]

    @cached_property
    def folded_paths(self) -> Sequence[str]:
        """The files' paths as a search for symbols compares them, by the same numbers."""
        return [path for layer in self._layers for path in layer.segment.places]

    def symbol(self, row: int) -> Symbol | None:
        """Return the definition of a row; who types on is given many of them again."""
        symbol = self._symbols.get(row)
        if symbol is None:
            file = self.files[self.file[row]]
            if file.packed is None:
                return None
            [symbol] = unpack_symbols(file.packed, file.path, [int(self.row[row])])
            if len(self._symbols) >= _MOST_KEPT:
                self._symbols.clear()
            self._symbols[row] = symbol
        return symbol

    def named(self, numbers: NDArray[np.unsignedinteger]) -> Places:
        """Return the rows whose names have these numbers, name by name."""
        counts = self.counts_of(numbers)
        ends = counts.cumsum()
        first = self._first_of_name.take(numbers, mode="clip")
        places = np.repeat(first - ends + counts, counts)
        places += np.arange(len(places))
        rows: Places = self._by_name[places]
        return rows

    def rows_where(self, flags: Flags, column: Column) -> Places:
        """Return the rows where a column has the number of a flag that is set."""
        return np.flatnonzero(flags.take(column))

    def counts_of(self, numbers: Column) -> Column:
        """Return of names how many definitions are called so."""
        return self._counts.take(numbers, mode="clip")

    @cached_property
    def _counts(self) -> Column:
        # One more, always 0: what greater numbers are taken for.
        return np.bincount(self.name, minlength=int(self.name.max(initial=0)) + 2)

    @cached_property
    def _by_name(self) -> Places:
        """The rows in the order of their names; each layer's are already, which is soon merged."""
        return self.name.argsort(kind="stable")

    @cached_property
    def _first_of_name(self) -> Places:
        return np.cumsum(self._counts) - self._counts


def _live_rows(layer: Layer) -> Definitions:
    """Return the definitions of the files that the index has from there."""
    table = layer.segment.definitions
    if layer.size == len(layer.segment.files):
        return table
    is_live = layer.is_live[table.file]
    return Definitions(*(column[is_live] for column in table))


def _joined(columns: Sequence[Column], kind: type[np.generic]) -> Column:
    return np.concatenate([np.empty(0, kind), *columns], dtype=kind, casting="unsafe")
