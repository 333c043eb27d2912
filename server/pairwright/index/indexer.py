"""How does the index stay true? The disk and the editors say what changed; outlines follow at once.

The one object of this package whose state changes, and only on the event loop. Texts are true at
every moment (the host has them); outlines come from worker processes a moment later, and until then
the indexer says which files' are missing. Nothing is parsed here.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from pairwright.errors import UserError
from pairwright.index.analysis import Analysis
from pairwright.index.heap import give_back
from pairwright.index.live import LiveIndex
from pairwright.index.manifest import Manifest
from pairwright.index.outliner import FileReading, Outliner
from pairwright.index.progress import Progress, count_files
from pairwright.index.segment import IndexedFile
from pairwright.index.text_feeding import feed
from pairwright.index.text_index import TextIndex
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.outline import FileOutline
from pairwright.syntax.packing import PackedOutline, unpack
from pairwright.workspace.documents import DiskFact, Document, Origin, digest_text
from pairwright.workspace.files import FileStat, FileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

EXACT_AFTER_S = 0.5
"""Seconds without a keystroke after which a text is parsed from scratch once."""
SAVE_AFTER_S = 2.0
"""Seconds of rest after which what is known of the files is written down."""
PROGRESS_EVERY_S = 0.1
FEW_FILES = 16
"""So many are indexed on the event loop: it takes less than handing them to a thread."""
HEAP_EVERY_S = 0.4
"""Seconds in which readings gather while many files are read: the more at once, the less work."""
MANY_FILES = 200
"""So many that are read at once are worth such heaps."""
RETRY_AFTER_S = 1.0
"""Seconds after which reading is tried again that failed as a whole."""
MOST_CHECKED = 200
"""How many files of one answer are compared with the disk before it is given."""
MOST_OVERTAKING = 8
"""So many files of one answer do not wait for all that is being read beside them."""
_OVERTAKING_COST = 8
"""More of them do where waiting takes longer: one that overtakes costs as much as so many."""

_TEXTS_AT_ONCE = 8
"""Texts that are on their way to their worker: it should wait for none of them."""
_A_PIECE = 500
"""Facts that the host learns at once: some milliseconds' work for the event loop."""
_MOST_RECENT = 20

_log = logging.getLogger(__name__)


