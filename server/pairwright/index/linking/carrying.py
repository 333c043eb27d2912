"""Which files and rows of one graph go on in the next?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pairwright.index.linking.joining import (
    Keys,
    Mask,
    NameTable,
    Numbers,
    Rows,
    keys_of,
    places_in,
)
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath

Outlines = Mapping[WorkspacePath, PackedOutline]
_Number = TypeVar("_Number", np.int32, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class CarriedRows:
    """The rows of a table, and those of a later one."""

    new_rows: Rows
    """Of each old row, where it is now; -1: it is gone."""
    is_fresh: Mask
    """Of each new row, whether its file's rows were made anew."""

    def column(self, old: NDArray[_Number], fresh: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
        """Return a column of the later table, from the old one and what each fresh file has."""
        merged = np.empty(len(self.is_fresh), old.dtype)
        merged[~self.is_fresh] = old[self.new_rows >= 0]
        if fresh:
            merged[self.is_fresh] = np.concatenate(fresh)
        return merged


class CarriedFiles:
    """The files of one graph, and those of a later one."""

    def __init__(self, old_outlines: Outlines, outlines: Outlines) -> None:
        """Compare; both are in the order of their paths."""
        old_paths, paths = tuple(old_outlines), tuple(outlines)
        self.has_same_paths = old_paths == paths
        is_fresh = [old_outlines.get(path) is not packed for path, packed in outlines.items()]
        self.is_fresh: Mask = np.array(is_fresh, np.bool_)
        """Of each new file, whether its outline is another than before."""
        self.fresh: list[int] = np.flatnonzero(self.is_fresh).tolist()
        self.new_numbers: Numbers = np.arange(len(paths), dtype=np.int32)
        """Of each old file, its number now; -1: it is gone."""
        if not self.has_same_paths:
            numbers = {path: number for number, path in enumerate(paths)}
            self.new_numbers = np.array([numbers.get(path, -1) for path in old_paths], np.int32)
        self.is_carried: Mask = np.zeros(len(old_paths), np.bool_)
        """Of each old file, whether its outline goes on."""
        is_there = self.new_numbers >= 0
        self.is_carried[is_there] = ~self.is_fresh[self.new_numbers[is_there]]

    def table(self, old: NameTable, fresh: Sequence[Numbers]) -> tuple[NameTable, CarriedRows]:
        """Return the later table, from the old one and the names that each fresh file has."""
        lengths = np.zeros(len(self.is_fresh), np.intp)
        lengths[self.new_numbers[self.is_carried]] = np.diff(old.starts)[self.is_carried]
        lengths[self.fresh] = [len(names) for names in fresh]
        file = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        is_fresh = self.is_fresh[file]
        new_rows = np.full(len(old.file), -1, np.intp)
        new_rows[self.is_carried[old.file]] = np.flatnonzero(~is_fresh)
        rows = CarriedRows(new_rows, is_fresh)
        return NameTable(file, rows.column(old.name, fresh), len(lengths)), rows

    def same_names(self, old: NameTable, new: NameTable, rows: CarriedRows) -> "SameNames":
        """Tell what became of the names of the files whose rows were made anew."""
        gone = np.flatnonzero(rows.new_rows < 0)
        gone = gone[self.new_numbers[old.file[gone]] >= 0]
        fresh = np.flatnonzero(rows.is_fresh)
        old_keys: Keys = self.new_numbers[old.file[gone]].astype(np.int64) << 32 | old.name[gone]
        new_keys = keys_of(new, fresh)
        order = np.argsort(new_keys)
        places = places_in(new_keys[order], old_keys)
        new_rows = rows.new_rows.copy()
        new_rows[gone[places >= 0]] = fresh[order[places[places >= 0]]]
        is_new = np.ones(len(fresh), np.bool_)
        is_new[order[places[places >= 0]]] = False
        lost = gone[places < 0]
        return SameNames(
            new_rows=new_rows,
            files=np.concatenate((new.file[fresh[is_new]], self.new_numbers[old.file[lost]])),
            names=np.concatenate((new.name[fresh[is_new]], old.name[lost])),
        )


@dataclass(frozen=True, slots=True, eq=False)
class SameNames:
    """What became of the names in files that changed."""

    new_rows: Rows
    """Of each old row, where the same file has the same name now; -1: nowhere."""
    files: Numbers
    """Files, by their new numbers, in which a name appeared or from which it went."""
    names: Numbers
    """Which name, for each of these."""
