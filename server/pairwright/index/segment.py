"""What do some files define and use, as columns of numbers that can be searched?

A segment never changes. What an index no longer takes from it is masked in a layer, and segments
are merged without a look at the outlines. Sorting and copying are single calls that keep other
threads waiting, so a segment holds at most `MAX_SEGMENT_FILES`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pairwright.index.names import Names
from pairwright.syntax.languages.registry import is_test_path, language_of
from pairwright.syntax.outline import SymbolKind
from pairwright.syntax.packing import KINDS, TEST_FLAG, PackedOutline
from pairwright.workspace.paths import WorkspacePath

MAX_SEGMENT_FILES = 1024

Column = NDArray[Any]


class IndexedFile(NamedTuple):
    """What the index is told of a file."""

    path: WorkspacePath
    digest: str
    """Of its text."""
    packed: PackedOutline | None
    """None: of no language that is read."""

    @property
    def language(self) -> str | None:
        """The name of the language that it was read in."""
        language = language_of(self.path) if self.packed is not None else None
        return language.name if language is not None else None


class NameUses(NamedTuple):
    """Which file has which name, how often; in the order of names, then of files."""

    name: Column
    """Numbers in the `Names`."""
    file: Column
    """Numbers in the segment's files."""
    references: Column
    """How often the file uses the name; 0: it only defines it."""


class Definitions(NamedTuple):
    """Which file defines what; in the order of names, then of files, then as in the file."""

    name: Column
    file: Column
    row: Column
    """The symbol's row in the file's outline."""
    container: Column
    """The name of the definition around it; 0: none."""
    kind: Column
    """As in the outline: an index into `KINDS`, perhaps with `TEST_FLAG`."""


@dataclass(frozen=True, eq=False)
class Segment:
    """Some files and their tables; what few questions need is worked out for the first of them."""

    files: tuple[IndexedFile, ...]
    """In the order of their paths."""
    numbers: Mapping[WorkspacePath, int]
    """Where each is in `files`."""
    uses: NameUses
    definitions: Definitions

    @cached_property
    def symbol_counts(self) -> Column:
        """Of each file, how many definitions it has."""
        return np.bincount(self.definitions.file, minlength=len(self.files))

    @cached_property
    def reference_counts(self) -> Column:
        """Of each file, how many uses of names it has."""
        uses = self.uses
        return np.bincount(uses.file, uses.references, len(self.files)).astype(np.uint64)

    @cached_property
    def has_problems(self) -> NDArray[np.bool_]:
        """Of each file, whether it does not parse, or was not."""
        packed = (file.packed for file in self.files)
        return np.array([each is not None and each.has_problems for each in packed], np.bool_)

    @cached_property
    def is_test(self) -> NDArray[np.bool_]:
        """Of each file, whether its path says that it holds tests."""
        return np.array([is_test_path(file.path) for file in self.files], np.bool_)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Of each file the path as a search for symbols compares it: see `fold_path`."""
        return tuple(fold_path(file.path) for file in self.files)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A segment as one index sees it."""

    segment: Segment
    is_live: NDArray[np.bool_]
    """Of each file, whether the index has it from here."""
    size: int
    """How many are live."""

    def find(self, path: WorkspacePath) -> IndexedFile | None:
        """Return a file that the index has from here."""
        number = self.segment.numbers.get(path)
        return self.segment.files[number] if number is not None and self.is_live[number] else None

    def files(self) -> Iterator[IndexedFile]:
        """Give the live files in the order of their paths."""
        return self.files_besides(None)

    def files_besides(self, known: NDArray[np.bool_] | None) -> Iterator[IndexedFile]:
        """Give the live files besides those that are live in another layer of the segment."""
        is_wanted = self.is_live if known is None else self.is_live & ~known
        return (self.segment.files[number] for number in np.flatnonzero(is_wanted).tolist())

    @property
    def symbol_count(self) -> int:
        """How many definitions there are in live files."""
        return int(self.segment.symbol_counts[self.is_live].sum())

    @property
    def reference_count(self) -> int:
        """How many uses of names there are in live files."""
        return int(self.segment.reference_counts[self.is_live].sum())

    def files_with(self, name: int) -> Iterator[WorkspacePath]:
        """Give the live files that use or define a name, in the order of their paths."""
        uses = self.segment.uses
        for number in uses.file[rows_of(uses.name, name)].tolist():
            if self.is_live[number]:
                yield self.segment.files[number].path

    def definitions_of(self, name: int) -> Iterator[tuple[IndexedFile, list[int]]]:
        """Give the live files that define a name, and in which rows of their outlines."""
        definitions = self.segment.definitions
        here = rows_of(definitions.name, name)
        found = zip(definitions.file[here].tolist(), definitions.row[here].tolist(), strict=True)
        for number, group in groupby(found, key=itemgetter(0)):
            if self.is_live[number]:
                yield self.segment.files[number], [row for _, row in group]

    def files_with_problems(self) -> Iterator[IndexedFile]:
        """Give the live files that do not parse, or were not."""
        for number in np.flatnonzero(self.is_live & self.segment.has_problems).tolist():
            yield self.segment.files[number]

    def known(self, paths: AbstractSet[WorkspacePath]) -> list[WorkspacePath]:
        """Return those of some paths whose files the index has from here."""
        numbers, is_live = self.segment.numbers, self.is_live
        return [path for path in numbers.keys() & paths if is_live[numbers[path]]]

    def without(self, paths: AbstractSet[WorkspacePath]) -> "Layer":
        """Return the layer with some paths masked."""
        here = self.known(paths)
        if not here:
            return self
        is_live = self.is_live.copy()
        is_live[[self.segment.numbers[path] for path in here]] = False
        return Layer(self.segment, is_live, self.size - len(here))


