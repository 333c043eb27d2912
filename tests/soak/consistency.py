"""Does any answer mix two versions of one file? Four write, sixteen ask.

Every file says at its head, middle and tail which version it is, in names and in comments. Two
writers change the disk, one in place and one by rename; two are editors that type.
"""

import asyncio
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pairwright.engine.engine import Engine
from pairwright.engine.session import Session
from pairwright.errors import InvalidRequest, StaleChange
from pairwright.index.indexer import Indexer
from pairwright.protocol import index_messages as messages
from pairwright.settings import Settings
from pairwright.workspace.paths import WorkspacePath
from tests.soak.cold import Cold
from tests.soak.figures import Figures, percentile
from tests.support.engines import write_files

READERS = 16
SETTLE_S = 60.0
_WRITERS = ("plain", "renamed", "typed0", "typed1")
_MARK = re.compile(r"(?:head|middle|tail)_(\w+?)_v(\d+)")
_PAUSE_S = 0.02
_PADDING = 40
_KINDS = frozenset(("symbols", "references", "search", "outline", "map", "documents"))
"""Of the map, which speaks of nearly all files, none may be true while all of them change."""

Versions = dict[str, set[int]]


def text_of(name: str, version: int) -> str:
    """Return a file that says throughout which version it is; no two have alike places."""
    shift = "\n" * (version % 7)
    padding = "".join(f"    # line {i}\n" for i in range(_PADDING + version % 5))
    parts = (
        f"def {part}_{name}_v{version}(x):\n"
        f"    # {part}_{name}_v{version}\n"
        f"{padding}    return stable_{name}(x)  # {part}_{name}_v{version}\n\n"
        for part in ("head", "middle", "tail")
    )
    head, middle, tail = parts
    stable = f"def stable_{name}(x):  # head_{name}_v{version}\n    return x\n\n"
    return shift + head + stable + middle + tail + f"# tail_{name}_v{version}\n"


def versions_in(texts: Iterable[str]) -> Versions:
    """Return which versions of which files are named."""
    found: Versions = defaultdict(set)
    for text in texts:
        for name, version in _MARK.findall(text):
            found[name].add(int(version))
    return found


@dataclass(slots=True)
class _Tally:
    """What the readers saw."""

    answers: Counter[str] = field(default_factory=Counter)
    told_stale: Counter[str] = field(default_factory=Counter)
    mixed: list[str] = field(default_factory=list)
    wrong_revisions: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)


async def run(figures: Figures, *, seconds: float, files: int) -> None:
    """Write and ask for so long, with so many files for each writer."""
    with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
        root = Path(directory, "workspace")
        names = [f"{writer}x{number}" for writer in _WRITERS for number in range(files)]
        write_files(root, {f"{name}.py": text_of(name, 0) for name in names})
        engine = await Engine.open(
            root,
            Settings(),
            state_dir=Path(directory, "state"),
            env={},
            cache_dir=Path(directory, "cache"),
        )
        try:
            async with asyncio.timeout(seconds + 2 * SETTLE_S):
                await _soak(engine, root, figures, seconds=seconds, files=files)
        finally:
            await engine.close()


async def _soak(
    engine: Engine, root: Path, figures: Figures, *, seconds: float, files: int
) -> None:
    session, indexer = engine.open_session("reader"), engine._indexing.indexer
    await indexer.complete()
    tally, writes = _Tally(), Counter[str]()
    stop_at = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for writer in _WRITERS:
            names = [f"{writer}x{number}" for number in range(files)]
            own = engine.open_session(writer)
            group.create_task(_write(writer, names, root, own, writes, stop_at))
        for number in range(READERS):
            reader = _Reader(session, indexer, files, tally, random.Random(number))
            group.create_task(reader.ask_until(stop_at, number))
    ended = time.monotonic()
    report = await _settled(session, await asyncio.to_thread(Cold(root).table_hash), ended)
    _tell(figures, tally, writes, seconds)
    figures.at_most(
        "afterwards the index equals a cold one", report, SETTLE_S, "s after the last write"
    )
    figures.load()


