"""Which definitions does an index have? All of them as columns, searched by single calls."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pairwright.index.segment import Column, Definitions, IndexedFile, Layer

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


class AllDefinitions:
    """The definitions of an index's files, and of no others; never changes."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Lay the layers' tables one behind the other; for a million lines some milliseconds."""
        tables = [_live_rows(layer) for layer in layers]
        first_files = np.cumsum([0, *(len(layer.segment.files) for layer in layers)])
        self._layers = tuple(layers)
        self._first_files = first_files
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

    def files_at(self, numbers: NDArray[np.uint32]) -> Iterator[IndexedFile]:
        """Give files by their numbers in `file`."""
        for layer, place in self._places(numbers):
            yield layer.segment.files[place]

    def folded_paths_at(self, numbers: NDArray[np.uint32]) -> Iterator[str]:
        """Give files' paths as a search for symbols compares them, by their numbers in `file`."""
        for layer, place in self._places(numbers):
            yield layer.segment.places[place]

    def named(self, numbers: NDArray[np.unsignedinteger], count: int) -> Places:
        """Return the rows whose names have these numbers.

        Args:
            numbers: of names.
            count: how many names there are.
        """
        return self.rows_where(_flags(numbers, count), self.name)

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

    def _places(self, numbers: NDArray[np.uint32]) -> Iterator[tuple[Layer, int]]:
        """Give of files the layer, and the place in it."""
        layers = self._first_files.searchsorted(numbers, "right") - 1
        places = numbers - self._first_files[layers]
        for layer, place in zip(layers.tolist(), places.tolist(), strict=True):
            yield self._layers[layer], place


def _live_rows(layer: Layer) -> Definitions:
    """Return the definitions of the files that the index has from there."""
    table = layer.segment.definitions
    if layer.size == len(layer.segment.files):
        return table
    is_live = layer.is_live[table.file]
    return Definitions(*(column[is_live] for column in table))


def _flags(numbers: Column, count: int) -> Flags:
    flags = np.zeros(count, np.bool_)
    flags[numbers] = True
    return flags


def _joined(columns: Sequence[Column], kind: type[np.generic]) -> Column:
    return np.concatenate([np.empty(0, kind), *columns], dtype=kind, casting="unsafe")
