"""Which files and definitions matter to someone who is at one place of a workspace?"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pairwright.index.flow import Flow, users_of
from pairwright.index.graph import LinkedFiles, ReferenceGraph, graph_of
from pairwright.index.linking.joining import Rows, Vector
from pairwright.index.pagerank import pagerank
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath

EMPHASIS = 10.0
"""How much more a use counts of a name that was mentioned, or in what is selected."""

_OF_PATHS = 1.0
_OF_MENTIONED = 0.5
_OF_USERS = 0.5
"""Of the files that use what is selected, together."""
_OF_RECENT = 0.3
_OF_OPEN = 0.2
_OF_ALL = 0.15
"""The part of the ranks that comes from all files alike, wherever someone is."""
_DIGITS = 12
"""Ranks that differ less are equal."""


@dataclass(frozen=True, slots=True)
class MapFocus:
    """Where someone is: what is not in the workspace does not count."""

    paths: tuple[WorkspacePath, ...] = ()
    """Files that were pointed at, or in which something is selected."""
    open_paths: tuple[WorkspacePath, ...] = ()
    """Files that are open in an editor."""
    recent_paths: tuple[WorkspacePath, ...] = ()
    """Files that were edited, the newest first."""
    identifiers: tuple[str, ...] = ()
    """Names that were mentioned."""
    symbols: tuple[str, ...] = ()
    """Qualified names of what is selected in `paths`."""


@dataclass(frozen=True, slots=True, eq=False)
class FocusRows:
    """A focus, as rows of a graph."""

    paths: list[int]
    open_paths: list[int]
    recent_paths: list[int]
    mentioned: Rows
    """Definitions of what was mentioned."""
    selected: Rows
    """Definitions that are selected."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """How much each file and definition matters."""

    rows: FocusRows
    files: Vector
    """Of each file of the graph; they sum to 1."""
    definitions: Vector
    """Of each definition: what it gets of the ranks of those who use it."""


def rank_files(files: LinkedFiles, focus: MapFocus) -> tuple[tuple[WorkspacePath, float], ...]:
    """Return the files and how much they matter, the most first, equal ones by path.

    Without a focus this is how much the files matter to each other.
    """
    graph = graph_of(files)
    ranks = rank(graph, focus).files
    order = np.argsort(-ranks, kind="stable")
    return tuple(
        (graph.paths[number], score)
        for number, score in zip(order.tolist(), ranks[order].tolist(), strict=True)
    )


def rank(graph: ReferenceGraph, focus: MapFocus) -> Ranking:
    """Return how much the files and definitions of a graph matter."""
    rows = _rows_of(graph, focus)
    flow = Flow(graph, _emphasis(graph, focus))
    given = _given(graph, rows)
    ranks = pagerank(flow.to_files, given.of_files)
    definitions = flow.to_definitions(ranks) + given.of_definitions
    return Ranking(rows, ranks.round(_DIGITS), definitions.round(_DIGITS))


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """Where ranks come from."""

    of_files: Vector
    of_definitions: Vector


def _given(graph: ReferenceGraph, rows: FocusRows) -> _Given:
    files = np.zeros(len(graph.paths))
    files[rows.paths] = _OF_PATHS
    files[rows.open_paths] += _OF_OPEN
    files[rows.recent_paths] += _OF_RECENT / np.arange(1, len(rows.recent_paths) + 1)
    definitions = np.zeros(len(graph.definitions.name))
    names = graph.definitions.name[rows.mentioned]
    if len(names):
        found, place, count = np.unique(names, return_inverse=True, return_counts=True)
        definitions[rows.mentioned] += _OF_MENTIONED / len(found) / count[place]
    if len(rows.selected):
        definitions[rows.selected] += _OF_PATHS / len(rows.selected)
    np.add.at(files, graph.definitions.file[rows.mentioned], definitions[rows.mentioned])
    if len(rows.selected):
        users = graph.uses.file[users_of(graph, rows.selected)[0]]
        np.add.at(files, users, _OF_USERS / max(len(users), 1))
    total = files.sum()
    everywhere = 1.0 / max(len(files), 1)
    if total == 0.0:
        return _Given(np.full(len(files), everywhere), definitions)
    part = (1.0 - _OF_ALL) / total
    return _Given(files * part + _OF_ALL * everywhere, definitions * part)


def _rows_of(graph: ReferenceGraph, focus: MapFocus) -> FocusRows:
    paths = _known(graph, focus.paths)
    selected = [
        row for file in paths for row in _selected_in(graph, file, frozenset(focus.symbols))
    ]
    return FocusRows(
        paths=paths,
        open_paths=_known(graph, focus.open_paths),
        recent_paths=_known(graph, focus.recent_paths),
        mentioned=graph.rows_defining(focus.identifiers),
        selected=np.array(selected, np.intp),
    )


def _known(graph: ReferenceGraph, paths: Iterable[WorkspacePath]) -> list[int]:
    numbers = graph.numbers
    return [numbers[path] for path in dict.fromkeys(paths) if path in numbers]


def _selected_in(graph: ReferenceGraph, file: int, qualified_names: frozenset[str]) -> list[int]:
    """Return the definitions in a file that have some qualified names."""
    packed = graph.outlines[graph.paths[file]]
    places = {packed.symbol_column("name")[row] for row in _symbols_named(packed, qualified_names)}
    first, end = graph.definitions.starts[file : file + 2].tolist()
    return [row for row in range(first, end) if graph.defined_at[row] in places]


def _symbols_named(packed: PackedOutline, qualified_names: frozenset[str]) -> list[int]:
    if not qualified_names:
        return []
    strings = packed.strings
    column = packed.symbol_column("qualified_name")
    return [row for row, string in enumerate(column) if strings[string] in qualified_names]


def _emphasis(graph: ReferenceGraph, focus: MapFocus) -> Vector | None:
    """Return how much more each use counts: of what was mentioned, and where it is selected."""
    mentioned = graph.rows_using(focus.identifiers)
    inside = [
        _uses_inside(graph, file, frozenset(focus.symbols)) for file in _known(graph, focus.paths)
    ]
    if not len(mentioned) and not any(map(len, inside)):
        return None
    emphasis = np.ones(len(graph.uses.name))
    emphasis[mentioned] = EMPHASIS
    for rows in inside:
        emphasis[rows] = EMPHASIS
    return emphasis


def _uses_inside(graph: ReferenceGraph, file: int, qualified_names: frozenset[str]) -> Rows:
    """Return what some definitions of a file use."""
    packed = graph.outlines[graph.paths[file]]
    starts = np.asarray(packed.reference_column("start"))
    is_inside = np.zeros(len(starts), np.bool_)
    for row in _symbols_named(packed, qualified_names):
        first = packed.symbol_column("start")[row]
        end = packed.symbol_column("end")[row]
        is_inside |= (first <= starts) & (starts < end)
    places = np.unique(np.asarray(packed.reference_column("name"))[is_inside])
    names = packed.names
    used = graph.names.known_in(packed.language, [names[place] for place in places.tolist()])
    begin, end = graph.uses.starts[file : file + 2].tolist()
    rows: Rows = begin + np.flatnonzero(np.isin(graph.uses.name[begin:end], used))
    return rows
