"""How long does an editor wait? Questions while the tree is being indexed, against a bare server.

Ours and an echo server of the library are asked in turns in one run, so that what else the machine
does falls on both. As in an editor the documents that are asked about are open. The tree is only
read; its index begins with nothing.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from pairwright.bench.children import MeasurementFailed, MeasuringChild, measuring
from pairwright.bench.lsp_client import LspClient, talking
from pairwright.bench.paused_model import PausedModel, serving
from pairwright.bench.samples import Sample, sample_of
from pairwright.bench.table import Row, Table, p95_row, percentile, to_text
from pairwright.bench.workbench import say
from pairwright.errors import PairwrightError
from pairwright.lsp.code.switches import FEATURES
from pairwright.syntax.outline import Symbol
from pairwright.text.ranges import LineIndex
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath

MOST_ANSWER_MS = 10.0
MOST_BLOCKED_MS = 50.0
MOST_HUNK_MS = 20.0
_ROUND_S = 0.05
_PLACES = 200
_MOST_COSTED = 100
"""Questions of one kind, for which the server's processor time is told."""
_OPEN_FILES = 10
_LEAST_ROUNDS = 20
_CONTENT_MODIFIED = -32801
_OPEN_LINES = 200
_MODEL = "openai/gpt-4o-mini"
_PATH = "pairwright_bench_hunks.py"
_METHODS = {
    "hover": "textDocument/hover",
    "document symbols": "textDocument/documentSymbol",
    "workspace symbols": "workspace/symbol",
    "code actions": "textDocument/codeAction",
}
_LIMITED = ("hover", "code actions")
"""What has a target."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is asked."""

    uri: str
    line: int
    character: int
    query: str

    def params(self, what: str) -> dict[str, Any]:
        position = {"line": self.line, "character": self.character}
        document = {"textDocument": {"uri": self.uri}}
        match what:
            case "hover":
                return {**document, "position": position}
            case "workspace symbols":
                return {"query": self.query}
            case "code actions":
                there = {"start": position, "end": position}
                return {**document, "range": there, "context": {"diagnostics": []}}
        return document


