"""What comes of requests that are cancelled at random moments?"""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pairwright.lsp.stream.framing import read_frame
from tests.lsp.test_code_features import FILL_CALL, PUSH
from tests.lsp.test_navigation import Peer
from tests.support.waiting import eventually

_AT_ONCE = 20


@dataclass
class CancelOutcome:
    """What came of them."""

    asked: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    results: int = 0
    cancelled: int = 0
    after_ms: list[float] = field(default_factory=list)
    """From the cancel to the answer."""
    leaked_tasks: list[str] = field(default_factory=list)

    @property
    def mismatched(self) -> dict[int, int]:
        return {each: self.answered[each] for each in self.asked if self.answered[each] != 1}


async def cancel_at_random(peer: Peer, count: int, seed: int) -> CancelOutcome:
    """Ask so often, a few at a time, and cancel each at a random moment: also after its answer."""
    chance = random.Random(seed)
    outcome = CancelOutcome()
    cancelled_at: dict[int, float] = {}
    before = asyncio.all_tasks()
    hearing = asyncio.ensure_future(_hear(peer, outcome, cancelled_at))
    later = (await_revision(),)

    async def one(number: int) -> None:
        method, params = chance.choice((*questions(peer), *later))
        outcome.asked[number] += 1
        peer.client.ask(number, method, params)
        await asyncio.sleep(chance.choice((0, 0, chance.random() * 0.02)))
        peer.client.notify("$/cancelRequest", {"id": number})
        cancelled_at[number] = time.perf_counter()

    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count))
        await asyncio.gather(*map(one, numbers))
        await eventually(lambda: outcome.answered.total() >= outcome.asked.total(), seconds=10)
    hearing.cancel()
    await asyncio.wait([hearing])
    await asyncio.sleep(0)
    outcome.leaked_tasks = [task.get_name() for task in asyncio.all_tasks() - before]
    return outcome


def questions(peer: Peer) -> tuple[tuple[str, Any], ...]:
    """Return questions of every kind that take a while."""
    return (
        ("textDocument/hover", peer.about("stack.py", **PUSH)),
        ("textDocument/definition", peer.about("stack.py", **FILL_CALL)),
        ("textDocument/documentSymbol", peer.about("stack.py")),
        ("textDocument/foldingRange", peer.about("shape.ts")),
        ("workspace/symbol", {"query": "push"}),
        ("pairwright/search", {"text": "push"}),
        ("pairwright/map", {}),
        ("pairwright/status", {}),
    )


def await_revision() -> tuple[str, Any]:
    """Return a question that only a cancel ends."""
    return "pairwright/index", {"afterRevision": 1_000_000}


async def _hear(peer: Peer, outcome: CancelOutcome, cancelled_at: dict[int, float]) -> None:
    while (body := await read_frame(peer.client.reader)) is not None:
        said = json.loads(body)
        if "method" in said:
            continue
        outcome.answered[said["id"]] += 1
        if "error" not in said:
            outcome.results += 1
        elif said["error"]["code"] == -32800:
            outcome.cancelled += 1
            outcome.after_ms.append((time.perf_counter() - cancelled_at[said["id"]]) * 1000)
