"""What is defined where, who uses it, and who imports whom?

An index never changes; `with_files` gives the next one at a cost in proportion to the change. Its
files lie in layers, each file in one of them.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, ItemsView, Iterator, Mapping
from functools import cached_property, lru_cache
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from pairwright.index.definitions import AllDefinitions
from pairwright.index.imports.resolver import ImportResolver
from pairwright.index.imports.settings import may_hold_settings, settings_of
from pairwright.index.imports.table import ImportTable
from pairwright.index.kept_tables import KeptTables
from pairwright.index.layers import Layers, compacted, is_scattered, with_changes
from pairwright.index.names import Names
from pairwright.index.segment import IndexedFile
from pairwright.index.symbol_names import SymbolNames
from pairwright.index.symbol_search import SymbolHit, search
from pairwright.syntax.outline import FileOutline, Reference, Symbol, SyntaxProblem
from pairwright.syntax.packing import (
    PackedOutline,
    unpack,
    unpack_problems,
    unpack_references,
    unpack_symbols,
)
from pairwright.workspace.paths import WorkspacePath

__all__ = ["Index", "IndexedFile", "SymbolHit"]

_KEPT_OUTLINES = 64

_Value = TypeVar("_Value", covariant=True)


class Index:
    """The outlines of a workspace at one revision, and what they mean together."""

    def __init__(self) -> None:
        """Start without files."""
        self._lineage = _Lineage(Names())
        self._layers: Layers = ()
        self._path_set = _PathSet()

    def with_files(self, changes: Mapping[WorkspacePath, IndexedFile | None]) -> "Index":
        """Return an index with files added or replaced, or (None) taken away.

        Its numbers of names are those of this index. Safe in any thread.
        """
        if not changes:
            return self
        known = {path for layer in self._layers for path in layer.known(changes.keys())}
        is_same = all((file is not None) == (path in known) for path, file in changes.items())
        is_same = is_same and not self._says_else(changes)
        layers = with_changes(self._layers, changes, self._lineage.names)
        return self._successor(layers, self._path_set if is_same else _PathSet())

    def with_known(
        self, files: Mapping[WorkspacePath, IndexedFile | None], tables: KeptTables | None
    ) -> "Index":
        """Return what `with_files` gives, at less cost where tables were kept.

        Args:
            files: as they were when the tables were kept, or (None) not in the index.
            tables: perhaps of more files; None: all have to be made.
        """
        if tables is None or self._layers:
            return self.with_files(files)
        restored = Index()
        layers, names = tables.restored(files)
        restored._lineage = _Lineage(names)
        held = {file.path for layer in layers for file in layer.files()}
        missing = {path: file for path, file in files.items() if file and path not in held}
        return restored._successor(layers, _PathSet()).with_files(missing)

    @property
    def is_scattered(self) -> bool:
        """Whether `compacted` would make questions noticeably cheaper."""
        return is_scattered(self._layers)

    def compacted(self) -> "Index":
        """Return an equal index in as few layers as there can be; for a thread of its own."""
        return self._successor(compacted(self._layers), self._path_set)

    @property
    def names(self) -> Names:
        """The numbers of names in `layers`; only ever added to."""
        return self._lineage.names

    @property
    def layers(self) -> Layers:
        """The tables, for those who work with whole columns; every file is live in one layer."""
        return self._layers

    @cached_property
    def files(self) -> Mapping[WorkspacePath, IndexedFile]:
        """Every file, by path, in the order of the paths."""
        return _ByPath(self._layers, self._path_set, lambda file: file)

    @cached_property
    def packed(self) -> Mapping[WorkspacePath, PackedOutline | None]:
        """Every file's outline as columns, by path; None for a file that is only text."""
        return _ByPath(self._layers, self._path_set, lambda file: file.packed)

    @cached_property
    def outlines(self) -> Mapping[WorkspacePath, FileOutline]:
        """Every file's outline, by path; each is made when it is asked for, few are kept."""
        return _ByPath(self._layers, self._path_set, self._lineage.outline)

    @cached_property
    def languages(self) -> Mapping[str, int]:
        """How many files there are of each language that is read, the most first."""
        found = Counter(file.language for layer in self._layers for file in layer.files())
        counted = ((name, count) for name, count in found.items() if name is not None)
        return MappingProxyType(dict(sorted(counted, key=lambda each: (-each[1], each[0]))))

    @cached_property
    def not_parsed(self) -> Mapping[WorkspacePath, str]:
        """Why files of a known language were not read, by path."""
        return MappingProxyType(
            {
                file.path: file.packed.not_parsed
                for file in self._files_with_problems
                if file.packed is not None and file.packed.not_parsed
            }
        )

    @cached_property
    def problems(self) -> Mapping[WorkspacePath, tuple[SyntaxProblem, ...]]:
        """What does not parse, by path; only files that have problems."""
        return MappingProxyType(
            {
                file.path: tuple(unpack_problems(file.packed))
                for file in self._files_with_problems
                if file.packed is not None
            }
        )

    @cached_property
    def symbol_count(self) -> int:
        """How many definitions there are."""
        return sum(layer.symbol_count for layer in self._layers)

    @cached_property
    def reference_count(self) -> int:
        """How many uses of names there are."""
        return sum(layer.reference_count for layer in self._layers)

    def symbols_in(self, path: WorkspacePath) -> tuple[Symbol, ...]:
        """Return a file's definitions, in the order of their beginnings."""
        packed = self.packed.get(path)
        return self._lineage.symbols(packed, path) if packed is not None else ()

    def symbols_named(self, name: str) -> tuple[Symbol, ...]:
        """Return the definitions whose own name this is: `push` finds `Stack.push`."""
        found: list[Symbol] = []
        for file, rows in self._rows_named(name):
            if file.packed is not None:
                found += unpack_symbols(file.packed, file.path, rows)
        return tuple(found)

    def references_named(self, name: str) -> tuple[Reference, ...]:
        """Return the uses of a name, by path and place."""
        found: list[Reference] = []
        for path in self.files_with(name):
            packed = self.packed[path]
            number = packed.number_of_name(name) if packed is not None else None
            if packed is not None and number is not None:
                rows = np.flatnonzero(np.asarray(packed.reference_column("name")) == number)
                found += unpack_references(packed, path, rows.tolist())
        return tuple(found)

    def files_with(self, name: str) -> tuple[WorkspacePath, ...]:
        """Return the files that use or define a name, sorted."""
        number = self.names.number(name)
        if not number:
            return ()
        return tuple(sorted({path for layer in self._layers for path in layer.files_with(number)}))

    def search_symbols(self, query: str, limit: int = 50) -> tuple[SymbolHit, ...]:
        """Return the definitions that someone may mean who typed this, best first.

        Args:
            query: letters of a name, perhaps after what it is in: `gbn`, `getByName`, `Stack.pu`.
            limit: how many at most.
        """
        return search(
            query,
            limit,
            definitions=self._definitions,
            names=self.names,
            symbol_names=self._lineage.symbol_names,
        )

    @property
    def resolver(self) -> ImportResolver:
        """Tells which file an import means."""
        return self._imports.resolver

    def imports_of(self, path: WorkspacePath) -> tuple[WorkspacePath, ...]:
        """Return the workspace's files that a file imports, in its order."""
        return self._imports.imports_of(path, self.files)

    def script_module(self, module: str, importer: WorkspacePath) -> WorkspacePath | None:
        """Return the file that a module of JavaScript or TypeScript means to its importer."""
        return self._imports.script(module, importer, self.files)

    def files_importing(self, path: WorkspacePath) -> tuple[WorkspacePath, ...]:
        """Return the files that import a file, sorted."""
        return self._importers.get(path, ())

    def changed_since(self, other: "Index") -> tuple[WorkspacePath, ...] | None:
        """Return the files that may be others than in another index, which has the same paths.

        None: it has other paths, or does not come from this index, nor this index from it.
        """
        if self._path_set is not other._path_set:
            return None
        was_live = {id(layer.segment): layer.is_live for layer in other._layers}
        return tuple(
            file.path
            for layer in self._layers
            for file in layer.files_besides(was_live.get(id(layer.segment)))
        )

    def table_hash(self) -> str:
        """Return the BLAKE2b digest of all files with their outlines; equal for equal indexes."""
        digest = hashlib.blake2b(digest_size=16)
        for path, file in self.files.items():
            content = file.packed.content if file.packed is not None else b""
            for part in (path.encode("utf-8", "surrogatepass"), file.digest.encode(), content):
                digest.update(len(part).to_bytes(8, "little"))
                digest.update(part)
        return digest.hexdigest()

    @cached_property
    def _definitions(self) -> AllDefinitions:
        return AllDefinitions(self._layers)

    @property
    def _imports(self) -> ImportTable:
        return self._path_set.imports(self._layers)

    @cached_property
    def _importers(self) -> Mapping[WorkspacePath, tuple[WorkspacePath, ...]]:
        return self._imports.importers(dict(self.files.items()))

    @cached_property
    def _files_with_problems(self) -> tuple[IndexedFile, ...]:
        found = (file for layer in self._layers for file in layer.files_with_problems())
        return tuple(sorted(found, key=lambda file: file.path))

    def _rows_named(self, name: str) -> list[tuple[IndexedFile, list[int]]]:
        """Return in which rows of which files a name is defined, in the order of the paths."""
        number = self.names.number(name)
        if not number:
            return []
        found = [each for layer in self._layers for each in layer.definitions_of(number)]
        return sorted(found, key=lambda each: each[0].path)

    def _says_else(self, changes: Mapping[WorkspacePath, IndexedFile | None]) -> bool:
        """Tell whether settings files, none of them new, say something else of modules now."""
        return any(
            settings_of(file.packed) != settings_of(self.packed[path])
            for path, file in changes.items()
            if file is not None and may_hold_settings(path)
        )

    def _successor(self, layers: Layers, path_set: "_PathSet") -> "Index":
        known = {id(layer.segment) for layer in self._layers}
        new = [layer.segment for layer in layers if id(layer.segment) not in known]
        if new:
            self._lineage.symbol_names.add([segment.definitions.name for segment in new])
        successor = Index()
        successor._lineage = self._lineage
        successor._layers = layers
        successor._path_set = path_set
        return successor


