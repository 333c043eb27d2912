"""What does one fresh process see of the real engine? The measurements of the index, from inside.

Each asks as a client's session asks.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from pairwright.bench.children import hear, say
from pairwright.bench.lag import LoopLag
from pairwright.bench.memory import descendants, resident_mb
from pairwright.engine.background import in_background
from pairwright.engine.engine import Engine
from pairwright.engine.session import Session
from pairwright.protocol.index_messages import IndexParams, IndexReport, MapParams, SymbolsParams
from pairwright.settings import Settings
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath

ASK_EVERY_S = 0.05
MAP_TOKENS = 1_000
MOST_SWITCH_S = 300.0
_RARE_S = 0.05
"""Each look at how far the index is costs it time, while thousands of files are missing."""
_OFTEN_S = 0.001
_EDITS_AT_ONCE = 10
_WARMING_EDITS = 500

_log = logging.getLogger(__name__)

Request = Mapping[str, Any]


def main() -> int:
    """Measure what is asked for."""
    request = hear()
    say(asyncio.run(_PROBES[request["probe"]](request)))
    return 0


async def cold(request: Request) -> Request:
    """Index a tree of which nothing is known, with a client that asks meanwhile."""
    before = os.times()
    async with LoopLag() as lag:
        began = time.perf_counter()
        async with _opened(request) as session:
            asking = _Asking(session, request["queries"])
            asking_on = in_background(asking.ask_on(), "asking")
            await _completed(session, every_s=_RARE_S)
            seconds = time.perf_counter() - began
            asking_on.cancel()
            await asyncio.wait([asking_on])
            figures = lag.figures()
            report = await _report(session)
    after = os.times()
    return {
        "seconds": seconds,
        "own_cpu_s": after.user + after.system - before.user - before.system,
        "workers_cpu_s": after.children_user + after.children_system,
        "hash": report.table_hash,
        "parsed": report.parsed,
        "files": report.freshness.files,
        "symbols": report.symbols,
        "notice": report.notice,
        "asked_ms": asking.took_ms,
        "failures": asking.failures,
        "lag": figures,
    }


async def answers(request: Request) -> Request:
    """Ask a tree that rests for maps and symbols."""
    map_ms, symbols_ms, empty = [], [], 0
    async with _opened(request) as session, LoopLag() as lag:
        await _completed(session, every_s=_RARE_S)
        first_map_ms = await _map_ms(session, ())
        for focus in request["focuses"]:
            map_ms.append(await _map_ms(session, (focus,)))
        for query in request["queries"]:
            began = time.perf_counter()
            found = await session.queries.symbols(SymbolsParams(query=query, limit=20))
            symbols_ms.append(_ms_since(began))
            empty += not found.symbols
    return {
        "first_map_ms": first_map_ms,
        "map_ms": map_ms,
        "symbols_ms": symbols_ms,
        "empty": empty,
        "lag": lag.figures(),
    }


async def edits(request: Request) -> Request:
    """Type, and ask for maps; the documents are open in an editor."""
    map_ms, text_ms, outline_ms = [], [], []
    async with _opened(request) as session, LoopLag() as lag:
        await _completed(session, every_s=_RARE_S)
        await _map_ms(session, ())
        for number, path in enumerate(map(WorkspacePath, request["paths"])):
            text = _disk(request).read(path).text
            session.document_opened(path, text, 1)
            await _completed(session, every_s=_OFTEN_S)
            began = time.perf_counter()
            session.document_changed(path, f"{text}\nname_{number} = {number}\n", 2)
            await _map_ms(session, (path,))
            map_ms.append(_ms_since(began))
        path = WorkspacePath(request["long_path"])
        typed = _Typing(session, path, _disk(request).read(path).text)
        await _completed(session, every_s=_OFTEN_S)
        for _ in range(request["keystrokes"]):
            began = time.perf_counter()
            typed.keystroke()
            text_ms.append(typed.took_ms)
            await _completed(session, every_s=_OFTEN_S)
            outline_ms.append(_ms_since(began) - typed.prepared_ms)
    return {"map_ms": map_ms, "text_ms": text_ms, "outline_ms": outline_ms, "lag": lag.figures()}


async def saves(request: Request) -> Request:
    """Find definitions that another program saves; whoever started this saves them when told."""
    async with _opened(request) as session, LoopLag() as lag:
        await _completed(session, every_s=_RARE_S)
        say({"ready": True})
        while name := (await asyncio.to_thread(hear)).get("name"):
            await _defined(session, name)
            say({"seen": name})
    return {"lag": lag.figures()}


async def switches(request: Request) -> Request:
    """Follow a tree whose files another program changes all at once, again and again."""
    async with _opened(request) as session, LoopLag() as lag:
        await _completed(session, every_s=_RARE_S)
        say({"ready": True})
        while expected := (await asyncio.to_thread(hear)).get("hash"):
            say({"is_equal": await _becomes(session, expected)})
    return {"lag": lag.figures()}


async def growth(request: Request) -> Request:
    """Tell how much memory is held before and after so many edits of one document."""
    path = WorkspacePath(request["paths"][0])
    async with _opened(request) as session, LoopLag() as lag:
        await _completed(session, every_s=_RARE_S)
        typed = _Typing(session, path, _disk(request).read(path).text)
        await _type(session, typed, min(_WARMING_EDITS, request["edits"]))
        before_mb = _memory_mb()
        await _type(session, typed, request["edits"])
        after_mb = _memory_mb()
    return {"before_mb": before_mb, "after_mb": after_mb, "lag": lag.figures()}


_PROBES: Mapping[str, Callable[[Request], Coroutine[Any, Any, Request]]] = {
    probe.__name__: probe for probe in (cold, answers, edits, saves, switches, growth)
}


class _Asking:
    """A client that asks for symbols again and again."""

    def __init__(self, session: Session, queries: Sequence[str]) -> None:
        self._session = session
        self._queries = queries
        self.took_ms: list[float] = []
        self.failures = 0

    async def ask_on(self) -> None:
        for query in cycle(self._queries):
            began = time.perf_counter()
            try:
                await self._session.queries.symbols(SymbolsParams(query=query, limit=20))
            except Exception:
                if not self.failures:
                    _log.exception("asking for %r failed", query)
                self.failures += 1
            self.took_ms.append(_ms_since(began))
            await asyncio.sleep(ASK_EVERY_S)


class _Typing:
    """Someone who types an assignment into the middle of a document, takes it out, and so on."""

    def __init__(self, session: Session, path: WorkspacePath, text: str) -> None:
        self._session = session
        self._path = path
        middle = text.find("\n", len(text) // 2) + 1
        self._before, self._after = text[:middle], text[middle:]
        self._typed = self._line = ""
        self._lines = 0
        self._version = 1
        self.took_ms = 0.0
        """From the keystroke to the new revision."""
        self.prepared_ms = 0.0
        """What an editor does: the text before and after the caret becomes one."""
        session.document_opened(path, text, self._version)

    def keystroke(self) -> None:
        began = time.perf_counter()
        if self._typed == self._line:
            self._lines += 1
            self._typed, self._line = "", f"name_{self._lines} = {self._lines}\n"
        else:
            self._typed = self._line[: len(self._typed) + 1]
        text = f"{self._before}{self._typed}{self._after}"
        self._version += 1
        revision = self._session.status().revision
        self.prepared_ms = _ms_since(began)
        began = time.perf_counter()
        self._session.document_changed(self._path, text, self._version)
        self.took_ms = _ms_since(began)
        assert self._session.status().revision > revision  # noqa: S101 - else nothing was measured


@asynccontextmanager
async def _opened(request: Request) -> AsyncIterator[Session]:
    engine = await Engine.open(
        Path(request["root"]),
        Settings(),
        state_dir=Path(request["state"]),
        cache_dir=Path(request["cache"]),
        env={},
    )
    try:
        yield engine.open_session("bench")
    finally:
        await engine.close()


async def _completed(session: Session, *, every_s: float) -> None:
    while session.status().pending:  # noqa: ASYNC110 - asked as a client can ask
        await asyncio.sleep(every_s)


async def _report(session: Session) -> IndexReport:
    return await session.queries.index_report(IndexParams(), lambda progress: None)


async def _map_ms(session: Session, focus: tuple[str, ...]) -> float:
    began = time.perf_counter()
    await session.queries.map(MapParams(focus=focus, tokens=MAP_TOKENS), session.map_focus())
    return _ms_since(began)


async def _defined(session: Session, name: str) -> None:
    """Wait until a question finds a definition; asked whenever the index is another."""
    asked = None
    while True:
        status = session.status()
        if not status.pending and status.revision != asked:
            asked = status.revision
            found = await session.queries.symbols(SymbolsParams(query=name, limit=1))
            if any(each.name == name for each in found.symbols):
                return
        await asyncio.sleep(_OFTEN_S)


async def _becomes(session: Session, expected: str) -> bool:
    """Wait until the index is complete and equal to another; tell whether it ever is."""
    deadline = time.monotonic() + MOST_SWITCH_S
    compared = None
    while time.monotonic() < deadline:
        status = session.status()
        if not status.pending and status.revision != compared:
            compared = status.revision
            if (await _report(session)).table_hash == expected:
                return True
        await asyncio.sleep(_RARE_S)
    return False


async def _type(session: Session, typed: _Typing, count: int) -> None:
    for number in range(count):
        typed.keystroke()
        await asyncio.sleep(0)
        if number % _EDITS_AT_ONCE == _EDITS_AT_ONCE - 1:
            await _completed(session, every_s=_OFTEN_S)
    await _completed(session, every_s=_OFTEN_S)


def _memory_mb() -> tuple[float, float]:
    """Return what this process holds, and what its workers hold."""
    own = os.getpid()
    return resident_mb(own), sum(map(resident_mb, descendants(own)))


def _disk(request: Request) -> DiskFileSystem:
    return DiskFileSystem(Path(request["root"]))


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
