"""Which file needs which, and through which names?

A file that uses a name needs the files that define it: the ones it imports, where any of them does;
otherwise all that do, in equal shares, because without types nobody knows which. Everything is
columns of numbers, so that a change of one file costs a few passes over them, not a new graph.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pairwright.index.imports.settings import may_hold_settings
from pairwright.index.linking.carrying import CarriedFiles, Outlines, SameNames
from pairwright.index.linking.joining import (
    ImportPairs,
    Links,
    Mask,
    NameTable,
    Numbers,
    Rows,
    link,
)
from pairwright.index.linking.names_used import NameNumbers, file_names
from pairwright.index.linking.strengths import Strengths
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath

_PACKAGES = ("__init__.py", "__init__.pyi", "index.js", "index.ts", "index.tsx", "index.jsx")
"""Files that pass on what they import."""
_SPARE_NAMES = 20_000

Imports = tuple[WorkspacePath, ...]


class LinkedFiles(Protocol):
    """What is read of an index."""

    @property
    def packed(self) -> Mapping[WorkspacePath, PackedOutline | None]:
        """The outlines, by path; None for a file of no language."""
        ...

    def imports_of(self, path: WorkspacePath) -> Sequence[WorkspacePath]:
        """Return the workspace's files that a file imports."""
        ...

    def changed_since(self, other: Self) -> Collection[WorkspacePath] | None:
        """Return the files whose outlines may differ from another's; None: nobody knows."""
        ...


@dataclass(frozen=True, eq=False)
class ReferenceGraph:
    """The files of an index, and what they use of each other; never changes."""

    names: NameNumbers
    outlines: Outlines
    paths: tuple[WorkspacePath, ...]
    """The files, in order; everything else counts them from 0."""
    uses: NameTable
    weights: NDArray[np.float32]
    """Of the uses: the root of how often, counted by role."""
    open_weights: NDArray[np.float32]
    """The same, of the uses alone that may mean something in a file which is not imported."""
    definitions: NameTable
    defined_at: Numbers
    """Of the definitions: the name's place in the outline's own table."""
    imports: tuple[Imports, ...]
    import_pairs: ImportPairs
    links: Links
    names_at_first: int
    """How many names there were when all files were read."""

    @classmethod
    def of(cls, files: LinkedFiles) -> "ReferenceGraph":
        """Return the graph of an index; every outline is read once."""
        graph = _updated(_empty(), files, _outlines_of(files))
        return replace(graph, names_at_first=len(graph.names))

    def following(self, files: LinkedFiles) -> "ReferenceGraph":
        """Return the graph of an index that came after this one's: equal to one made anew.

        Costs in proportion to what changed, beside a few passes over columns.
        """
        return self._followed_by(files, _outlines_of(files))

    def _followed_by(self, files: LinkedFiles, outlines: Outlines) -> "ReferenceGraph":
        if len(self.names) > 2 * self.names_at_first + _SPARE_NAMES:
            return ReferenceGraph.of(files)  # most numbers are of names that are no longer there
        return _updated(self, files, outlines)

    @cached_property
    def numbers(self) -> Mapping[WorkspacePath, int]:
        """The number of each path."""
        return {path: number for number, path in enumerate(self.paths)}

    @cached_property
    def strengths(self) -> Strengths:
        """What the uses weigh."""
        return Strengths(
            self.uses,
            self.weights,
            self.open_weights,
            self.definitions,
            self.links,
            self.names.traits,
        )

    def rows_defining(self, names: Iterable[str]) -> Rows:
        """Return the rows of the definitions of some names, in any language."""
        return self._rows_named(self.definitions, names)

    def rows_using(self, names: Iterable[str]) -> Rows:
        """Return the rows of the uses of some names, in any language."""
        return self._rows_named(self.uses, names)

    def _rows_named(self, table: NameTable, names: Iterable[str]) -> Rows:
        known = self.names.known(names)
        return np.flatnonzero(np.isin(table.name, known)) if known else np.zeros(0, np.intp)

    def name_of(self, definition: int) -> str:
        """Return the name of a definition, by its row."""
        path = self.paths[self.definitions.file[definition]]
        return self.outlines[path].names[int(self.defined_at[definition])]

    def symbol_rows(self, definition: int) -> Rows:
        """Return the rows, in the file's outline, of the symbols that a definition stands for."""
        path = self.paths[self.definitions.file[definition]]
        names = np.asarray(self.outlines[path].symbol_column("name"))
        return np.flatnonzero(names == self.defined_at[definition])


