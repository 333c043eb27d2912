"""Tells scenarios anew: `python -m tests.scenarios.rewrite [name ...]` writes what happens now.

Read the difference before you keep it: what is written here is what the tests will demand.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.scenarios.format import parse_scenario, render_scenario
from tests.scenarios.running import run_scenario


def rewrite(path: Path) -> None:
    """Replace the expectations of one scenario."""
    scenario = parse_scenario(path.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as directory:
        transcript = asyncio.run(run_scenario(scenario, Path(directory)))
    path.write_text(render_scenario(scenario, transcript), "utf-8")


if __name__ == "__main__":
    folder = Path(__file__).parent
    names = sys.argv[1:] or sorted(path.stem for path in folder.glob("*.txt"))
    for name in names:
        rewrite(folder / f"{name}.txt")
