"""Who reads and parses files, so that the event loop need not? A few worker processes.

They are there while there is work. A file at which a worker dies twice, the second time with no
other file to read, is set aside: its outline says that it was not parsed, and is kept like any
other, so that it harms no later start either.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from pairwright.errors import UserError
from pairwright.index.batches import Batches, OnRead
from pairwright.index.cache import Key, OutlineCache
from pairwright.index.child import Child, WorkerDied
from pairwright.index.frames import (
    CACHED,
    LOOK,
    OUTLINE,
    OUTLINE_ALONE,
    OUTLINED,
    PARSED,
    READ,
    READINGS,
    Reading,
    pack_text,
    unpack_reading,
)
from pairwright.index.outliner import FileReading
from pairwright.syntax.extraction import tangled_outline, unparsed_outline
from pairwright.syntax.languages.registry import language_named, language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import DiskFact
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath

IDLE_STOP_S = 10.0
TEXT_IDLE_STOP_S = 600.0
"""Of the worker of open documents: after a pause a person should not wait for a worker's start."""
STALL_S = 30.0
"""Seconds for one file, on a machine that does many other things as well."""
MAX_MEMORY_BYTES = 256 * 1024 * 1024

_FEW_FILES = 24
"""Files for which a further worker is not worth its start."""
_MOST_TEXT_BYTES = 30_000_000
"""Of texts, after which their worker is replaced: the parser's binding (tree-sitter 0.26.1) never
lets go of a text that it was given in pieces, and only one in pieces can be bounded in steps."""
_START_PAUSES_S = (0.05, 0.2, 0.5)

_log = logging.getLogger(__name__)


