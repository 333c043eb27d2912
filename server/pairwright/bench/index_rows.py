"""What does each target of the index measure? A row each, for one tree.

The order is that in which one measurement needs what another leaves behind.
"""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from pairwright.bench.children import measuring
from pairwright.bench.copies import Versions
from pairwright.bench.floor import floor_s
from pairwright.bench.memory import daemon_at_rest, is_measurable
from pairwright.bench.samples import Sample
from pairwright.bench.starts import first_answer
from pairwright.bench.table import Row, p95_row
from pairwright.bench.workbench import OWN_FOLDER, Workbench, say
from pairwright.workspace.files import FileStat

A_MILLION = 1_000_000
"""Lines from which a tree is held to the targets of a large one."""
AIDER_COLD_S = 33.7
"""Its repository map of Django 5.2, as measured once on a machine with two cores."""
AIDER_START_S = 5.5
AIDER_MAP_MS = 2_400.0
AIDER_MB = 480.0

_SAVED_FUNCTIONS = 100


@dataclass(frozen=True, slots=True)
class Amounts:
    """How often what is measured."""

    rounds: int = 1
    """Of floor and cold index; the best of each counts."""
    starts: int = 5
    maps: int = 30
    searches: int = 200
    keystrokes: int = 200
    long_lines: int = 5_000
    """Of the file in which they are typed."""
    saves: int = 40
    edits: int = 10_000
    switched: int = 10_000
    """Files that a checkout changes, at most."""
    switches: int = 1
    rest_s: float = 15.0
    """Seconds at rest after which a daemon's memory counts: longer than its workers stay."""