_RECENT: deque[tuple[LinkedFiles, ReferenceGraph]] = deque(maxlen=2)
"""The newest graphs: an index does not know which one it came from."""
_RECENT_LOCK = Lock()


def graph_of(files: LinkedFiles) -> ReferenceGraph:
    """Return the graph of an index, made from that of an index before it when there is one.

    Safe with threads. The first graph of a large workspace takes a part of a second.
    """
    with _RECENT_LOCK:
        for known, graph in _RECENT:
            if known is files:
                return graph
        graph = _next_graph(files)
        _RECENT.append((files, graph))
        return graph


def _next_graph(files: LinkedFiles) -> ReferenceGraph:
    for known, before in reversed(_RECENT):
        some = _outlines_with_changes(known, before, files)
        if some is not None:
            return before._followed_by(files, some)
    outlines = _outlines_of(files)
    for _, before in reversed(_RECENT):
        if _is_alike(before, outlines):
            return before._followed_by(files, outlines)
    return ReferenceGraph.of(files)


def _outlines_with_changes(
    known: LinkedFiles, before: ReferenceGraph, files: LinkedFiles
) -> Outlines | None:
    """Return the outlines without a look at all files; None: that takes one."""
    changed = files.changed_since(known)
    if changed is None:
        return None
    now = {path: files.packed[path] for path in changed}
    if any((packed is None) == (path in before.outlines) for path, packed in now.items()):
        return None  # an outline came or went
    return {**before.outlines, **{path: each for path, each in now.items() if each is not None}}


def _outlines_of(files: LinkedFiles) -> Outlines:
    return {path: each for path, each in sorted(files.packed.items()) if each is not None}


def _is_alike(graph: ReferenceGraph, outlines: Outlines) -> bool:
    """Tell whether most of a graph's outlines are among others."""
    known = graph.outlines
    shared = sum(known.get(path) is packed for path, packed in outlines.items())
    return 2 * shared > len(known)


def _updated(old: ReferenceGraph, files: LinkedFiles, outlines: Outlines) -> ReferenceGraph:
    paths = tuple(outlines)
    carried = CarriedFiles(old.outlines, outlines)
    if carried.has_same_paths and not carried.fresh and paths:
        return old
    fresh = [file_names(outlines[paths[number]], old.names) for number in carried.fresh]
    uses, use_rows = carried.table(old.uses, [names.used for names in fresh])
    definitions, rows = carried.table(old.definitions, [names.defined for names in fresh])
    same_names = carried.same_names(old.definitions, definitions, rows)
    imports = _imports(old, files, paths, carried)
    is_same = carried.has_same_paths and imports == old.imports
    pairs = old.import_pairs if is_same else _import_pairs(paths, imports)
    is_affected = carried.is_fresh | _has_other_imports(old, carried, imports, pairs)
    is_affected |= _uses_other_names(uses, pairs, same_names)
    links = _carried_links(old.links, use_rows.new_rows, same_names.new_rows)
    return ReferenceGraph(
        names=old.names,
        names_at_first=old.names_at_first,
        outlines=outlines,
        paths=paths,
        uses=uses,
        weights=use_rows.column(old.weights, [names.weights for names in fresh]),
        open_weights=use_rows.column(old.open_weights, [names.open_weights for names in fresh]),
        definitions=definitions,
        defined_at=rows.column(old.defined_at, [names.defined_at for names in fresh]),
        imports=imports,
        import_pairs=pairs,
        links=_merged(
            _links_of(links, ~is_affected[uses.file]),
            link(uses, definitions, pairs, is_affected),
        ),
    )