class OutlineWorkers:
    """Worker processes for one workspace."""

    def __init__(
        self,
        root: Path,
        cache: OutlineCache,
        *,
        count: int,
        idle_stop_s: float = IDLE_STOP_S,
        text_idle_stop_s: float = TEXT_IDLE_STOP_S,
        stall_s: float = STALL_S,
        max_memory_bytes: int = MAX_MEMORY_BYTES,
    ) -> None:
        """Describe the workers; none runs yet.

        Args:
            root: the workspace.
            cache: where outlines come from and are kept.
            count: how many workers read files at once; one more may outline open texts.
            idle_stop_s: seconds without work after which workers are ended.
            text_idle_stop_s: the same, of the one that outlined open texts.
            stall_s: seconds without an answer after which a worker counts as dead.
            max_memory_bytes: what a worker may take above what it starts with.
        """
        self._root = root
        self._cache = cache
        self._start = partial(
            Child.start, root, cache.path, max_memory_bytes=max_memory_bytes, stall_s=stall_s
        )
        self._count = count
        self._idle_stop_s = idle_stop_s
        self._text_idle_stop_s = text_idle_stop_s
        self._resting: list[Child] = []
        self._children: set[Child] = set()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._working = 0
        self._text_child: Child | None = None
        self._asking = asyncio.Lock()
        self._hearing = asyncio.Lock()
        """Both are given in the order in which they are asked for."""
        self._text_number = 0
        self._awaited = 0
        self._text_bytes = 0
        """Of the texts that the worker of open documents parsed since it was started."""
        self._new: dict[Key, bytes] = {}
        self._used: list[Key] = []
        """Outlines for the cache: those that are new, and those that were of use."""

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        return tuple(child.pid for child in self._children if child.is_alive)

    async def outline_files(self, paths: Iterable[WorkspacePath], on_read: OnRead) -> None:
        """Read files and outline them, in any order; each path is reported once.

        Args:
            paths: what to read.
            on_read: called on the loop with a few readings at a time.

        Raises:
            UserError: no worker can be started.
        """

        def on_read_and_keep(readings: tuple[FileReading, ...]) -> None:
            on_read(readings)
            self._keep()

        work = Batches(paths, on_read_and_keep, self._count)
        try:
            wanted = max(1, min(self._count, len(work.waiting) // _FEW_FILES + 1))
            async with asyncio.TaskGroup() as group:
                for _ in range(wanted if work.waiting else 0):
                    group.create_task(self._take_part(work))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            work.flush()

    async def outline_text(
        self, path: str, text: str, *, exact: bool = False
    ) -> PackedOutline | None:
        """Return the outline of an open document's text; None: its language is not known.

        Args:
            path: the document's.
            text: what it says now; parsed from what it said before where that is quicker.
            exact: parse it from scratch, as a file of that text would be.

        Raises:
            UserError: no worker can be started.
        """
        return await self._outline(OUTLINE, path, text, is_exact=exact)

    async def outline_alone(self, path: str, text: str) -> PackedOutline | None:
        """Return the outline of a text that is no document's; None: its language is not known.

        Args:
            path: which file it would be.
            text: what it says; no later outline is built on it.

        Raises:
            UserError: no worker can be started.
        """
        return await self._outline(OUTLINE_ALONE, path, text, is_exact=True)

    async def close(self) -> None:
        """End all workers and wait until they are gone."""
        self._stop_idle_timer()
        self._end_all()
        for child in tuple(self._children):
            await child.gone()
            self._children.discard(child)

    async def _outline(
        self, kind: int, path: str, text: str, *, is_exact: bool
    ) -> PackedOutline | None:
        """Ask the worker of open documents; once it dies, another one that does nothing else."""
        language = language_of(path)
        if language is None:
            return None
        self._stop_idle_timer()
        self._working += 1
        try:
            with suppress(WorkerDied):
                return await self._ask_beside_others(kind, path, text, is_exact=is_exact)
            try:
                async with self._lent() as child:
                    child.send(OUTLINE_ALONE, pack_text(0, path, text, is_exact=True))
                    return _unnumbered(await child.receive(OUTLINED))
            except WorkerDied as death:
                return tangled_outline(language, f"its parser died: {death}")
        finally:
            self._working -= 1
            self._rest_when_idle()

    def _keep(self) -> None:
        """Hand over to the cache what gathered."""
        new, self._new = self._new, {}
        used, self._used = self._used, []
        self._cache.put_many(new)
        self._cache.note_use(used)

    async def _take_part(self, work: Batches) -> None:
        """Read files until none waits; go on with another worker when one dies."""
        while work.waiting:
            owed: deque[WorkspacePath] = deque()
            try:
                async with self._lent() as child:
                    await self._read_all(child, work, owed)
            except WorkerDied as death:
                if not owed:
                    continue
                _log.info("a worker died reading %r or what follows: %s", owed[0], death)
                for suspect in owed:
                    work.report([await self._read_alone(suspect)])

    async def _read_all(self, child: Child, work: Batches, owed: deque[WorkspacePath]) -> None:
        """Read batch after batch; the next one is sent before the last one is through."""
        while True:
            while len(owed) <= work.batch_size and (batch := work.next_batch()):
                owed.extend(batch)
                child.send(READ, "\0".join(batch).encode("utf-8", "surrogatepass"))
            if not owed:
                return
            readings = self._readings(owed, await child.receive(READINGS))
            for _ in readings:
                owed.popleft()
            work.report(readings)

    async def _read_alone(self, path: WorkspacePath) -> FileReading:
        """Read a file at which a worker died: it may have died of something else."""
        try:
            return await self._ask_about(path, READ)
        except WorkerDied as death:
            _log.warning("%r is not parsed: its parser died: %s", path, death)
            reason = f"its parser died: {death}"
        try:
            return await self._ask_about(path, LOOK, reason)
        except WorkerDied:
            stat = await asyncio.to_thread(DiskFileSystem(self._root).stat, path)
            fact = DiskFact(path, stat, None, problem=f"{path!r} cannot be read: {reason}")
            return FileReading(fact, None)

    async def _ask_about(self, path: WorkspacePath, kind: int, reason: str = "") -> FileReading:
        async with self._lent() as child:
            child.send(kind, path.encode("utf-8", "surrogatepass"))
            (reading,) = self._readings((path,), await child.receive(READINGS), reason)
            return reading

    def _readings(
        self, paths: Iterable[WorkspacePath], body: bytes, reason: str = ""
    ) -> list[FileReading]:
        """Return what an answer says of the first of some files."""
        readings, at = [], 0
        for path in paths:
            if at == len(body):
                break
            reading, at = unpack_reading(path, body, at)
            readings.append(self._kept(reading, reason))
        return readings

    def _kept(self, reading: Reading, reason: str) -> FileReading:
        """Return what is known of a file, and keep the outline if it is a new one."""
        fact, origin, language_name, fingerprint, content = reading
        language = language_named(language_name) if reason else None
        if language is not None:
            content, origin = unparsed_outline(language, reason).content, PARSED
        if fact.digest is not None and content:
            if origin == PARSED:
                self._new[fact.digest, fingerprint] = content
            else:
                self._used.append((fact.digest, fingerprint))
        packed = PackedOutline(content) if content else None
        return FileReading(fact, packed, origin == PARSED, origin == CACHED and bool(content))

    async def _ask_beside_others(
        self, kind: int, path: str, text: str, *, is_exact: bool
    ) -> PackedOutline:
        """Ask without waiting for what is asked already; answers come in the same order."""
        async with self._asking:
            child = await self._text_worker()
            self._text_bytes += len(text)
            self._text_number += 1
            number = self._text_number
            child.send(kind, pack_text(number, path, text, is_exact=is_exact))
        self._awaited += 1
        try:
            async with self._hearing:
                while True:
                    answer = await child.receive(OUTLINED)
                    # An answer that nobody waited for in the end comes first.
                    if int.from_bytes(answer[:4], "little") == number:
                        return _unnumbered(answer)
        finally:
            self._awaited -= 1

    async def _text_worker(self) -> Child:
        child = self._text_child
        if child is not None and self._text_bytes > _MOST_TEXT_BYTES and not self._awaited:
            child.kill()
            child = None
        if child is None or not child.is_alive:
            child = self._text_child = await self._started()
            self._text_bytes = 0
        return child

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Child]:
        """Lend a worker; one that still owes answers, or died, is not taken back."""
        self._stop_idle_timer()
        self._working += 1
        child: Child | None = None
        try:
            resting = (child for child in iter(self._pop_resting, None) if child.is_alive)
            child = next(resting, None)
            if child is None:
                child = await self._started()
                child.defer_to_others()
            yield child
            self._resting.append(child)
        except BaseException:
            if child is not None:
                child.kill()
            raise
        finally:
            self._working -= 1
            self._rest_when_idle()

    def _pop_resting(self) -> Child | None:
        return self._resting.pop() if self._resting else None

    async def _started(self) -> Child:
        for child in tuple(self._children):
            if not child.is_alive:
                self._children.discard(child)
        for pause_s in _START_PAUSES_S:
            try:
                child = await self._start()
            except WorkerDied as death:
                reason = str(death)
                await asyncio.sleep(pause_s)
            else:
                self._children.add(child)
                return child
        raise UserError(f"files cannot be read: no worker process can be started: {reason}")

    def _rest_when_idle(self) -> None:
        if self._working == 0 and self._children:
            self._stop_idle_timer()
            loop = asyncio.get_running_loop()
            self._idle_timer = loop.call_later(self._idle_stop_s, self._end_idle)

    def _stop_idle_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _end_idle(self) -> None:
        """End all but the worker of open documents, and later that one."""
        self._resting.clear()
        for child in self._children:
            if child is not self._text_child:
                child.kill()
        if self._text_child is not None:
            more_s = max(0.0, self._text_idle_stop_s - self._idle_stop_s)
            loop = asyncio.get_running_loop()
            self._idle_timer = loop.call_later(more_s, self._end_all)

    def _end_all(self) -> None:
        self._resting.clear()
        self._text_child = None
        for child in self._children:
            child.kill()


def _unnumbered(answer: bytes) -> PackedOutline:
    """Return the outline of an answer to a text."""
    return PackedOutline(answer[4:])
