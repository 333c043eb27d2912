"""Where do tests of the indexer work? In one workspace on the disk, with an editor beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pairwright.index.builder import build_index
from pairwright.index.graph import graph_of
from pairwright.index.index import Index
from pairwright.index.indexer import Indexer
from pairwright.index.manifest import Manifest
from pairwright.index.outliner import Outliner
from pairwright.index.text_index import TextIndex
from pairwright.workspace.documents import Change, ChangeCause
from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath
from tests.index.graphs import edges_of
from tests.support.inline_workers import InlineWorkers
from tests.support.waiting import within


class Workplace:
    """One workspace on the disk, its indexer, and what an editor has open in it."""

    def __init__(self, root: Path, state: Path, make_workers: Callable[[Path], Outliner]) -> None:
        self.root = root
        self._state = state
        self._make_workers = make_workers
        self.open_texts: dict[WorkspacePath, str] = {}
        self.touched: set[WorkspacePath] = set()
        """Files to which something happened since the disk was last looked at."""
        self._version = 0

    async def begin(self) -> None:
        files = DiskFileSystem(self.root)
        self.host = WorkspaceHost(files)
        self.indexer = Indexer(
            self.host,
            files,
            self._make_workers(self.root),
            Manifest(self._state / "manifest"),
            TextIndex(None),
        )
        self._listing = listing(files)
        await self.indexer.open(self._listing)
        self._running = asyncio.create_task(self.indexer.run())
        for path, text in self.open_texts.items():
            self.type(path, text)

    async def end(self) -> None:
        self._running.cancel()
        await asyncio.wait([self._running])
        await self.indexer.close()

    def notice(self) -> None:
        """Be told of the disk what a watcher would tell."""
        before, self._listing = self._listing, listing(DiskFileSystem(self.root))
        self.indexer.disk_changed(
            {
                path: self._listing.get(path)
                for path in before.keys() | self._listing.keys() | self.touched
                if path in self.touched or before.get(path) != self._listing.get(path)
            }
        )
        self.touched.clear()

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        self.touched.add(WorkspacePath(path))

    def type(self, path: WorkspacePath, text: str) -> None:
        self._version += 1
        self.open_texts[path] = text
        self.host.apply([Change(path, text, self._version, ChangeCause.EDITOR)])
        self.indexer.text_changed([path])

    def let_go(self, path: WorkspacePath) -> None:
        del self.open_texts[path]
        self.host.apply([Change(path, None, None, ChangeCause.EDITOR)])
        self.indexer.text_changed([path])

    async def settle(self) -> str:
        """Wait until all is known; return all that the index says."""
        self.notice()
        async with within():
            analysis = await self.indexer.complete()
        return all_of(analysis.index)

    def cold_hash(self) -> str:
        """Return all that an index says which is built from nothing."""
        host = WorkspaceHost(DiskFileSystem(self.root))
        host.scan()
        changes = [
            Change(path, text, 1, ChangeCause.EDITOR) for path, text in self.open_texts.items()
        ]
        return all_of(build_index(host.apply(changes)))


def all_of(index: Index) -> str:
    """Return the hash of all outlines, and who imports whom."""
    imports = {path: index.imports_of(path) for path in index.files}
    importers = {path: index.files_importing(path) for path in index.files}
    graph = graph_of(index)
    return f"{index.table_hash()} {imports} {importers} {graph.imports} {sorted(edges_of(graph))}"


def listing(files: DiskFileSystem) -> Mapping[WorkspacePath, FileStat]:
    return {stat.path: stat for stat in files.list_files()}


@asynccontextmanager
async def workplace(
    directory: Path, make_workers: Callable[[Path], Outliner] = InlineWorkers
) -> AsyncIterator[Workplace]:
    root, state = directory / "workspace", directory / "state"
    root.mkdir(parents=True)
    state.mkdir()
    place = Workplace(root, state, make_workers)
    await place.begin()
    try:
        yield place
    finally:
        await place.end()
