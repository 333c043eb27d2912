"""How much of a file's rank goes to each definition that it uses?

A file shares its rank among the names that it uses, by how often it uses them and by how much a
name says; a name shares what it gets among the definitions that it may mean. What a name holds back
because it says little is given to nobody.
"""

import numpy as np

from pairwright.index.graph import ReferenceGraph
from pairwright.index.linking.joining import Rows, Vector, ranges, starts_of, sums_of


class Flow:
    """Passes ranks from files to what they use."""

    def __init__(self, graph: ReferenceGraph, emphasis: Vector | None = None) -> None:
        """Prepare.

        Args:
            graph: what is used where.
            emphasis: of each of the graph's uses, how many times more than usual it counts.
        """
        strengths, links = graph.strengths, graph.links
        weight, full = strengths.weight, strengths.full
        if emphasis is not None:
            weight, full = weight * emphasis, full * emphasis
        given = sums_of(strengths.use_file, full, len(graph.paths))
        given[given == 0.0] = 1.0
        share = weight / given[strengths.use_file]
        self._graph = graph
        self._strengths = strengths
        self._free_file = strengths.use_file[strengths.free]
        self._free_share = share[strengths.free]
        self._link_file = strengths.use_file[links.use]
        self._link_share = share[links.use] * strengths.link_share

    def to_definitions(self, rank: Vector) -> Vector:
        """Return what each definition gets of the files' ranks."""
        linked = rank[self._link_file] * self._link_share
        links, definitions = self._graph.links, self._graph.definitions
        got = sums_of(links.definition, linked, len(definitions.name))
        got[self._strengths.meant] += self._by_name(rank)
        return got

    def to_files(self, rank: Vector) -> Vector:
        """Return what each file gets of the files' ranks, by its definitions."""
        linked = rank[self._link_file] * self._link_share
        files = len(self._graph.paths)
        got = sums_of(self._strengths.link_target, linked, files)
        return got + sums_of(self._strengths.meant_file, self._by_name(rank), files)

    def _by_name(self, rank: Vector) -> Vector:
        """Return what each definition gets that may be meant by free uses."""
        strengths = self._strengths
        free = rank[self._free_file] * self._free_share
        by_name = sums_of(strengths.free_name, free, strengths.free_names)
        return by_name[strengths.meant_name] * strengths.meant_share


def users_of(graph: ReferenceGraph, definitions: Rows) -> tuple[Rows, Rows]:
    """Return who is known to use some definitions: rows of uses, and of what each uses.

    Uses of common names of which nobody knows what they mean are left out.
    """
    strengths, links = graph.strengths, graph.links
    is_wanted = np.zeros(len(graph.definitions.name), np.bool_)
    is_wanted[definitions] = True
    linked = np.flatnonzero(is_wanted[links.definition])
    wanted = np.flatnonzero(is_wanted[strengths.meant])
    wanted = wanted[np.argsort(strengths.meant_name[wanted], kind="stable")]
    starts = starts_of(strengths.meant_name[wanted], strengths.free_names)
    lengths = np.diff(starts)
    is_free = (lengths[strengths.free_name] > 0) & strengths.is_certain[strengths.free]
    free, names = strengths.free[is_free], strengths.free_name[is_free]
    named = strengths.meant[wanted[ranges(starts[names], lengths[names])]]
    return (
        np.concatenate((links.use[linked], np.repeat(free, lengths[names]))),
        np.concatenate((links.definition[linked], named)),
    )
