"""Which definitions does a use of a name mean, as far as imports tell?

Joins over columns, in steps of few milliseconds. Knows files and names as numbers only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Rows = NDArray[np.intp]
Keys = NDArray[np.int64]
Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]

_MOST_PACKAGES = 2
"""Packages through which a name is followed."""
_MOST_PASSED_ON = 1_000_000
"""Names that packages pass on; where there are more, they are followed less far."""
_STEP = 100_000
"""Pairs that are joined at once."""


@dataclass(frozen=True, eq=False)
class NameTable:
    """A row for each file and name; the files in order, a name once in a file."""

    file: Numbers
    name: Numbers
    file_count: int

    @cached_property
    def starts(self) -> Rows:
        """Of each file its first row, and after the last file the number of rows."""
        return starts_of(self.file, self.file_count)

    def rows_of(self, files: Mask) -> Rows:
        """Return the rows of some files."""
        return np.flatnonzero(files[self.file])


@dataclass(frozen=True, eq=False)
class ImportPairs:
    """A row for each file and file that it imports; the importers in order."""

    importer: Numbers
    imported: Numbers
    is_package: Mask
    """Of each file: it passes on what it imports."""

    @cached_property
    def passed_on(self) -> tuple["ImportPairs", ...]:
        """What packages pass on: the nearest first."""
        tables: list[ImportPairs] = []
        own = self._where(self.is_package[self.importer])
        starts = starts_of(own.importer, len(self.is_package))
        table = own
        for _ in range(_MOST_PACKAGES):
            tables.append(table)
            through = table._where(self.is_package[table.imported])
            lengths = np.diff(starts)[through.imported]
            if not 0 < lengths.sum() <= _MOST_PASSED_ON:
                break
            imported = own.imported[ranges(starts[through.imported], lengths)]
            table = ImportPairs(np.repeat(through.importer, lengths), imported, self.is_package)
        return tuple(tables)

    def importers_of(self, files: Mask) -> Mask:
        """Return the files that import one of some files, or a package that passes it on."""
        owners = files.copy()
        for table in self.passed_on:
            owners[table.importer[files[table.imported]]] = True
        importers = np.zeros_like(files)
        importers[self.importer[owners[self.imported]]] = True
        return importers

    def _where(self, rows: Mask) -> "ImportPairs":
        return ImportPairs(self.importer[rows], self.imported[rows], self.is_package)


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Which definitions are meant by uses of which more is known than the name."""

    use: Rows
    """Rows of uses, ascending; a use that may mean several definitions has a row for each."""
    definition: Rows
    own: Rows
    """Uses of names that the same file defines: they mean no other file."""


def link(uses: NameTable, definitions: NameTable, imports: ImportPairs, files: Mask) -> Links:
    """Return what is known of the uses in some files."""
    rows = uses.rows_of(files)
    own_keys = np.sort(keys_of(definitions, definitions.rows_of(files)))
    is_own = places_in(own_keys, keys_of(uses, rows)) >= 0
    is_defined = np.zeros(max(_highest(uses.name), _highest(definitions.name)) + 1, np.bool_)
    is_defined[definitions.name] = True
    open_rows = rows[~is_own & is_defined[uses.name[rows]]]
    offered = _Offers(definitions, imports, files)
    steps = [*_joined(uses, open_rows, imports, files, offered)]
    if not steps:
        return Links(_NO_ROWS, _NO_ROWS, rows[is_own])
    use, definition, distance = (np.concatenate(column) for column in zip(*steps, strict=True))
    nearest = np.full(len(uses.file), np.iinfo(np.int8).max, np.int8)
    np.minimum.at(nearest, use, distance)
    is_nearest = distance == nearest[use]
    pairs = np.unique(use[is_nearest] << 32 | definition[is_nearest])
    return Links(pairs >> 32, pairs & 0xFFFFFFFF, rows[is_own])


