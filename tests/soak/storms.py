"""Is the index true after a storm of changes? At the figures that are promised.

After each storm the index of an engine that lived through it is compared with a cold one, while a
client asks it all the time.
"""

import asyncio
import errno
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

from pairwright.engine.questions.indexing import Indexing
from pairwright.engine.questions.queries import Queries
from pairwright.index.cache import OutlineCache
from pairwright.index.indexer import Indexer
from pairwright.index.manifest import Manifest
from pairwright.index.text_index import TextIndex
from pairwright.index.workers import OutlineWorkers
from pairwright.protocol import index_messages as messages
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.watcher import EventSource, Hint, Watcher
from tests.soak.cold import Cold
from tests.soak.figures import Figures
from tests.soak.resident import Resident, resident

if sys.platform == "linux":
    from pairwright.workspace.watcher import InotifySource

EQUAL_S = 60.0
EQUAL_AFTER_STOP_S = 90.0
QUERY_P95_MS = 300.0
GROWTH_MB = 200.0
STDERR_BYTES = 1_000_000
CHECKOUTS = 10
_DIRECTORIES = 100
_OF_A_NEW_DIRECTORY = 10

_log = logging.getLogger("pairwright")


async def run(figures: Figures, *, files: int, checkouts: int = CHECKOUTS) -> None:
    """Have every storm, with so many files in each."""
    with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
        place = Path(directory, "resident")
        for number in range(_DIRECTORIES):
            (place / "workspace" / f"d{number}").mkdir(parents=True)
        async with resident(place) as engine:
            await _Storms(figures, place, engine).run(files, checkouts)
        few = max(10, files // 10)
        await exhausted_watches(figures, Path(directory, "exhausted"), files=few)
        await missed_events(figures, Path(directory, "missed"), files=few)


class _Storms:
    """The storms that one engine lives through."""

    def __init__(self, figures: Figures, place: Path, engine: Resident) -> None:
        self._figures = figures
        self._root = place / "workspace"
        self._spare = place / "spare"
        self._engine = engine
        self._cold = Cold(self._root)

    async def run(self, files: int, checkouts: int) -> None:
        await self._engine.ask("rest")
        before_mb = self._engine.memory_mb("VmRSS")
        few = max(10, files // 10)
        root = self._root
        await self._storm(f"{files:,} creates", partial(create, root, files, 1))
        await self._storm(f"{files:,} modifies", partial(create, root, files, 2))
        await self._storm(f"{few:,} saves as editors make them", partial(save, root, few))
        await self._storm(f"{files:,} deletes", partial(delete, root, files))
        await self._storm(f"{files:,} in new directories", partial(create_anew, root, files))
        await self._storm("rm -rf and restore", partial(remove_and_restore, root, self._spare))
        await self._storm("rm -rf", partial(remove, root))
        if shutil.which("git") is not None:
            await asyncio.to_thread(two_branches, root, few)
            for number in range(checkouts):
                branch = ("one", "two")[number % 2]
                await self._storm(
                    f"checkout of {branch}, {few:,} files", partial(git, root, branch)
                )
            await self._storm("rm -rf of the branch", partial(remove_branch, root))
        await self._storm(
            f"{files:,} changes while stopped",
            partial(self._change_while_stopped, files),
            most_s=EQUAL_AFTER_STOP_S,
            is_asked=False,
        )
        growth_mb = self._engine.memory_mb("VmHWM") - before_mb
        now_mb = self._engine.memory_mb("VmRSS")
        self._figures.at_most(
            "memory never grows by more",
            growth_mb,
            GROWTH_MB,
            "MB",
            detail=f"from {before_mb:.0f} MB; {now_mb:.0f} MB in the end",
        )
        self._figures.at_most("it prints little", len(self._engine.log), STDERR_BYTES, "bytes")
        self._figures.load()

    async def _storm(
        self,
        name: str,
        change: Callable[[], object],
        *,
        most_s: float = EQUAL_S,
        is_asked: bool = True,
    ) -> None:
        """Change files; look how the engine bears it, and whether it is right in the end.

        One that is stopped meanwhile cannot be asked anything.
        """
        await self._engine.ask("probe")
        began_at = time.monotonic()
        await asyncio.to_thread(change)
        ended_at = time.monotonic()
        during = await self._engine.ask("probe")
        equal_s, rest = await self._equal_after(ended_at, most_s)
        number = self._engine.number
        self._figures.at_most(
            f"{name}: equal to a cold index",
            equal_s,
            most_s,
            "s",
            detail=(
                f"the storm took {ended_at - began_at:.1f} s; {rest['files']} files, "
                f"{rest['unread']} unread {rest['reasons'] or ''}, "
                f"{self._engine.memory_mb('VmRSS'):.0f} MB"
            ),
        )
        after = await self._engine.ask("probe")
        if is_asked and number(during, "asked"):
            self._figures.at_most(
                f"{name}: p95 of a query during it",
                number(during, "p95_ms"),
                QUERY_P95_MS,
                "ms",
                detail=(
                    f"{during['asked']} asked, {number(during, 'stale'):.0f} told to ask again, "
                    f"slowest {number(during, 'slowest_ms'):.0f} ms; afterwards p95 "
                    f"{number(after, 'p95_ms'):.0f} ms; the loop late by its own work "
                    f"{max(number(during, 'own_late_ms'), number(after, 'own_late_ms')):.0f} ms, "
                    "its longest step "
                    f"{max(number(during, 'step_ms'), number(after, 'step_ms')):.0f} ms"
                ),
            )
        errors = [*_texts(during["errors"]), *_texts(after["errors"])]
        if errors:
            self._figures.at_most(f"{name}: errors", len(errors), 0, detail=errors[0])

    async def _equal_after(self, ended_at: float, most_s: float) -> tuple[float, dict[str, object]]:
        """Return how many seconds after the last change the index became right; inf: never."""
        # First the cold one, which may take longer than the engine has: it says when it was right.
        wanted = await asyncio.to_thread(self._cold.table_hash)
        rest = await self._engine.ask("rest")
        while rest["hash"] != wanted and time.monotonic() - ended_at < most_s:
            rest = await self._engine.ask("rest")
        is_equal = rest["hash"] == wanted
        since = self._engine.number(rest, "since")
        return (max(0.0, since - ended_at) if is_equal else float("inf")), rest

    def _change_while_stopped(self, files: int) -> None:
        self._engine.stop()
        try:
            create_anew(self._root, files, version=3)
        finally:
            self._engine.go_on()


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def text_of(number: int, version: int) -> str:
    """Return a small module."""
    return (
        f"def made_{number}(x):\n    return helper_{number % 97}(x) + {version}\n\n\n"
        f"class Kind{number % 1000}:\n    value_{version} = made_{number}({number})\n"
    )


def create(root: Path, files: int, version: int) -> None:
    """Write files into directories that are there."""
    for number in range(files):
        path = root / f"d{number % _DIRECTORIES}" / f"m{number}.py"
        path.write_text(text_of(number, version))


def save(root: Path, files: int) -> None:
    """Save as editors do: with a temporary file, with a backup, in place."""
    for number in range(files):
        path = root / f"d{number % _DIRECTORIES}" / f"m{number}.py"
        text = text_of(number, 4 + number % 3)
        backup = path.with_name(f"{path.name}~")
        if number % 3 == 0:
            temporary = path.with_name(f".{path.name}.new")
            temporary.write_text(text)
            temporary.replace(path)
        elif number % 3 == 1:
            path.rename(backup)
            path.write_text(text)
            backup.unlink()
        else:
            backup.write_bytes(path.read_bytes())
            path.write_text(text)
            backup.unlink()


def delete(root: Path, files: int) -> None:
    """Delete what `create` made."""
    for number in range(files):
        (root / f"d{number % _DIRECTORIES}" / f"m{number}.py").unlink()


def create_anew(root: Path, files: int, *, version: int = 1) -> None:
    """Write files into directories that are made for them."""
    for start in range(0, files, _OF_A_NEW_DIRECTORY):
        directory = root / "top" / f"n{start // 1000}" / f"n{start}"
        directory.mkdir(parents=True, exist_ok=True)
        for number in range(start, min(files, start + _OF_A_NEW_DIRECTORY)):
            (directory / f"m{number}.py").write_text(text_of(number, version))


def remove_and_restore(root: Path, spare: Path) -> None:
    """Remove a tree and bring a copy of it back."""
    shutil.copytree(root / "top", spare)
    shutil.rmtree(root / "top")
    shutil.copytree(spare, root / "top")
    shutil.rmtree(spare)


def remove(root: Path) -> None:
    """Remove a tree."""
    shutil.rmtree(root / "top")


def two_branches(root: Path, files: int) -> None:
    """Make branches so many files apart: a third deleted, a third changed, a third new."""
    _run_git(root, "init", "-q", "-b", "one")
    third = files // 3
    for branch, numbers, version in (
        ("one", range(2 * third), 1),
        ("two", range(third, files), 2),
    ):
        if branch == "two":
            _run_git(root, "checkout", "-q", "-b", branch)
            shutil.rmtree(root / "p")
        for number in numbers:
            path = root / "p" / f"p{number % 50}" / f"m{number}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text_of(number, version))
        _run_git(root, "add", "-A")
        _run_git(root, "commit", "-q", "-m", branch)


def git(root: Path, branch: str) -> None:
    """Check a branch out."""
    _run_git(root, "checkout", "-q", branch)


def remove_branch(root: Path) -> None:
    """Remove what git knows: the workspace holds so many files, and no more."""
    shutil.rmtree(root / ".git")
    shutil.rmtree(root / "p")


def _run_git(root: Path, *arguments: str) -> None:
    own = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    quiet = ["-c", "gc.auto=0", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", *own, *quiet, *arguments], cwd=root, check=True)


class NoWatches:
    """Events of a system that has no more watches to give."""

    def watch(self, directory: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def keep_only(self, directories: Collection[str]) -> None:
        """Nothing is watched."""

    def stop(self) -> None:
        """Nothing is open."""


class _Leaky:
    """Loses one event of ten, and nobody tells."""

    def __init__(self) -> None:
        self.dropped = self._seen = 0

    def open(self, root: Path, hint: Hint) -> EventSource:
        def pass_on(path: str | None) -> None:
            self._seen += 1
            if self._seen % 10:
                hint(path)
            else:
                self.dropped += 1

        return InotifySource(pass_on) if sys.platform == "linux" else NoWatches()


async def exhausted_watches(figures: Figures, directory: Path, *, files: int) -> None:
    """Without watches files are compared now and then, and that is said once."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    _log.addHandler(handler)
    try:
        indexing = await _indexing(directory, lambda root, hint: NoWatches(), poll_s=1.0)
        try:
            await asyncio.to_thread(create_anew, directory / "workspace", files)
            equal_s = await _equal_after(indexing, directory / "workspace")
            notice = indexing.queries.notice
        finally:
            await indexing.close()
    finally:
        _log.removeHandler(handler)
    detail = f"{files:,} creates; {notice}"
    figures.at_most("no watches: equal to a cold index", equal_s, EQUAL_S, "s", detail=detail)
    figures.at_most("no watches: said once", abs(len(said) - 1), 0, detail="; ".join(said[:2]))


async def missed_events(figures: Figures, directory: Path, *, files: int) -> None:
    """Events that were lost without a word are made up for by the next comparison."""
    leaky = _Leaky()
    indexing = await _indexing(directory, leaky.open, compare_s=2.0)
    try:
        root = directory / "workspace"
        await asyncio.to_thread(create_anew, root, files)
        await asyncio.to_thread(create_anew, root, files, version=2)
        equal_s = await _equal_after(indexing, root)
    finally:
        await indexing.close()
    detail = f"{leaky.dropped:,} events lost"
    figures.at_most("missed events: equal to a cold index", equal_s, EQUAL_S, "s", detail=detail)


async def _indexing(
    directory: Path,
    open_source: Callable[[Path, Hint], EventSource],
    *,
    poll_s: float = 5.0,
    compare_s: float = 60.0,
) -> Indexing:
    """Put together what `Indexing.open` does, with other events."""
    root, state = directory / "workspace", directory / "state"
    root.mkdir(parents=True)
    state.mkdir()
    files = DiskFileSystem(root)
    host, cache = WorkspaceHost(files), OutlineCache(directory / "cache")
    text_index = await asyncio.to_thread(TextIndex, state)
    indexer = Indexer(
        host, files, OutlineWorkers(root, cache, count=2), Manifest(state / "manifest"), text_index
    )
    make = partial(Watcher, open_source=open_source, poll_s=poll_s, compare_s=compare_s)
    loop = asyncio.get_running_loop()
    watcher = await asyncio.to_thread(make, root, files, indexer.disk_changed, loop)
    await indexer.open(watcher.files)
    watcher.start()
    queries = Queries(indexer, files, text_index, lambda: watcher.notice)
    return Indexing(host, indexer, queries, watcher, cache)


async def _equal_after(indexing: Indexing, root: Path) -> float:
    """Return after how many seconds the index is a cold one's equal; inf: too late."""
    began_at = time.monotonic()
    wanted = await asyncio.to_thread(Cold(root).table_hash)
    with suppress(TimeoutError):
        async with asyncio.timeout(EQUAL_S):
            while True:
                report = await indexing.queries.index_report(
                    messages.IndexParams(), lambda progress: None
                )
                if report.table_hash == wanted:
                    return time.monotonic() - began_at
                await asyncio.sleep(0.1)
    return float("inf")
