"""How is a soak run? `python -m tests.soak NAME`; `--help` lists the names."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from tests.soak import (
    assistants,
    canaries,
    consistency,
    escapes,
    hostile,
    journal,
    ledger,
    model,
    protocol,
    repositories,
    storms,
    windows,
)
from tests.soak.figures import Figures

STORM_FILES = 50_000
HOSTILE_FILES = 200
ESCAPE_SWAPS = 100_000


def main() -> int:
    """Run one soak; 1: a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument(
        "soak",
        choices=(
            *("canaries", "consistency", "storms", "hostile", "escapes", "journal", "ledger"),
            *("protocol", "windows", "assistants", "model", "repositories"),
        ),
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long files change")
    parser.add_argument("--files", type=int, help="how many; by default what is promised")
    arguments = parser.parse_args()
    figures = Figures()
    soaks: dict[str, Callable[[Figures], Awaitable[None]]] = {
        "consistency": partial(
            consistency.run, seconds=arguments.seconds, files=arguments.files or 6
        ),
        "canaries": canaries.run,
        "storms": partial(storms.run, files=arguments.files or STORM_FILES),
        "hostile": partial(hostile.run, files=arguments.files or HOSTILE_FILES),
        "escapes": partial(escapes.run, swaps=ESCAPE_SWAPS),
        "journal": partial(journal.run, points=arguments.files or journal.KILL_POINTS),
        "protocol": partial(protocol.run, messages=arguments.files or protocol.MESSAGES),
        "windows": partial(windows.run, seconds=arguments.seconds),
        "model": model.run,
        "repositories": partial(repositories.run, repositories=arguments.files or 100),
        "assistants": partial(assistants.run, seconds=arguments.seconds),
        "ledger": partial(ledger.run, calls=arguments.files or ledger.CALLS),
    }
    figures.load()
    asyncio.run(_run(soaks[arguments.soak], figures))
    return 1 if figures.broken else 0


async def _run(soak: Callable[[Figures], Awaitable[None]], figures: Figures) -> None:
    await soak(figures)


if __name__ == "__main__":
    sys.exit(main())