def layer_of(files: Iterable[IndexedFile], names: Names) -> Layer:
    """Return files as one layer; at most `MAX_SEGMENT_FILES`."""
    ordered = tuple(sorted(files, key=_path))
    uses, definitions = [_NO_USES], [_NO_DEFINITIONS]
    for number, file in enumerate(ordered):
        if file.packed is not None:
            file_uses, file_definitions = _tables_of(number, file.packed, names)
            uses.append(file_uses)
            definitions.append(file_definitions)
    return layer_with(ordered, _joined(uses), _joined(definitions))


def merged(layers: Sequence[Layer]) -> Layer:
    """Return what is live in some layers as one layer; at most `MAX_SEGMENT_FILES`."""
    ordered = tuple(sorted((file for layer in layers for file in layer.files()), key=_path))
    numbers = {file.path: number for number, file in enumerate(ordered)}
    uses, definitions = [_NO_USES], [_NO_DEFINITIONS]
    for layer in layers:
        segment, is_live = layer.segment, layer.is_live
        renumbered = np.array([numbers.get(file.path, 0) for file in segment.files], np.uint16)
        uses.append(_kept(segment.uses, is_live, renumbered))
        definitions.append(_kept(segment.definitions, is_live, renumbered))
    return layer_with(ordered, _joined(uses), _joined(definitions))


def layer_with(files: tuple[IndexedFile, ...], uses: NameUses, definitions: Definitions) -> Layer:
    """Return files, in the order of their paths, with their tables as one layer."""
    segment = Segment(
        files=files,
        numbers={file.path: number for number, file in enumerate(files)},
        uses=uses,
        definitions=definitions,
    )
    return Layer(segment, np.ones(len(files), np.bool_), len(files))


def rows_of(names: Column, name: int) -> slice:
    """Return where a number stands in a sorted column of names."""
    wanted = np.uint32(name)  # a number of another width would have the whole column converted
    return slice(names.searchsorted(wanted), names.searchsorted(wanted, "right"))


def fold_path(path: str) -> str:
    """Return a path in lower case without `_` and `-`, a slash before each part."""
    return "/" + path.lower().replace("_", "").replace("-", "")


def _tables_of(number: int, packed: PackedOutline, names: Names) -> tuple[NameUses, Definitions]:
    pool = packed.names
    defined = np.asarray(packed.symbol_column("name"))
    references = np.bincount(np.asarray(packed.reference_column("name")), minlength=len(pool))
    occurs = references > 0
    occurs[defined] = True
    occurring = np.flatnonzero(occurs)
    global_numbers = np.zeros(len(pool), np.uint32)
    global_numbers[occurring] = names.numbers([pool[each] for each in occurring.tolist()])
    uses = NameUses(
        name=global_numbers[occurring],
        file=np.full(len(occurring), number, np.uint16),
        references=references[occurring].astype(np.uint32),
    )
    # A parent is a row plus one, 0 for none: what stands before the first is the name of nothing.
    symbol_names = np.append(np.uint32(0), global_numbers[defined])
    parents = np.asarray(packed.symbol_column("parent"))
    kinds = np.asarray(packed.symbol_column("kind")).astype(np.uint16)
    containers = symbol_names[parents]
    apart = np.flatnonzero((parents == 0) & (kinds & (TEST_FLAG - 1) == _METHOD)).tolist()
    if apart:
        containers[apart] = names.numbers(_containers(packed, apart))
    definitions = Definitions(
        name=symbol_names[1:],
        file=np.full(len(defined), number, np.uint16),
        row=np.arange(len(defined), dtype=np.uint32),
        container=containers,
        kind=kinds,
    )
    return uses, definitions


def _containers(packed: PackedOutline, rows: Sequence[int]) -> list[str]:
    """Return the types of methods that stand outside of them, as in Go and Rust."""
    strings, qualified = packed.strings, packed.symbol_column("qualified_name")
    return [strings[qualified[row]].rpartition(".")[0].rpartition(".")[2] for row in rows]


_Table = TypeVar("_Table", NameUses, Definitions)


def _joined(tables: list[_Table]) -> _Table:
    """Return tables as one, sorted; the rows of one name in one file keep their order."""
    columns = [np.concatenate(column) for column in zip(*tables, strict=True)]
    key = columns[0].astype(np.uint64) << np.uint64(16) | columns[1]
    order = np.argsort(key, kind="stable")
    return type(tables[0])(*(column[order] for column in columns))


def _kept(table: _Table, is_live: Column, renumbered: Column) -> _Table:
    """Return the rows of the live files, with the files' new numbers."""
    rows = is_live[table.file]
    columns = [column[rows] for column in table]
    columns[1] = renumbered[columns[1]]
    return type(table)(*columns)


def _path(file: IndexedFile) -> str:
    return file.path


_METHOD = KINDS.index(SymbolKind.METHOD)
_NO_USES = NameUses(*(np.empty(0, width) for width in (np.uint32, np.uint16, np.uint32)))
_NO_DEFINITIONS = Definitions(
    *(np.empty(0, width) for width in (np.uint32, np.uint16, np.uint32, np.uint32, np.uint16))
)