def _ignore(_: object) -> None:
    pass


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
        self._live = LiveIndex()
        self._changes: deque[Mapping[WorkspacePath, FileStat | None]] = deque()
        """Of the disk, of which nothing was noted yet: very many at once."""
        self._unread: dict[WorkspacePath, None] = {}
        """Files of the disk that are to be read, in the order in which they were asked for."""
        self._going: set[WorkspacePath] = set()
        """Files that a thread takes out of the index, and nobody read again since."""
        self._reading: frozenset[WorkspacePath] = frozenset()
        self._superseded: set[WorkspacePath] = set()
        """Files that are being read and changed since: what is being read of them is old."""
        self._untrue: dict[WorkspacePath, None] = {}
        """Documents whose outline is that of another text."""
        self._provisional: dict[WorkspacePath, None] = {}
        """Documents whose outline was made from the one before."""
        self._parsed = self._cached = 0
        self._is_open = False
        """Whether it is known which files there are."""
        self._began_at = time.monotonic()
        self._completed_at: float | None = None
        self._has_work, self._step = asyncio.Event(), asyncio.Event()
        self._is_unsaved = False
        self._recent: dict[WorkspacePath, None] = {}
        """Documents whose text changed after they were first read, the latest last."""
        self._readings: list[FileReading] = []
        """What workers read and the index does not have yet."""
        self._is_taking_in = False
        self._is_read_through = asyncio.Event()
        """Whether nothing more comes of the files that are being read."""

    @property
    def analysis(self) -> Analysis:
        """The workspace as it is now, with what is known of it; `progress` tells what is not."""
        return Analysis(self._host.snapshot, self._live.current)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self._changes and not self._untrue and not self._host.snapshot.pending

    @property
    def progress(self) -> Progress:
        """How far the index is."""
        pending = self._host.snapshot.pending
        end = self._completed_at or time.monotonic()
        return Progress(
            files=count_files(self._host.snapshot, self._changes),
            pending=len(pending)
            + sum(path not in pending for path in self._untrue)
            + sum(map(len, self._changes)),
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
            for path, (fact, packed) in kept.files.items()
            if path in listing and fact.stat == listing[path]
        ]
        for start in range(0, len(unchanged), _A_PIECE):
            self._host.learn(fact for fact, _ in unchanged[start : start + _A_PIECE])
            await asyncio.sleep(0)
        indexed = {fact.path: _indexed(fact, packed) for fact, packed in unchanged}
        await self._live.restore(indexed, kept.tables)
        self._cached += sum(packed is not None for _, packed in unchanged)
        news = {path: stat for path, stat in listing.items() if path not in indexed}
        self._is_unsaved = bool(news) or len(kept.files) != len(unchanged)
        self._is_open = True
        self.disk_changed(news)

    def disk_changed(self, changes: Mapping[WorkspacePath, FileStat | None]) -> None:
        """Note which files of the disk changed, appeared or went (None)."""
        gone_count = sum(stat is None for stat in changes.values())
        if len(changes) <= _A_PIECE and gone_count <= FEW_FILES and not self._changes:
            facts, gone = self._admit(changes)
            self._live.change(dict.fromkeys(gone))
            self._learn(facts)
        else:
            items = iter(changes.items())
            self._changes += iter(lambda: dict(islice(items, _A_PIECE)), {})
        self._wake()

    def _admit(
        self, changes: Mapping[WorkspacePath, FileStat | None]
    ) -> tuple[tuple[DiskFact, ...], list[WorkspacePath]]:
        """Have changed files read; return what is known already, and what the index is to lose."""
        self._superseded |= self._reading.intersection(changes)
        to_read, facts = self._host.admit(changes)
        self._host.expect(to_read)
        for path in to_read:
            self._unread.pop(path, None)
            self._unread[path] = None
        return facts, [fact.path for fact in facts if not self._is_overlaid(fact.path)]

    def text_changed(self, paths: Iterable[WorkspacePath]) -> None:
        """Note which documents' texts changed in the host: by an editor, or by our own writing."""
        changes: dict[WorkspacePath, IndexedFile | None] = {}
        paths = tuple(paths)
        self._superseded |= self._reading.intersection(paths)
        for path in paths:
            document = self._host.snapshot.documents.get(path)
            known = self._live.current.files.get(path)
            self._provisional.pop(path, None)
            self._note_recent(path)
            if document is None:
                changes[path] = None
                self._untrue.pop(path, None)
            elif known is not None and known.digest == document.digest:
                self._untrue.pop(path, None)
                self._live.confirm({path: known})
            elif language_of(path) is None:
                changes[path] = IndexedFile(path, document.digest, None)
            else:
                self._untrue[path] = None
        self._live.change(changes)
        self._wake()

    async def complete(self, on_progress: Callable[[Progress], None] = _ignore) -> Analysis:
        """Wait until nothing is missing; tell now and then how far it is."""
        said_at = 0.0
        while not self.is_complete:
            if time.monotonic() - said_at >= PROGRESS_EVERY_S:
                on_progress(self.progress)
                said_at = time.monotonic()
            await self._step.wait()
        return self.analysis

    async def outline(self, path: WorkspacePath, text: str) -> FileOutline:
        """Return what a text would mean as a file's, with nothing known of it; parsed elsewhere.

        Raises:
            UserError: no worker can be started.
        """
        packed = await self._workers.outline_alone(path, text)
        digest = digest_text(text)
        if packed is None:
            return FileOutline(path, digest, None)
        return await asyncio.to_thread(unpack, packed, path, digest)

    async def past(self, revision: int) -> None:
        """Wait until the workspace is past a revision."""
        while self._host.snapshot.revision <= revision:
            await self._step.wait()

    async def heal(self, paths: Iterable[WorkspacePath]) -> bool:
        """Compare files with what is known of them, and make what is untrue true again.

        Returns:
            Whether anything was: then what was answered from an older analysis may be wrong.
        """
        wanted = tuple(dict.fromkeys(paths))[:MOST_CHECKED]
        documents = self._host.snapshot.documents
        # What an editor owns is not compared, so that a question about it waits for no thread.
        known = {
            path: documents[path]
            for path in wanted
            if path in documents and documents[path].origin is Origin.DISK
        }
        changed = await asyncio.to_thread(self._changed_on_disk, known) if known else ()
        # What a worker is reading meanwhile of those that overtake is old: `text_changed`.
        pending = self._host.snapshot.pending
        most = max(MOST_OVERTAKING, len(pending) // _OVERTAKING_COST)
        behind = pending if len(wanted) <= most else self._unread
        late = [path for path in wanted if path in behind or path in changed]
        for start in range(0, len(late), FEW_FILES):
            await self._read_now(late[start : start + FEW_FILES])
        was_untrue = bool(late) or any(path in self._untrue for path in wanted)
        while any(path in self._untrue or path in self._host.snapshot.pending for path in wanted):
            await self._step.wait()
        return was_untrue

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for work in (
                    self._note_changes,
                    self._read_disk,
                    self._take_in,
                    self._outline_texts,
                    self._tidy_up,
                ):
                    group.create_task(_without_end(work))
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
            facts, index = self._host.disk_facts(), self._live.current
            # A file that was saved while it is open may be among these.
            left_out = frozenset(self._provisional)
            await asyncio.to_thread(self._manifest.save, facts, index, left_out)

    async def _read_now(self, paths: Sequence[WorkspacePath]) -> None:
        self._host.refresh(paths)
        self._going.difference_update(paths)
        for path in paths:
            self._unread.pop(path, None)
        self.text_changed(paths)
        await asyncio.sleep(0)

    async def _note_changes(self) -> None:
        while True:
            while self._changes:
                await self._note(self._changes[0])
                self._changes.popleft()
                self._wake()
            await self._step.wait()

    async def _note(self, changes: Mapping[WorkspacePath, FileStat | None]) -> None:
        facts, gone = self._admit(changes)
        self._going = set(gone)
        # First the index, as with what was read.
        await self._change(dict.fromkeys(gone))
        is_later = self._going.symmetric_difference(gone)
        self._learn(fact for fact in facts if fact.path not in is_later)
        self._going = set()
        await asyncio.sleep(0)

    async def _change(self, changes: Mapping[WorkspacePath, IndexedFile | None]) -> None:
        if len(changes) > FEW_FILES:
            await self._live.change_in_thread(changes)
        else:
            self._live.change(changes)

    async def _read_disk(self) -> None:
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            while self._unread:
                paths = sorted(self._unread)  # nearly in order, unlike a set of them
                self._reading = frozenset(paths)
                self._unread.clear()
                self._is_read_through.clear()
                try:
                    await self._workers.outline_files(paths, self._note_readings)
                    self._is_read_through.set()
                    while self._readings or self._is_taking_in:
                        await self._step.wait()
                except (OSError, UserError) as error:
                    _log.error("files cannot be read, which is tried again: %s", error)
                    missing = self._reading & self._host.snapshot.pending
                    self._unread = dict.fromkeys(missing) | self._unread
                    await asyncio.sleep(RETRY_AFTER_S)
                finally:
                    self._is_read_through.set()
                    self._reading = frozenset()
                    self._superseded.clear()
                self._note_step()

    def _note_readings(self, readings: tuple[FileReading, ...]) -> None:
        self._readings += readings
        self._note_step()

    async def _take_in(self) -> None:
        """Let index and host know what workers read: few files at once, many in heaps."""
        while True:
            while self._readings:
                readings: Sequence[FileReading]
                readings, self._readings, self._is_taking_in = self._readings, [], True
                try:
                    await self._take(readings)
                except Exception:
                    self._unread |= dict.fromkeys(each.fact.path for each in readings)
                    raise
                finally:
                    self._is_taking_in = False
                    self._note_step()
                readings = []  # else what is gone by then would stay till the next are read
                if len(self._reading) > MANY_FILES:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._is_read_through.wait(), HEAP_EVERY_S)
            await self._step.wait()

    async def _take(self, readings: Sequence[FileReading]) -> None:
        readings = [each for each in readings if each.fact.path not in self._superseded]
        self._parsed += sum(reading.was_parsed for reading in readings)
        self._cached += sum(reading.was_cached for reading in readings)
        changes = {
            reading.fact.path: _indexed(reading.fact, reading.packed)
            for reading in readings
            if not self._is_overlaid(reading.fact.path)
        }
        # First the index: a file that the host knows and the index does not would seem complete.
        await self._change(changes)
        for start in range(0, len(readings), _A_PIECE):
            if start:
                await asyncio.sleep(0)
            some = readings[start : start + _A_PIECE]
            # Meanwhile some of them may have changed again, or gone.
            self._learn(each.fact for each in some if each.fact.path not in self._superseded)

    def _learn(self, facts: Iterable[DiskFact]) -> None:
        facts = tuple(facts)
        documents = self._host.learn(facts).documents
        for fact in facts:
            document = documents.get(fact.path)
            if document is None or document.origin is Origin.DISK:
                self._untrue.pop(fact.path, None)
        self._is_unsaved |= bool(facts)

    async def _outline_texts(self) -> None:
        while True:
            while self._untrue:
                paths = list(islice(self._untrue, _TEXTS_AT_ONCE))
                await asyncio.gather(*map(self._outline_text, paths))
            await self._step.wait()

    async def _outline_text(self, path: WorkspacePath) -> None:
        document = self._host.snapshot.documents.get(path)
        if document is None:
            self._untrue.pop(path, None)
            self._note_step()
            return
        try:
            packed = await self._workers.outline_text(path, document.text)
        except (OSError, UserError) as error:
            _log.error("%r cannot be outlined, which is tried again: %s", path, error)
            await asyncio.sleep(RETRY_AFTER_S)
            return
        if self._is_current(document):
            self._untrue.pop(path, None)
            self._provisional[path] = None
            self._live.change({path: IndexedFile(path, document.digest, packed)})
            self._note_step()

    async def _tidy_up(self) -> None:
        """When all rests: parse exactly, merge segments, write down what is known."""
        while True:
            while await self._rests_for(EXACT_AFTER_S):
                path = next(iter(self._provisional), None)
                if path is None:
                    break
                await self._outline_exactly(path)
            self._is_unsaved |= await self._live.compact()
            if await self._rests_for(SAVE_AFTER_S):
                is_news = self._is_unsaved
                await self.save()
                await feed(self._text_index, lambda: self._host.snapshot)
                if is_news:
                    await asyncio.to_thread(give_back)
            await self._step.wait()

    async def _outline_exactly(self, path: WorkspacePath) -> None:
        """Replace an outline that was made from the one before by one made from the text alone."""
        document = self._host.snapshot.documents.get(path)
        self._provisional.pop(path, None)
        if document is not None:
            packed = await self._workers.outline_text(path, document.text, exact=True)
            if self._is_current(document) and path not in self._untrue:
                self._live.change({path: IndexedFile(path, document.digest, packed)})
            self._note_step()

    async def _rests_for(self, seconds: float) -> bool:
        """Wait so long; tell whether nothing happened meanwhile and nothing is under way."""
        snapshot, index = self._host.snapshot, self._live.current
        try:
            async with asyncio.timeout(seconds):
                while self._live.current is index and self._host.snapshot is snapshot:
                    await self._step.wait()
        except TimeoutError:
            return self.is_complete
        return False

    def _changed_on_disk(self, known: Mapping[WorkspacePath, Document]) -> set[WorkspacePath]:
        return {path for path, document in known.items() if self._files.stat(path) != document.stat}

    def _is_current(self, document: Document) -> bool:
        now = self._host.snapshot.documents.get(document.path)
        return now is not None and now.digest == document.digest

    def _is_overlaid(self, path: WorkspacePath) -> bool:
        document = self._host.snapshot.documents.get(path)
        return document is not None and document.origin is Origin.OVERLAY

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

    def _wake(self) -> None:
        self._has_work.set()
        self._note_step()


def _indexed(fact: DiskFact, packed: PackedOutline | None) -> IndexedFile | None:
    return IndexedFile(fact.path, fact.digest, packed) if fact.digest is not None else None


async def _without_end(work: Callable[[], Awaitable[None]]) -> None:
    """Do work that lasts as long as the indexer: a mistake in it must not end it."""
    while True:
        try:
            await work()
        except Exception:
            _log.exception("indexing stumbled and goes on")
            await asyncio.sleep(RETRY_AFTER_S)
