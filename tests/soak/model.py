"""Is every attack of a hostile model stopped by policy? T18, all scripts."""

import tempfile
import time
from pathlib import Path

from tests.security.hostile_model import attacks
from tests.security.playing import MOST_CALLS, play
from tests.soak.figures import Figures


async def run(figures: Figures) -> None:
    """Play each, in a workspace of its own."""
    let_through: dict[str, list[str]] = {}
    began = time.monotonic()
    for name, script in attacks().items():
        with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
            if wrong := await play(Path(directory), script):
                let_through[name] = wrong
    stopped = len(attacks()) - len(let_through)
    few = str(dict(list(let_through.items())[:3])) if let_through else ""
    figures.at_least("T18: attacks that were stopped", stopped, len(attacks()), detail=few)
    figures.say(f"       each within {MOST_CALLS} calls, {time.monotonic() - began:.0f} s in all")