class _Offers:
    """The names that can be had from files which some others import."""

    def __init__(self, definitions: NameTable, imports: ImportPairs, importers: Mask) -> None:
        is_wanted = np.zeros_like(importers)
        is_wanted[imports.imported[importers[imports.importer]]] = True
        rows = definitions.rows_of(is_wanted)
        keys, found, distances = (
            [keys_of(definitions, rows)],
            [rows],
            [np.zeros(len(rows), np.int8)],
        )
        lengths = np.diff(definitions.starts)
        for distance, table in enumerate(imports.passed_on, 1):
            package = table.importer[is_wanted[table.importer]]
            origin = table.imported[is_wanted[table.importer]]
            if lengths[origin].sum() > _MOST_PASSED_ON:
                break
            rows = ranges(definitions.starts[origin], lengths[origin])
            owner = np.repeat(package, lengths[origin])
            keys.append(owner.astype(np.int64) << 32 | definitions.name[rows])
            found.append(rows)
            distances.append(np.full(len(rows), distance, np.int8))
        unordered = np.concatenate(keys)
        order = np.argsort(unordered, kind="stable")
        self.keys: Keys = unordered[order]
        self.definitions: Rows = np.concatenate(found)[order]
        self.distances: NDArray[np.int8] = np.concatenate(distances)[order]


def _joined(
    uses: NameTable, rows: Rows, imports: ImportPairs, files: Mask, offered: _Offers
) -> Iterator[tuple[Rows, Rows, NDArray[np.int8]]]:
    """Give uses, definitions that imports offer for them, and how far away they are."""
    starts = starts_of(uses.file[rows], uses.file_count)
    pairs = np.flatnonzero(files[imports.importer])
    lengths = np.diff(starts)[imports.importer[pairs]]
    total = np.cumsum(lengths)
    if not len(total) or not len(offered.keys):
        return
    bounds = np.searchsorted(total, np.arange(0, total[-1] + _STEP, _STEP), "left")
    for begin, end in zip(bounds, [*bounds[1:], len(pairs)], strict=True):
        some, counts = pairs[begin:end], lengths[begin:end]
        use = rows[ranges(starts[imports.importer[some]], counts)]
        wanted = np.repeat(imports.imported[some].astype(np.int64), counts) << 32 | uses.name[use]
        first = places_in(offered.keys, wanted)
        is_offered = first >= 0
        first, use = first[is_offered], use[is_offered]
        last = np.searchsorted(offered.keys, wanted[is_offered], "right")
        found = ranges(first, last - first)
        yield (
            np.repeat(use, last - first),
            offered.definitions[found],
            offered.distances[found],
        )


def keys_of(table: NameTable, rows: Rows) -> Keys:
    """Return file and name of some rows as one number each."""
    keys: Keys = table.file[rows].astype(np.int64) << 32 | table.name[rows]
    return keys


def places_in(ordered: Keys, keys: Keys) -> Rows:
    """Return where each key first stands among ordered ones; -1 where it does not."""
    places = np.searchsorted(ordered, keys, "left")
    places[places == len(ordered)] = -1
    if len(ordered):
        places[ordered[places] != keys] = -1
    return places


def ranges(starts: Rows, lengths: Rows) -> Rows:
    """Return the numbers of several ranges, one range after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + lengths, lengths) + np.arange(total)


def starts_of(ordered: Numbers | Rows, count: int) -> Rows:
    """Return where each of the numbers below `count` begins in an ordered column, and its end."""
    starts = np.zeros(count + 1, np.intp)
    np.cumsum(np.bincount(ordered, minlength=count), out=starts[1:])
    return starts


def sums_of(groups: Rows, values: Vector, count: int) -> Vector:
    """Return the sum of the values in each of the groups below `count`."""
    sums: Vector = np.bincount(groups, values, count).astype(np.float64, copy=False)
    return sums


def _highest(numbers: Numbers) -> int:
    return int(numbers.max()) if len(numbers) else -1


_NO_ROWS: Rows = np.zeros(0, np.intp)
