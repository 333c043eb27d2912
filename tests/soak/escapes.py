"""Does anybody ever get outside? A directory and a link are swapped while all read and write."""

import asyncio
import tempfile
from pathlib import Path

from tests.security.escapes import build_place
from tests.security.racing import race
from tests.soak.figures import Figures


async def run(figures: Figures, *, swaps: int) -> None:
    """Race with so many swaps, and look at what lies outside afterwards."""
    with tempfile.TemporaryDirectory(prefix="pairwright-") as name:
        ground = build_place(Path(name))
        around = ground.around()
        outcome = await asyncio.to_thread(race, ground, swaps)
        changed = [path for path, fact in ground.around().items() if around.get(path) != fact]
        missing = around.keys() - ground.around().keys()
    attempts = outcome.done.total() + outcome.refused.total()
    detail = f"{attempts:,} reads and writes, of which {outcome.refused.total():,} were refused"
    figures.at_least("T17 swaps of a directory and a link", outcome.swaps, swaps, detail=detail)
    figures.at_most("T17 reads of what lies outside", len(outcome.leaks), 0)
    figures.at_most("T17 files outside that were touched", len(changed) + len(missing), 0)
    first = "; ".join(outcome.surprises[:1])
    figures.at_most("T17 errors that are no refusal", len(outcome.surprises), 0, detail=first)
