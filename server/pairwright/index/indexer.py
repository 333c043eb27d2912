"""How does the index stay true? The disk and the editors say what changed; outlines follow at once.

The one object of this package whose state changes, and only on the event loop. Texts are true at
every moment (the host has them); outlines come from worker processes a moment later, and until then
the indexer says which files' are missing. Nothing is parsed here.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pairwright.errors import UserError
from pairwright.index.analysis import Analysis
from pairwright.index.index import Index, IndexedFile
from pairwright.index.manifest import Manifest
from pairwright.index.outliner import Outliner
from pairwright.index.text_feeding import feed
from pairwright.index.text_index import TextIndex
from pairwright.index.workers import FileReading
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import DiskFact, Document, Origin
from pairwright.workspace.files import FileStat, FileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

T = TypeVar("T")

EXACT_AFTER_S = 0.5
"""Seconds without a keystroke after which a text is parsed from scratch once."""
SAVE_AFTER_S = 2.0
"""Seconds of rest after which what is known of the files is written down."""
PROGRESS_EVERY_S = 0.1
RETRY_AFTER_S = 1.0
"""Seconds after which reading is tried again that failed as a whole."""
MOST_CHECKED = 200
"""How many files of one answer are compared with the disk before it is given."""

_A_PIECE = 500
"""Facts that the host learns at once: some milliseconds' work for the event loop."""
_MOST_RECENT = 20

_log = logging.getLogger(__name__)


