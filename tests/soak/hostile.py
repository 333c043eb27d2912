"""Can a file harm more than itself? Broken, deep, huge and random ones in every language.

First each alone, to see what it costs; then all at once in an engine that is asked all the time;
then again after a restart.
"""

import asyncio
import os
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.index.cache import OutlineCache
from pairwright.index.outliner import FileReading
from pairwright.index.workers import MAX_MEMORY_BYTES, OutlineWorkers
from pairwright.workspace.paths import WorkspacePath
from tests.soak.figures import Figures, percentile
from tests.soak.resident import Resident, resident

FILE_CPU_S = 4.0
"""Three seconds are allowed, in whole seconds of the system's counting."""
MEMORY_MB = MAX_MEMORY_BYTES / 2**20 + 16
"""What may be allocated, and libraries that are mapped and come into memory as they are used."""
LATE_MS = 50.0
OPENED = 12
"""How many of the files an editor opens as well."""
SILENCE_S = 120.0
_SAMPLES = Path(__file__).parents[1] / "syntax" / "samples"
_OPENERS = (
    "(",
    "[",
    "{",
    "<a>",
    "if x {",
    "begin ",
    "- ",
    "> ",
    '"',
    "/*",
    "f(",
    "${",
    "\\",
    "'''",
)
_SEED = 3


def fatal_files() -> dict[str, bytes]:
    """Return files that their parsers are known to die of, or to take too much for."""
    nested = "".join(f"{'  ' * depth}k{depth}:\n" for depth in range(260))
    return {"fatal.yaml": nested.encode(), "fatal.lua": b"[" * 100_000}


def sound_files() -> list[Path]:
    """Return a file of each language with which nothing is wrong."""
    return [path for path in sorted(_SAMPLES.iterdir()) if not path.name.endswith(".txt")]