@dataclass(slots=True)
class _Times:
    """Of one phase, in milliseconds, by what was asked."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    echo: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    stale: int = 0


def main(args: argparse.Namespace) -> int:
    """Run the command `bench lsp`."""
    try:
        tables = [asyncio.run(measure(root, hunks=args.rounds)) for root in args.paths]
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(to_text(tables, is_json=args.is_json))
    return 0


async def measure(root: Path, *, hunks: int = 5, least_rounds: int = _LEAST_ROUNDS) -> Table:
    """Return the figures of one tree; so many tasks, if any, show how soon a hunk is there.

    Raises:
        UserError: it is no folder, or nothing in it is code.
        MeasurementFailed: a process ended, or does not answer.
    """
    say(f"{root}: looking at what there is")
    sample = sample_of(root)
    places = list(_places(sample))
    with tempfile.TemporaryDirectory(prefix="pw-", ignore_cleanup_errors=True) as name:
        model = PausedModel(*_answer())
        async with (
            serving(model),
            _echo() as echo,
            _ours(sample.root, Path(name), model) as (child, client, waiting),
        ):
            say("asking while it is indexed")
            offered = await _initialize(client, sample.root)
            _open_some(client, sample)
            indexing = asyncio.ensure_future(child.receive())
            cold = await _ask_on(client, echo, places, offered, indexing, least=0)
            indexed_s = (await indexing)[0]["indexed_s"]
            cold_lag = await _lag(child)
            say("asking while it rests")
            rest = await _ask_on(client, echo, places, offered, None, least=least_rounds)
            rest_lag = await _lag(child)
            costs = {what: await _processor_ms(child, client, places, what) for what in offered}
            lags = {"indexing": cold_lag, "rest": rest_lag}
            hunk_ms: list[float] = []
            if hunks:
                say("waiting for hunks")
                hunk_ms = await _hunks(client, sample.root, model, waiting, hunks)
                lags["a task"] = await _lag(child)
            child.send({})
    return Table(
        sample.root.name,
        (*_rows(cold, rest, lags, hunk_ms), *_cost_rows(costs)),
        {"lines": sample.lines, "files": len(sample.parsed), "indexed in s": round(indexed_s, 1)},
    )


def _rows(
    cold: _Times, rest: _Times, lags: Mapping[str, float], hunk_ms: list[float]
) -> Iterator[Row]:
    for phase, times in (("while indexing", cold), ("at rest", rest)):
        for what, ours in times.ours.items():
            row = p95_row(
                f"{what} {phase}, p95",
                ours,
                MOST_ANSWER_MS,
                compared=percentile(times.echo[what], 95),
                compared_with="pygls echo",
                note=f"{times.stale} stale" if times.stale else "",
            )
            yield row if what in _LIMITED else replace(row, limit=None)
        if times.failures:
            yield Row(f"refused {phase}", len(times.failures), "", limit=0, note=times.failures[0])
    for what, lag in lags.items():
        yield Row(f"event loop blocked during {what}, most", lag, "ms", limit=MOST_BLOCKED_MS)
    if hunk_ms:
        yield p95_row("first hunk after its last token, p95", hunk_ms, MOST_HUNK_MS)


def _cost_rows(costs: Mapping[str, float]) -> Iterator[Row]:
    for what, cost in costs.items():
        note = "of the server, on average: what else the machine does hardly tells on it"
        yield Row(f"{what} at rest, processor", cost, "ms", note=note)


async def _processor_ms(
    child: MeasuringChild, client: LspClient, places: list[_Place], what: str
) -> float:
    """Return what an answer costs the server on average."""
    before = float((await _figures(child))["processor_s"])
    asked = places[:_MOST_COSTED]
    for place in asked:
        await client.ask(_METHODS[what], place.params(what))
    return (float((await _figures(child))["processor_s"]) - before) * 1000 / len(asked)


async def _ask_on(
    client: LspClient,
    echo: LspClient,
    places: list[_Place],
    offered: list[str],
    indexing: "asyncio.Future[Any] | None",
    *,
    least: int,
) -> _Times:
    """Ask everything of ours and of the echo, again and again until it is indexed."""
    times = _Times()
    for number, place in enumerate(cycle(places)):
        if number >= least and (indexing is None or indexing.done()):
            return times
        for what in offered:
            answer, ours_ms = await client.ask(_METHODS[what], place.params(what))
            _, echo_ms = await echo.ask(_METHODS[what], place.params(what))
            error = answer.get("error")
            if error is None:
                times.ours.setdefault(what, []).append(ours_ms)
                times.echo.setdefault(what, []).append(echo_ms)
            elif error["code"] == _CONTENT_MODIFIED:
                times.stale += 1
            else:
                times.failures.append(f"{what}: {error['message']}")
        await asyncio.sleep(_ROUND_S)
    return times


async def _hunks(
    client: LspClient,
    root: Path,
    model: PausedModel,
    came_at: list[float],
    count: int,
) -> list[float]:
    """Return how long after the last token of a first edit its hunk had come, in milliseconds."""
    uri = (root / _PATH).as_uri()
    text = "".join(f"name_{number} = {number}\n" for number in range(_OPEN_LINES))
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.tell("textDocument/didOpen", {"textDocument": item})
    params = {
        "instruction": "Change the first and the last name.",
        "strategy": "weak",
        "file": _PATH,
        "partialResultToken": "hunks",
    }
    found = []
    # The first one loads what is loaded once.
    for number in range(count + 1):
        came_at.clear()
        model.first_sent_at.clear()
        answer, _ = await client.ask("pairwright/run", params)
        if not came_at or not model.first_sent_at:
            reason = answer.get("error") or answer.get("result", {}).get("message")
            raise MeasurementFailed(f"no hunk came: {reason}")
        if number:
            found.append(max(came_at[0] - model.first_sent_at[0], 0.0) * 1000)
    return found


def _answer() -> tuple[str, str]:
    """Return two edits as a model writes them, with what ends the answer."""
    blocks = []
    for number in (1, _OPEN_LINES - 2):
        old, new = f"name_{number} = {number}\n", f"name_{number} = {number} + 1\n"
        blocks.append(f"### FILE {_PATH}\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n")
    return blocks[0], f"{blocks[1]}### END {len(blocks)}\n"


def _open_some(client: LspClient, sample: Sample) -> None:
    """Open the files in which something is asked."""
    disk = DiskFileSystem(sample.root)
    for path in sorted({symbol.path for symbol in _asked_about(sample)}):
        text = disk.read(WorkspacePath(path)).text
        item = {"uri": (sample.root / path).as_uri(), "languageId": "", "version": 1, "text": text}
        client.tell("textDocument/didOpen", {"textDocument": item})


def _asked_about(sample: Sample) -> list[Symbol]:
    """Return definitions of a few files, those with the most of them."""
    files = Counter(symbol.path for symbol in sample.symbols).most_common(_OPEN_FILES)
    paths = {path for path, _ in files}
    return [symbol for symbol in sample.symbols if symbol.path in paths]


def _places(sample: Sample) -> Iterator[_Place]:
    """Give places where names of the tree are used, or where there is no use defined."""
    disk = DiskFileSystem(sample.root)
    queries = sample.queries(_PLACES)
    symbols = _asked_about(sample)
    step = max(len(symbols) // _PLACES, 1)
    for symbol, query in zip(symbols[::step], queries, strict=False):
        text = disk.read(WorkspacePath(symbol.path)).text
        offset = _use_of(symbol, text)
        lines = LineIndex(text)
        line = lines.line_of(offset)
        uri = (sample.root / symbol.path).as_uri()
        yield _Place(uri, line, offset - lines.start_of(line), query)


def _use_of(symbol: Symbol, text: str) -> int:
    use = re.compile(rf"\b{re.escape(symbol.name)}\b").search(text, symbol.name_range.end)
    return use.start() if use else symbol.name_range.start


async def _initialize(client: LspClient, root: Path) -> list[str]:
    """Begin the session with all features on; return what it offers of what is measured."""
    options = {"features": {feature.name: True for feature in FEATURES}}
    answer, _ = await client.ask(
        "initialize",
        {
            "processId": None,
            "rootUri": root.as_uri(),
            "capabilities": {},
            "initializationOptions": options,
        },
    )
    client.tell("initialized", {})
    capabilities = answer["result"]["capabilities"]
    has_actions = bool(capabilities.get("codeActionProvider"))
    return [what for what in _METHODS if what != "code actions" or has_actions]


async def _lag(child: MeasuringChild) -> float:
    return float((await _figures(child))["lag"]["max"])


async def _figures(child: MeasuringChild) -> Mapping[str, Any]:
    child.send({"figures": True})
    return (await child.receive())[0]


@asynccontextmanager
async def _ours(
    root: Path, scratch: Path, model: PausedModel
) -> AsyncIterator[tuple[MeasuringChild, LspClient, list[float]]]:
    """Give our server, a client of it, and when hunks came."""
    came_at: list[float] = []

    def note(message: Mapping[str, Any], at: float) -> None:
        params = message.get("params")
        value = params.get("value") if isinstance(params, dict) else None
        if isinstance(value, dict) and value.get("kind") == "hunkReady":
            came_at.append(at)

    socket = scratch / "sock"
    request = {
        "root": str(root),
        "state": str(scratch / "state"),
        "cache": str(scratch / "cache"),
        "socket": str(socket),
        "settings": _settings(model.port),
    }
    (scratch / "state").mkdir(mode=0o700)
    async with measuring("lsp_server", request) as child:
        await child.receive()
        reader, writer = await asyncio.open_unix_connection(str(socket), limit=1 << 24)
        async with talking(LspClient(reader, writer, note)) as client:
            yield child, client, came_at
        writer.close()


def _settings(port: int) -> dict[str, Any]:
    endpoint = {"api_base": f"http://127.0.0.1:{port}/v1"}
    return {
        "models": {"strong": _MODEL, "weak": _MODEL, "endpoints": {"openai": endpoint}},
        "budget": {"allow_unpriced": True},
        "checks": {"linters": []},
        "feedback": {"keep": False},
    }


@asynccontextmanager
async def _echo() -> AsyncIterator[LspClient]:
    """Give a client of the library's bare server."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "pairwright.bench.echo_server"),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        async with talking(LspClient(process.stdout, process.stdin)) as client:
            await client.ask("initialize", {"processId": None, "capabilities": {}})
            client.tell("initialized", {})
            yield client
    finally:
        process.kill()
        await process.wait()
