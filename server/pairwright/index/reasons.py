"""Why does a file, or a definition, matter to someone?"""

import numpy as np

from pairwright.index.flow import users_of
from pairwright.index.graph import ReferenceGraph
from pairwright.index.linking.joining import Rows, starts_of
from pairwright.index.ranking import Ranking


class Reasons:
    """Says why, for some files and all that they define: the strongest reason only."""

    def __init__(self, graph: ReferenceGraph, ranking: Ranking, files: Rows) -> None:
        """Look up who uses what these files define."""
        self._graph = graph
        self._rows = ranking.rows
        is_wanted = np.zeros(len(graph.paths), np.bool_)
        is_wanted[files] = True
        use, self._used = users_of(graph, graph.definitions.rows_of(is_wanted))
        self._user = graph.uses.file[use].astype(np.intp)
        self._weight = graph.strengths.weight[use]
        self._near = self._nearness()[self._user]
        """Of each use how near its file is to where someone is; 0: not near."""
        self._order = np.argsort(self._used, kind="stable")
        self._starts = starts_of(self._used[self._order], len(graph.definitions.name))
        self._selected = frozenset(ranking.rows.selected.tolist())
        self._mentioned = frozenset(ranking.rows.mentioned.tolist())
        users, selected = users_of(graph, ranking.rows.selected)
        self._selecting = dict(zip(graph.uses.file[users].tolist(), selected.tolist(), strict=True))
        """A selected definition that a file uses."""

    def of_file(self, file: int) -> str:
        """Say why a file matters."""
        if file in self._rows.paths:
            return "selected"
        if file in self._rows.open_paths:
            return "open in the editor"
        first, end = self._graph.definitions.starts[file : file + 2].tolist()
        mentioned = [row for row in range(first, end) if row in self._mentioned]
        if mentioned:
            return f"defines {self._graph.name_of(mentioned[0])}, which was mentioned"
        uses = self._order[self._starts[first] : self._starts[end]]
        nearest = self._nearest(uses)
        if nearest is not None:
            name = self._graph.name_of(int(self._used[nearest]))
            return f"{self._by(int(self._user[nearest]))} through {name}"
        if file in self._selecting:
            return f"uses {self._graph.name_of(self._selecting[file])}, which is selected"
        if file in self._rows.recent_paths:
            return "edited recently"
        return self._by_count(uses)

    def of_definition(self, definition: int) -> str:
        """Say why a definition matters."""
        if definition in self._selected:
            return "selected"
        if definition in self._mentioned:
            return "mentioned"
        uses = self._order[self._starts[definition] : self._starts[definition + 1]]
        nearest = self._nearest(uses)
        if nearest is not None:
            return self._by(int(self._user[nearest]))
        return self._by_count(uses)

    def _nearness(self) -> Rows:
        near = np.zeros(len(self._graph.paths), np.intp)
        rows = self._rows
        for nearness, files in enumerate((rows.recent_paths, rows.open_paths, rows.paths), 1):
            near[files] = nearness
        return near

    def _nearest(self, uses: Rows) -> int | None:
        """Return the use in the nearest file that says the most; None when none is near."""
        near = uses[self._near[uses] > 0]
        if not len(near):
            return None
        best = np.lexsort((near, -self._weight[near], -self._near[near]))[0]
        return int(near[best])

    def _by(self, user: int) -> str:
        path = self._graph.paths[user]
        if user in self._rows.paths:
            return f"used by the selected file {path}"
        if user in self._rows.open_paths:
            return f"used by the open file {path}"
        return f"used by the recently edited file {path}"

    def _by_count(self, uses: Rows) -> str:
        users = np.unique(self._user[uses])
        if not len(users):
            return "not known to be used elsewhere"
        if len(users) == 1:
            return f"used by {self._graph.paths[users[0]]}"
        return f"used by {len(users)} files"
