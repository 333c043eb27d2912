"""What do we add to a model's call? The same streamed answer, through litellm alone and through us.

Both ask one scripted server in a process of its own, one after the other in the same run, so that
what else the machine does falls on both. Ours is the whole way of a task's call: disclosure's seat,
reservation, circuit, retries, stream, settlement, on a ledger on the disk.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Literal

from pairwright.bench.call_server import pieces_of
from pairwright.bench.children import measuring
from pairwright.bench.table import Row, Table, to_text
from pairwright.errors import PairwrightError
from pairwright.ledger.budget import Budget, Caps
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.store import LedgerStore
from pairwright.llm.circuits import Circuits
from pairwright.llm.litellm_provider import LiteLLMProvider, warm
from pairwright.llm.model import Message, ModelRequest, Price, Tier

MOST_SHARE_PERCENT = 5.0
"""Of litellm's own work for a piece of an answer."""
MOST_FIRST_MS = 2.0
_PIECES = 400
_WARM_UP = 5
_TIMEOUT_S = 60.0
_PRICE = Price(Decimal("1e-6"), Decimal("2e-6"), Decimal("1e-6"), Decimal("1e-6"), "the benchmark")
_PROMPT = "word " * 4000
_NOTE = "the median of the rounds' differences, of the processor's time: others' work is left out"


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time, on the wall and as the processor has worked by then, in seconds."""

    wall_s: float
    worked_s: float

    @classmethod
    def now(cls) -> "_Moment":
        return cls(time.perf_counter(), time.process_time())


@dataclass(slots=True)
class _Times:
    """Of all rounds, in milliseconds."""

    first_wall: list[float] = field(default_factory=list)
    """From the question to the first text."""
    first: list[float] = field(default_factory=list)
    """The same, as the processor worked."""
    piece: list[float] = field(default_factory=list)
    """From one text to the next, as the processor worked."""

    def add(self, begun: _Moment, first: _Moment, last: _Moment) -> None:
        self.first_wall.append((first.wall_s - begun.wall_s) * 1000)
        self.first.append((first.worked_s - begun.worked_s) * 1000)
        self.piece.append((last.worked_s - first.worked_s) * 1000 / (_PIECES - 1))


_Seen = tuple[_Moment, _Moment, _Moment]
"""The question, the first text, the last."""


def main(args: argparse.Namespace) -> int:
    """Run the command `bench calls`."""
    try:
        table = asyncio.run(measure(args.rounds))
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(to_text([table], is_json=args.is_json))
    return 0


async def measure(rounds: int) -> Table:
    """Return the figures; each round asks once either way, in turns.

    Raises:
        MeasurementFailed: the server's process ended.
    """
    litellm = await warm()
    alone, ours = _Times(), _Times()
    with tempfile.TemporaryDirectory(prefix="pairwright-") as folder:
        store = LedgerStore(Path(folder) / "ledger.sqlite3")
        async with measuring("call_server", {"pieces": _PIECES}) as server:
            address = f"http://127.0.0.1:{(await server.receive())[0]['port']}/v1"
            model = _metered(address, store)
            for number in range(-_WARM_UP, rounds):
                ways = [(partial(_ask_litellm, litellm, address), alone)]
                ways.insert(number % 2, (partial(_ask_us, model), ours))
                for ask, times in ways:
                    seen = await ask()
                    if number >= 0:
                        times.add(*seen)
            server.send({})
        store.close()
    return Table(
        f"one call, {_PIECES} pieces",
        tuple(_rows(alone, ours)),
        {"rounds": rounds, "litellm": version("litellm")},
    )


async def _ask_litellm(litellm: Any, address: str) -> _Seen:
    begun, moments = _Moment.now(), list[_Moment]()
    response = await litellm.acompletion(
        model="openai/m",
        messages=[{"role": "user", "content": _PROMPT}],
        api_base=address,
        api_key="none",
        max_tokens=2000,
        stream=True,
        stream_options={"include_usage": True},
        timeout=_TIMEOUT_S,
        max_retries=0,
        num_retries=0,
    )
    async with aclosing(response):
        async for chunk in response:
            if chunk.choices and chunk.choices[0].delta.content:
                moments.append(_Moment.now())
    return begun, moments[0], moments[-1]


async def _ask_us(model: MeteredModel) -> _Seen:
    begun, moments = _Moment.now(), list[_Moment]()

    async def note(text: str) -> None:
        moments.append(_Moment.now())

    request = ModelRequest((Message("user", _PROMPT),), max_output_tokens=2000)
    completion = await model.complete(request, step="bench", on_text=note)
    if completion.text != "".join(pieces_of(_PIECES)):
        raise PairwrightError("the answer is not what the server sent")
    return begun, moments[0], moments[-1]


def _metered(address: str, store: LedgerStore) -> MeteredModel:
    provider = LiteLLMProvider(
        "bench/m", route="openai/m", api_base=address, timeout_s=_TIMEOUT_S, price=_PRICE
    )
    caps = Caps(task_usd=Decimal(1000), day_usd=Decimal(1000))
    return MeteredModel(
        provider,
        tier=Tier.WEAK,
        budget=Budget(store, "bench", caps=lambda: caps),
        client="bench",
        strategy="bench",
        disclose=lambda request: request,
        circuits=Circuits(),
    )


def _rows(alone: _Times, ours: _Times) -> tuple[Row, ...]:
    added_ms = median(a - b for a, b in zip(ours.first, alone.first, strict=True))
    added_piece_ms = median(a - b for a, b in zip(ours.piece, alone.piece, strict=True))
    return (
        _against("first text, on the wall", ours.first_wall, alone.first_wall, "ms"),
        _against("first text, processor", ours.first, alone.first, "ms"),
        Row("first text, what we add", added_ms, "ms", limit=MOST_FIRST_MS, note=_NOTE),
        _against("a piece, processor", ours.piece, alone.piece, "µs"),
        Row(
            "a piece, what we add",
            100 * added_piece_ms / median(alone.piece),
            "%",
            limit=MOST_SHARE_PERCENT,
            note=_NOTE,
        ),
    )


def _against(what: str, ours: list[float], alone: list[float], unit: Literal["ms", "µs"]) -> Row:
    factor = 1000 if unit == "µs" else 1
    return Row(
        what,
        factor * median(ours),
        unit,
        compared=factor * median(alone),
        compared_with="litellm alone",
    )