def _tell(figures: Figures, tally: _Tally, writes: Counter[str], seconds: float) -> None:
    answers = sum(tally.answers.values())
    each = ", ".join(f"{kind} {count:,}" for kind, count in sorted(tally.answers.items()))
    figures.at_most(
        "no answer mixes two versions of a file",
        len(tally.mixed),
        0,
        f"of {answers:,} answers",
        detail="; ".join(tally.mixed[:3]),
    )
    figures.at_most(
        "each answer names a revision of its time",
        len(tally.wrong_revisions),
        0,
        detail="; ".join(tally.wrong_revisions[:3]),
    )
    figures.at_most("no reader gets an error", len(tally.errors), 0, detail=repr(tally.errors[:3]))
    again = ", ".join(f"{kind} {count:,}" for kind, count in sorted(tally.told_stale.items()))
    figures.at_least(
        "questions are answered while files change",
        100 * answers / max(1, answers + tally.told_stale.total()),
        50,
        "%",
        detail=f"answered: {each}; told to ask again: {again or 'none'}",
    )
    kinds = len(tally.answers.keys() & _KINDS)
    # In a short run, whether the rarer ones meet a pause between two writes is a matter of luck.
    figures.at_least("kinds of question that are answered", kinds, len(_KINDS) // 2)
    figures.at_least("readers see changing files", len(tally.seen), 10, "versions")
    figures.say(
        f"       {sum(writes.values()):,} writes in {seconds:g} s ({dict(writes)}); answers: p50 "
        f"{1000 * percentile(tally.seconds, 0.5):.0f} ms, "
        f"p95 {1000 * percentile(tally.seconds, 0.95):.0f} ms"
    )


async def _settled(session: Session, cold_hash: str, ended: float) -> float:
    """Return how many seconds after the end the index was a cold one's equal; inf: it never was."""
    while time.monotonic() - ended < SETTLE_S:
        report = await session.queries.index_report(messages.IndexParams(), lambda progress: None)
        if report.table_hash == cold_hash:
            return time.monotonic() - ended
        await asyncio.sleep(0.2)
    return float("inf")


async def _write(
    writer: str,
    names: list[str],
    root: Path,
    session: Session,
    writes: Counter[str],
    stop_at: float,
) -> None:
    """Give each file in turn its next version."""
    chance = random.Random(writer)
    version = 0
    while time.monotonic() < stop_at:
        version += 1
        for name in names:
            path, text = root / f"{name}.py", text_of(name, version)
            if writer == "plain":
                await asyncio.to_thread(_write_in_place, path, text)
            elif writer == "renamed":
                await asyncio.to_thread(_write_by_rename, path, text)
            else:
                _type(session, WorkspacePath(path.name), text, version, chance)
            writes[writer] += 1
            await asyncio.sleep(chance.random() * 2 * _PAUSE_S)
    await session.close()


def _write_in_place(path: Path, text: str) -> None:
    """Write piece by piece: what is read meanwhile is the beginning of this version only."""
    third = len(text) // 3
    with path.open("w", buffering=1, encoding="utf-8") as file:
        for start in range(0, len(text), third):
            file.write(text[start : start + third])
            file.flush()


def _write_by_rename(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text)
    temporary.replace(path)


def _type(
    session: Session, path: WorkspacePath, text: str, version: int, chance: random.Random
) -> None:
    """Open, change or close a document; when it is closed the disk's version 0 counts."""
    try:
        session.document_changed(path, text, version)
    except InvalidRequest:
        session.document_opened(path, text, version)
    if chance.random() < 0.1:
        session.document_closed(path)


class _Reader:
    """Asks one kind of question again and again."""

    def __init__(
        self,
        session: Session,
        indexer: Indexer,
        files: int,
        tally: _Tally,
        chance: random.Random,
    ) -> None:
        self._session = session
        self._queries = session.queries
        self._indexer = indexer
        self._files = files
        self._tally = tally
        self._chance = chance

    async def ask_until(self, stop_at: float, number: int) -> None:
        kinds: tuple[Callable[[str], Awaitable[list[str]]], ...] = (
            self._symbols,
            self._references,
            self._search,
            self._outline,
            self._map,
            self._documents,
        )
        ask = kinds[number % len(kinds)]
        while time.monotonic() < stop_at:
            name = f"{self._chance.choice(_WRITERS)}x{self._chance.randrange(self._files)}"
            began_at = time.monotonic()
            try:
                texts = await ask(name)
            except StaleChange:
                self._tally.told_stale[ask.__name__.strip("_")] += 1
            except InvalidRequest as error:
                # Of a file that is being written in place there may be no more than the head.
                if not name.startswith("plain"):
                    self._tally.errors.append(f"{ask.__name__} {name}: {error}")
            except Exception as error:
                self._tally.errors.append(f"{ask.__name__} {name}: {error!r}")
            else:
                self._judge(ask.__name__.strip("_"), versions_in(texts))
            self._tally.seconds.append(time.monotonic() - began_at)
            await asyncio.sleep(0)

    def _judge(self, kind: str, versions: Versions) -> None:
        self._tally.answers[kind] += 1
        for name, numbers in versions.items():
            self._tally.seen.update((name, number) for number in numbers)
            if len(numbers) > 1:
                self._tally.mixed.append(f"{kind}: {name} at {sorted(numbers)}")

    def _check_revision(self, before: int, freshness: messages.Freshness) -> None:
        now = self._indexer.analysis.snapshot.revision
        if not before <= freshness.revision <= now:
            self._tally.wrong_revisions.append(f"{freshness.revision} of {before} to {now}")

    def _shown(self, place: messages.Place, name: str) -> str:
        """Return a place's line; one that does not show the name is of another version."""
        at = place.column - place.shown_from
        if not place.line_text[at:].startswith(name):
            self._tally.mixed.append(f"{name!r} is not at {place}")
        return place.line_text

    async def _symbols(self, name: str) -> list[str]:
        before = self._indexer.analysis.snapshot.revision
        answer = await self._queries.symbols(messages.SymbolsParams(query=name, limit=50))
        self._check_revision(before, answer.freshness)
        lines = [self._shown(each.place, each.name) for each in answer.symbols]
        return [*lines, *(each.name for each in answer.symbols)]

    async def _references(self, name: str) -> list[str]:
        before = self._indexer.analysis.snapshot.revision
        stable = f"stable_{name}"
        answer = await self._queries.references(messages.ReferencesParams(name=stable))
        self._check_revision(before, answer.freshness)
        places = [each.symbol.place for each in answer.definitions]
        places += [use.place for each in answer.definitions for use in each.references]
        return [self._shown(place, stable) for place in places]

    async def _search(self, name: str) -> list[str]:
        before = self._indexer.analysis.snapshot.revision
        params = messages.SearchParams(text=rf"(head|middle|tail)_{name}_v\d+", is_regex=True)
        answer = await self._queries.search(params)
        self._check_revision(before, answer.freshness)
        return [each.place.line_text for each in answer.matches]

    async def _outline(self, name: str) -> list[str]:
        symbols, text = await self._queries.symbols_in(WorkspacePath(f"{name}.py"))
        for symbol in symbols:
            if text[symbol.name_range.start : symbol.name_range.end] != symbol.name:
                self._tally.mixed.append(f"outline: {symbol.name!r} is not where it is said to be")
        return [text, *(symbol.name for symbol in symbols)]

    async def _map(self, name: str) -> list[str]:
        before = self._indexer.analysis.snapshot.revision
        params = messages.MapParams(focus=(f"{name}.py",), tokens=2000)
        answer = await self._queries.map(params, self._session.map_focus())
        self._check_revision(before, answer.freshness)
        return [answer.text, *(symbol for entry in answer.entries for symbol in entry.symbols)]

    async def _documents(self, name: str) -> list[str]:
        analysis, path = self._indexer.analysis, WorkspacePath(f"{name}.py")
        document, outline = analysis.snapshot.documents[path], analysis.index.outlines[path]
        symbols = [symbol.name for symbol in outline.symbols]
        if outline.digest != document.digest:
            self._judge("outlines", versions_in(symbols))
            symbols = []
        return [await asyncio.to_thread(document.read_text), *symbols]
