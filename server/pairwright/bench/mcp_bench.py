"""How long does an assistant wait for `find_symbols`? Against the SDK's own tool that does nothing.

The peer gives back the same answers through the same doors of the same process, and both are asked
in turns: what is left between the two is our work. The tree is only read.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

from pairwright.bench.children import MeasurementFailed, MeasuringChild, measuring
from pairwright.bench.mcp_client import Ask, over_http, over_stdio
from pairwright.bench.mcp_server import PEER, TOOL
from pairwright.bench.samples import sample_of
from pairwright.bench.table import Row, Table, percentile, to_text
from pairwright.bench.workbench import say
from pairwright.errors import PairwrightError

MOST_RATIO = 1.5
_QUERIES = 100
_WARM_UP = 20
_PAUSE_S = 0.01
"""After each round, so that nobody is slowed for asking too often."""
_OURS = "bench"


@dataclass(slots=True)
class _Way:
    """One transport in one era: both sides of it, and how long each took, in milliseconds."""

    ours: Ask
    peer: Ask
    ours_ms: list[float] = field(default_factory=list)
    peer_ms: list[float] = field(default_factory=list)
    ours_processor_ms: float = 0.0
    """Of the server, for an answer on average: what else the machine does hardly tells on it."""
    peer_processor_ms: float = 0.0


def main(args: argparse.Namespace) -> int:
    """Run the command `bench mcp`."""
    try:
        tables = [asyncio.run(measure(root, rounds=args.rounds)) for root in args.paths]
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(to_text(tables, is_json=args.is_json))
    return 0


async def measure(root: Path, *, rounds: int = 300) -> Table:
    """Return the figures of one tree; each round asks both sides of each way once.

    Raises:
        UserError: it is no folder, or nothing in it is code.
        MeasurementFailed: the process ended, does not answer, or the answers differ.
    """
    say(f"{root}: looking at what there is")
    sample = sample_of(root)
    queries = sorted(set(sample.queries(_QUERIES)))
    say("indexing")
    async with _ways(sample.root, queries) as (child, ways):
        say("asking")
        sizes = []
        for number, query in enumerate(islice(cycle(queries), _WARM_UP + rounds)):
            for way in ways.values():
                sizes.append(await _ask_both(way, query, number))
            await asyncio.sleep(_PAUSE_S)
        await _note_processor_times(child, ways, queries)
    facts = {
        "lines": sample.lines,
        "files": len(sample.parsed),
        "rounds": rounds,
        "bytes of an answer": round(sum(sizes) / len(sizes)),
        "mcp": version("mcp"),
    }
    return Table(sample.root.name, tuple(_rows(ways)), facts)


async def _ask_both(way: _Way, query: str, number: int) -> int:
    """Ask in turns who is first; return the length of the answer.

    Raises:
        MeasurementFailed: they do not say the same.
    """
    sides = [(way.ours, way.ours_ms), (way.peer, way.peer_ms)]
    said = []
    for ask, times in sides if number % 2 else reversed(sides):
        result, took_ms = await ask(TOOL, query)
        said.append(result)
        if number >= _WARM_UP:
            times.append(took_ms)
    if said[0]["structuredContent"]["symbols"] != said[1]["structuredContent"]["symbols"]:
        raise MeasurementFailed(f"the two answers to {query!r} differ")
    return len(str(said[0]))


async def _note_processor_times(
    child: MeasuringChild, ways: dict[str, _Way], queries: list[str]
) -> None:
    """Note what an answer costs the server on average."""
    # All in turns, as before: HTTP connections that rest for some seconds are closed.
    for query in queries:
        for way in ways.values():
            way.ours_processor_ms += await _cost_ms(child, way.ours, query) / len(queries)
            way.peer_processor_ms += await _cost_ms(child, way.peer, query) / len(queries)
        await asyncio.sleep(_PAUSE_S)


async def _cost_ms(child: MeasuringChild, ask: Ask, query: str) -> float:
    """Return what one answer costs the server, without what it costs to tell that."""
    first, before = await _processor_s(child), await _processor_s(child)
    await ask(TOOL, query)
    after = await _processor_s(child)
    return max(after - before - (before - first), 0.0) * 1000


async def _processor_s(child: MeasuringChild) -> float:
    child.send({"figures": True})
    figures, _ = await child.receive()
    return float(figures["processor_s"])


def _rows(ways: dict[str, _Way]) -> Iterator[Row]:
    for what, way in ways.items():
        for percent in (50, 95):
            peer_ms = percentile(way.peer_ms, percent)
            yield Row(
                f"{TOOL}, {what}, p{percent}",
                percentile(way.ours_ms, percent),
                "ms",
                limit=MOST_RATIO * peer_ms,
                target=f"≤ {MOST_RATIO} × it",
                compared=peer_ms,
                compared_with="SDK's trivial tool",
            )
        yield Row(
            f"{TOOL}, {what}, processor",
            way.ours_processor_ms,
            "ms",
            compared=way.peer_processor_ms,
            compared_with="SDK's trivial tool",
        )


@asynccontextmanager
async def _ways(
    root: Path, queries: list[str]
) -> AsyncIterator[tuple[MeasuringChild, dict[str, _Way]]]:
    """Give a server that has read all of the tree, and each way to ask it."""
    token = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="pw-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        (scratch / "state").mkdir(mode=0o700)
        socket = str(scratch / "sock")
        request = {
            "root": str(root),
            "state": str(scratch / "state"),
            "cache": str(scratch / "cache"),
            "socket": socket,
            "token": token,
            "queries": queries,
        }
        async with measuring("mcp_server", request) as child, AsyncExitStack() as open_ways:
            url = (await child.receive())[0]["url"]
            enter = open_ways.enter_async_context
            ways = {}
            for era, is_modern in (("2025-11-25", False), ("2026-07-28", True)):
                ours = await enter(over_stdio(socket, _OURS, is_modern=is_modern))
                peer = await enter(over_stdio(socket, PEER, is_modern=is_modern))
                ways[f"stdio {era}"] = _Way(ours, peer)
            ours = await enter(over_http(url, token, _OURS))
            peer = await enter(over_http(url, token, PEER))
            ways["HTTP 2026-07-28"] = _Way(ours, peer)
            yield child, ways
            child.send({})
