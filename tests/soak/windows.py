"""Do windows stay apart while one types ten times a second? The editors' half of T11."""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.lsp.test_navigation import Peer
from tests.lsp.test_windows import answer_of, symbols, windows
from tests.soak.figures import Figures, percentile
from tests.support.process_memory import resident_mb

WINDOWS = 8
TYPED_EVERY_S = 0.1
MOST_S = 4 * 3600.0


async def run(figures: Figures, *, seconds: float) -> None:
    """Type in one window for so long; the others ask, each about names of its own."""
    errors: list[str] = []
    hover_ms: list[float] = []
    with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
        async with windows(Path(directory), WINDOWS, within_s=MOST_S) as peers:
            stop_at = time.monotonic() + seconds
            typing, *asking = peers
            await asyncio.gather(
                _type(typing, stop_at, hover_ms, errors),
                *(_ask(number, peer, stop_at, errors) for number, peer in enumerate(asking)),
            )
    figures.at_most("T11: errors and answers of others", len(errors), 0, detail=str(errors[:2]))
    figures.at_least("T11: hovers while typing", len(hover_ms), seconds)
    figures.at_most("T11: hover p95", percentile(hover_ms, 0.95), 200, "ms")
    figures.at_most("T11: memory", resident_mb(), 600, "MB")


async def _type(peer: Peer, stop_at: float, hover_ms: list[float], errors: list[str]) -> None:
    peer.open("typed.py", "def typed(): ...\n")
    version = 1
    while time.monotonic() < stop_at:
        version += 1
        peer.change("typed.py", version, f"def typed():\n    return {version}\n")
        began = time.perf_counter()
        place = peer.about("typed.py", position={"line": 0, "character": 5})
        answer = await answer_of(peer, "textDocument/hover", place)
        hover_ms.append((time.perf_counter() - began) * 1000)
        if "typed()" not in str(answer.get("result")):
            errors.append(f"hover: {answer}")
        await asyncio.sleep(TYPED_EVERY_S)


async def _ask(number: int, peer: Peer, stop_at: float, errors: list[str]) -> None:
    name = f"own_{number}_name"
    peer.open(f"w{number}.py", f"def {name}(): ...\n")
    while time.monotonic() < stop_at:
        found = await symbols(peer, name)
        if found != [name]:
            errors.append(f"{name}: {found}")
        await asyncio.sleep(0.02)