def _ignore(_: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the index is."""

    files: int
    """Those of the workspace, read or not."""
    pending: int
    """Those of which the text or the outline is still missing."""
    parsed: int
    """Since the start; the rest came from what was kept."""
    cached: int
    elapsed_s: float
    """From the first look at the files until all were read, or until now."""

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return self.pending == 0


class Indexer:
    """Keeps an index true of a workspace."""

    def __init__(
        self,
        host: WorkspaceHost,
        files: FileSystem,
        workers: Outliner,
        manifest: Manifest,
        text_index: TextIndex,
    ) -> None:
        """Begin with nothing; `open` begins to read.

        Args:
            host: the workspace's texts; only the event loop changes them.
            files: where the disk's files are looked up again.
            workers: read and parse.
            manifest: what was known of the files when they were last seen.
            text_index: is fed with the disk's texts when all else is done.
        """
        self._host = host
        self._files = files
        self._workers = workers
        self._manifest = manifest
        self._text_index = text_index
        self._index = Index()
        self._unread: dict[WorkspacePath, None] = {}
        """Files of the disk that are to be read, in the order in which they were asked for."""
        self._reading: frozenset[WorkspacePath] = frozenset()
        self._superseded: set[WorkspacePath] = set()
        """Files that are being read and were read again since: the later reading counts."""
        self._untrue: dict[WorkspacePath, None] = {}
        """Documents whose outline is that of another text."""
        self._provisional: dict[WorkspacePath, float] = {}
        """Documents whose outline was made from the one before, each with when it was."""
        self._parsed = self._cached = 0
        self._is_open = False
        """Whether it is known which files there are."""
        self._began_at = time.monotonic()
        self._completed_at: float | None = None
        self._has_work = asyncio.Event()
        self._step = asyncio.Event()
        self._is_unsaved = False
        self._recent: dict[WorkspacePath, None] = {}
        """Documents whose text changed after they were first read, the latest last."""
        self._since_merge: dict[WorkspacePath, IndexedFile | None] | None = None
        """What changed while segments are merged in a thread; None when they are not."""

    @property
    def analysis(self) -> Analysis:
        """The workspace as it is now, with what is known of it; `progress` tells what is not."""
        return Analysis(self._host.snapshot, self._index)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self._untrue and not self._host.snapshot.pending

    @property
    def progress(self) -> Progress:
        """How far the index is."""
        snapshot = self._host.snapshot
        documents, pending = snapshot.documents, snapshot.pending
        end = self._completed_at or time.monotonic()
        return Progress(
            files=len(documents)
            + len(snapshot.unreadable)
            + sum(path not in documents and path not in snapshot.unreadable for path in pending),
            pending=len(pending) + sum(path not in pending for path in self._untrue),
            parsed=self._parsed,
            cached=self._cached,
            elapsed_s=end - self._began_at,
        )

    @property
    def recent_paths(self) -> tuple[WorkspacePath, ...]:
        """The documents that were edited of late, the latest first."""
        return tuple(reversed(self._recent))

    async def open(self, listing: Mapping[WorkspacePath, FileStat]) -> None:
        """Take over what is still true of what was known; the rest is read by `run`."""
        kept = await asyncio.to_thread(self._manifest.load)
        unchanged = [
            (fact, packed)
            for path, (fact, packed) in kept.items()
            if path in listing and fact.stat == listing[path]
        ]
        for some in _pieces(unchanged, _A_PIECE):
            self._host.learn(fact for fact, _ in some)
            await asyncio.sleep(0)
        indexed = {fact.path: _indexed(fact, packed) for fact, packed in unchanged}
        self._index = await asyncio.to_thread(self._index.with_files, indexed)
        self._cached += sum(packed is not None for _, packed in unchanged)
        news = {path: stat for path, stat in listing.items() if path not in indexed}
        self._is_unsaved = bool(news) or len(kept) != len(unchanged)
        self._is_open = True
        self.disk_changed(news)

    def disk_changed(self, changes: Mapping[WorkspacePath, FileStat | None]) -> None:
        """Note which files of the disk changed, appeared or went (None)."""
        to_read, facts = self._host.admit(changes)
        self._host.expect(to_read)
        self._learn(facts, {})
        for path in to_read:
            self._unread.pop(path, None)
            self._unread[path] = None
        self._wake()

    def text_changed(self, paths: Iterable[WorkspacePath]) -> None:
        """Note which documents' texts changed in the host: by an editor, or by our own writing."""
        changes: dict[WorkspacePath, IndexedFile | None] = {}
        for path in paths:
            document = self._host.snapshot.documents.get(path)
            known = self._index.files.get(path)
            self._provisional.pop(path, None)
            self._note_recent(path)
            if document is None:
                changes[path] = None
                self._untrue.pop(path, None)
            elif known is not None and known.digest == document.digest:
                self._untrue.pop(path, None)
            elif language_of(path) is None:
                changes[path] = IndexedFile(path, document.digest, None)
            else:
                self._untrue[path] = None
        self._replace(changes)
        self._wake()

    async def complete(self, on_progress: Callable[[Progress], None] = _ignore) -> Analysis:
        """Wait until nothing is missing; tell now and then how far it is."""
        said_at = 0.0
        while not self.is_complete:
            if time.monotonic() - said_at >= PROGRESS_EVERY_S:
                on_progress(self.progress)
                said_at = time.monotonic()
            await self._next_step()
        return self.analysis

    async def past(self, revision: int) -> None:
        """Wait until the workspace is past a revision."""
        while self._host.snapshot.revision <= revision:
            await self._next_step()

    async def heal(self, paths: Iterable[WorkspacePath]) -> bool:
        """Compare files with what is known of them, and make what is untrue true again.

        Returns:
            Whether anything was: then what was answered from an older analysis may be wrong.
        """
        wanted = tuple(dict.fromkeys(paths))[:MOST_CHECKED]
        documents = self._host.snapshot.documents
        known = {path: documents[path] for path in wanted if path in documents}
        changed = await asyncio.to_thread(self._changed_on_disk, known)
        late = [path for path in wanted if path in self._unread or path in changed]
        if late:
            self._host.refresh(late)
            self._superseded |= self._reading.intersection(late)
            for path in late:
                self._unread.pop(path, None)
            self.text_changed(late)
        was_untrue = bool(late) or any(path in self._untrue for path in wanted)
        while any(path in self._untrue or path in self._host.snapshot.pending for path in wanted):
            await self._next_step()
        return was_untrue

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read_disk())
                group.create_task(self._outline_texts())
                group.create_task(self._tidy_up())
        finally:
            await self._workers.close()

    async def close(self) -> None:
        """Write down what is known, for the next start; after `run` has ended."""
        await self.save()
        self._text_index.close()

    async def save(self) -> None:
        """Write down what is known of the disk's files, if that is news."""
        if self._is_unsaved and self.is_complete:
            self._is_unsaved = False
            facts, files = self._host.disk_facts(), self._index.files
            await asyncio.to_thread(self._manifest.save, facts, files)

    async def _read_disk(self) -> None:
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            while self._unread:
                self._reading = frozenset(self._unread)
                self._unread.clear()
                try:
                    await self._workers.outline_files(sorted(self._reading), self._take)
                except (OSError, UserError) as error:
                    _log.error("files cannot be read, which is tried again: %s", error)
                    missing = self._reading & self._host.snapshot.pending
                    self._unread = dict.fromkeys(missing) | self._unread
                    await asyncio.sleep(RETRY_AFTER_S)
                finally:
                    self._reading = frozenset()
                    self._superseded.clear()
                self._note_step()

    def _take(self, readings: tuple[FileReading, ...]) -> None:
        """Learn what workers read."""
        readings = tuple(each for each in readings if each.fact.path not in self._superseded)
        self._parsed += sum(reading.was_parsed for reading in readings)
        self._cached += sum(reading.was_cached for reading in readings)
        self._learn(
            [reading.fact for reading in readings],
            {reading.fact.path: _indexed(reading.fact, reading.packed) for reading in readings},
        )

    def _learn(
        self, facts: Iterable[DiskFact], indexed: Mapping[WorkspacePath, IndexedFile | None]
    ) -> None:
        facts = tuple(facts)
        if not facts:
            return
        documents = self._host.learn(facts).documents
        changes: dict[WorkspacePath, IndexedFile | None] = {}
        for fact in facts:
            document = documents.get(fact.path)
            if document is None:
                changes[fact.path] = None
            elif document.origin is Origin.DISK:
                changes[fact.path] = indexed.get(fact.path)
                self._untrue.pop(fact.path, None)
        self._is_unsaved = True
        self._replace(changes)

    async def _outline_texts(self) -> None:
        while True:
            while self._untrue:
                path = next(iter(self._untrue))
                await self._outline_text(path)
            await self._next_step()

    async def _outline_text(self, path: WorkspacePath) -> None:
        document = self._host.snapshot.documents.get(path)
        if document is None:
            self._untrue.pop(path, None)
            self._note_step()
            return
        packed = await self._workers.outline_text(path, document.text)
        if self._is_current(document):
            self._untrue.pop(path, None)
            self._provisional[path] = time.monotonic()
            self._replace({path: IndexedFile(path, document.digest, packed)})

    async def _tidy_up(self) -> None:
        """When all rests: parse exactly, merge segments, write down what is known."""
        while True:
            await self._next_step()
            while await self._rests_for(EXACT_AFTER_S):
                path = next(iter(self._provisional), None)
                if path is None:
                    break
                await self._outline_exactly(path)
            if self._index.is_scattered:
                await self._merge()
            if await self._rests_for(SAVE_AFTER_S):
                await self.save()
                await feed(self._text_index, lambda: self._host.snapshot)

    async def _outline_exactly(self, path: WorkspacePath) -> None:
        """Replace an outline that was made from the one before by one made from the text alone."""
        document = self._host.snapshot.documents.get(path)
        self._provisional.pop(path, None)
        if document is not None:
            packed = await self._workers.outline_text(path, document.text, exact=True)
            if self._is_current(document) and path not in self._untrue:
                self._replace({path: IndexedFile(path, document.digest, packed)})

    async def _merge(self) -> None:
        self._since_merge = {}
        try:
            merged = await asyncio.to_thread(self._index.compacted)
            self._index = merged.with_files(self._since_merge)
        finally:
            self._since_merge = None

    async def _rests_for(self, seconds: float) -> bool:
        """Wait so long; tell whether nothing happened meanwhile and nothing is under way."""
        index = self._index
        try:
            async with asyncio.timeout(seconds):
                while self._index is index:
                    await self._step.wait()
        except TimeoutError:
            return self.is_complete
        return False

    def _changed_on_disk(self, known: Mapping[WorkspacePath, Document]) -> set[WorkspacePath]:
        return {
            path
            for path, document in known.items()
            if document.origin is Origin.DISK and self._files.stat(path) != document.stat
        }

    def _is_current(self, document: Document) -> bool:
        now = self._host.snapshot.documents.get(document.path)
        return now is not None and now.digest == document.digest

    def _replace(self, changes: Mapping[WorkspacePath, IndexedFile | None]) -> None:
        if changes:
            self._index = self._index.with_files(changes)
            if self._since_merge is not None:
                self._since_merge.update(changes)
        self._note_step()

    def _note_recent(self, path: WorkspacePath) -> None:
        self._recent.pop(path, None)
        self._recent[path] = None
        if len(self._recent) > _MOST_RECENT:
            del self._recent[next(iter(self._recent))]

    def _note_step(self) -> None:
        """Let everyone look again who waits for something to become true."""
        if self._is_open and self._completed_at is None and self.is_complete:
            self._completed_at = time.monotonic()
        step, self._step = self._step, asyncio.Event()
        step.set()

    async def _next_step(self) -> None:
        await self._step.wait()

    def _wake(self) -> None:
        self._has_work.set()
        self._note_step()


def _indexed(fact: DiskFact, packed: PackedOutline | None) -> IndexedFile | None:
    return IndexedFile(fact.path, fact.digest, packed) if fact.digest is not None else None


def _pieces(items: Sequence[T], length: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), length):
        yield items[start : start + length]
