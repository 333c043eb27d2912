"""Which index is the true one now? Larger works on it are done in a thread, and nothing is lost."""

import asyncio
import gc
from collections.abc import Callable, Mapping
from functools import partial

from pairwright.index.index import Index
from pairwright.index.kept_tables import KeptTables
from pairwright.index.segment import IndexedFile
from pairwright.workspace.paths import WorkspacePath

_MANY_FILES = 200
"""So many that come at once are spared by the garbage collector."""

Changes = Mapping[WorkspacePath, IndexedFile | None]


class LiveIndex:
    """Holds the current index; its changes begin and end on the event loop."""

    def __init__(self) -> None:
        """Begin with the empty one."""
        self.current = Index()
        self._lock = asyncio.Lock()
        self._meanwhile: list[dict[WorkspacePath, IndexedFile | None]] = []
        """What changed since each work was asked for that a thread does, or is yet to begin."""

    def change(self, changes: Changes) -> None:
        """Change a few files, now; None: the file is gone."""
        self.current = self.current.with_files(changes)
        self.confirm(changes)

    def confirm(self, files: Changes) -> None:
        """Note what is right of files, whatever a thread makes of them now."""
        for meanwhile in self._meanwhile:
            meanwhile.update(files)

    async def change_in_thread(self, changes: Changes) -> None:
        """Change many files; what is changed meanwhile counts as later."""
        await self._rework(partial(Index.with_files, changes=changes))
        _spare(sum(file is not None for file in changes.values()))

    async def restore(self, files: Changes, tables: KeptTables | None) -> None:
        """Take over files that are as they were when their tables were kept."""
        await self._rework(partial(Index.with_known, files=files, tables=tables))
        _spare(len(files))

    async def compact(self) -> bool:
        """Join what many small changes left scattered; tell whether anything was."""
        is_scattered = self.current.is_scattered
        if is_scattered:
            await self._rework(Index.compacted)
        return is_scattered

    async def _rework(self, make: Callable[[Index], Index]) -> None:
        meanwhile: dict[WorkspacePath, IndexedFile | None] = {}
        self._meanwhile.append(meanwhile)
        try:
            async with self._lock:
                made = await asyncio.to_thread(make, self.current)
                self.current = made.with_files(meanwhile) if meanwhile else made
        finally:
            self._meanwhile = [each for each in self._meanwhile if each is not meanwhile]


def _spare(count: int) -> None:
    # What is known of many files stays, and has no cycles. To look through all of it for garbage
    # keeps every thread waiting for tens of milliseconds, and again whenever it has grown.
    if count >= _MANY_FILES:
        gc.freeze()