def hostile_files(count: int, chance: random.Random) -> dict[str, bytes]:
    """Return so many files, all languages in turn."""
    samples = sound_files()
    files = fatal_files()
    for number in range(len(files), count):
        sample = samples[number % len(samples)]
        kinds = (_fuzzed, _deep, _noise, _long_line, _repeated, _cut)
        kind = kinds[number // len(samples) % len(kinds)]
        name = f"{kind.__name__.strip('_')}{number}{sample.suffix}"
        files[name] = kind(sample.read_bytes(), chance)
    return files


def _fuzzed(sample: bytes, chance: random.Random) -> bytes:
    text = sample.decode()
    for _ in range(20):
        at = chance.randrange(len(text))
        put = (
            chance.choice(_OPENERS) * 50 if chance.random() < 0.5 else chr(chance.randrange(1, 900))
        )
        text = text[:at] + put + text[at + chance.randrange(40) :]
    return text.encode()


def _deep(sample: bytes, chance: random.Random) -> bytes:
    return chance.choice(_OPENERS).encode() * chance.choice((300, 5_000, 100_000))


def _noise(sample: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        return chance.randbytes(200_000)
    alphabet = "(){}[]<>\"'`#/*-+=:;,.\\ \n\tabcdef01ü\U0001f600"
    return "".join(chance.choices(alphabet, k=chance.choice((20_000, 400_000)))).encode()


def _long_line(sample: bytes, chance: random.Random) -> bytes:
    return b" ".join(sample.split()) * (900_000 // len(sample))


def _repeated(sample: bytes, chance: random.Random) -> bytes:
    return sample * (900_000 // len(sample))


def _cut(sample: bytes, chance: random.Random) -> bytes:
    text = sample.decode()
    at = chance.randrange(len(text))
    return (text[at:] + chance.choice(_OPENERS) * 100 + text[:at]).encode()


async def run(figures: Figures, *, files: int) -> None:
    """Index hostile files: each alone, all at once, and again."""
    with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
        contents = hostile_files(files, random.Random(_SEED))
        place = Path(directory, "resident")
        root = place / "workspace"
        root.mkdir(parents=True)
        for name, content in contents.items():
            (root / name).write_bytes(content)
        set_aside = await _each_alone(figures, root, Path(directory, "cache"), contents)
        for path in sound_files():
            (root / path.name).write_bytes(path.read_bytes())
        await _all_at_once(figures, place, contents, set_aside)
        await _again(figures, place)
        figures.load()


async def _each_alone(
    figures: Figures, root: Path, cache_dir: Path, names: dict[str, bytes]
) -> set[str]:
    """Measure what each file costs a worker; return those that were set aside."""
    cache = OutlineCache(cache_dir)
    workers = OutlineWorkers(root, cache, count=1, idle_stop_s=SILENCE_S)
    meter = _Meter(workers)
    metering = asyncio.create_task(meter.run())
    set_aside: set[str] = set()
    costs: list[tuple[float, float, str]] = []
    try:
        await workers.outline_files([WorkspacePath("missing.c")], lambda readings: None)
        for name in names:
            found: list[FileReading] = []
            meter.begin()
            began_at = time.monotonic()
            async with asyncio.timeout(SILENCE_S):
                await workers.outline_files([WorkspacePath(name)], found.extend)
            costs.append((*meter.cost(), name))
            packed = found[0].packed
            if packed is not None and "its parser died" in packed.not_parsed:
                set_aside.add(name)
                figures.say(
                    f"       set aside: {name}, {time.monotonic() - began_at:.1f} s: "
                    f"{packed.not_parsed}"
                )
    finally:
        metering.cancel()
        await workers.close()
        cache.close()
    by_cpu, by_memory = max(costs), max((memory, name) for _, memory, name in costs)
    figures.at_most(
        f"one of {len(names)} files takes at most",
        by_cpu[0],
        FILE_CPU_S,
        "s of processor time",
        detail=f"{by_cpu[2]}; p95 {percentile([cost[0] for cost in costs], 0.95):.2f} s",
    )
    figures.at_most(
        "one file takes at most",
        by_memory[0],
        MEMORY_MB,
        "MB",
        detail=f"{by_memory[1]}; p95 {percentile([cost[1] for cost in costs], 0.95):.0f} MB",
    )
    return set_aside


@dataclass(slots=True)
class _Use:
    """What a worker used: before a file, and now."""

    cpu_s: float
    memory_mb: float
    cpu_before_s: float


class _Meter:
    """Looks at the workers all the time: one that died cannot be asked what it used."""

    def __init__(self, workers: OutlineWorkers) -> None:
        self._workers = workers
        self._uses: dict[int, _Use] = {}
        self._rest_mb = 0.0
        """Of a worker that was started and did little yet."""

    def begin(self) -> None:
        """Begin with another file."""
        self._uses.clear()
        self._look()
        if not self._rest_mb:
            self._rest_mb = max((use.memory_mb for use in self._uses.values()), default=0.0)

    def cost(self) -> tuple[float, float]:
        """Return the most processor time and memory that one worker used for this file."""
        self._look()
        uses = self._uses.values()
        return (
            max((use.cpu_s - use.cpu_before_s for use in uses), default=0.0),
            max((use.memory_mb - self._rest_mb for use in uses), default=0.0),
        )

    async def run(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(0.01)

    def _look(self) -> None:
        for pid in self._workers.pids:
            with suppress(OSError, IndexError):
                cpu_s, memory_mb = _cpu_s(pid), _memory_mb(pid)
                use = self._uses.setdefault(pid, _Use(cpu_s, memory_mb, cpu_s))
                use.cpu_s, use.memory_mb = cpu_s, max(use.memory_mb, memory_mb)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _all_at_once(
    figures: Figures, place: Path, contents: dict[str, bytes], set_aside: set[str]
) -> None:
    """Index all files in an engine that is asked meanwhile; open some in an editor as well."""
    async with resident(place) as engine:
        rest = await engine.ask("rest")
        probe = await engine.ask("probe")
        _tell_probe(figures, "all at once", engine, probe)
        figures.at_least(
            "all files are known",
            engine.number(rest, "files"),
            len(contents) + len(sound_files()),
            detail=f"{rest['unread']} without text {rest['reasons'] or ''}",
        )
        reasons = _reasons(rest)
        dead = {name for name, reason in reasons.items() if "its parser died" in reason}
        figures.at_least(
            "a file that kills its parser is set aside",
            len(dead),
            1,
            detail=", ".join(sorted(dead)),
        )
        others = {
            f"{name}: {reason}"
            for name, reason in reasons.items()
            if (name not in contents or "no grammar" in reason or name in dead - set_aside)
        }
        figures.at_most("no other file suffers", len(others), 0, detail="; ".join(sorted(others)))
        await engine.ask("probe")
        opened = [
            *fatal_files(),
            *[name for name in contents if name not in fatal_files()][:OPENED],
        ]
        for name in opened:
            text = contents[name].decode("utf-8", "replace")
            await engine.ask("type", path=name, text=text, version=1)
        await engine.ask("rest")
        _tell_probe(figures, f"{len(opened)} open in an editor", engine, await engine.ask("probe"))
        for name in opened:
            await engine.ask("close", path=name)
        await engine.ask("rest")


async def _again(figures: Figures, place: Path) -> None:
    """Start again: nothing dies, even if what is known of the files is lost."""
    for kept in ("all", "outlines"):
        if kept == "outlines":
            for path in (place / "state").glob("manifest*"):
                path.unlink()
        begun = len((place / "log").read_text())
        async with resident(place) as engine:
            rest = await engine.ask("rest")
            died = engine.log[begun:].count("died")
        figures.at_most(
            f"nothing dies after a restart with {kept} that was kept",
            died,
            0,
            detail=f"{engine.number(rest, 'parsed'):.0f} parsed again",
        )


def _tell_probe(figures: Figures, when: str, engine: Resident, probe: dict[str, object]) -> None:
    number = engine.number
    figures.at_most(
        f"{when}: the event loop is late by its own work",
        number(probe, "own_late_ms"),
        LATE_MS,
        "ms",
        detail=f"by the clock {number(probe, 'late_ms'):.0f} ms",
    )
    errors = probe["errors"]
    count = len(errors) if isinstance(errors, list) else 1
    figures.at_most(
        f"{when}: client errors",
        count,
        0,
        f"of {number(probe, 'asked'):.0f}",
        detail=f"{errors or ''} p95 {number(probe, 'p95_ms'):.0f} ms",
    )


def _reasons(rest: dict[str, object]) -> dict[str, str]:
    """Return why files were not parsed."""
    reasons = rest["not_parsed"]
    return {str(k): str(v) for k, v in reasons.items()} if isinstance(reasons, dict) else {}
