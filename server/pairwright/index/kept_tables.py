"""How do an index's tables lie on disk, so that they need not be made again from the outlines?

As the columns themselves beside the names that they number. They are only of use beside the
outlines that they were made from: a file that says something else by now is masked.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairwright.index.names import Names
from pairwright.index.segment import (
    Column,
    Definitions,
    IndexedFile,
    Layer,
    NameUses,
    layer_with,
    merged,
)
from pairwright.workspace.paths import WorkspacePath

_COUNTS = struct.Struct("=II")
"""How many segments there are, and the length of the names."""
_SEGMENT = struct.Struct("=III")
"""How many files, uses and definitions a segment has."""
_WIDE, _NARROW = np.dtype(np.uint32), np.dtype(np.uint16)


class _KeptSegment(NamedTuple):
    files: Column
    """Each by its number among the files that were kept."""
    uses: NameUses
    definitions: Definitions


@dataclass(frozen=True, slots=True, eq=False)
class KeptTables:
    """The tables of an index, not yet those of any files."""

    paths: Sequence[WorkspacePath]
    """Of the files that were kept, by number."""
    segments: Sequence[_KeptSegment]
    strings: list[str]
    """The names, by number."""

    def restored(
        self, files: Mapping[WorkspacePath, IndexedFile | None]
    ) -> tuple[tuple[Layer, ...], Names]:
        """Return the tables as those of the files, which are as they were; others are masked."""
        restored = []
        for numbers, uses, definitions in self.segments:
            paths = [self.paths[number] for number in numbers.tolist()]
            known = [files.get(path) for path in paths]
            is_live = np.array([file is not None for file in known], np.bool_)
            if is_live.any():
                held = tuple(
                    file or IndexedFile(path, "", None)
                    for file, path in zip(known, paths, strict=True)
                )
                layer = layer_with(held, uses, definitions)
                restored.append(Layer(layer.segment, is_live, int(is_live.sum())))
        return tuple(restored), Names(self.strings)


def pack_tables(
    layers: Sequence[Layer], names: Names, numbers: Mapping[WorkspacePath, int]
) -> bytes:
    """Return the tables of some files of an index.

    Args:
        layers: the index's.
        names: of the numbers in the layers.
        numbers: of the files that are kept; the others are left out.
    """
    gone = {file.path for layer in layers for file in layer.files() if file.path not in numbers}
    kept = [_whole(layer.without(gone)) for layer in layers]
    kept = [layer for layer in kept if layer.size]
    is_used = np.zeros(len(names), np.bool_)
    is_used[0] = True
    for layer in kept:
        is_used[layer.segment.uses.name] = True
        is_used[layer.segment.definitions.name] = True
        is_used[layer.segment.definitions.container] = True
    # Names keep their order, so that columns that are sorted by them stay sorted.
    renumbered = (np.cumsum(is_used) - 1).astype(np.uint32)
    strings = "\0".join(names.strings(np.flatnonzero(is_used).tolist()))
    encoded = strings.encode("utf-8", "surrogatepass")
    parts = [_COUNTS.pack(len(kept), len(encoded))]
    for layer in kept:
        files, uses, definitions = layer.segment.files, *_tables(layer, renumbered)
        parts.append(_SEGMENT.pack(len(files), len(uses.name), len(definitions.name)))
        columns = [np.array([numbers[file.path] for file in files], np.uint32)]
        columns += [*uses, *definitions]
        parts += (column.tobytes() for column in columns if column.dtype == _WIDE)
        narrow = b"".join(column.tobytes() for column in columns if column.dtype == _NARROW)
        parts.append(narrow + bytes(-len(narrow) % _WIDE.itemsize))
    return b"".join((*parts, encoded))


def unpack_tables(content: memoryview, paths: Sequence[WorkspacePath]) -> KeptTables:
    """Return what `pack_tables` gave, of the files with these paths in the order of the numbers.

    Raises:
        struct.error: it is cut off.
        ValueError: it is damaged, or something else.
    """
    count, names_length = _COUNTS.unpack_from(content)
    names_at = len(content) - names_length
    # Copied, so that nothing else of what was read is kept as long as the columns are.
    reading = _Reading(bytes(content[:names_at]), _COUNTS.size)
    segments = [reading.segment() for _ in range(count)]
    if reading.at != names_at:
        raise ValueError("the tables have another length")
    strings = bytes(content[names_at:]).decode("utf-8", "surrogatepass").split("\0")
    files = np.concatenate([np.empty(0, np.uint32), *(segment.files for segment in segments)])
    _check_below(len(paths), files)
    if len(np.unique(files)) < len(files):
        raise ValueError("a file has several tables")
    for segment in segments:
        _check_below(len(segment.files), segment.uses.file, segment.definitions.file)
        definitions = segment.definitions
        _check_below(len(strings), segment.uses.name, definitions.name, definitions.container)
    return KeptTables(paths, segments, strings)


class _Reading:
    """Columns on their way out of bytes; they are not copied again."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self.at = at

    def segment(self) -> _KeptSegment:
        files, uses, definitions = _SEGMENT.unpack_from(self._content, self.at)
        self.at += _SEGMENT.size
        numbers = self._column(files, _WIDE)
        use_name, references = (self._column(uses, _WIDE) for _ in range(2))
        name, row, container = (self._column(definitions, _WIDE) for _ in range(3))
        use_file = self._column(uses, _NARROW)
        file, kind = (self._column(definitions, _NARROW) for _ in range(2))
        self.at += -(uses + 2 * definitions) * _NARROW.itemsize % _WIDE.itemsize
        return _KeptSegment(
            numbers,
            NameUses(use_name, use_file, references),
            Definitions(name, file, row, container, kind),
        )

    def _column(self, count: int, width: "np.dtype[np.uint32] | np.dtype[np.uint16]") -> Column:
        column = np.frombuffer(self._content, width, count, self.at)
        self.at += column.nbytes
        return column


def _whole(layer: Layer) -> Layer:
    return layer if layer.size == len(layer.segment.files) else merged([layer])


def _tables(layer: Layer, renumbered: NDArray[np.uint32]) -> tuple[NameUses, Definitions]:
    uses, definitions = layer.segment.uses, layer.segment.definitions
    return uses._replace(name=renumbered[uses.name]), definitions._replace(
        name=renumbered[definitions.name], container=renumbered[definitions.container]
    )


def _check_below(count: int, *columns: Column) -> None:
    if any(len(column) and column.max() >= count for column in columns):
        raise ValueError("the tables do not fit each other")
