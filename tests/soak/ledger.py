"""Does the ledger keep its word, in full? T14 and T15, with the figures that are promised.

The drivers fork and are killed, so each runs as a program of its own.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.soak.figures import Figures

CALLS = 10_000
KILL_ROUNDS = 200
_ROOT = Path(__file__).parents[2]


async def run(figures: Figures, *, calls: int) -> None:
    """Pay so many calls from one ledger, then kill writers of another."""
    began = time.monotonic()
    paid = await _tally("payers", calls)
    detail = f"{paid['rounds']} caps, {paid['billed']:,} bills in {time.monotonic() - began:.0f} s"
    figures.at_least("T14 requests, two daemons, 1 to 32 at once", paid["requests"], calls)
    figures.at_least("T14 daemons killed", paid["kills"], calls // 100, detail=detail)
    figures.at_most("T14 completed calls not on the ledger", paid["lost"], 0)
    figures.at_most("T14 calls on the ledger twice", paid["double"], 0, detail=_first(paid))
    figures.at_most("T14 caps passed", paid["over_cap"], 0)
    figures.at_most(
        "T14 passed by a call billed over its limit", paid["most_over_calls"], 1, "calls"
    )
    began = time.monotonic()
    killed = await _tally("kills", KILL_ROUNDS)
    detail = f"{killed['acknowledged']:,} acknowledged in {time.monotonic() - began:.0f} s"
    figures.at_least("T15 writers killed", killed["rounds"], KILL_ROUNDS, detail=detail)
    figures.at_most("T15 acknowledged rows lost", killed["lost"], 0)
    figures.at_most("T15 integrity checks failed", killed["damaged"], 0)
    detail = f"{killed['orphans']} were"
    figures.at_most("T15 orphans not at their worst case", killed["unsettled"], 0, detail=detail)


async def _tally(program: str, amount: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"tests.ledger.{program}",
            directory,
            str(amount),
            cwd=_ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"tests.ledger.{program} ended with {process.returncode}")
    tally: dict[str, Any] = json.loads(said)
    return tally


def _first(tally: dict[str, Any]) -> str:
    return "; ".join(tally["problems"][:3])