def _imports(
    old: ReferenceGraph,
    files: LinkedFiles,
    paths: tuple[WorkspacePath, ...],
    carried: CarriedFiles,
) -> tuple[Imports, ...]:
    """Return what each file imports; asked again only where it may be something else."""
    if not carried.has_same_paths or any(may_hold_settings(paths[at]) for at in carried.fresh):
        return tuple(tuple(files.imports_of(path)) for path in paths)
    imports = list(old.imports)
    passing_on = carried.is_fresh & old.import_pairs.is_package
    is_asked = carried.is_fresh | old.import_pairs.importers_of(passing_on)
    for number in np.flatnonzero(is_asked).tolist():
        imports[number] = tuple(files.imports_of(paths[number]))
    return tuple(imports)


def _import_pairs(paths: tuple[WorkspacePath, ...], imports: Sequence[Imports]) -> ImportPairs:
    numbers = {path: number for number, path in enumerate(paths)}
    lengths, found = [], []
    for targets in imports:
        known = [numbers[target] for target in targets if target in numbers]
        found += known
        lengths.append(len(known))
    return ImportPairs(
        importer=np.repeat(np.arange(len(paths), dtype=np.int32), lengths),
        imported=np.array(found, np.int32),
        is_package=np.array([path.endswith(_PACKAGES) for path in paths], np.bool_),
    )


def _has_other_imports(
    old: ReferenceGraph, carried: CarriedFiles, imports: Sequence[Imports], pairs: ImportPairs
) -> Mask:
    """Tell of each file whether it, or a package that it imports, imports other files now."""
    if imports == old.imports and carried.has_same_paths:
        return np.zeros(len(imports), np.bool_)
    is_other = np.ones(len(imports), np.bool_)
    for before, number in zip(old.imports, carried.new_numbers.tolist(), strict=True):
        if number >= 0:
            is_other[number] = before != imports[number]
    return is_other | pairs.importers_of(is_other & pairs.is_package)


def _uses_other_names(uses: NameTable, pairs: ImportPairs, changed: SameNames) -> Mask:
    """Tell of each file whether it uses a name that appeared in, or went from, what it imports."""
    is_other = np.zeros(uses.file_count, np.bool_)
    if len(changed.files):
        is_changed = np.zeros_like(is_other)
        is_changed[changed.files] = True
        rows = uses.rows_of(pairs.importers_of(is_changed))
        is_other[uses.file[rows[np.isin(uses.name[rows], changed.names)]]] = True
    return is_other


def _carried_links(links: Links, new_uses: Rows, new_definitions: Rows) -> Links:
    use, definition, own = (
        new_uses[links.use],
        new_definitions[links.definition],
        new_uses[links.own],
    )
    is_there = (use >= 0) & (definition >= 0)
    return Links(use[is_there], definition[is_there], own[own >= 0])


def _links_of(links: Links, is_wanted: Mask) -> Links:
    is_kept = is_wanted[links.use]
    return Links(links.use[is_kept], links.definition[is_kept], links.own[is_wanted[links.own]])


def _merged(links: Links, others: Links) -> Links:
    use = np.concatenate((links.use, others.use))
    definition = np.concatenate((links.definition, others.definition))
    order = np.argsort(use, kind="stable")
    own = np.concatenate((links.own, others.own))
    return Links(use[order], definition[order], np.sort(own, kind="stable"))


def _empty() -> ReferenceGraph:
    nothing: Numbers = np.zeros(0, np.int32)
    table = NameTable(nothing, nothing, 0)
    rows: Rows = np.zeros(0, np.intp)
    return ReferenceGraph(
        names=NameNumbers(),
        names_at_first=0,
        outlines={},
        paths=(),
        uses=table,
        weights=np.zeros(0, np.float32),
        open_weights=np.zeros(0, np.float32),
        definitions=table,
        defined_at=nothing,
        imports=(),
        import_pairs=ImportPairs(nothing, nothing, np.zeros(0, np.bool_)),
        links=Links(rows, rows, rows),
    )