class IndexRows:
    """The measurements of one tree."""

    def __init__(self, sample: Sample, amounts: Amounts, bench: Workbench) -> None:
        """Measure what a sample was taken of."""
        self._sample = sample
        self._amounts = amounts
        self._bench = bench
        self._is_large = sample.lines >= A_MILLION
        self.facts: dict[str, Any] = {
            "files": len(sample.listed),
            "parsed files": len(sample.parsed),
            "lines": sample.lines,
            "MB parsed": round(sample.size / 1e6, 1),
            "cores": os.cpu_count(),
        }
        """What the tree is."""

    async def cold(self) -> list[Row]:
        """Measure the floor, and an index of which nothing is known."""
        floors, colds = [], []
        for number in range(self._amounts.rounds):
            say(f"floor, round {number + 1}")
            floors.append(await floor_s(self._sample.root, self._sample.parsed))
            say(f"cold index, round {number + 1}")
            places = self._bench.known if number == 0 else self._bench.fresh(knows_outlines=False)
            result = await self._bench.probe("cold", self._sample.root, places, queries=[])
            colds.append(result["seconds"])
        self.facts |= {"symbols": result["symbols"], "indexed files": result["files"]}
        if result["notice"]:
            self.facts["notice"] = result["notice"]
        floor, factor = min(floors), 1.7 if self._is_large else 1.5
        cold = Row(
            "cold index",
            min(colds),
            "s",
            limit=factor * floor,
            target=f"≤ {factor} × floor",
            compared=floor,
            compared_with="floor",
            note=_processor_times(result),
        )
        beside_peer = replace(
            cold,
            what="cold index beside aider's map",
            limit=AIDER_COLD_S / 8,
            target="≥ 8 × faster",
            compared=self._peer(AIDER_COLD_S),
            compared_with="aider, another run",
            note="aider's figure was measured on another machine of this size, not now",
        )
        rows = [Row("floor: bare parsing and queries", floor, "s"), cold]
        return [*rows, *([beside_peer] if beside_peer.compared else ())]

    async def asked_while_cold(self) -> list[Row]:
        """Measure an index of which nothing is known while a client asks again and again."""
        say("cold index while a client asks")
        result = await self._bench.probe(
            "cold",
            self._sample.root,
            self._bench.fresh(knows_outlines=False),
            queries=self._sample.queries(100),
        )
        failures = result["failures"]
        note = f"{failures} failed" if failures else ""
        search = p95_row("symbol search while indexing, p95", result["asked_ms"], 50.0, note=note)
        what = "cold index while a client asks every 50 ms"
        return [
            Row(what, result["seconds"], "s", note=_processor_times(result)),
            replace(search, has_failed=failures > 0),
        ]

    async def starts(self) -> list[Row]:
        """Measure starts with what the cold index left behind."""
        landmark = self._sample.landmark()
        wanted = f"{landmark.path}:{landmark.qualified_name}"
        scratch, (state, _) = self._bench.scratch / "s", self._bench.known
        scratch.mkdir(exist_ok=True)
        taken = []
        for number in range(self._amounts.starts):
            say(f"start on an unchanged tree, {number + 1} of {self._amounts.starts}")
            taken.append(await first_answer(self._sample.root, scratch, state, landmark.name))
        taken.sort(key=lambda each: each.seconds)
        middle = taken[len(taken) // 2]
        wrong = sum(not each.is_complete or wanted not in each.names for each in taken)
        note = f"a daemon, which listens after {middle.listens_after_s:.3f} s"
        note += f"; median of {len(taken)}, worst {taken[-1].seconds:.3f} s"
        return [
            Row(
                "start on an unchanged tree, first right answer",
                middle.seconds,
                "s",
                limit=0.4,
                compared=self._peer(AIDER_START_S),
                compared_with="aider",
                note=note + (f"; {wrong} wrong" if wrong else ""),
                has_failed=wrong > 0,
            )
        ]

    async def answers(self) -> list[Row]:
        """Measure maps and symbol searches of a tree that rests."""
        say("repository map and symbol search at rest")
        sample, amounts = self._sample, self._amounts
        result = await self._bench.probe(
            "answers",
            sample.root,
            self._bench.known,
            focuses=sample.focuses(amounts.maps),
            queries=sample.queries(amounts.searches),
        )
        map_row = p95_row(
            "repository map again, 1,000 tokens, p95",
            result["map_ms"],
            30.0,
            compared=self._peer(AIDER_MAP_MS),
            compared_with="aider",
            note=f"the first one {result['first_map_ms']:.0f} ms",
        )
        note = f"{result['empty']} of {len(result['symbols_ms'])} found nothing"
        return [map_row, p95_row("symbol search, p95", result["symbols_ms"], 10.0, note=note)]

    async def edits(self) -> list[Row]:
        """Measure maps after edits, and keystrokes in a long file."""
        text, suffix = self._sample.long_text(self._amounts.long_lines)
        long_path = f"{OWN_FOLDER}/long{suffix}"
        (self._bench.copy() / long_path).write_text(text, "utf-8")
        say("maps after edits, keystrokes")
        result = await self._bench.probe(
            "edits",
            self._bench.copy(),
            self._bench.fresh(knows_outlines=True),
            paths=self._sample.usual_files(self._amounts.maps),
            long_path=long_path,
            keystrokes=self._amounts.keystrokes,
        )
        lines = self._amounts.long_lines
        return [
            p95_row("repository map after an edit, p95", result["map_ms"], 60.0),
            p95_row(f"keystroke → new revision, {lines:,} lines, p95", result["text_ms"], 3.0),
            p95_row(f"keystroke → outline, {lines:,} lines, p95", result["outline_ms"], 40.0),
        ]

    async def saves(self) -> Row:
        """Measure how long what another program saves is not seen."""
        say("saves")
        place = self._bench.copy() / OWN_FOLDER / "saved.py"
        body = "".join(f"def known_{n}(x):\n    return x + {n}\n" for n in range(_SAVED_FUNCTIONS))
        place.write_text(body)
        request = self._bench.request(
            "saves", self._bench.copy(), self._bench.fresh(knows_outlines=True)
        )
        seen_ms = []
        async with measuring("probes", request) as child:
            await child.receive()
            for number in range(self._amounts.saves):
                name = f"saved_as_{number}_by_another_program"
                child.send({"name": name})
                began_at = time.monotonic()
                _save(
                    place, f"{body}def {name}():\n    return {number}\n", by_rename=number % 2 == 0
                )
                _, seen_at = await child.receive()
                seen_ms.append((seen_at - began_at) * 1000)
                await asyncio.sleep(number % 7 / 100)
            child.send({})
            await self._bench.last_word("saves", child)
        return p95_row("saved on disk → visible, p95", seen_ms, 150.0)

    async def switches(self) -> Row:
        """Measure how long the index takes when very many files change at once."""
        changed = self._switched_files()
        versions = Versions(self._bench.copy(), [stat.path for stat in changed])
        hashes, floors = [], []
        for number in range(1, self._amounts.switches + 1):
            say(f"version {number} of {self._amounts.switches}: floor, and indexed cold")
            versions.make(number)
            parsed = {stat.path for stat in self._sample.parsed}
            floors.append(
                await floor_s(self._bench.copy(), [s for s in changed if s.path in parsed])
            )
            cold = await self._bench.probe(
                "cold",
                self._bench.copy(),
                self._bench.fresh(knows_outlines=False),
                queries=[],
            )
            hashes.append(cold["hash"])
        versions.switch(0)
        taken, switching_s = await self._switched(versions, hashes)
        lost = sum(seconds is None for seconds in taken)
        floor = median(floors)
        worst = max((seconds for seconds in taken if seconds is not None), default=0.0)
        note = f"{len(taken)} times, {lost} of them not equal to a cold index"
        note += f"; {versions.way} alone took {max(switching_s):.2f} s of it"
        return Row(
            f"{len(changed):,} files changed at once → equal to a cold index",
            worst,
            "s",
            limit=1.2 * floor + 1.0,
            target=f"≤ 1.2 × floor + 1 s = {1.2 * floor + 1.0:.1f} s",
            compared=floor,
            compared_with="floor of these",
            note=note,
            has_failed=lost > 0,
        )

    async def memory(self) -> list[Row]:
        """Measure what a daemon at rest holds, and what edits leave behind."""
        limit = 300.0 if self._is_large else 150.0
        what = "memory of a daemon at rest"
        grown_what = "memory that 1,000 edits leave"
        if not is_measurable():
            note = "this system does not tell how much memory a process holds"
            return [Row(each, None, "MB", note=note) for each in (what, grown_what)]
        say("a daemon's memory: waiting until it rests")
        scratch = self._bench.scratch / "d"
        scratch.mkdir()
        daemon = await daemon_at_rest(self._bench.copy(), scratch, rest_s=self._amounts.rest_s)
        say(f"memory over {self._amounts.edits} edits")
        result = await self._bench.probe(
            "growth",
            self._bench.copy(),
            self._bench.fresh(knows_outlines=True),
            paths=self._sample.usual_files(1),
            edits=self._amounts.edits,
        )
        (own_before, workers_before), (own, workers) = result["before_mb"], result["after_mb"]
        grown = own + workers - own_before - workers_before
        rest = Row(
            what,
            daemon.at_rest,
            "MB",
            limit=limit,
            compared=self._peer(AIDER_MB),
            compared_with="aider",
            note=f"{daemon.children} children; at most {daemon.highest:.0f} MB since its start",
        )
        note = f"the engine {own_before:.1f} MB, then {own:.1f} MB"
        note += f"; its workers {workers_before:.1f} MB, then {workers:.1f} MB"
        grown_row = Row(grown_what, grown / self._amounts.edits * 1000, "MB", limit=0.1, note=note)
        return [rest, grown_row]

    def worst_lag(self) -> Row:
        """Return for how long the event loop was blocked, over all that was measured."""
        where = max(self._bench.lags_ms, key=lambda name: self._bench.lags_ms[name])
        note = ", ".join(f"{name} {lag:.0f} ms" for name, lag in self._bench.lags_ms.items())
        return Row(
            "event loop blocked, at most",
            self._bench.lags_ms[where],
            "ms",
            limit=20.0,
            compared=self._bench.own_lag_ms,
            compared_with="in an idle process",
            note=note,
        )

    async def _switched(
        self, versions: Versions, hashes: Sequence[str]
    ) -> tuple[list[float | None], list[float]]:
        """Return how long each switch took to become the index, None: never; and itself."""
        taken: list[float | None] = []
        switching_s = []
        request = self._bench.request(
            "switches", self._bench.copy(), self._bench.fresh(knows_outlines=True)
        )
        async with measuring("probes", request) as child:
            await child.receive()
            for number, expected in enumerate(hashes, start=1):
                say(f"switch {number} of {len(hashes)}")
                began_at = time.monotonic()
                await asyncio.to_thread(versions.switch, number)
                switching_s.append(time.monotonic() - began_at)
                child.send({"hash": expected})
                answer, equal_at = await child.receive()
                taken.append(equal_at - began_at if answer["is_equal"] else None)
            child.send({})
            await self._bench.last_word("switches", child)
        return taken, switching_s

    def _peer(self, figure: float) -> float | None:
        """Return a peer's figure, where it was measured on this tree."""
        django = self._sample.django
        return figure if django is not None and django[:2] == (5, 2) else None

    def _switched_files(self) -> list[FileStat]:
        """Return the files that a checkout changes: those that are parsed first."""
        parsed = {stat.path for stat in self._sample.parsed}
        files = sorted(self._sample.listed, key=lambda each: each.path not in parsed)
        return files[: self._amounts.switched]


def _processor_times(result: Mapping[str, Any]) -> str:
    own, workers = result["own_cpu_s"], result["workers_cpu_s"]
    return f"processor time: {own:.1f} s of the engine, {workers:.1f} s of its workers"


def _save(place: Path, text: str, *, by_rename: bool) -> None:
    if by_rename:
        beside = place.with_suffix(".tmp")
        beside.write_text(text)
        os.replace(beside, place)
    else:
        place.write_text(text)
