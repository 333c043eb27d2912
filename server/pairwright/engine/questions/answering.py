"""How does an answer stay true of files that change meanwhile? It is asked for again.

All that an answer costs besides the question itself: one thread, and a look at the directories of
the files that it speaks of.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pairwright.engine.questions.index_reports import freshness_of
from pairwright.engine.questions.places import KnownPlaces, Places
from pairwright.errors import StaleChange, UnreadableFile
from pairwright.index.analysis import Analysis, is_outdated
from pairwright.index.indexer import MOST_CHECKED, Indexer
from pairwright.protocol.index_messages import Freshness
from pairwright.workspace.documents import Origin
from pairwright.workspace.files import FileSystem
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

T = TypeVar("T")
Ask = Callable[[Analysis, Places], T]

_ROUNDS = 3
"""How often a question is asked again because a file changed under it."""


@dataclass(frozen=True, slots=True)
class _Asked(Generic[T]):
    """An answer before it is given."""

    answer: T | None
    """None also when a file changed while it was read."""
    named: tuple[WorkspacePath, ...]
    changed: frozenset[WorkspacePath]
    """What the disk says of these is not what the answer comes from."""


class _Compared:
    """What is known of the files of one analysis; both never change."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._current: set[WorkspacePath] = set()
        """Paths that were found not to be late."""

    def is_of(self, analysis: Analysis) -> bool:
        known = self._analysis
        return known.snapshot is analysis.snapshot and known.index is analysis.index

    def is_late(self, path: WorkspacePath) -> bool:
        """Tell whether the index does not know the latest text of a file."""
        if path in self._current:
            return False
        is_late = path in self._analysis.snapshot.pending or is_outdated(self._analysis, path)
        if not is_late:
            self._current.add(path)
        return is_late


class Answering:
    """Asks one workspace's index."""

    def __init__(self, indexer: Indexer, files: FileSystem) -> None:
        """Compare what the indexer knows with these files."""
        self._indexer = indexer
        self._files = files
        self._known_places = KnownPlaces()
        self._compared = _Compared(indexer.analysis)

    async def answer(self, ask: Ask[T], about: Sequence[WorkspacePath] = ()) -> tuple[T, Freshness]:
        """Ask in a thread, until no file that the answer speaks of changed under it.

        Args:
            ask: the question; it reads values that never change, and raises StaleChange when a
                file's text is another than they say.
            about: files whose outlines must be those of their texts before anything is asked.

        Raises:
            UnreadableFile: one of these files does not exist, or has no text for us.
            StaleChange: files change faster than they can be read.
        """
        for _ in range(_ROUNDS):
            # What was typed last must count also where the answer could only have come from it.
            others = (*about, *self._indexer.recent_paths)
            await self._heal(self._late(others))
            analysis, progress = self._indexer.analysis, self._indexer.progress
            _require_texts(analysis.snapshot, about)
            asked: _Asked[T] = await asyncio.to_thread(self._ask, ask, analysis, others)
            late = asked.changed.union(self._late(asked.named))
            await self._heal(late)
            if not late and not self._is_mixed(analysis, asked.named):
                is_checked = len(asked.named) <= MOST_CHECKED
                freshness = freshness_of(analysis, progress, is_checked=is_checked)
                return asked.answer, freshness  # type: ignore[return-value]
        raise StaleChange("files change faster than they can be read: try again")

    def _ask(self, ask: Ask[T], analysis: Analysis, others: Sequence[WorkspacePath]) -> _Asked[T]:
        with self._files.reader() as reader:
            places = Places(analysis.snapshot, reader, self._known_places)
            try:
                answer = ask(analysis, places)
            except StaleChange:
                return _Asked(None, places.named, frozenset(places.named))
        changed = self._changed(analysis.snapshot, (*places.named, *others))
        return _Asked(answer, places.named, changed)

    def _changed(
        self, snapshot: Snapshot, paths: Iterable[WorkspacePath]
    ) -> frozenset[WorkspacePath]:
        """Return the files of the disk of which their directories say something else by now."""
        documents = snapshot.documents
        compared = sorted(tuple(dict.fromkeys(paths))[:MOST_CHECKED])
        # A new one: what was read before may lie in a directory that was moved since.
        with self._files.reader() as reader:
            return frozenset(
                path
                for path in compared
                if (document := documents.get(path)) is not None
                and document.origin is Origin.DISK
                and reader.stat(path) != document.stat
            )

    def _late(self, paths: Iterable[WorkspacePath]) -> list[WorkspacePath]:
        """Return the files of which the index does not know the latest text."""
        now = self._indexer.analysis
        if not self._compared.is_of(now):
            self._compared = _Compared(now)
        return [path for path in paths if self._compared.is_late(path)]

    def _is_mixed(self, analysis: Analysis, paths: Iterable[WorkspacePath]) -> bool:
        """Tell whether an analysis had texts of files without their outlines."""
        now = self._indexer.analysis
        if now.snapshot is analysis.snapshot and now.index is analysis.index:
            return False  # what is not late now was not then
        return any(is_outdated(analysis, path) for path in paths)

    async def _heal(self, paths: Iterable[WorkspacePath]) -> None:
        if paths:
            await self._indexer.heal(paths)


def _require_texts(snapshot: Snapshot, paths: Iterable[WorkspacePath]) -> None:
    for path in paths:
        if path not in snapshot.documents:
            reason = snapshot.unreadable.get(path)
            raise UnreadableFile(reason or f"there is no file {path!r} in this workspace")