class _Lineage:
    """What an index shares with those that it comes from and that come from it."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.symbol_names = SymbolNames(self.names)
        self.symbols = lru_cache(maxsize=_KEPT_OUTLINES)(_symbols)
        self._unpack = lru_cache(maxsize=_KEPT_OUTLINES)(unpack)

    def outline(self, file: IndexedFile) -> FileOutline:
        """Return a file's outline as values."""
        if file.packed is None:
            return FileOutline(file.path, file.digest, None)
        return self._unpack(file.packed, file.path, file.digest)


class _PathSet:
    """Which paths an index has, and what they mean; worked out when somebody asks.

    Shared as long as no file comes or goes and no settings file says something else. It is told
    the layers each time, because to hold some would keep files alive that are no longer there.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: tuple[WorkspacePath, ...] | None = None
        self._imports: ImportTable | None = None

    def paths(self, layers: Layers) -> tuple[WorkspacePath, ...]:
        """Return the paths, sorted."""
        if self._paths is None:
            found = (file.path for layer in layers for file in layer.files())
            self._paths = tuple(sorted(found))
        return self._paths

    def imports(self, layers: Layers) -> ImportTable:
        """Return which files imports mean."""
        with self._lock:
            if self._imports is None:
                self._imports = ImportTable(self.paths(layers))
            return self._imports


class _ByPath(Mapping[WorkspacePath, _Value]):
    """Something of every file, by path."""

    def __init__(
        self, layers: Layers, path_set: _PathSet, value: Callable[[IndexedFile], _Value]
    ) -> None:
        self._layers = layers
        self._path_set = path_set
        self._value = value

    def __getitem__(self, path: WorkspacePath) -> _Value:
        for layer in self._layers:
            file = layer.find(path)
            if file is not None:
                return self._value(file)
        raise KeyError(path)

    def __iter__(self) -> Iterator[WorkspacePath]:
        return iter(self._path_set.paths(self._layers))

    def __len__(self) -> int:
        return sum(layer.size for layer in self._layers)

    def items(self) -> ItemsView[WorkspacePath, _Value]:
        """Give every path with what is of its file."""
        return _Items(self)

    def rows(self) -> Iterator[tuple[WorkspacePath, _Value]]:
        """Give the items without a look through all layers for each."""
        found = {file.path: file for layer in self._layers for file in layer.files()}
        return ((path, self._value(found[path])) for path in self)


class _Items(ItemsView[WorkspacePath, _Value]):
    _mapping: _ByPath[_Value]

    def __iter__(self) -> Iterator[tuple[WorkspacePath, _Value]]:
        return self._mapping.rows()


def _symbols(packed: PackedOutline, path: WorkspacePath) -> tuple[Symbol, ...]:
    return tuple(unpack_symbols(packed, path, range(packed.symbol_count)))
