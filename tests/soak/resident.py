"""How is an engine watched from outside? It runs in a process of its own and answers a few words.

Its memory, what it prints and how late its event loop is are then its own, and it can be stopped
and continued. Words and answers are lines of JSON.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from asyncio import events
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pairwright.engine.background import take_short_turns
from pairwright.engine.engine import Engine
from pairwright.engine.session import Session
from pairwright.errors import PairwrightError
from pairwright.index.heap import share_one_heap
from pairwright.index.indexer import Indexer
from pairwright.protocol import index_messages as messages
from pairwright.settings import Settings
from pairwright.workspace.paths import WorkspacePath
from tests.soak.figures import percentile

ANSWER_S = 120.0
"""Seconds after which a silent engine counts as dead."""
REST_S = 0.5
"""Seconds without a new revision after which an engine that misses nothing is at rest."""
_TICK_S = 0.005
_PROBE_EVERY_S = 0.05
_MOST_LINE = 1 << 24

Json = dict[str, object]


class Resident:
    """An engine in a process of its own, from outside."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        """Use `resident`."""
        self._process = process
        self._log = log
        self.pid = process.pid

    async def ask(self, word: str, **details: object) -> Json:
        """Say a word and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"word": word} | details).encode() + b"\n")
        async with asyncio.timeout(ANSWER_S):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the engine ended: {self.log[-2000:]}")
        answer: Json = json.loads(line)
        return answer

    def number(self, answer: Json, name: str) -> float:
        value = answer[name]
        assert isinstance(value, int | float)
        return value

    def memory_mb(self, kind: str) -> float:
        """Return its memory in MB: `VmRSS` now, `VmHWM` at most."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"the engine has no {kind}")

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")


@asynccontextmanager
async def resident(directory: Path) -> AsyncIterator[Resident]:
    """Run the engine of `directory/workspace`, its state and cache beside it."""
    log = directory / "log"
    with log.open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.soak.resident",
            str(directory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            limit=_MOST_LINE,
        )
    try:
        yield Resident(process, log)
    finally:
        assert process.stdin is not None
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
        process.stdin.close()
        try:
            async with asyncio.timeout(ANSWER_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


class _Probe:
    """Measures how long a question takes, and how late the event loop is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reset()

    def _reset(self) -> None:
        self._took_s: list[float] = []
        self._errors: list[str] = []
        self._stale = 0
        self._late_s = self._own_late_s = self._step_s = 0.0

    def measure_steps(self) -> None:
        """Note how much of its thread's processor time the longest step of the loop takes."""
        run = events.Handle._run

        def measured(handle: events.Handle) -> None:
            began_at = time.thread_time()
            run(handle)
            self._step_s = max(self._step_s, time.thread_time() - began_at)

        events.Handle._run = measured  # type: ignore[assignment,method-assign]

    def take(self) -> Json:
        """Return what was measured since the last time."""
        taken: Json = {
            "asked": len(self._took_s),
            "p95_ms": 1000 * percentile(self._took_s, 0.95),
            "slowest_ms": 1000 * max(self._took_s, default=0.0),
            "late_ms": 1000 * self._late_s,
            "own_late_ms": 1000 * self._own_late_s,
            "step_ms": 1000 * self._step_s,
            "stale": self._stale,
            "errors": self._errors[:5],
        }
        self._reset()
        return taken

    async def ask(self) -> None:
        number = 0
        while True:
            number += 1
            began_at = time.monotonic()
            try:
                params = messages.SymbolsParams(query=f"made_{number % 1000}", limit=20)
                await self._session.queries.symbols(params)
            except PairwrightError as error:
                self._stale += 1
                if type(error).__name__ != "StaleChange":
                    self._errors.append(repr(error))
            except Exception as error:
                self._errors.append(repr(error))
            self._took_s.append(time.monotonic() - began_at)
            await asyncio.sleep(_PROBE_EVERY_S)

    async def tick(self) -> None:
        """Note lateness; as the process's own only as far as it computed meanwhile."""
        while True:
            wall, cpu = time.monotonic(), time.process_time()
            await asyncio.sleep(_TICK_S)
            late_s = time.monotonic() - wall - _TICK_S
            self._late_s = max(self._late_s, late_s)
            self._own_late_s = max(self._own_late_s, min(late_s, time.process_time() - cpu))


class _Rest:
    """Knows since when nothing changed any more."""

    def __init__(self, session: Session, indexer: Indexer) -> None:
        self._session = session
        self._indexer = indexer
        self._since = time.monotonic()
        self._last = (-1, -1)

    async def watch(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(_PROBE_EVERY_S)

    async def report(self) -> Json:
        """Wait for rest; tell since when, and what the index is."""
        self._look()
        while self._last[1] or time.monotonic() - self._since < REST_S:  # noqa: ASYNC110 - no event
            await asyncio.sleep(_PROBE_EVERY_S)
        since, queries = self._since, self._session.queries
        report = await queries.index_report(messages.IndexParams(), lambda progress: None)
        return {
            "since": since,
            "hash": report.table_hash,
            "files": report.freshness.files,
            "unread": report.unread_count,
            "reasons": sorted({each.reason.partition(";")[0] for each in report.unread})[:3],
            "not_parsed": dict(self._indexer.analysis.index.not_parsed),
            "parsed": report.parsed,
            "cached": report.cached,
            "notice": report.notice,
        }

    def _look(self) -> None:
        status = self._session.status()
        state = status.revision, status.pending
        if state != self._last:
            self._last, self._since = state, time.monotonic()


async def _serve(directory: Path) -> None:
    engine = await Engine.open(
        directory / "workspace",
        Settings(),
        state_dir=directory / "state",
        env={},
        cache_dir=directory / "cache",
    )
    session, typing = engine.open_session("soak"), engine.open_session("editor")
    probe, rest = _Probe(session), _Rest(session, engine._indexing.indexer)
    probe.measure_steps()
    words = asyncio.StreamReader(limit=_MOST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(words), sys.stdin
    )
    tasks = [asyncio.create_task(each) for each in (probe.ask(), probe.tick(), rest.watch())]
    try:
        while line := await words.readline():
            said = json.loads(line)
            answer: Json = {}
            if said["word"] == "rest":
                answer = await rest.report()
            elif said["word"] == "probe":
                answer = probe.take()
            elif said["word"] == "type":
                typing.document_opened(WorkspacePath(said["path"]), said["text"], said["version"])
            elif said["word"] == "close":
                typing.document_closed(WorkspacePath(said["path"]))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        for task in tasks:
            task.cancel()
        await engine.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    share_one_heap()  # as a daemon does, and takes such turns
    take_short_turns()
    asyncio.run(_serve(Path(sys.argv[1])))
